/** The Node door on files of every kind it reads, made here with sharp or byte by byte. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import sharp from "sharp";
import { hexDistanceBits } from "../../src/core/distance.ts";
import { hashPixels } from "../../src/core/hash-pixels.ts";
import { fingerprintBytes, fingerprintFile } from "../../src/node/index.ts";
import type { Fingerprint } from "../../src/types.ts";
import { cameraFiles, noCameraFiles } from "../camera-files.ts";
import { makeBmp } from "../files.ts";
import { leaves, leavesRgb, leavesSvg } from "../pictures.ts";

async function fingerprintOf(bytes: Uint8Array): Promise<Fingerprint> {
  const outcome = await fingerprintBytes(bytes);
  assert.ok(outcome.ok, outcome.ok ? "" : outcome.code);
  return outcome.fingerprint;
}

const WIDTH = 500;
const HEIGHT = 380;
const picture = () => leaves(WIDTH, HEIGHT, 1);
const reference = hashPixels(await leavesRgb(WIDTH, HEIGHT, 1), WIDTH, HEIGHT, 3);

interface Kind {
  readonly name: string;
  readonly media: string;
  readonly make: () => Promise<Buffer>;
  /** Farthest from the hash of the same pixels in memory; measured, plus a margin where the format loses detail. */
  readonly withinBits: number;
}

const KINDS: readonly Kind[] = [
  { name: "PNG", media: "image/png", make: () => picture().png().toBuffer(), withinBits: 0 },
  {
    name: "16-bit PNG",
    media: "image/png",
    make: () => picture().toColourspace("rgb16").png().toBuffer(),
    withinBits: 2,
  },
  { name: "palette PNG", media: "image/png", make: () => picture().png({ palette: true }).toBuffer(), withinBits: 6 },
  {
    name: "interlaced PNG",
    media: "image/png",
    make: () => picture().png({ progressive: true }).toBuffer(),
    withinBits: 0,
  },
  { name: "JPEG", media: "image/jpeg", make: () => picture().jpeg({ quality: 90 }).toBuffer(), withinBits: 4 },
  {
    name: "JPEG at quality 40",
    media: "image/jpeg",
    make: () => picture().jpeg({ quality: 40 }).toBuffer(),
    withinBits: 6,
  },
  {
    name: "progressive JPEG",
    media: "image/jpeg",
    make: () => picture().jpeg({ progressive: true }).toBuffer(),
    withinBits: 6,
  },
  {
    name: "CMYK JPEG",
    media: "image/jpeg",
    make: () => picture().toColourspace("cmyk").jpeg({ quality: 90 }).toBuffer(),
    withinBits: 10,
  },
  { name: "WebP", media: "image/webp", make: () => picture().webp().toBuffer(), withinBits: 6 },
  {
    name: "lossless WebP",
    media: "image/webp",
    make: () => picture().webp({ lossless: true }).toBuffer(),
    withinBits: 0,
  },
  { name: "AVIF", media: "image/avif", make: () => picture().avif({ effort: 0 }).toBuffer(), withinBits: 6 },
  { name: "GIF", media: "image/gif", make: () => picture().gif().toBuffer(), withinBits: 6 },
  {
    name: "TIFF",
    media: "image/tiff",
    make: () => picture().tiff({ compression: "deflate" }).toBuffer(),
    withinBits: 0,
  },
  {
    name: "BMP",
    media: "image/bmp",
    make: async () => makeBmp(WIDTH, HEIGHT, await leavesRgb(WIDTH, HEIGHT, 1)),
    withinBits: 0,
  },
];

describe("Node door: formats", () => {
  for (const { name, media, make, withinBits } of KINDS) {
    it(`${name}: the hash of the picture that viewers show`, async (t) => {
      const bytes = await make();
      const found = await fingerprintOf(bytes);
      const distance = hexDistanceBits(found.pdq, reference.pdq);
      t.diagnostic(`${distance} bits`);
      assert.ok(distance <= withinBits, `${distance} bits`);
      assert.deepEqual([found.media, found.width, found.height, found.sizeBytes], [media, WIDTH, HEIGHT, bytes.length]);
      assert.equal(found.md5, createHash("md5").update(bytes).digest("hex"));
      assert.equal(found.sha256, createHash("sha256").update(bytes).digest("hex"));
      assert.equal(found.pdq, found.dihedral.original);
      assert.equal(found.flattened, undefined);
      assert.equal(found.frames, undefined);
    });
  }

  it("1-bit and grey PNG: the hash of their black, white and grey", async () => {
    const grey = await picture().greyscale().threshold(128).raw().toBuffer({ resolveWithObject: true });
    const rgb = await sharp(grey.data, { raw: grey.info })
      .toColourspace("srgb")
      .raw()
      .toBuffer({ resolveWithObject: true });
    const expected = hashPixels(rgb.data, WIDTH, HEIGHT, rgb.info.channels === 1 ? 1 : 3);
    const make = sharp(grey.data, { raw: grey.info }).toColourspace("b-w");
    const oneBit = await make.clone().png({ palette: true, colours: 2 }).toBuffer();
    assert.equal(oneBit[24], 1, "bit depth in IHDR");
    assert.equal((await fingerprintOf(oneBit)).pdq, expected.pdq);
    assert.equal((await fingerprintOf(await make.clone().png().toBuffer())).pdq, expected.pdq);
  });

  it("EXIF orientation 1 to 8: the hash and the size of the upright picture", async () => {
    const upright = await picture().png().toBuffer();
    const expected = await fingerprintOf(upright);
    // How an upright picture is stored under each value: the inverse of what a viewer does.
    for (let orientation = 1; orientation <= 8; orientation++) {
      const back = [0, 1, 2, 3, 4, 5, 8, 7, 6][orientation]!;
      const stored = await sharp(await sharp(upright).withMetadata({ orientation: back }).png().toBuffer())
        .autoOrient()
        .png()
        .toBuffer();
      for (const format of ["png", "tiff"] as const) {
        const file = await sharp(stored).withMetadata({ orientation }).toFormat(format).toBuffer();
        const found = await fingerprintOf(file);
        assert.deepEqual([found.width, found.height], [WIDTH, HEIGHT], `${format} ${orientation}`);
        if (format !== "tiff") assert.equal(found.pdq, expected.pdq, `${format} ${orientation}`);
      }
      const jpeg = await fingerprintOf(
        await sharp(stored).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer(),
      );
      assert.deepEqual([jpeg.width, jpeg.height], [WIDTH, HEIGHT]);
      assert.ok(hexDistanceBits(jpeg.pdq, expected.pdq) <= 6, `JPEG ${orientation}`);
    }
  });

  it("alpha: dropped for pdq, laid on white for flattened; an opaque alpha channel adds nothing", async () => {
    const rgba = await picture().ensureAlpha().raw().toBuffer();
    assert.equal(
      (
        await fingerprintOf(
          await sharp(rgba, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
            .png()
            .toBuffer(),
        )
      ).flattened,
      undefined,
    );
    for (let at = 3; at < rgba.length; at += 4) rgba[at] = (at / 4) % WIDTH < WIDTH / 2 ? 0 : 200;
    const png = await sharp(rgba, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
      .png()
      .toBuffer();
    const found = await fingerprintOf(png);
    assert.equal(found.pdq, reference.pdq);
    const white = await sharp(png).flatten({ background: "#fff" }).raw().toBuffer();
    assert.ok(found.flattened);
    assert.ok(hexDistanceBits(found.flattened.pdq, hashPixels(white, WIDTH, HEIGHT, 3).pdq) <= 2);
  });

  it("animated GIF and WebP: distinct later frames, each once", async () => {
    // No two neighbours are equal: encoders would join those. The last is the second again.
    const frames = [1, 2, 3, 2].map((seed) => leavesSvg(200, 150, seed));
    for (const format of ["gif", "webp"] as const) {
      const file = await sharp(frames, { join: { animated: true } })
        .toFormat(format, { delay: [90, 90, 90, 90] })
        .toBuffer();
      const found = await fingerprintOf(file);
      assert.deepEqual(
        found.frames?.map((frame) => frame.index),
        [1, 2],
        format,
      );
      for (const { index, pdq } of found.frames ?? []) {
        const alone = await fingerprintOf(await sharp(frames[index]!).removeAlpha().png().toBuffer());
        assert.ok(hexDistanceBits(pdq, alone.pdq) <= 12, `${format} ${index}`);
      }
    }
  });
});

describe("Node door: large pictures", () => {
  it("12 megapixels: within 10 bits of the full-resolution hash, as JPEG and as PNG", async (t) => {
    const raw = { width: 4000, height: 3000, channels: 3 } as const;
    const pixels = await leavesRgb(raw.width, raw.height, 12);
    const full = hashPixels(pixels, raw.width, raw.height, 3);
    for (const file of [
      await sharp(pixels, { raw }).jpeg({ quality: 85 }).toBuffer(),
      await sharp(pixels, { raw }).png({ compressionLevel: 1 }).toBuffer(),
    ]) {
      const found = await fingerprintOf(file);
      const distance = hexDistanceBits(found.pdq, full.pdq);
      t.diagnostic(`${found.media}: ${distance} bits`);
      assert.ok(distance <= 10);
      assert.deepEqual([found.width, found.height], [4000, 3000]);
    }
  });

  it("over 32 megapixels: read in bands, with the same result", async () => {
    const raw = { width: 6000, height: 6000, channels: 3 } as const;
    const pixels = await leaves(raw.width, raw.height, 5).raw().toBuffer();
    const whole = await fingerprintOf(await sharp(pixels, { raw }).png({ compressionLevel: 1 }).toBuffer());
    const half = await fingerprintOf(
      await sharp(pixels, { raw }).resize(3000, 3000, { kernel: "nearest" }).png({ compressionLevel: 1 }).toBuffer(),
    );
    assert.ok(hexDistanceBits(whole.pdq, half.pdq) <= 10);
  });

  it("a rotated copy of a large picture has a hash that was derived for it", async (t) => {
    const upright = await leaves(2400, 1800, 9).jpeg({ quality: 90 }).toBuffer();
    const turned = await sharp(upright).rotate(90).resize({ width: 900 }).jpeg({ quality: 40 }).toBuffer();
    const banked = Object.values((await fingerprintOf(upright)).dihedral);
    const { pdq } = await fingerprintOf(turned);
    const distance = Math.min(...banked.map((hash) => hexDistanceBits(hash, pdq)));
    t.diagnostic(`${distance} bits`);
    assert.ok(distance <= 16);
  });
});

describe("Node door: files", () => {
  it("fingerprintFile answers as fingerprintBytes does, whatever the file is called", async () => {
    const folder = mkdtempSync(join(tmpdir(), "recourse-door-"));
    try {
      const bytes = await picture().png().toBuffer();
      const path = join(folder, "notes.txt");
      writeFileSync(path, bytes);
      assert.deepEqual(await fingerprintFile(path), await fingerprintBytes(bytes));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("HEIC from cameras", { skip: noCameraFiles }, async () => {
    const files = globSync(join(cameraFiles, "heic/**/*.{heic,HEIC,heif}"));
    assert.ok(files.length > 0);
    for (const path of files) {
      const outcome = await fingerprintFile(path);
      assert.ok(outcome.ok, outcome.ok ? "" : outcome.code);
      assert.equal(outcome.fingerprint.media, "image/heic");
      assert.ok(outcome.fingerprint.quality >= 50);
    }
  });
});
