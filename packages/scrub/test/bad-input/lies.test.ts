/** Lengths, counts and offsets that lie: each number of each format in turn, and by name those that peers fell for. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { crc32 } from "node:zlib";
import { be32, be64, box, latin } from "../boxes.ts";
import { holdsPlanted, planted, stripBytes } from "../files.ts";
import { holdInvariants } from "../fuzz/invariants.ts";
import { plainJpeg, segment, withSegments } from "../jpeg/jpegs.ts";
import { makeBmp } from "../bmp/bmps.ts";
import { file as jxl, picture as jxlPicture } from "../jxl/jxls.ts";
import { el, makeMkv } from "../mkv/mkvs.ts";
import { makeFragmented, makeMp4 } from "../mp4/mp4s.ts";
import { before as beforeChunk, chunk as pngChunk, chunksOf as pngChunks, plainPng } from "../png/pngs.ts";
import { makeHeif, plainParts } from "../heif/heifs.ts";
import { bytesTag, long, plainTiff, withTags } from "../tiff/tiffs.ts";
import { chunk as riffChunk, chunksOf, extended, lossy, riff } from "../webp/webps.ts";
import { type WholeFile, wholeFiles } from "./whole-files.ts";

let files: readonly WholeFile[] = [];
before(async () => {
  files = await wholeFiles();
});

/** What is written over each place in turn: nothing, half and all of what 16, 32 and 64 bits can say. */
const LIES: readonly Buffer[] = [
  "0000",
  "ffff",
  "00000000",
  "7fffffff",
  "ffffff7f",
  "ffffffff",
  "ffffffffffffffff",
].map((hex) => Buffer.from(hex, "hex"));
/**
 * Headers and tables stand at the beginning, and of some formats at the end. Each place is lied about once here, by turns;
 * the fuzzer goes on with that.
 */
const REACHED = 240;

const repairChunks = (png: Buffer): Buffer => {
  for (const { at, body } of pngChunks(png))
    if (at + 12 + body.length <= png.length)
      png.writeUInt32BE(crc32(png.subarray(at + 4, at + 8 + body.length)), at + 8 + body.length);
  return png;
};

test("every number that a file may hold, too small and too large, at every place", async () => {
  for (const { name, format, bytes } of files) {
    const places = Array.from(bytes.keys()).filter((at) => at < REACHED || at >= bytes.length - REACHED / 4);
    for (const at of places) {
      const lie = LIES[(3 * at) % LIES.length] ?? FOUR_GIGABYTES;
      const copy = Buffer.from(bytes);
      lie.copy(copy, at);
      for (const changed of format === "png" && at > 40 ? [copy, repaired(copy)] : [copy]) {
        const { output } = await holdInvariants(changed).catch((error: unknown) => {
          throw new Error(`${name}: ${lie.toString("hex")} at ${at}`, { cause: error });
        });
        // In rows of uncompressed pixels, what is moved there is what is shown.
        if (format !== "bmp" && format !== "tiff")
          assert.equal(output.includes(planted), false, `${name}: ${lie.toString("hex")} at ${at}`);
      }
    }
  }
});

/** The same with checksums that are right, where the chunks can still be told apart. */
const repaired = (png: Buffer): Buffer => {
  const copy = Buffer.from(png);
  try {
    return repairChunks(copy);
  } catch (error) {
    if (error instanceof RangeError) return copy;
    throw error;
  }
};

const FOUR_GIGABYTES = be32(0xffff_ffff);

test("boxes, chunks, elements and strips of four gigabytes and more: refused or left out, by format", async () => {
  const [vp8] = chunksOf(await lossy()).filter(({ type }) => type === "VP8 ");
  assert.ok(vp8 !== undefined);
  const plain = await plainPng();
  const heif = await plainParts();
  const tiff = await plainTiff();
  const large = Buffer.concat([be32(1), latin("free"), be64(2 ** 53 - 1), planted]);
  const huge = Buffer.concat([be32(1), latin("free"), FOUR_GIGABYTES, FOUR_GIGABYTES, planted]);
  const short = Buffer.concat([FOUR_GIGABYTES, latin("free"), planted]);
  const none = Buffer.concat([be32(1), latin("free"), be64(3), planted]);
  const bmp = makeBmp();
  bmp.writeUInt32LE(0xffff_ffff, 10);
  const bmpRows = makeBmp();
  bmpRows.writeInt32LE(0x7fff_ffff, 18);
  const riffSize = riff(extended(0x08), vp8.whole, riffChunk("EXIF", planted));
  riffSize.writeUInt32LE(0xffff_fffe, 4);
  const cases: readonly (readonly [string, Buffer, "cleaned" | "refused"])[] = [
    ["PNG: a text chunk", beforeChunk(plain, "IDAT", FOUR_GIGABYTES, latin("tEXt"), planted), "refused"],
    ["PNG: pixels", beforeChunk(plain, "IDAT", FOUR_GIGABYTES, latin("IDAT"), planted), "refused"],
    ["WebP: an EXIF chunk", riff(extended(0x08), vp8.whole, latin("EXIF\u00ff\u00ff\u00ff\u00ff"), planted), "refused"],
    ["WebP: the file's size", riffSize, "refused"],
    ["BMP: where the pixels begin", bmp, "refused"],
    ["BMP: two thousand million columns", bmpRows, "refused"],
    [
      "TIFF: a tag's values",
      withTags(tiff, [{ tag: 315, type: 2, count: 0xffff_ffff, data: Buffer.alloc(8) }]),
      "refused",
    ],
    ["TIFF: the width of one that is not compressed", withTags(tiff, [long(256, 0xffff_ffff)]), "cleaned"],
    ["TIFF: rows of a strip", withTags(tiff, [long(278, 0)]), "refused"],
    [
      "TIFF: a profile",
      withTags(tiff, [bytesTag(34_675, Buffer.concat([FOUR_GIGABYTES, Buffer.alloc(200)]))]),
      "cleaned",
    ],
    ["AVIF: a box behind", makeHeif({ ...heif, after: short }), "cleaned"],
    ["AVIF: a box of 64 bits behind", makeHeif({ ...heif, after: large }), "cleaned"],
    ["AVIF: a box of all bits behind", makeHeif({ ...heif, after: huge }), "cleaned"],
    ["AVIF: a box shorter than its head", makeHeif({ ...heif, after: none }), "cleaned"],
    ["AVIF: a box before the index", makeHeif({ ...heif, before: short }), "refused"],
    ["AVIF: a box of 64 bits before the index", makeHeif({ ...heif, before: large }), "refused"],
    ["AVIF: a box within the index", makeHeif({ ...heif, metaExtra: [short] }), "refused"],
    ["JPEG XL: a box behind", Buffer.concat([jxl(jxlPicture), short]), "cleaned"],
    ["JPEG XL: a box of all bits behind", Buffer.concat([jxl(jxlPicture), huge]), "cleaned"],
    ["JPEG XL: a box before the picture", jxl(short, jxlPicture), "refused"],
    ["MP4: a box behind", Buffer.concat([makeMp4(), short]), "cleaned"],
    ["MP4: a box of 64 bits behind", Buffer.concat([makeMp4(), large]), "cleaned"],
    ["MP4: a box before the movie", makeMp4({ before: [short] }), "refused"],
    ["MP4: a box of 64 bits before the movie", makeMp4({ before: [large] }), "refused"],
    ["MP4: a box shorter than its head", makeMp4({ before: [none] }), "refused"],
    ["MP4: a text within the movie", makeMp4({ movieExtra: [box("udta", short)] }), "cleaned"],
    [
      "MKV: an element of eight exabytes",
      makeMkv({ segmentExtra: [Buffer.from("ec01fffffffffffffe", "hex")] }),
      "refused",
    ],
    [
      "MKV: a title of eight exabytes",
      makeMkv({ info: [Buffer.from("7ba901fffffffffffffe", "hex"), planted] }),
      "refused",
    ],
    ["MKV: behind the end", makeMkv({ after: [Buffer.from("ec01fffffffffffffe", "hex"), planted] }), "cleaned"],
    ["MKV: a void that is right", makeMkv({ segmentExtra: [el(0xec, planted)] }), "cleaned"],
    [
      "JPEG: a segment longer than the file",
      withSegments((await plainJpeg()).subarray(0, 2), Buffer.from([0xff, 0xe1, 0xff, 0xff]), planted),
      "refused",
    ],
    [
      "JPEG: a segment of no length",
      withSegments(await plainJpeg(), Buffer.from([0xff, 0xfe, 0, 0]), planted),
      "refused",
    ],
    [
      "JPEG: Exif that says it is longer",
      withSegments(await plainJpeg(), segment(0xe1, latin("Exif\0\0MM\0*\0\0\0\u0008\u00ff\u00ff"), planted)),
      "cleaned",
    ],
    [
      "PNG: a header that is longer",
      Buffer.concat([plain.subarray(0, 8), pngChunk("IHDR", pngChunks(plain)[0]!.body, planted), plain.subarray(33)]),
      "refused",
    ],
  ];
  for (const [name, bytes, wanted] of cases) {
    const { output } = await holdInvariants(bytes);
    assert.equal(output.length > 0 ? "cleaned" : "refused", wanted, name);
    assert.equal(holdsPlanted(output), false, name);
  }
});

test("a fragment that says it has a hundred thousand samples of no size is refused, and no table is made for them", async () => {
  const file = makeFragmented();
  const run = file.lastIndexOf("trun");
  // Only the count is there: sizes are the usual ones, which are zero.
  file.writeUInt32BE(0x000005, run + 4);
  file.writeUInt32BE(100_000, run + 8);
  const { output, code } = await holdInvariants(file);
  assert.deepEqual([output.length, code], [0, "scrub_doubtful"]);
});

test("a sample of no size, in a chunk of its own: the video is cleaned, and stays the same when cleaned again", async () => {
  const file = makeMp4({ movieExtra: [box("udta", box("©nam", planted))] });
  // The first sample of the sound, whose table is the second.
  const sizes = file.lastIndexOf("stsz");
  assert.equal(file.readUInt32BE(sizes + 16), 16);
  file.writeUInt32BE(0, sizes + 16);
  const { ok, code, output } = await holdInvariants(file);
  assert.deepEqual([ok, code, holdsPlanted(output)], [true, "", false]);
});

test("a picture that says it is larger than any memory is looked at without taking any", async () => {
  const plain = await plainPng();
  const png = Buffer.from(plain);
  png.writeUInt32BE(0x7fff_ffff, 16);
  png.writeUInt32BE(0x7fff_ffff, 20);
  const jpeg = await plainJpeg();
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.fill(0xff, frame + 5, frame + 9);
  const gif = Buffer.concat([
    latin("GIF89a"),
    Buffer.alloc(4, 0xff),
    latin("\0\0\0,"),
    Buffer.alloc(4),
    Buffer.alloc(4, 0xff),
    latin("\0\u0002\u0001\u0000\0;"),
  ]);
  const rssBefore = process.memoryUsage().rss;
  for (const [name, bytes] of [
    ["PNG", repaired(png)],
    ["JPEG", jpeg],
    ["GIF", gif],
  ] as const) {
    const { outcome, writes } = await stripBytes(bytes);
    // The pixels of a JPEG are not decoded here, and a GIF may end early: what decoders make of a header is theirs.
    assert.equal(outcome.ok, name !== "PNG", name);
    assert.equal(writes > 0, name !== "PNG", name);
  }
  assert.ok(process.memoryUsage().rss - rssBefore < 256 << 20, "memory was taken");
});
