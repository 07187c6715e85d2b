/**
 * One segment of the ring index in AssemblyScript for WebAssembly SIMD. The method and its proof: docs/matching.md.
 *
 * A segment holds up to `capacity` rows: a hash of 256 bits (16 chunks of 16, bits already permuted), an id, a dead
 * bit. With tables (bits > 0) rows lie in order of id, and for each chunk that is ever asked there is a bucket table:
 * `offsets` by the chunk's upper `bits` bits, then entries in two parallel columns, `sketches` (the row's next chunk)
 * and `slots` (the row's number, in 3 bytes where that is enough). Offsets count through all tables, so one number
 * names an entry. Without tables a segment is scanned.
 *
 * Where buckets are small (up to about 21 rows), each also has a *line*: one cache line that holds the number of its
 * entries and the sketches of the first 31, at a place that follows from the key. So a probe is one load that waits for
 * no other; offsets are looked up only for what survives, and for the few entries beyond.
 *
 * The memory is imported, and may be shared: one instance in the thread that writes, one in each thread that reads.
 * Each calls `begin` with the same numbers and its own `place`, which gives it a scratch area of its own. Only the
 * writer adds, buries and builds; how many rows a reader may see it is told by `setCount`.
 *
 * Use: `begin`, write rows and ids where `rowsAt` and `idsAt` say, `setCount`, `build` until it answers 1. Queries are
 * written to `queriesAt`; hits come out at `hitsAt` as u64: slot << 32 | query << 16 | distance, perhaps more than once.
 */
import { dead, hitsFrom, ids, offsets, QUERIES, rows, sketches, slots } from "./ring/memory";

export function queriesAt(): usize {
  return QUERIES;
}
export function rowsAt(): usize {
  return rows;
}
export function idsAt(): usize {
  return ids;
}
export function deadAt(): usize {
  return dead;
}
export function hitsAt(): usize {
  return hitsFrom;
}
export function offsetsAt(): usize {
  return offsets;
}
export function sketchesAt(): usize {
  return sketches;
}
export function slotsAt(): usize {
  return slots;
}

export { ask, askMany } from "./ring/ask";
export { didOverflow, hitCount } from "./ring/hits";
export { countDead, countOf, holds, lowerBound, removeId, seek } from "./ring/ids";
export { begin, setCount } from "./ring/memory";
export { permute } from "./ring/permute";
export { scan } from "./ring/scan";
export { checksum, isInOrder, largestSlot } from "./ring/snapshot";
export { build, layLines } from "./ring/tables";
