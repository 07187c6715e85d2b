/**
 * Whether two items show the same picture, told from their patches without holding these a second time.
 *
 * Of every patch 32 of its 256 bits are kept, always the same ones, spread over the hash. Two versions of one patch that
 * lie 20 bits apart differ in 2.5 of them on average and in 4 or fewer nine times out of ten; two different patches do
 * so once in 100,000.
 */
import { HASH_BYTES } from "./packed-hashes.ts";

/** A number of 32 bits for each patch. */
export type Sketch = Uint32Array;

const NEAR_BITS = 4;
/** Share of the patches of the item that has fewer, from which on two items are related. */
const RELATED_SHARE = 0.3;
/** Patches of the smaller side that are looked at: enough to tell a share, and a bound for videos. */
const LOOKED_AT = 256;

/** Of the packed hashes of an item. */
export const sketchOf = (hashes: Uint8Array): Sketch =>
  Uint32Array.from({ length: hashes.length / HASH_BYTES }, (_unused, patch) => {
    let number = 0;
    // One bit of every byte, at another place each time: rows and columns of the transform both change.
    for (let byte = 0; byte < HASH_BYTES; byte += 1) {
      number = (number << 1) | (((hashes[patch * HASH_BYTES + byte] ?? 0) >> ((5 * byte) & 7)) & 1);
    }
    return number >>> 0;
  });

/** Warren, Hacker's Delight, 5-1. */
const countBits = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

const holdsNear = (sketch: Sketch, number: number): boolean => {
  for (const other of sketch) if (countBits(number ^ other) <= NEAR_BITS) return true;
  return false;
};

/** How many of the patches an item seems to hold: of two versions 20 bits apart nine in ten are seen. */
export const countHeld = (item: Sketch, patches: Sketch): number => {
  let held = 0;
  for (const patch of patches) if (holdsNear(item, patch)) held += 1;
  return held;
};

/** The same whichever comes first, for sketches of different lengths; false when either is empty. */
export const areRelated = (a: Sketch, b: Sketch): boolean => {
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  const step = Math.max(1, few.length / LOOKED_AT);
  const looked = Math.min(few.length, LOOKED_AT);
  const wanted = RELATED_SHARE * looked;
  let common = 0;
  for (let at = 0; at < looked && common + looked - at >= wanted; at += 1) {
    if (holdsNear(many, few[Math.floor(at * step)] ?? 0)) common += 1;
    if (common >= wanted) return common > 0;
  }
  return false;
};
