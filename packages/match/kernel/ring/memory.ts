/**
 * How a segment lies in memory, laid out by hand: rows, ids and dead bits, tables, lines, and a scratch area for each
 * instance. What is set here by `begin` and `setCount` is changed nowhere else.
 */

export const CHUNKS: u32 = 16;
export const MAX_QUERIES: u32 = 512;
const MAX_PROBES: u32 = MAX_QUERIES * 17;
/** Survivors that are collected before their rows are fetched; a multiple of what a round of sifting can add. */
export const SURVIVORS: u32 = 4096;
/** Bytes of a cache line, and the entries whose sketches a line has room for beside the number of them. */
export const LINE_BYTES: u32 = 64;
export const LINE_ENTRIES: u32 = 31;
/** Rows of an average bucket for which one line is nearly always enough. */
const LINE_ROWS: u32 = 20;

// Statics lie below 1024 (--memoryBase in the build script), and the number of rows others may see at 1020.
const FRONT: usize = 1024;
export const CURSORS: usize = FRONT; // 65,536 x u32, while building
const TABLES_FROM: usize = CURSORS + 65536 * 4;

// A scratch area, in bytes from its start.
const SCRATCH_DIGITS: usize = 64; // after 16 x i32 of thresholds; 256 x u32, for the radix sort
const SCRATCH_QUERIES: usize = SCRATCH_DIGITS + 1024; // 512 x 32 bytes
const SCRATCH_CANDIDATES: usize = SCRATCH_QUERIES + MAX_QUERIES * 32; // 512 x u32
const SCRATCH_PASSED: usize = SCRATCH_CANDIDATES + MAX_QUERIES * 4; // 512 x u32: survivors
const SCRATCH_TO_SCAN: usize = SCRATCH_PASSED + MAX_QUERIES * 4; // 512 x u32: numbers of queries
const SCRATCH_PROBES: usize = SCRATCH_TO_SCAN + MAX_QUERIES * 4; // u32: key << 16 | flipped << 15 | query
const SCRATCH_SORTED: usize = SCRATCH_PROBES + MAX_PROBES * 4;
const SCRATCH_FROM: usize = SCRATCH_SORTED + MAX_PROBES * 4;
const SCRATCH_TO: usize = SCRATCH_FROM + MAX_PROBES * 4;
const SCRATCH_SURVIVOR: usize = SCRATCH_TO + MAX_PROBES * 4; // u64: query << 32 | entry
const SCRATCH_SURVIVOR_SLOT: usize = SCRATCH_SURVIVOR + <usize>SURVIVORS * 8;
const SCRATCH_HITS: usize = SCRATCH_SURVIVOR_SLOT + <usize>SURVIVORS * 4;

export let THRESHOLDS: usize = 0;
export let DIGITS: usize = 0;
export let QUERIES: usize = 0;
export let CANDIDATES: usize = 0;
export let PASSED: usize = 0;
export let TO_SCAN: usize = 0;
export let PROBES: usize = 0;
export let SORTED: usize = 0;
export let FROM: usize = 0;
export let TO: usize = 0;
export let SURVIVOR: usize = 0;
export let SURVIVOR_SLOT: usize = 0;

export let count: u32 = 0;
export let bits: u32 = 0;
export let rows: usize = 0;
export let ids: usize = 0;
export let dead: usize = 0;
export let offsets: usize = 0;
export let offsetStride: usize = 0;
export let sketches: usize = 0;
export let slots: usize = 0;
export let lines: usize = 0; // 0 where there are none
export let bucketLines: u32 = 1; // cache lines of sketches that most buckets have, as they are read
export let slotBytes: usize = 3;
let slotMask: u32 = 0xffffff;
export let tables: u32 = 16;
export let lowKeys: usize = 0; // a byte for each entry of the table that is being built
export let hitsFrom: usize = 0;
export let hitLimit: u32 = 0;

/** How many rows there are, or a reader may see. */
export function setCount(rowCount: u32): void {
  count = rowCount;
  // Two deviations more than the mean; sifting reads whole rounds of 32 entries.
  const mean = <f32>(rowCount >> bits);
  bucketLines = max(1, <u32>ceil<f32>((mean + 2 * sqrt<f32>(mean)) / 32));
}

/**
 * Lays out a segment: `rowLimit` rows, tables of 2^tableBits buckets (none for 0) for queries up to `tableRadius` bits,
 * and `places` scratch areas, of which this instance uses number `place`. Answers the pages of memory that takes, 0 for
 * more than there can be. It touches no memory, so that an instance with a small one can be asked.
 */
export function begin(rowLimit: u32, tableBits: u32, tableRadius: u32, places: u32, place: u32): u32 {
  bits = tableBits;
  tables = tableBits > 0 ? min(CHUNKS, tableRadius + 1) : 0;
  slotBytes = rowLimit <= 1 << 24 ? 3 : 4;
  slotMask = rowLimit <= 1 << 24 ? 0xffffff : 0xffffffff;
  const n = <u64>rowLimit;
  const entries = n * tables;
  let at: u64 = tableBits > 0 ? TABLES_FROM : FRONT;
  rows = <usize>at;
  at += n * 32;
  const idsFrom = at;
  at += n * 4;
  const deadFrom = at;
  at += ((n + 7) >> 3) + 63;
  at &= ~63;
  const offsetsFrom = at;
  offsetStride = ((<usize>1 << tableBits) + 1) << 2;
  at += (<u64>offsetStride * tables + 63) & ~63;
  const sketchesFrom = at;
  at += (entries * 2 + 127) & ~63; // a vector may be read past the last entry
  const slotsFrom = at;
  at += (entries * slotBytes + 4 + 63) & ~63; // four bytes are read where three count
  const hasLines = tableBits > 0 && rowLimit >> tableBits <= LINE_ROWS;
  const linesFrom = at;
  if (hasLines) at += <u64>(LINE_BYTES << tableBits) * tables;
  const lowKeysFrom = at;
  if (tableBits > 0) at += (n + 63) & ~63;
  hitLimit = <u32>min<u64>(max<u64>(n, 65536), 1 << 20);
  const scratchBytes = <u64>SCRATCH_HITS + <u64>hitLimit * 8;
  const scratch = at + scratchBytes * place;
  at += scratchBytes * places;
  if (at > 0x100000000) return 0;
  ids = <usize>idsFrom;
  dead = <usize>deadFrom;
  offsets = <usize>offsetsFrom;
  sketches = <usize>sketchesFrom;
  slots = <usize>slotsFrom;
  lines = hasLines ? <usize>linesFrom : 0;
  lowKeys = <usize>lowKeysFrom;
  useScratch(<usize>scratch);
  return <u32>((at + 65535) >> 16);
}

/** The areas of scratch, which begins at `at`. */
function useScratch(at: usize): void {
  THRESHOLDS = at;
  DIGITS = at + SCRATCH_DIGITS;
  QUERIES = at + SCRATCH_QUERIES;
  CANDIDATES = at + SCRATCH_CANDIDATES;
  PASSED = at + SCRATCH_PASSED;
  TO_SCAN = at + SCRATCH_TO_SCAN;
  PROBES = at + SCRATCH_PROBES;
  SORTED = at + SCRATCH_SORTED;
  FROM = at + SCRATCH_FROM;
  TO = at + SCRATCH_TO;
  SURVIVOR = at + SCRATCH_SURVIVOR;
  SURVIVOR_SLOT = at + SCRATCH_SURVIVOR_SLOT;
  hitsFrom = at + SCRATCH_HITS;
}

/** Which table is the chunk's; tables are spread evenly over the chunks. Chunks without one have that of the next. */
// @ts-ignore: decorator
@inline
export function tableOf(chunk: u32): u32 {
  return (chunk * tables) >> 4;
}

// @ts-ignore: decorator
@inline
export function hasTable(chunk: u32): bool {
  return tableOf(chunk + 1) > tableOf(chunk);
}

// @ts-ignore: decorator
@inline
export function storeSlot(entry: u32, slot: u32): void {
  const at = slots + <usize>entry * slotBytes;
  if (slotBytes == 4) store<u32>(at, slot);
  else {
    store<u16>(at, <u16>slot);
    store<u8>(at, <u8>(slot >> 16), 2);
  }
}

// @ts-ignore: decorator
@inline
export function slotOf(entry: u32): u32 {
  return load<u32>(slots + <usize>entry * slotBytes) & slotMask;
}

/**
 * The place of a bucket's line in its table. Neighbours in any bit differ in the lower six bits of it, so they do not
 * all fall into one set of the cache.
 */
// @ts-ignore: decorator
@inline
export function lineOf(key: u32): u32 {
  return key ^ ((key >> 6) & 63) ^ (key >> 12);
}

/** Where the offset of a bucket lies, given as table << 16 | key. */
// @ts-ignore: decorator
@inline
export function offsetAt(bucket: u32): usize {
  return offsets + <usize>(bucket >> 16) * offsetStride + ((bucket & 0xffff) << 2);
}

// @ts-ignore: decorator
@inline
export function isDead(slot: u32): bool {
  return ((load<u8>(dead + (slot >> 3)) >> <u8>(slot & 7)) & 1) != 0;
}
