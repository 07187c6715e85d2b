/** Every header reader: whole files, every truncation, wrong lengths and seeded damage, in bounded time. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import sharp, { type Sharp } from "sharp";
import { isComplete } from "../../src/headers/complete.ts";
import type { Header, HeaderErrorCode } from "../../src/headers/header.ts";
import { readHeader } from "../../src/headers/read-header.ts";
import { makeBmp, makeHeifHeader } from "../files.ts";
import { leaves, leavesSvg, randomFrom } from "../pictures.ts";
import { spentMs } from "../../../../tools/spent.ts";

const still = { frames: 1, mayHaveAlpha: false, orientation: 1 };
const animation = (): Sharp =>
  sharp([leavesSvg(40, 30, 1, 20), leavesSvg(40, 30, 2, 20), leavesSvg(40, 30, 3, 20)], { join: { animated: true } });

interface Sample {
  readonly name: string;
  readonly make: () => Promise<Buffer>;
  readonly header: Header;
}

const SAMPLES: readonly Sample[] = [
  {
    name: "JPEG",
    make: () =>
      leaves(61, 47, 1, 30)
        .withExif({ IFD0: { ImageDescription: "x".repeat(300) } })
        .jpeg()
        .toBuffer(),
    header: { format: "jpeg", media: "image/jpeg", width: 61, height: 47, ...still, orientation: 0 },
  },
  {
    name: "progressive JPEG",
    make: () => leaves(61, 47, 1, 30).jpeg({ progressive: true }).toBuffer(),
    header: { format: "jpeg", media: "image/jpeg", width: 61, height: 47, ...still, orientation: 0 },
  },
  {
    name: "PNG",
    make: () => leaves(61, 47, 1, 30).png().toBuffer(),
    header: { format: "png", media: "image/png", width: 61, height: 47, ...still },
  },
  {
    name: "PNG with alpha",
    make: () => leaves(61, 47, 1, 30).ensureAlpha(0.5).png().toBuffer(),
    header: { format: "png", media: "image/png", width: 61, height: 47, frames: 1, mayHaveAlpha: true, orientation: 1 },
  },
  {
    name: "animated GIF",
    make: () =>
      animation()
        .gif({ delay: [50, 50, 50] })
        .toBuffer(),
    header: { format: "gif", media: "image/gif", width: 40, height: 30, frames: 3, mayHaveAlpha: true, orientation: 1 },
  },
  {
    name: "lossy WebP",
    make: () => leaves(61, 47, 1, 30).webp().toBuffer(),
    header: { format: "webp", media: "image/webp", width: 61, height: 47, ...still },
  },
  {
    name: "lossless WebP with alpha",
    make: () => leaves(61, 47, 1, 30).ensureAlpha(0.5).webp({ lossless: true }).toBuffer(),
    header: {
      format: "webp",
      media: "image/webp",
      width: 61,
      height: 47,
      frames: 1,
      mayHaveAlpha: true,
      orientation: 1,
    },
  },
  {
    name: "animated WebP",
    make: () => animation().webp({ loop: 0 }).toBuffer(),
    header: {
      format: "webp",
      media: "image/webp",
      width: 40,
      height: 30,
      frames: 3,
      mayHaveAlpha: true,
      orientation: 1,
    },
  },
  {
    name: "AVIF",
    make: () => leaves(64, 48, 1, 30).avif({ effort: 0 }).toBuffer(),
    header: { format: "avif", media: "image/avif", width: 64, height: 48, ...still },
  },
  {
    name: "TIFF",
    make: () => leaves(61, 47, 1, 30).tiff({ compression: "lzw" }).toBuffer(),
    header: { format: "tiff", media: "image/tiff", width: 61, height: 47, ...still, orientation: 0 },
  },
  {
    name: "BMP",
    make: async () => makeBmp(61, 47, new Uint8Array(await leaves(61, 47, 1, 30).raw().toBuffer())),
    header: { format: "bmp", media: "image/bmp", width: 61, height: 47, ...still },
  },
  {
    name: "HEIC header",
    make: async () => makeHeifHeader("heic", 4032, 3024),
    header: { format: "heic", media: "image/heic", width: 4032, height: 3024, ...still },
  },
];

/** Fuzz rounds a format; each file is small, so a reader that is not linear shows in the time. */
const ROUNDS = 2_000;
const MAX_FUZZ_MS = 20_000;
const CODES: ReadonlySet<HeaderErrorCode> = new Set([
  "empty_file",
  "not_an_image",
  "unsupported_format",
  "image_damaged",
]);

function answersProperly(bytes: Uint8Array): void {
  const outcome = readHeader(bytes);
  if (!outcome.ok) {
    assert.ok(CODES.has(outcome.code));
    assert.ok(outcome.offsetBytes >= 0);
    return;
  }
  assert.ok(outcome.header.width > 0 && outcome.header.height > 0 && outcome.header.frames > 0);
  assert.equal(typeof isComplete(bytes, outcome.header.format), "boolean");
}

for (const { name, make, header } of SAMPLES) {
  describe(`header of ${name}`, () => {
    let file: Buffer;
    before(async () => {
      file = await make();
    });

    it("whole, also as a view into a larger buffer and with bytes behind it", () => {
      assert.deepEqual(readHeader(file), { ok: true, header });
      assert.ok(isComplete(file, header.format));
      const padded = Buffer.concat([Buffer.alloc(7, 0xff), file, Buffer.from("PK\x03\x04 and more")]);
      assert.deepEqual(readHeader(padded.subarray(7)), { ok: true, header });
    });

    it("every truncation has an answer, and none another size", () => {
      for (let length = 0; length < file.length; length++) {
        const outcome = readHeader(file.subarray(0, length));
        if (outcome.ok) {
          assert.deepEqual([outcome.header.width, outcome.header.height], [header.width, header.height], `${length}`);
        } else {
          assert.equal(length === 0, outcome.code === "empty_file", `${length}`);
        }
      }
    });

    it("seeded damage and wrong lengths have an answer, in bounded time", () => {
      const random = randomFrom(42);
      const start = spentMs();
      for (let round = 0; round < ROUNDS; round++) {
        const damaged = Buffer.from(file);
        const limit = Math.min(damaged.length, round % 2 === 0 ? 200 : damaged.length);
        for (let i = 0; i < 1 + (round % 6); i++) damaged[Math.floor(random() * limit)] = Math.floor(random() * 256);
        // Lengths are where readers go astray: now and then a whole field of 0 or of 255.
        if (round % 3 === 0) damaged.fill(round % 2 === 0 ? 0xff : 0, Math.floor(random() * limit)).subarray(0, 4);
        answersProperly(damaged);
      }
      assert.ok(spentMs(start) < MAX_FUZZ_MS);
    });
  });
}

describe("orientation", () => {
  it("is read from PNG, left to the decoder for AVIF, and not followed in WebP", async () => {
    const expected = { png: 6, webp: 1, avif: 0 } as const;
    for (const format of ["png", "webp", "avif"] as const) {
      const file = await leaves(64, 48, 1, 10).withMetadata({ orientation: 6 }).toFormat(format).toBuffer();
      const outcome = readHeader(file);
      assert.equal(outcome.ok && outcome.header.orientation, expected[format], format);
    }
  });
});

describe("completeness", () => {
  it("a cut JPEG, PNG, AVIF or HEIC is not complete", async () => {
    for (const { name, make, header } of SAMPLES.filter(({ header: { format } }) => /jpeg|png|avif/.test(format))) {
      const file = await make();
      for (const length of [file.length - 1, file.length - 20, Math.floor(file.length / 2)]) {
        assert.equal(isComplete(file.subarray(0, length), header.format), false, `${name} ${length}`);
      }
    }
  });

  it("the end of an embedded preview is not the end of the picture", async () => {
    const preview = await leaves(20, 20, 1, 5).jpeg().toBuffer();
    const file = await leaves(61, 47, 1, 30)
      .withExif({ IFD0: { ImageDescription: preview.toString("latin1") } })
      .jpeg()
      .toBuffer();
    assert.equal(isComplete(file.subarray(0, file.length - 3), "jpeg"), false);
  });
});

describe("what is no picture, or none of ours", () => {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const cases: readonly (readonly [string, Uint8Array, HeaderErrorCode])[] = [
    ["nothing", new Uint8Array(), "empty_file"],
    ["text", text("hello"), "not_an_image"],
    ["a web page", text("<!doctype html><svg></svg>"), "not_an_image"],
    [
      "a text that only begins like a bitmap",
      text("BMW is a maker of cars, and this is a text about it"),
      "not_an_image",
    ],
    ["PDF", text("%PDF-1.7"), "not_an_image"],
    ["ZIP", text("PK\x03\x04"), "not_an_image"],
    ["a video", Buffer.from("\0\0\0\x18ftypisom\0\0\0\0isommp42", "latin1"), "not_an_image"],
    ["SVG", text('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'), "unsupported_format"],
    ["JPEG XL", Buffer.from("\0\0\0\x0cJXL \r\n\x87\n", "latin1"), "unsupported_format"],
    ["JPEG 2000", Buffer.from("\0\0\0\x0cjP  \r\n\x87\n", "latin1"), "unsupported_format"],
    ["Photoshop", text("8BPS\0\x01"), "unsupported_format"],
    ["BigTIFF", Buffer.from("II+\0\x08\0\0\0", "latin1"), "unsupported_format"],
  ];
  for (const [name, bytes, code] of cases) {
    it(`${name}: ${code}`, () => {
      const outcome = readHeader(bytes);
      assert.equal(outcome.ok ? "ok" : outcome.code, code);
    });
  }

  it("random bytes always have an answer", () => {
    const random = randomFrom(7);
    for (let round = 0; round < 5_000; round++) {
      answersProperly(Uint8Array.from({ length: Math.floor(random() * 100) }, () => random() * 256));
    }
  });
});
