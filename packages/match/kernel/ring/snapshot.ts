/**
 * Snapshots: what is written is what lies in memory, section by section; this is how what was read is proven.
 */
import { bits, count, ids, offsetStride, offsets, slotOf, tables } from "./memory";

// XXH64 (Collet, the xxHash specification, 0.2.0).
const PRIME_1: u64 = 0x9e3779b185ebca87;
const PRIME_2: u64 = 0xc2b2ae3d27d4eb4f;
const PRIME_3: u64 = 0x165667b19e3779f9;
const PRIME_4: u64 = 0x85ebca77c2b2ae63;
const PRIME_5: u64 = 0x27d4eb2f165667c5;

// @ts-ignore: decorator
@inline
function mixed(sum: u64, word: u64): u64 {
  return rotl(sum + word * PRIME_2, 31) * PRIME_1;
}

// @ts-ignore: decorator
@inline
function joined(sum: u64, lane: u64): u64 {
  return (sum ^ mixed(0, lane)) * PRIME_1 + PRIME_4;
}

export function checksum(at: usize, sizeBytes: usize, seed: u64): u64 {
  const end = at + sizeBytes;
  let sum: u64;
  if (sizeBytes >= 32) {
    let a = seed + PRIME_1 + PRIME_2;
    let b = seed + PRIME_2;
    let c = seed;
    let d = seed - PRIME_1;
    for (; end - at >= 32; at += 32) {
      a = mixed(a, load<u64>(at));
      b = mixed(b, load<u64>(at, 8));
      c = mixed(c, load<u64>(at, 16));
      d = mixed(d, load<u64>(at, 24));
    }
    sum = rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18);
    sum = joined(joined(joined(joined(sum, a), b), c), d);
  } else sum = seed + PRIME_5;
  sum += sizeBytes;
  for (; end - at >= 8; at += 8) sum = rotl(sum ^ mixed(0, load<u64>(at)), 27) * PRIME_1 + PRIME_4;
  if (end - at >= 4) {
    sum = rotl(sum ^ (<u64>load<u32>(at) * PRIME_1), 23) * PRIME_2 + PRIME_3;
    at += 4;
  }
  for (; at < end; at++) sum = rotl(sum ^ (<u64>load<u8>(at) * PRIME_5), 11) * PRIME_1;
  sum ^= sum >> 33;
  sum *= PRIME_2;
  sum ^= sum >> 29;
  sum *= PRIME_3;
  return sum ^ (sum >> 32);
}

/** 1 when ids lie in order, and each table's offsets go from where it begins to where it ends and never downwards. */
export function isInOrder(): i32 {
  for (let slot: u32 = 1; slot < count; slot++) {
    const at = ids + (<usize>slot << 2);
    if (load<u32>(at - 4) > load<u32>(at)) return 0;
  }
  for (let table: u32 = 0; table < tables; table++) {
    const own = offsets + <usize>table * offsetStride;
    let before = table * count;
    if (load<u32>(own) != before) return 0;
    for (let key: u32 = 1; key <= <u32>1 << bits; key++) {
      const next = load<u32>(own + (key << 2));
      if (next < before) return 0;
      before = next;
    }
    if (before != (table + 1) * count) return 0;
  }
  return 1;
}

/** The largest of some entries' slots. */
export function largestSlot(from: u32, to: u32): u32 {
  let a: u32 = 0;
  let b: u32 = 0;
  for (; from + 1 < to; from += 2) {
    a = max(a, slotOf(from));
    b = max(b, slotOf(from + 1));
  }
  return max(max(a, b), from < to ? slotOf(from) : 0);
}
