import assert from "node:assert/strict";
import { before as beforeAll, test } from "node:test";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import {
  be32,
  encoder,
  inspectBytes,
  makeProfile,
  makeTiff,
  PLANTED,
  pixels,
  shortEntry,
  stripBytes,
} from "../files.ts";
import { type Case, proveCleaned, proveDamaged, proveRandom, proveTruncations } from "../prove.ts";
import { apngCases, apngFrames, before, chunk, chunksOf, makeApng, plainPng, pngCases } from "./pngs.ts";

let cases: readonly Case[] = [];
beforeAll(async () => {
  cases = await pngCases();
});

test("PNG: whatever is planted where, the output does not hold it, and shows the same pixels", async () => {
  assert.ok(cases.length > 40);
  await proveCleaned(cases, "png", pixels);
});

test("APNG: frames, their order and their timing stay", async () => {
  assert.equal(apngFrames(makeApng()).length, 7);
  await proveCleaned(apngCases(), "png", (bytes) => Promise.resolve(apngFrames(bytes)));
  const plain = makeApng();
  assert.deepEqual((await stripBytes(plain)).bytes, plain);
});

test("each orientation stays, and is all that its Exif holds", async () => {
  for (let orientation = 1; orientation <= 8; orientation += 1) {
    const file = before(await plainPng(), "IDAT", chunk("eXIf", makeTiff([shortEntry(0x0112, orientation)])));
    const { outcome, bytes } = await stripBytes(file);
    assert.ok(outcome.ok);
    assert.equal((await sharp(bytes).metadata()).orientation ?? 1, orientation);
    const found = chunksOf(bytes).find(({ type }) => type === "eXIf");
    assert.equal(found?.body.length ?? 0, orientation === 1 ? 0 : 26);
  }
});

test("a colour profile keeps its colours and nothing else", async () => {
  const profile = makeProfile(PLANTED);
  const file = before(await plainPng(), "IDAT", chunk("iCCP", Buffer.from("Maker\0\0"), deflateSync(profile)));
  const { outcome, bytes } = await stripBytes(file);
  assert.ok(outcome.ok && outcome.kept.includes("colour profile"));
  const { icc } = await sharp(bytes).metadata();
  assert.ok(icc !== undefined);
  for (const name of ["rXYZ", "gXYZ", "bXYZ", "wtpt", "rTRC", "gTRC", "bTRC"]) assert.ok(icc.includes(name), name);
  assert.equal(icc.includes("priv"), false);
  assert.deepEqual(icc.subarray(24, 36), Buffer.alloc(12));
  assert.equal(
    chunksOf(bytes)
      .find(({ type }) => type === "iCCP")
      ?.body.toString("latin1", 0, 4),
    "icc\0",
  );
});

test("every kind of pixels that PNG has comes out byte for byte", async () => {
  const files = await Promise.all([
    encoder().png({ palette: true }).toBuffer(),
    encoder().png({ progressive: true }).toBuffer(),
    encoder(33, 17).png({ progressive: true, palette: true, colours: 4 }).toBuffer(),
    encoder().greyscale().png().toBuffer(),
    encoder().toColourspace("rgb16").png().toBuffer(),
    encoder().ensureAlpha(0.5).png({ compressionLevel: 0 }).toBuffer(),
    encoder(600, 400).png({ adaptiveFiltering: true }).toBuffer(),
  ]);
  for (const file of files) {
    const { outcome, bytes } = await stripBytes(file);
    assert.ok(outcome.ok);
    assert.deepEqual(await pixels(bytes), await pixels(file));
    const idats = (png: Buffer): Buffer =>
      Buffer.concat(
        chunksOf(png)
          .filter(({ type }) => type === "IDAT")
          .map(({ body }) => body),
      );
    assert.deepEqual(idats(bytes), idats(file));
  }
});

test("what is doubtful or damaged is refused by name and nothing is written", async () => {
  const plain = await plainPng();
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(plain);
    copy[at] = value;
    return copy;
  };
  const [ihdr] = chunksOf(plain);
  const rows = deflateSync(Buffer.alloc(10 * (1 + 3 * 24) - 1));
  const withPixels = (...chunks: readonly Buffer[]): Buffer =>
    Buffer.concat([plain.subarray(0, 8), chunk("IHDR", ihdr!.body), ...chunks, chunk("IEND")]);
  for (const [name, bytes, code] of [
    ["an unknown chunk that is needed", before(plain, "IDAT", chunk("ABCD", Buffer.from(PLANTED))), "scrub_doubtful"],
    [
      "an app's PNG",
      Buffer.concat([plain.subarray(0, 8), chunk("CgBI", be32(0)), plain.subarray(8)]),
      "scrub_unsupported",
    ],
    ["a wrong checksum", changed(plain.length - 20, 1 ^ plain[plain.length - 20]!), "scrub_damaged"],
    ["a width of 0", withPixels(chunk("IDAT", rows)).fill(0, 16, 20), "scrub_damaged"],
    ["rows that are missing", withPixels(chunk("IDAT", rows)), "scrub_damaged"],
    ["no pixels", withPixels(), "scrub_damaged"],
    ["pixels in two places", before(plain, "IEND", chunk("tIME", Buffer.alloc(7)), chunk("IDAT")), "scrub_damaged"],
    [
      "a length of 4 GB",
      before(plain, "IDAT", Buffer.concat([be32(0xffff_ffff), Buffer.from("tEXt")])),
      "scrub_damaged",
    ],
    [
      "more frames than it says",
      Buffer.concat([makeApng().subarray(0, 33), chunk("acTL", be32(2), be32(5)), makeApng().subarray(53)]),
      "scrub_damaged",
    ],
    [
      "more pixels than the header says",
      withPixels(chunk("IDAT", deflateSync(Buffer.alloc(1 << 20)))),
      "scrub_damaged",
    ],
  ] as const) {
    const { outcome, writes } = await stripBytes(bytes);
    assert.equal(outcome.ok ? "cleaned" : outcome.code, code, name);
    assert.equal(writes, 0);
  }
});

test("a text that is a bomb is told by its size", async () => {
  const bomb = chunk("zTXt", Buffer.from("Comment\0\0"), deflateSync(Buffer.alloc(32 << 20)));
  const found = await inspectBytes(before(await plainPng(), "IDAT", bomb));
  assert.ok(found.ok);
  assert.match(found.findings[0]?.value ?? "", /^\d+ bytes, compressed$/u);
});

test("every truncation, of a still picture and of an animation", async () => {
  const plain = await encoder(6, 5).png().toBuffer();
  await proveTruncations(
    before(
      plain,
      "IDAT",
      chunk("tEXt", Buffer.from(`Author\0${PLANTED}`)),
      chunk("eXIf", makeTiff([shortEntry(0x0112, 6)])),
    ),
  );
  await proveTruncations(makeApng([chunk("tEXt", Buffer.from(`Author\0${PLANTED}`))]));
});

test("damage of every kind, and random bytes", async () => {
  await proveDamaged([...cases.filter(({ bytes }) => bytes.length < 20_000), ...apngCases()], 11, 3000);
  await proveRandom(Buffer.from("\u0089PNG\r\n\u001a\n", "latin1"), 12, 500);
});
