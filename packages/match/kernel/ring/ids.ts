/** Rows by their ids. */
import { NEVER } from "./hits";
import { QUERIES, bits, count, dead, ids, isDead, rows } from "./memory";

/** The first slot at or after `from` whose id is `id` (rows in any order), or the count. */
export function seek(id: u32, from: u32): u32 {
  let slot = from;
  while (slot < count && load<u32>(ids + (<usize>slot << 2)) != id) slot++;
  return slot;
}

/** The first slot whose id is at least `id`, where rows lie in order of id. */
export function lowerBound(id: u32): u32 {
  let low: u32 = 0;
  let size = count;
  while (size > 0) {
    const half = size >> 1;
    if (load<u32>(ids + (<usize>(low + half) << 2)) < id) {
      low += half + 1;
      size -= half + 1;
    } else size = half;
  }
  return low;
}

// @ts-ignore: decorator
@inline
function holdsQuery(slot: u32): bool {
  const row = rows + (<usize>slot << 5);
  return (
    load<u64>(row) == load<u64>(QUERIES) &&
    load<u64>(row, 8) == load<u64>(QUERIES, 8) &&
    load<u64>(row, 16) == load<u64>(QUERIES, 16) &&
    load<u64>(row, 24) == load<u64>(QUERIES, 24)
  );
}

/** 1 when the first query is there under `id` and not dead. */
export function holds(id: u32): i32 {
  if (bits > 0) {
    for (let slot = lowerBound(id); slot < count && load<u32>(ids + (<usize>slot << 2)) == id; slot++) {
      if (holdsQuery(slot) && !isDead(slot)) return 1;
    }
    return 0;
  }
  for (let slot = seek(id, 0); slot < count; slot = seek(id, slot + 1)) {
    if (holdsQuery(slot) && !isDead(slot)) return 1;
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function bury(slot: u32): u32 {
  if (isDead(slot)) return 0;
  const at = dead + (slot >> 3);
  store<u8>(at, load<u8>(at) | <u8>(<u32>1 << (slot & 7)));
  return 1;
}

/** Marks all rows of an id dead; answers how many were not before. */
export function removeId(id: u32): u32 {
  let removed: u32 = 0;
  if (bits > 0) {
    for (let slot = lowerBound(id); slot < count && load<u32>(ids + (<usize>slot << 2)) == id; slot++) {
      removed += bury(slot);
    }
    return removed;
  }
  for (let slot = seek(id, 0); slot < count; slot = seek(id, slot + 1)) removed += bury(slot);
  return removed;
}

/**
 * How many rows of an id before slot `before` are not dead. In order of id, an id's rows are all dead or all living:
 * ids are removed whole, and what is added later under the same id comes into a younger segment.
 */
export function countOf(id: u32, before: u32): u32 {
  if (bits > 0) {
    const low = lowerBound(id);
    if (low >= before || isDead(low)) return 0;
    const end = id == NEVER ? count : lowerBound(id + 1);
    return min(end, before) - low;
  }
  let living: u32 = 0;
  for (let slot = seek(id, 0); slot < before; slot = seek(id, slot + 1)) living += isDead(slot) ? 0 : 1;
  return living;
}

/** How many of the rows are dead. */
export function countDead(): u32 {
  const whole = count >> 3;
  let sum: u32 = 0;
  for (let at: u32 = 0; at < whole; at++) sum += popcnt<u32>(load<u8>(dead + at));
  for (let slot = whole << 3; slot < count; slot++) sum += isDead(slot) ? 1 : 0;
  return sum;
}
