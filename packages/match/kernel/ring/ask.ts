/** Asking: which buckets a query, or many together, may find something in. */
import { beginHits, overflowed } from "./hits";
import {
  CANDIDATES,
  CHUNKS,
  DIGITS,
  FROM,
  LINE_BYTES,
  MAX_QUERIES,
  PROBES,
  QUERIES,
  SORTED,
  THRESHOLDS,
  TO,
  TO_SCAN,
  bits,
  count,
  hasTable,
  lineOf,
  lines,
  offsetAt,
  tableOf,
  tables,
} from "./memory";
import { scanFor } from "./scan";
import { beginSifting, candidateLimit, isCrowded, sift, siftLine, touch, verify } from "./sift";

/**
 * Shares radius + 1 among the chunks that have tables, so that the sum of (threshold + 1) over all chunks is one more
 * than any distance asked for.
 */
function setThresholds(radiusBits: u32): void {
  const units = radiusBits + 1;
  for (let chunk: u32 = 0; chunk < CHUNKS; chunk++) {
    const table = tableOf(chunk);
    const share = hasTable(chunk) ? ((table + 1) * units) / tables - (table * units) / tables : 0;
    store<i32>(THRESHOLDS + (chunk << 2), <i32>share - 1);
  }
}

/** What two neighbouring chunks may differ in together when the first is the start of the ring. */
// @ts-ignore: decorator
@inline
function pairAllowance(chunk: u32): i32 {
  return load<i32>(THRESHOLDS + (chunk << 2)) + load<i32>(THRESHOLDS + (((chunk + 1) & 15) << 2)) + 1;
}

// @ts-ignore: decorator
@inline
function chunkOf(query: u32, chunk: u32): u32 {
  return load<u16>(QUERIES + (<usize>query << 5) + (chunk << 1));
}

/** Notes where the buckets of the first query are, in FROM and TO: lines and buckets, or entries. Answers how many. */
function locate(): u32 {
  const shift = 16 - bits;
  let probes: u32 = 0;
  for (let chunk: u32 = 0; chunk < CHUNKS; chunk++) {
    const threshold = load<i32>(THRESHOLDS + (chunk << 2));
    if (threshold < 0) continue;
    const table = tableOf(chunk);
    const key = chunkOf(0, chunk) >> shift;
    const neighbours: u32 = threshold > 0 ? bits : 0;
    for (let flip: u32 = 0; flip <= neighbours; flip++) {
      noteBucket(probes, table, flip == neighbours ? key : key ^ (1 << flip));
      probes++;
    }
  }
  return probes;
}

// @ts-ignore: decorator
@inline
function noteBucket(probe: u32, table: u32, key: u32): void {
  const bucket = (table << 16) | key;
  if (lines != 0) {
    store<u32>(FROM + (probe << 2), <u32>lines + ((table << bits) + lineOf(key)) * LINE_BYTES);
    store<u32>(TO + (probe << 2), bucket);
  } else {
    const at = offsetAt(bucket);
    store<u32>(FROM + (probe << 2), load<u32>(at));
    store<u32>(TO + (probe << 2), load<u32>(at, 4));
  }
}

// @ts-ignore: decorator
@inline
function siftProbe(probe: u32, sketch: u32, allowance: i32, query: u32): void {
  const from = load<u32>(FROM + (probe << 2));
  const to = load<u32>(TO + (probe << 2));
  if (lines != 0) siftLine(from, to, sketch, allowance, query);
  else if (from < to) sift(from, to, sketch, allowance, query);
}

/** Asks for the first query within 0 to 31 bits. 0 when the buckets are so full that a scan is better. */
export function ask(radiusBits: u32): i32 {
  setThresholds(radiusBits);
  beginHits(radiusBits);
  beginSifting(1);
  const probes = locate();
  if (lines == 0) {
    // With lines only what is beyond them is counted, as it is met: they themselves are few.
    let total: u32 = 0;
    for (let i: u32 = 0; i < probes; i++) total += load<u32>(TO + (i << 2)) - load<u32>(FROM + (i << 2));
    if (total > candidateLimit()) return 0;
  }
  let probe: u32 = 0;
  let touched: u32 = 0;
  for (let chunk: u32 = 0; chunk < CHUNKS; chunk++) {
    const threshold = load<i32>(THRESHOLDS + (chunk << 2));
    if (threshold < 0) continue;
    const neighbours: u32 = threshold > 0 ? bits : 0;
    const sketch = chunkOf(0, (chunk + 1) & 15);
    const allowance = pairAllowance(chunk);
    for (let flip: u32 = 0; flip <= neighbours; flip++) {
      if (probe == touched) touched = touch(probe, probes);
      siftProbe(probe, sketch, flip == neighbours ? allowance : allowance - 1, 0);
      probe++;
    }
    if (isCrowded(0)) return 0;
  }
  verify();
  return overflowed ? 0 : 1;
}

/** Sorts PROBES by key (two passes of a byte each). */
function sortProbes(probes: u32): void {
  let source = PROBES;
  let target = SORTED;
  for (let shift: u32 = 16; shift < 32; shift += 8) {
    memory.fill(DIGITS, 0, 1024);
    for (let i: u32 = 0; i < probes; i++) {
      const counter = DIGITS + (((load<u32>(source + (i << 2)) >> shift) & 255) << 2);
      store<u32>(counter, load<u32>(counter) + 1);
    }
    let sum: u32 = 0;
    for (let digit: u32 = 0; digit < 256; digit++) {
      const size = load<u32>(DIGITS + (digit << 2));
      store<u32>(DIGITS + (digit << 2), sum);
      sum += size;
    }
    for (let i: u32 = 0; i < probes; i++) {
      const probe = load<u32>(source + (i << 2));
      const cursor = DIGITS + (((probe >> shift) & 255) << 2);
      const at = load<u32>(cursor);
      store<u32>(cursor, at + 1);
      store<u32>(target + (at << 2), probe);
    }
    source = SORTED;
    target = PROBES;
  }
}

/**
 * Asks for the first `queries` queries together: for each chunk all their probes in order of bucket, so memory is read
 * in one direction. 0 when there are more hits than fit. Queries whose buckets are too full are scanned here.
 */
export function askMany(queries: u32, radiusBits: u32): i32 {
  setThresholds(radiusBits);
  beginHits(radiusBits);
  beginSifting(queries);
  const shift = 16 - bits;
  for (let chunk: u32 = 0; chunk < CHUNKS; chunk++) {
    const threshold = load<i32>(THRESHOLDS + (chunk << 2));
    if (threshold < 0) continue;
    const table = tableOf(chunk);
    const allowance = pairAllowance(chunk);
    const neighbours: u32 = threshold > 0 ? bits : 0;
    let probes: u32 = 0;
    for (let query: u32 = 0; query < queries; query++) {
      if (isCrowded(query)) continue;
      const key = chunkOf(query, chunk) >> shift;
      store<u32>(PROBES + (probes++ << 2), (key << 16) | query);
      for (let flip: u32 = 0; flip < neighbours; flip++) {
        store<u32>(PROBES + (probes++ << 2), ((key ^ (1 << flip)) << 16) | 0x8000 | query);
      }
    }
    sortProbes(probes);
    for (let i: u32 = 0; i < probes; i++) noteBucket(i, table, load<u32>(PROBES + (i << 2)) >> 16);
    if (lines == 0) {
      for (let i: u32 = 0; i < probes; i++) {
        const counter = CANDIDATES + ((load<u32>(PROBES + (i << 2)) & 0x7fff) << 2);
        store<u32>(counter, load<u32>(counter) + (load<u32>(TO + (i << 2)) - load<u32>(FROM + (i << 2))));
      }
    }
    let touched: u32 = 0;
    for (let i: u32 = 0; i < probes; i++) {
      if (i == touched) touched = touch(i, probes);
      const probe = load<u32>(PROBES + (i << 2));
      const query = probe & 0x7fff;
      if (isCrowded(query)) continue;
      siftProbe(i, chunkOf(query, (chunk + 1) & 15), allowance - <i32>((probe >> 15) & 1), query);
    }
    verify();
    if (overflowed) return 0;
  }
  let crowded: u32 = 0;
  for (let query: u32 = 0; query < queries; query++) {
    if (isCrowded(query)) store<u32>(TO_SCAN + (crowded++ << 2), query);
  }
  return crowded == 0 || scanFor(crowded, 0, MAX_QUERIES) == count ? 1 : 0;
}
