import assert from "node:assert/strict";
import { before, test } from "node:test";
import sharp from "sharp";
import { encoder, PLANTED, pixels, stripBytes } from "../files.ts";
import { type Case, proveCleaned, proveDamaged, proveRandom, proveTruncations } from "../prove.ts";
import { animated, comment, gifCases, insert, placesOf, still } from "./gifs.ts";

let cases: readonly Case[] = [];
before(async () => {
  cases = await gifCases();
});

/** Pixels of all frames, how long each is shown, how often. */
const shown = async (bytes: Buffer): Promise<unknown> => {
  const { pages, delay, loop, width, height } = await sharp(bytes, { animated: true }).metadata();
  return { pixels: await pixels(bytes), pages, delay, loop, width, height };
};

/** A loop count in a still picture shows nothing. */
const shownOnce = async (bytes: Buffer): Promise<unknown> => {
  const { pages = 1, delay, loop, width, height } = await sharp(bytes, { animated: true }).metadata();
  return { pixels: await pixels(bytes), pages, width, height, ...(pages > 1 ? { delay, loop } : {}) };
};

test("GIF: whatever is planted where, the output does not hold it, and shows the same", async () => {
  assert.ok(cases.length > 25);
  await proveCleaned(cases, "gif", shownOnce);
});

test("an animation keeps its frames, their timing and its loops", async () => {
  const file = await animated();
  const { outcome, bytes } = await stripBytes(file);
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.kept.toSorted(), ["animation", "loop count"]);
  assert.deepEqual(await shown(bytes), await shown(file));
  const { delay, loop } = await sharp(bytes, { animated: true }).metadata();
  assert.deepEqual([delay, loop], [[70, 330, 1200], 4]);
});

test("large, small, plain and interlaced pictures come out with the same pixels", async () => {
  for (const file of [
    await encoder(640, 400).gif().toBuffer(),
    await encoder(640, 400).gif({ colours: 2 }).toBuffer(),
    await encoder(1, 1).gif().toBuffer(),
    await encoder(200, 100).gif({ progressive: true }).toBuffer(),
    await sharp({ create: { width: 900, height: 700, channels: 3, background: "#123456" } })
      .gif()
      .toBuffer(),
  ]) {
    const { outcome, bytes } = await stripBytes(file);
    assert.ok(outcome.ok);
    assert.deepEqual(await pixels(bytes), await pixels(file));
  }
});

test("what is broken is refused by name and nothing is written", async () => {
  const plain = await still();
  const picture = placesOf(plain).find(({ kind }) => kind === "picture")!;
  const wrongSize = Buffer.from(plain);
  wrongSize[picture.data - 1] = 0;
  const wrongCode = Buffer.from(plain);
  wrongCode.fill(0xff, picture.data + 3, picture.data + 20);
  for (const [name, bytes] of [
    ["no code size", wrongSize],
    ["codes that are none", wrongCode],
    ["no picture", Buffer.concat([plain.subarray(0, 13), comment(Buffer.from(PLANTED)), Buffer.from(";")])],
    ["a block of no kind", insert(plain, picture.at, Buffer.from([0x99]))],
  ] as const) {
    const { outcome, writes } = await stripBytes(bytes);
    // A picture may stand before what is no block; these have none.
    assert.equal(outcome.ok ? "cleaned" : outcome.code, "scrub_damaged", name);
    assert.equal(writes, 0);
  }
});

test("every truncation, of a still picture and of an animation", async () => {
  const plain = await still();
  await proveTruncations(insert(plain, 13 + (3 << ((plain[10]! & 7) + 1)), comment(Buffer.from(PLANTED))));
  await proveTruncations(await animated());
});

test("damage of every kind, and random bytes", async () => {
  await proveDamaged(
    cases.filter(({ bytes }) => bytes.length < 20_000),
    31,
    3000,
  );
  await proveRandom(Buffer.from("GIF89a\u0010\0\u0010\0\0\0\0", "latin1"), 32, 500);
});
