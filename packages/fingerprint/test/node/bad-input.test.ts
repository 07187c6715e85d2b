/** Bad input to the Node door: each kind has its code, quickly, and memory stays where it was. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import sharp from "sharp";
import { fingerprintBytes, fingerprintFile } from "../../src/node/index.ts";
import type { Limits } from "../../src/limits.ts";
import { makeBmp, makeHeifHeader, makePngBomb } from "../files.ts";
import { leaves, leavesRgb, leavesSvg, randomFrom } from "../pictures.ts";
import { spentMs } from "../../../../tools/spent.ts";

async function codeOf(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<string> {
  const outcome = await fingerprintBytes(bytes, { limits });
  return outcome.ok ? "ok" : outcome.code;
}

const folder = mkdtempSync(join(tmpdir(), "recourse-bad-"));
after(() => rmSync(folder, { recursive: true }));

describe("Node door: bad input", () => {
  it("a PNG of 60,000 x 60,000 is refused from its header, in milliseconds, without memory", async (t) => {
    const bomb = makePngBomb(60_000, 60_000);
    await codeOf(bomb); // What loads at the first use is not counted
    const before = process.memoryUsage.rss();
    const start = spentMs();
    assert.equal(await codeOf(bomb), "too_many_pixels");
    const elapsedMs = spentMs(start);
    t.diagnostic(`${bomb.length} bytes, ${elapsedMs.toFixed(2)} ms`);
    assert.ok(elapsedMs < 1_000);
    assert.ok(process.memoryUsage.rss() - before < 20e6);
  });

  it("other formats that only claim to be huge are refused the same way", async () => {
    const bmp = makeBmp(4, 4, new Uint8Array(48));
    bmp.writeInt32LE(60_000, 18);
    bmp.writeInt32LE(60_000, 22);
    assert.equal(await codeOf(bmp), "image_damaged"); // The rows are not there
    bmp.writeUInt32LE(1, 30); // Run-length encoding needs no rows
    bmp.writeUInt16LE(8, 28);
    assert.equal(await codeOf(bmp), "too_many_pixels");
    assert.equal(await codeOf(makeHeifHeader("heic", 60_000, 60_000)), "too_many_pixels");
    assert.equal(await codeOf(makeHeifHeader("avif", 60_000, 60_000)), "too_many_pixels");
    const gif = await leaves(20, 20, 1, 5).gif().toBuffer();
    gif.writeUInt16LE(60_000, 6);
    gif.writeUInt16LE(60_000, 8);
    assert.equal(await codeOf(gif), "too_many_pixels");
    const jpeg = await leaves(20, 20, 1, 5).jpeg().toBuffer();
    const frameHeader = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(60_000, frameHeader + 5);
    jpeg.writeUInt16BE(60_000, frameHeader + 7);
    assert.equal(await codeOf(jpeg), "too_many_pixels");
  });

  it("an AVIF whose stream is larger than the file states is not decoded", async () => {
    const plain = { create: { width: 5000, height: 5000, channels: 3, background: "#345" } } as const;
    const avif = await sharp(plain).avif({ effort: 0 }).toBuffer();
    assert.equal(await codeOf(avif), "ok");
    const extents = avif.indexOf("ispe");
    avif.writeUInt32BE(100, extents + 8);
    avif.writeUInt32BE(100, extents + 12);
    const before = process.memoryUsage.rss();
    assert.equal(await codeOf(avif), "image_damaged");
    assert.ok(process.memoryUsage.rss() - before < 20e6);
  });

  describe("animations of 100,000 frames", () => {
    const frames = 100_000;
    const square = (background: string) => sharp({ create: { width: 20, height: 20, channels: 3, background } });

    const made: readonly (readonly [string, () => Promise<Buffer>, "read" | "too_many_pixels"])[] = [
      [
        "GIF",
        async () => {
          const frame = await square("#345").gif().toBuffer();
          // A frame is what stands between the header with its table of colours and the last byte.
          const tableBytes = 3 * 2 ** ((frame[10]! & 7) + 1) * (frame[10]! >> 7);
          const head = 13 + tableBytes;
          const one = frame.subarray(head, -1);
          const all = Array.from({ length: frames }, () => one);
          return Buffer.concat([frame.subarray(0, head), ...all, frame.subarray(-1)]);
        },
        "read",
      ],
      // Its decoder goes through all the frames before those that are asked for: a minute for this one.
      [
        "WebP",
        async () => {
          const two = await Promise.all(["#345", "#543"].map((colour) => square(colour).png().toBuffer()));
          const file = await sharp(two, { join: { animated: true } })
            .webp({ lossless: true, delay: [90, 90] })
            .toBuffer();
          const first = file.indexOf("ANMF");
          const one = file.subarray(first, first + 8 + file.readUInt32LE(first + 4));
          const many = Buffer.concat([file.subarray(0, first), ...Array.from({ length: frames }, () => one)]);
          many.writeUInt32LE(many.length - 8, 4);
          return many;
        },
        "too_many_pixels",
      ],
    ];
    for (const [format, make, expected] of made) {
      it(`${format}: bounded by pixels, and in the frames that are looked at`, async (t) => {
        const many = await make();
        const start = spentMs();
        const before = process.memoryUsage.rss();
        assert.equal(await codeOf(many, { animationPixels: frames * 399 }), "too_many_pixels");
        const outcome = await fingerprintBytes(many);
        assert.equal(outcome.ok ? "read" : outcome.code, expected);
        assert.ok(!outcome.ok || (outcome.fingerprint.frames ?? []).length <= 32);
        const [ms, bytes] = [spentMs(start), process.memoryUsage.rss() - before];
        t.diagnostic(`${Math.round(ms)} ms, ${Math.round(bytes / 1e6)} MB`);
        assert.ok(ms < 30_000);
        assert.ok(bytes < 300e6);
      });
    }
  });

  it("an animation's frames count together", async () => {
    const frames = [1, 2, 3].map((seed) => leavesSvg(100, 100, seed, 20));
    const gif = await sharp(frames, { join: { animated: true } })
      .gif({ delay: [90, 90, 90] })
      .toBuffer();
    assert.equal(await codeOf(gif, { animationPixels: 30_000 }), "ok");
    assert.equal(await codeOf(gif, { animationPixels: 29_999 }), "too_many_pixels");
  });

  it("limits on bytes hold for memory and, by size alone, for files", async () => {
    const png = await leaves(100, 100, 1, 20).png().toBuffer();
    assert.equal(await codeOf(png, { bytes: png.length }), "ok");
    assert.equal(await codeOf(png, { bytes: png.length - 1 }), "file_too_large");
    const huge = join(folder, "huge");
    writeFileSync(huge, "");
    truncateSync(huge, 50 * 1024 ** 3); // Sparse: it could not be read into memory
    assert.deepEqual(await fingerprintFile(huge), { ok: false, code: "file_too_large" });
  });

  it("nothing, no file, a folder, text, and a video", async () => {
    assert.equal(await codeOf(new Uint8Array()), "empty_file");
    const empty = join(folder, "empty.jpg");
    writeFileSync(empty, "");
    assert.deepEqual(await fingerprintFile(empty), { ok: false, code: "empty_file" });
    assert.deepEqual(await fingerprintFile(join(folder, "missing")), { ok: false, code: "file_unreadable" });
    assert.deepEqual(await fingerprintFile(folder), { ok: false, code: "file_unreadable" });
    assert.equal(await codeOf(Buffer.from("hello")), "not_an_image");
    assert.equal(await codeOf(Buffer.from("\0\0\0\x18ftypisom\0\0\0\0isommp42", "latin1")), "not_an_image");
    assert.equal(await codeOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')), "unsupported_format");
  });

  it("a cut-off picture of any format is damaged", async () => {
    const picture = () => leaves(300, 200, 1, 100);
    const files = {
      jpeg: await picture().jpeg().toBuffer(),
      progressive: await picture().jpeg({ progressive: true }).toBuffer(),
      large: await leaves(2400, 2000, 1, 100).jpeg().toBuffer(),
      png: await picture().png().toBuffer(),
      webp: await picture().webp().toBuffer(),
      gif: await picture().gif().toBuffer(),
      avif: await picture().avif({ effort: 0 }).toBuffer(),
      tiff: await picture().tiff({ compression: "lzw" }).toBuffer(),
      bmp: makeBmp(300, 200, await leavesRgb(300, 200, 1)),
    };
    for (const [name, file] of Object.entries(files)) {
      assert.equal(await codeOf(file), "ok", name);
      for (const part of [0.3, 0.6, 0.9]) {
        assert.equal(await codeOf(file.subarray(0, file.length * part)), "image_damaged", `${name} ${part}`);
      }
    }
  });

  it("polyglots are what a viewer shows: bytes behind or in a picture change nothing but the digests", async () => {
    const jpeg = await leaves(300, 200, 1).jpeg().toBuffer();
    const alone = await fingerprintBytes(jpeg);
    const both = await fingerprintBytes(Buffer.concat([jpeg, Buffer.from("PK\x03\x04 an archive")]));
    assert.ok(alone.ok && both.ok);
    assert.equal(both.fingerprint.pdq, alone.fingerprint.pdq);
    assert.notEqual(both.fingerprint.sha256, alone.fingerprint.sha256);
    // A script that begins as a GIF: no picture in it.
    assert.equal(await codeOf(Buffer.from("GIF89a/*  *//*xxxxxxxx*/=1;alert(1)//")), "image_damaged");
  });

  it("seeded damage in every format ends in a fingerprint or a code", async () => {
    const random = randomFrom(3);
    const picture = () => leaves(60, 40, 1, 30);
    const files = [
      await picture().jpeg().toBuffer(),
      await picture().png().toBuffer(),
      await picture().webp().toBuffer(),
      await picture().gif().toBuffer(),
      await picture().tiff().toBuffer(),
      await picture().avif({ effort: 0 }).toBuffer(),
      makeBmp(60, 40, await leavesRgb(60, 40, 1)),
    ];
    const codes = new Set(["ok", "image_damaged", "unsupported_format", "too_many_pixels", "not_an_image"]);
    for (const file of files) {
      for (let round = 0; round < 60; round++) {
        const damaged = Buffer.from(file);
        for (let i = 0; i <= round % 4; i++)
          damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
        const code = await codeOf(damaged, { pixels: 1_000_000 });
        assert.ok(codes.has(code), code);
      }
    }
  });

  it("a HEIC without a picture is damaged, and the thread lives on", async () => {
    assert.equal(await codeOf(makeHeifHeader("heic", 100, 100)), "image_damaged");
    assert.equal(await codeOf(makeBmp(20, 20, await leavesRgb(20, 20, 1))), "ok");
  });

  it("decoding that takes too long is stopped, in the thread and in sharp", async () => {
    const bmp = makeBmp(3000, 3000, new Uint8Array(27_000_000));
    assert.equal(await codeOf(bmp, { timeoutMs: 1 }), "decode_timeout");
    assert.equal(await codeOf(makeBmp(20, 20, await leavesRgb(20, 20, 1))), "ok");
    assert.equal(await codeOf(await leaves(60, 40, 1).png().toBuffer(), { timeoutMs: 0 }), "decode_timeout");
  });

  it("can be stopped before and while it works", async () => {
    const png = await leaves(300, 200, 1).png().toBuffer();
    assert.deepEqual(await fingerprintBytes(png, { signal: AbortSignal.abort() }), { ok: false, code: "cancelled" });
    const abort = new AbortController();
    const outcome = fingerprintBytes(makeBmp(2000, 2000, new Uint8Array(12_000_000)), { signal: abort.signal });
    setTimeout(() => abort.abort(), 5);
    assert.deepEqual(await outcome, { ok: false, code: "cancelled" });
  });
});
