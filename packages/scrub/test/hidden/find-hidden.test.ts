import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import sharp from "sharp";
import { bytesSource, findHidden, type HiddenMedia, inspect } from "../../src/index.ts";
import { be16, be32, encoder } from "../files.ts";
import { plainJpeg, progressiveJpeg, segment, withSegments } from "../jpeg/jpegs.ts";

const hiddenIn = async (bytes: Buffer): Promise<readonly HiddenMedia[]> => {
  const source = bytesSource(bytes);
  const outcome = await inspect(source);
  assert.ok(outcome.ok);
  return findHidden(source, outcome);
};

/** Bytes that each of what was found points at. */
const cut = async (bytes: Buffer): Promise<readonly { readonly is: string; readonly bytes: Buffer }[]> =>
  (await hiddenIn(bytes)).map(({ media, place, mediaType, offset, length }) => ({
    is: `${media} ${place} ${mediaType}`,
    bytes: bytes.subarray(offset, offset + length),
  }));

/** An EXIF block whose second directory holds a JPEG. */
const exifWith = (thumbnail: Buffer): Buffer => {
  const long = (tag: number, value: number): Buffer => Buffer.concat([be16(tag), be16(4), be32(1), be32(value)]);
  return Buffer.concat([
    Buffer.from("Exif\0\0MM\0*", "latin1"),
    be32(8),
    be16(0),
    be32(14),
    be16(2),
    long(0x0201, 44),
    long(0x0202, thumbnail.length),
    be32(0),
    thumbnail,
  ]);
};

describe("hidden pictures and videos", () => {
  it("are the very bytes that were put there", async () => {
    const plain = await plainJpeg();
    const small = await encoder(16, 12, 3).jpeg().toBuffer();
    const progressive = await progressiveJpeg();
    const png = await encoder(9, 9).png().toBuffer();
    const video = await readFile(new URL("../../../../fixtures/videos/still.mp4", import.meta.url));
    const webp = await encoder().webp().toBuffer();
    const exifChunk = exifWith(small).subarray(6);
    const riff = Buffer.concat([
      webp,
      Buffer.from("EXIF"),
      Buffer.from(be32(exifChunk.length).toReversed()),
      exifChunk,
      Buffer.alloc(exifChunk.length & 1),
    ]);
    riff.writeUInt32LE(riff.length - 8, 4);
    const cases: readonly (readonly [string, Buffer, readonly (readonly [string, Buffer])[]])[] = [
      ["nothing", plain, []],
      [
        "thumbnail of EXIF",
        withSegments(plain, segment(0xe1, exifWith(small))),
        [["picture thumbnail image/jpeg", small]],
      ],
      [
        "thumbnail of JFXX",
        withSegments(plain, segment(0xe0, Buffer.from("JFXX\0\u0010", "latin1"), small)),
        [["picture thumbnail image/jpeg", small]],
      ],
      [
        "behind the end: other bytes, a picture, another, a video",
        Buffer.concat([plain, Buffer.from("0123"), progressive, png, video]),
        [
          ["picture after_end image/jpeg", progressive],
          ["picture after_end image/png", png],
          ["video after_end video/mp4", video],
        ],
      ],
      ["behind a PNG", Buffer.concat([png, small]), [["picture after_end image/jpeg", small]]],
      ["thumbnail in a WebP", riff, [["picture thumbnail image/jpeg", small]]],
    ];
    for (const [name, bytes, expected] of cases) {
      const found = await cut(bytes);
      assert.deepEqual(
        found.map(({ is }) => is),
        expected.map(([is]) => is),
        name,
      );
      for (const [index, [, wanted]] of expected.entries())
        assert.ok(found[index]?.bytes.equals(wanted), `${name}, number ${index}`);
    }
  });

  it("are found across the blocks that are read at once", async () => {
    const plain = await plainJpeg();
    const large = await sharp({
      create: {
        width: 2000,
        height: 1500,
        channels: 3,
        background: "#456",
        noise: { type: "gaussian", mean: 128, sigma: 60 },
      },
    })
      .jpeg({ quality: 95 })
      .toBuffer();
    assert.ok(large.length > 1 << 20, "not larger than a block");
    for (const gap of [0, 1, (1 << 20) - plain.length - 1, (1 << 20) - 2]) {
      const [found] = await cut(Buffer.concat([plain, Buffer.alloc(gap, 7), large]));
      assert.ok(found?.bytes.equals(large), `${gap} bytes between`);
    }
  });

  it("never lie outside of the file, however it is cut off or changed", async () => {
    const small = await encoder(16, 12, 3).jpeg().toBuffer();
    const whole = Buffer.concat([withSegments(await plainJpeg(), segment(0xe1, exifWith(small))), small]);
    let state = 99;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    for (let round = 0; round < 4000; round += 1) {
      const bytes = Buffer.from(whole.subarray(0, round % 2 === 0 ? whole.length : random(whole.length)));
      for (let change = 0; change < 3 && bytes.length > 0; change += 1) bytes[random(bytes.length)] = random(256);
      const found = await findHidden(bytesSource(bytes), {
        format: "jpeg",
        trailingBytes: random(bytes.length + 1),
      });
      for (const { offset, length } of found) assert.ok(length > 0 && offset + length <= bytes.length);
    }
  });

  it("are not searched for without end in a trailer of false starts", async () => {
    const plain = await plainJpeg();
    // Each start leads through all the segments behind it; together they would be a hundred million steps.
    const trailer = Buffer.alloc(8 << 20);
    for (let at = 0; at < trailer.length; at += 8) trailer.set([0xff, 0xd8, 0xff, 0xe0, 0, 2, 0xff, 0xd8], at);
    let reads = 0;
    const bytes = Buffer.concat([plain, trailer]);
    const source = bytesSource(bytes);
    await findHidden(
      {
        sizeBytes: bytes.length,
        read(offset, length) {
          reads += 1;
          return source.read(offset, length);
        },
      },
      { format: "jpeg", trailingBytes: trailer.length },
    );
    assert.ok(reads < 100_000, `${reads} reads`);
  });
});
