import assert from "node:assert/strict";
import { before, test } from "node:test";
import sharp from "sharp";
import { makeProfile, makeTiff, PLANTED, pixels, shortEntry, stripBytes } from "../files.ts";
import { type Case, proveCleaned, proveDamaged, proveRandom, proveTruncations } from "../prove.ts";
import { animated, chunk, chunksOf, exif, extended, lossless, lossy, riff, translucent, webpCases } from "./webps.ts";

let cases: readonly Case[] = [];
before(async () => {
  cases = await webpCases();
});

/** Pixels of all frames, how long each is shown, how often. */
const shown = async (bytes: Buffer): Promise<unknown> => {
  const { pages, delay, loop, width, height, hasAlpha } = await sharp(bytes, { animated: true }).metadata();
  return { pixels: await pixels(bytes), pages, delay, loop, width, height, hasAlpha };
};

test("WebP: whatever is planted where, the output does not hold it, and shows the same", async () => {
  assert.ok(cases.length > 25);
  await proveCleaned(cases, "webp", shown);
});

test("an animation keeps its frames, their timing and its loops", async () => {
  const file = await animated();
  const { outcome, bytes } = await stripBytes(file);
  assert.ok(outcome.ok && outcome.kept.includes("animation"));
  assert.deepEqual(await shown(bytes), await shown(file));
  const { delay, loop } = await sharp(bytes, { animated: true }).metadata();
  assert.deepEqual([delay, loop], [[70, 330, 1200], 2]);
});

test("each orientation stays, and is all that its EXIF holds", async () => {
  const pixelChunk = chunksOf(await lossy()).find(({ type }) => type === "VP8 ")!.whole;
  for (let orientation = 1; orientation <= 8; orientation += 1) {
    const tiff = makeTiff([shortEntry(0x0112, orientation)]);
    const { outcome, bytes } = await stripBytes(riff(extended(0x08), pixelChunk, chunk("EXIF", tiff)));
    assert.ok(outcome.ok);
    assert.equal((await sharp(bytes).metadata()).orientation ?? 1, orientation);
    assert.equal(chunksOf(bytes).find(({ type }) => type === "EXIF")?.body.length ?? 0, orientation === 1 ? 0 : 26);
    assert.equal((bytes[20]! & 0x08) !== 0, orientation !== 1);
  }
});

test("a colour profile keeps its colours and nothing else", async () => {
  const pixelChunk = chunksOf(await lossless()).find(({ type }) => type === "VP8L")!.whole;
  const { bytes } = await stripBytes(riff(extended(0x20), chunk("ICCP", makeProfile(PLANTED)), pixelChunk));
  const { icc } = await sharp(bytes).metadata();
  assert.ok(icc !== undefined);
  for (const name of ["rXYZ", "gXYZ", "bXYZ", "wtpt", "rTRC", "gTRC", "bTRC"]) assert.ok(icc.includes(name), name);
  assert.equal(icc.includes("priv"), false);
  assert.deepEqual(icc.subarray(24, 36), Buffer.alloc(12));
});

test("files that hold nothing come out as they were", async () => {
  for (const file of [await lossy(), await lossless(), await translucent()]) {
    const { outcome, bytes } = await stripBytes(file);
    assert.ok(outcome.ok);
    assert.deepEqual(bytes, file);
  }
});

test("what contradicts itself is refused by name and nothing is written", async () => {
  const plain = await lossy();
  const pixelChunk = chunksOf(plain).find(({ type }) => type === "VP8 ")!.whole;
  const longer = Buffer.from(plain);
  longer.writeUInt32LE(plain.length, 4);
  for (const [name, bytes] of [
    ["shorter than it says", longer],
    ["a chunk that is longer than the file", riff(pixelChunk, Buffer.from("EXIF\u00ff\u00ff\u00ff\u007fab", "latin1"))],
    ["no pixels", riff(extended(0), chunk("EXIF", exif()))],
    ["pixels that are none", riff(chunk("VP8 ", Buffer.from(PLANTED)))],
    ["a header in the wrong place", riff(pixelChunk, extended(0))],
    ["an empty frame", riff(extended(2), chunk("ANIM", Buffer.alloc(6)), chunk("ANMF", Buffer.alloc(24)))],
  ] as const) {
    const { outcome, writes } = await stripBytes(bytes);
    assert.equal(outcome.ok ? "cleaned" : outcome.code, "scrub_damaged", name);
    assert.equal(writes, 0);
  }
});

test("every truncation, of a still picture and of an animation", async () => {
  const pixelChunk = chunksOf(await lossy()).find(({ type }) => type === "VP8 ")!.whole;
  await proveTruncations(riff(extended(0x08), pixelChunk, chunk("EXIF", exif())));
  await proveTruncations(await animated());
});

test("damage of every kind, and random bytes", async () => {
  await proveDamaged(cases, 21, 3000);
  await proveRandom(Buffer.from("RIFF\u0080\0\0\0WEBP", "latin1"), 22, 500);
});
