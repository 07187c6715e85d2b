/** Rows that are near a query: how far they are, and where they are reported. */
import { hitLimit, hitsFrom, isDead } from "./memory";

export const NEVER: u32 = 0xffffffff;

export let hits: u32 = 0;
export let overflowed: bool = false;
let radius: u32 = 0;

/** Begins anew, for queries within `radiusBits`. */
export function beginHits(radiusBits: u32): void {
  radius = radiusBits;
  hits = 0;
  overflowed = false;
}

/** Room for `words` hits more, which the caller fills; the place of the first. */
export function takeHits(words: u32): usize {
  const at = hitsFrom + (<usize>hits << 3);
  hits += words;
  return at;
}

export function hitCount(): u32 {
  return hits;
}

export function didOverflow(): bool {
  return overflowed;
}

/** Bits in which a row and a query differ, or NEVER for more than the radius. */
// @ts-ignore: decorator
@inline
export function far(row: usize, query: usize): u32 {
  let sum = popcnt(load<u64>(row) ^ load<u64>(query)) + popcnt(load<u64>(row, 8) ^ load<u64>(query, 8));
  // Half of the bits decides nearly always: unrelated hashes differ in 64 of them, with a deviation of 6.
  if (sum > <u64>radius) return NEVER;
  sum += popcnt(load<u64>(row, 16) ^ load<u64>(query, 16)) + popcnt(load<u64>(row, 24) ^ load<u64>(query, 24));
  return sum > <u64>radius ? NEVER : <u32>sum;
}

/** Reports a row that is not dead, if there is room. */
export function report(slot: u32, query: u32, distance: u32): void {
  if (isDead(slot)) return;
  if (hits == hitLimit) {
    overflowed = true;
    return;
  }
  store<u64>(hitsFrom + (<usize>hits << 3), (<u64>slot << 32) | (query << 16) | distance);
  hits++;
}
