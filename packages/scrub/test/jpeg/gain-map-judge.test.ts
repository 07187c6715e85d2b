/**
 * Gain maps that stay, judged by libultrahdr, which sharp brings along: it has to find in what was cleaned what it finds in
 * the original, and make the same HDR picture of both. And files that it wrote itself.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { holdsPlanted, pixels, planted, PLANTED, stripBytes } from "../files.ts";
import { exifSegment, withSegments } from "./jpegs.ts";
import { hdrSharp, iso, made, PARAMETERS, xmp } from "./ultra-hdr.ts";

/** The compressed second picture, as libultrahdr finds it. */
const mapIn = async (bytes: Buffer): Promise<Buffer | undefined> => (await sharp(bytes).metadata()).gainMap?.image;

/** The picture with its gain map applied: linear light, 32 bits a channel. */
const hdrOf = async (bytes: Buffer): Promise<Float32Array> => {
  const data = await hdrSharp(bytes).withGainMap().raw({ depth: "float" }).toBuffer();
  return new Float32Array(new Uint8Array(data).buffer);
};

/** 1 is the white of a screen without HDR. Numbers are kept to six decimal places, which fractions of others are not. */
const MOST_DIFFERENT = 1e-6;

const differenceOf = (one: Float32Array, other: Float32Array): number => {
  assert.ok(one.length > 1000 && one.length === other.length);
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? 0))), 0);
};

const judge = async (name: string, bytes: Buffer): Promise<void> => {
  const before = await mapIn(bytes);
  assert.ok(before !== undefined, `${name}: libultrahdr finds no gain map in the original`);
  const { outcome, bytes: clean } = await stripBytes(bytes, { keepGainMap: true });
  assert.ok(outcome.ok && outcome.kept.includes("gain map"), name);
  assert.equal(holdsPlanted(clean), false, name);
  const after = await mapIn(clean);
  assert.ok(after !== undefined, `${name}: libultrahdr finds no gain map in what was cleaned`);
  assert.deepEqual(await pixels(after), await pixels(before), `${name}: another gain map`);
  assert.deepEqual(await pixels(clean), await pixels(bytes), `${name}: another picture`);
  const hdr = await hdrOf(bytes);
  assert.ok(differenceOf(await hdrOf(clean), hdr) < MOST_DIFFERENT, `${name}: another HDR picture`);
  // With the map left out, the HDR picture is another: the comparison above compares something.
  const { bytes: without } = await stripBytes(bytes);
  assert.equal(await mapIn(without), undefined, name);
  assert.ok(differenceOf(await hdrOf(without), hdr) > 0.1, name);
};

test("libultrahdr finds the same gain map and makes the same HDR picture: files by hand", async () => {
  for (const [name, parameters] of [
    ["Ultra HDR", [xmp(PARAMETERS)]],
    ["ISO 21496-1", [iso()]],
    ["both", [xmp(PARAMETERS), iso()]],
  ] as const)
    await judge(name, (await made(parameters)).bytes);
});

test("libultrahdr finds the same gain map and makes the same HDR picture: files it wrote", async () => {
  const { bytes } = await made([xmp(PARAMETERS)]);
  for (const [name, written] of [
    ["a gain map taken over", await hdrSharp(bytes).keepGainMap().jpeg().toBuffer()],
    ["a gain map made anew", await hdrSharp(bytes).withGainMap().jpeg().toBuffer()],
  ] as const) {
    const dirty = Buffer.concat([withSegments(written, exifSegment(1)), planted]);
    assert.ok(dirty.includes(PLANTED));
    await judge(name, dirty);
  }
});
