/** Windows of a picture: what is trimmed, what is not, and that copies made with free tools are found by them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { comparePictures } from "../../src/compare-pictures.ts";
import type { RgbRows } from "../../src/core/shrink.ts";
import { fingerprintBytes } from "../../src/node/index.ts";
import { bankSet, bankSignals, querySet } from "../../src/signals.ts";
import type { Fingerprint, Wanted } from "../../src/types.ts";
import { findBlock, trimBorders } from "../../src/windows/trim.ts";
import { bankWindows, queryWindows } from "../../src/windows/windows.ts";
import { randomFrom } from "../pictures.ts";

const photograph = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, "../../../../fixtures/photographs", `${name}.jpg`));

/** Noise within a frame of one colour. */
function framed(width: number, height: number, box: readonly [number, number, number, number], seed = 1): RgbRows {
  const random = randomFrom(seed);
  const [left, top, right, bottom] = box;
  const rgb = new Uint8Array(width * height * 3).fill(17);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) for (let c = 0; c < 3; c++) rgb[(y * width + x) * 3 + c] = random() * 256;
  }
  return { width, height, rgb };
}

async function read(bytes: Buffer, wanted: Wanted = {}): Promise<Fingerprint> {
  const outcome = await fingerprintBytes(bytes, wanted);
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.fingerprint;
}

describe("borders", () => {
  it("are found to the pixel on every side, for any size of border that leaves a fifth", () => {
    const part = fc.integer({ min: 0, max: 35 });
    fc.assert(
      fc.property(part, part, part, part, fc.nat(1000), (left, top, right, bottom, seed) => {
        const box = { left, top, right: 100 - right, bottom: 90 - bottom };
        const picture = framed(100, 90, [box.left, box.top, box.right, box.bottom], seed);
        assert.deepEqual(trimBorders(picture), box);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it("of two colours, one outside the other, are both found", () => {
    const inner = framed(100, 80, [20, 0, 80, 80]);
    const outer = new Uint8Array(100 * 120 * 3).fill(240);
    outer.set(inner.rgb, 100 * 20 * 3);
    assert.deepEqual(trimBorders({ width: 100, height: 120, rgb: outer }), {
      left: 20,
      top: 20,
      right: 80,
      bottom: 100,
    });
  });

  it("are not seen where the whole picture is even, or where hardly anything would be left", () => {
    const whole = { left: 0, top: 0, right: 50, bottom: 40 };
    assert.deepEqual(trimBorders({ width: 50, height: 40, rgb: new Uint8Array(50 * 40 * 3).fill(9) }), whole);
    assert.deepEqual(trimBorders(framed(50, 40, [24, 19, 27, 22])), whole);
  });

  it("a block of picture is found between text, and the picture as it is where there is none", () => {
    const picture = framed(200, 300, [0, 90, 200, 250]);
    for (let y = 20; y < 60; y++)
      for (let x = 30; x < 170; x += 9) picture.rgb.fill(200, (y * 200 + x) * 3, (y * 200 + x + 2) * 3);
    assert.deepEqual(findBlock(picture), { left: 0, top: 90, right: 200, bottom: 250 });
    const noise = framed(60, 60, [0, 0, 60, 60]);
    assert.deepEqual(findBlock(noise), { left: 0, top: 0, right: 60, bottom: 60 });
  });

  it("any picture gives boxes within it, and never throws", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.nat(), (width, height, seed) => {
        const random = randomFrom(seed);
        const levels = 1 + (seed % 4);
        const rgb = Uint8Array.from({ length: width * height * 3 }, () => Math.floor(random() * levels) * 60);
        for (const box of [trimBorders({ width, height, rgb }), findBlock({ width, height, rgb })]) {
          assert.ok(box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height);
          assert.ok(box.left < box.right && box.top < box.bottom);
        }
        assert.ok(queryWindows({ width, height, rgb }).length <= 2);
        assert.ok(bankWindows({ width, height, rgb }, width / height).length <= 11);
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});

describe("the global set", () => {
  it("holds the eight ways first, then windows under their kinds, none twice and none near another", async () => {
    const fingerprint = await read(photograph("two-dogs"));
    const kinds = bankSet(fingerprint).map(({ kind }) => kind);
    assert.equal(kinds[0], "original");
    assert.ok(kinds.includes("centre1x1") && kinds.includes("centre1x1-flipY") && kinds.includes("centre9x16"));
    assert.equal(new Set(bankSet(fingerprint).map(({ value }) => value)).size, kinds.length);
    assert.ok(kinds.length <= 88, String(kinds.length));
    assert.ok(bankSet(fingerprint).every(({ quality }) => quality >= 50));
  });

  it("a query asks with the picture and without its borders only, and has no local hashes unless asked", async () => {
    const plain = await read(photograph("clock"), { purpose: "query" });
    assert.deepEqual(
      querySet(plain).map(({ kind }) => kind),
      ["original"],
    );
    assert.ok(!bankSignals(plain).some(({ type }) => type === "pdq-local"));
    const boxed = await sharp(photograph("clock"))
      .extend({ top: 200, bottom: 200, background: "#000" })
      .jpeg()
      .toBuffer();
    assert.deepEqual(
      querySet(await read(boxed, { purpose: "query" })).map(({ kind }) => kind),
      ["original", "trimmed"],
    );
  });

  const copies: Readonly<Record<string, (picture: Sharp, width: number, height: number) => Sharp>> = {
    letterboxed: (picture) => picture.extend({ top: 180, bottom: 240, background: "#000" }),
    "framed in white": (picture) => picture.extend({ top: 60, bottom: 60, left: 90, right: 90, background: "#fff" }),
    "cut to a square": (picture, width, height) => {
      const side = Math.min(width, height);
      return picture.extract({ left: (width - side) >> 1, top: (height - side) >> 1, width: side, height: side });
    },
    "cut to a square and mirrored": (picture, width, height) => {
      const side = Math.min(width, height);
      return picture
        .extract({ left: (width - side) >> 1, top: (height - side) >> 1, width: side, height: side })
        .flop();
    },
    "squeezed to a square": (picture) => picture.resize(600, 600, { fit: "fill" }),
  };
  for (const [name, change] of Object.entries(copies)) {
    it(`finds a copy ${name}, without local hashes, and no other photograph`, async () => {
      const bytes = photograph("rowing-boats");
      const known = await read(bytes);
      const made = await change(sharp(bytes), known.width, known.height).jpeg({ quality: 70 }).toBuffer();
      const copy = await read(made, { purpose: "query" });
      const found = comparePictures(known, copy);
      assert.ok(found.match && found.by === "pdq", JSON.stringify(found));
      assert.ok(found.score >= 0.5);
      const other = comparePictures(await read(photograph("clock")), copy);
      assert.ok(!other.match && other.score < 0.5, JSON.stringify(other));
    });
  }

  it("finds a banked picture that has bars itself, when the copy has none", async () => {
    const bare = photograph("clock");
    const boxed = await sharp(bare).extend({ top: 300, bottom: 300, background: "#111" }).jpeg().toBuffer();
    const found = comparePictures(await read(boxed), await read(bare, { purpose: "query" }));
    assert.ok(found.match && found.kind === "trimmed", JSON.stringify(found));
  });
});

describe("local hashes of files", () => {
  const copies: Readonly<Record<string, (picture: Sharp, width: number, height: number) => Sharp>> = {
    "half cut away": (picture, width, height) => picture.extract({ left: 0, top: 0, width: width >> 1, height }),
    "turned by 20 degrees": (picture) => picture.rotate(20, { background: "#000" }),
    "mirrored and cut": (picture, width, height) =>
      picture.extract({ left: width >> 2, top: height >> 2, width: width >> 1, height: height >> 1 }).flop(),
  };
  for (const [name, change] of Object.entries(copies)) {
    it(`find a copy ${name}, and no other photograph`, async () => {
      const bytes = photograph("rowing-boats");
      const known = await read(bytes, { stronger: true });
      const made = await change(sharp(bytes), known.width, known.height).jpeg({ quality: 70 }).toBuffer();
      const copy = await read(made, { purpose: "query", stronger: true });
      const found = comparePictures(known, copy);
      assert.ok(found.match && found.by === "pdq-local" && found.votes >= 3, JSON.stringify(found));
      const other = comparePictures(await read(photograph("clock"), { stronger: true }), copy);
      assert.ok(!other.match && other.votes === 0, JSON.stringify(other));
    });
  }

  it("keep to their limits and are the same each time, whatever door of purpose they come by", async () => {
    const both = await read(photograph("rowing-boats"), { stronger: true, purpose: "both" });
    const bank = await read(photograph("rowing-boats"), { stronger: true });
    const query = await read(photograph("rowing-boats"), { stronger: true, purpose: "query" });
    assert.deepEqual(both.local?.query, query.local?.query);
    // Their order gives nothing away.
    const sent = bankSignals(bank).flatMap(({ type, value }) => (type === "pdq-local" ? [value] : []));
    assert.deepEqual(sent, bank.local?.bank.toSorted());
    assert.deepEqual(both.local?.bank, bank.local?.bank);
    assert.ok((both.local?.bank.length ?? 0) > 100 && (both.local?.bank.length ?? 0) <= 512);
    assert.ok((both.local?.query.length ?? 0) > 100 && (both.local?.query.length ?? 0) <= 448);
  });
});
