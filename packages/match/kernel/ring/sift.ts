/** Of the entries in a bucket those whose sketch leaves them a chance, and of these the rows that are near. */
import { NEVER, far, report } from "./hits";
import {
  CANDIDATES,
  FROM,
  LINE_BYTES,
  LINE_ENTRIES,
  PASSED,
  QUERIES,
  SURVIVOR,
  SURVIVORS,
  SURVIVOR_SLOT,
  bucketLines,
  count,
  lines,
  offsetAt,
  rows,
  sketches,
  slotOf,
} from "./memory";

/** Buckets with a line, and without, that are loaded at once before they are sifted. */
const TOUCH_LINES: u32 = 272;
const TOUCH_BUCKETS: u32 = 48;

/** In the place of a survivor's entry: a bucket << 5 | position, of which the entry is yet to be looked up. */
const BY_BUCKET: u32 = 0x80000000;

let survivors: u32 = 0;
let sink: u32 = 0; // keeps loads that only warm the cache from being optimised away

/** Forgets what was collected for queries before. */
export function beginSifting(queries: u32): void {
  survivors = 0;
  for (let query: u32 = 0; query < queries; query++) {
    store<u32>(CANDIDATES + (query << 2), 0);
    store<u32>(PASSED + (query << 2), 0);
  }
}

// @ts-ignore: decorator
@inline
function clearLowest(x: v128): v128 {
  return v128.and(x, i16x8.sub(x, i16x8.splat(1)));
}

/** What is left of the differences of eight sketches when the lowest `allowance` are taken away; 0 where it is near. */
// @ts-ignore: decorator
@inline
function rest(at: usize, wanted: v128, allowance: i32): v128 {
  let x = v128.xor(v128.load(at), wanted);
  if (allowance > 0) x = clearLowest(x);
  if (allowance > 1) x = clearLowest(x);
  if (allowance > 2) x = clearLowest(x);
  return x;
}

/**
 * 32 entries a round, over the bucket's end if need be, so that the number of rounds seldom varies: with a loop over
 * single vectors at the end the processor mispredicts it for every bucket, and a query takes half as long again.
 */
// @ts-ignore: decorator
@inline
function siftWith(from: u32, to: u32, wanted: v128, allowance: i32, tag: u64): void {
  for (let entry = from; entry < to; entry += 32) {
    const at = sketches + (<usize>entry << 1);
    const a = rest(at, wanted, allowance);
    const b = rest(at + 16, wanted, allowance);
    const c = rest(at + 32, wanted, allowance);
    const d = rest(at + 48, wanted, allowance);
    const zero = i16x8.splat(0);
    if (!v128.any_true(i16x8.eq(i16x8.min_u(i16x8.min_u(a, b), i16x8.min_u(c, d)), zero))) continue;
    const low = i8x16.narrow_i16x8_s(i16x8.eq(a, zero), i16x8.eq(b, zero));
    const high = i8x16.narrow_i16x8_s(i16x8.eq(c, zero), i16x8.eq(d, zero));
    let mask = <u32>i8x16.bitmask(low) | (<u32>i8x16.bitmask(high) << 16);
    if (to - entry < 32) mask &= (1 << (to - entry)) - 1;
    for (; mask != 0; mask &= mask - 1) {
      store<u64>(SURVIVOR + (<usize>survivors << 3), tag | (entry + ctz(mask)));
      survivors++;
    }
    if (survivors > SURVIVORS - 32) {
      verify();
      // Such a query is scanned for in the end, so what is left of the bucket need not be read.
      if (isCrowded(<u32>(tag >> 32))) return;
    }
  }
}

/** Collects the entries of a bucket whose sketch leaves them a chance. */
export function sift(from: u32, to: u32, sketch: u32, allowance: i32, query: u32): void {
  const wanted = i16x8.splat(<i16>sketch);
  const tag = <u64>query << 32;
  // Constants, so that each allowance gets a loop of its own.
  if (allowance == 3) siftWith(from, to, wanted, 3, tag);
  else if (allowance == 2) siftWith(from, to, wanted, 2, tag);
  else if (allowance == 1) siftWith(from, to, wanted, 1, tag);
  else siftWith(from, to, wanted, 0, tag);
}

// @ts-ignore: decorator
@inline
function siftLineWith(line: usize, wanted: v128, allowance: i32, tag: u64): u32 {
  const size = <u32>load<u16>(line);
  const a = rest(line, wanted, allowance);
  const b = rest(line + 16, wanted, allowance);
  const c = rest(line + 32, wanted, allowance);
  const d = rest(line + 48, wanted, allowance);
  const zero = i16x8.splat(0);
  if (!v128.any_true(i16x8.eq(i16x8.min_u(i16x8.min_u(a, b), i16x8.min_u(c, d)), zero))) return size;
  const low = i8x16.narrow_i16x8_s(i16x8.eq(a, zero), i16x8.eq(b, zero));
  const high = i8x16.narrow_i16x8_s(i16x8.eq(c, zero), i16x8.eq(d, zero));
  // The lowest is the size itself.
  let mask = (<u32>i8x16.bitmask(low) | (<u32>i8x16.bitmask(high) << 16)) & ((2 << min(size, LINE_ENTRIES)) - 2);
  for (; mask != 0; mask &= mask - 1) {
    store<u64>(SURVIVOR + (<usize>survivors << 3), tag | (ctz(mask) - 1));
    survivors++;
  }
  if (survivors > SURVIVORS - 32) verify();
  return size;
}

/** Collects the entries of a bucket with a line whose sketch leaves them a chance. `bucket`: table << 16 | key. */
export function siftLine(line: usize, bucket: u32, sketch: u32, allowance: i32, query: u32): void {
  const wanted = i16x8.splat(<i16>sketch);
  const tag = (<u64>query << 32) | BY_BUCKET | (bucket << 5);
  let size: u32;
  if (allowance == 3) size = siftLineWith(line, wanted, 3, tag);
  else if (allowance == 2) size = siftLineWith(line, wanted, 2, tag);
  else if (allowance == 1) size = siftLineWith(line, wanted, 1, tag);
  else size = siftLineWith(line, wanted, 0, tag);
  if (size <= LINE_ENTRIES) return;
  const at = offsetAt(bucket);
  const from = load<u32>(at) + LINE_ENTRIES;
  const to = load<u32>(at, 4);
  const counter = CANDIDATES + (query << 2);
  store<u32>(counter, load<u32>(counter) + (to - from));
  if (!isCrowded(query)) sift(from, to, sketch, allowance, query);
}

/**
 * Loads a byte of each line that the next probes will read, so that many are on their way at once; WebAssembly has no
 * prefetch. Nothing else may stand in these loops: the processor looks ahead some two hundred instructions, and what is
 * loaded while sifting comes in one after the other. A line that was forgotten here costs as much as a bucket. Answers
 * up to which probe that is done.
 */
export function touch(probe: u32, probes: u32): u32 {
  let sum: u32 = 0;
  if (lines != 0) {
    const end = min(probes, probe + TOUCH_LINES);
    for (; probe + 4 <= end; probe += 4) {
      const at = FROM + (probe << 2);
      sum += load<u8>(load<u32>(at));
      sum += load<u8>(load<u32>(at, 4));
      sum += load<u8>(load<u32>(at, 8));
      sum += load<u8>(load<u32>(at, 12));
    }
    for (; probe < end; probe++) sum += load<u8>(load<u32>(FROM + (probe << 2)));
  } else {
    // The first line of each before the others: what is slowest is finding the page.
    const end = min(probes, probe + TOUCH_BUCKETS);
    for (let i = probe; i < end; i++) sum += load<u8>(sketches + (<usize>load<u32>(FROM + (i << 2)) << 1));
    for (; probe < end; probe++) {
      const at = sketches + (<usize>load<u32>(FROM + (probe << 2)) << 1);
      for (let line: u32 = 1; line < bucketLines; line++) sum += load<u8>(at + line * LINE_BYTES);
      sum += load<u8>(at + bucketLines * LINE_BYTES - 1);
    }
  }
  sink = sum;
  return probe;
}

/** Looks at the rows of the survivors. First all entries, then all slots, then all rows: so their cache misses overlap. */
export function verify(): void {
  const end = SURVIVOR + (<usize>survivors << 3);
  if (lines != 0) {
    for (let at = SURVIVOR; at < end; at += 8) {
      const entry = load<u32>(at);
      if ((entry & BY_BUCKET) != 0) store<u32>(at, load<u32>(offsetAt((entry ^ BY_BUCKET) >> 5)) + (entry & 31));
    }
  }
  for (let at = SURVIVOR, to = SURVIVOR_SLOT; at < end; at += 8, to += 4) store<u32>(to, slotOf(load<u32>(at)));
  let sum: u32 = 0;
  for (let i: u32 = 0; i < survivors; i++) {
    sum += load<u8>(rows + (<usize>load<u32>(SURVIVOR_SLOT + (<usize>i << 2)) << 5));
  }
  sink = sum;
  for (let i: u32 = 0; i < survivors; i++) {
    const query = load<u32>(SURVIVOR + (<usize>i << 3), 4);
    const slot = load<u32>(SURVIVOR_SLOT + (<usize>i << 2));
    const distance = far(rows + (<usize>slot << 5), QUERIES + (<usize>query << 5));
    if (distance != NEVER) report(slot, query, distance);
    const counter = PASSED + (query << 2);
    store<u32>(counter, load<u32>(counter) + 1);
  }
  survivors = 0;
}

/**
 * Entries whose sketches may be read for one query before a scan of all rows is cheaper: a sketch has 2 bytes, a row 32.
 */
// @ts-ignore: decorator
@inline
export function candidateLimit(): u32 {
  return 2 * count + 64;
}

/** The same for rows fetched out of order. */
// @ts-ignore: decorator
@inline
function survivorLimit(): u32 {
  return (count >> 6) + 64;
}

// @ts-ignore: decorator
@inline
export function isCrowded(query: u32): bool {
  return (
    load<u32>(CANDIDATES + (query << 2)) > candidateLimit() || load<u32>(PASSED + (query << 2)) > survivorLimit()
  );
}
