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
 * One file of over 500 lines: building, probing and sifting share one memory that is laid out by hand below.
 */

const CHUNKS: u32 = 16;
const MAX_QUERIES: u32 = 512;
const MAX_PROBES: u32 = MAX_QUERIES * 17;
/** Survivors that are collected before their rows are fetched; a multiple of what a round of sifting can add. */
const SURVIVORS: u32 = 4096;
/** Buckets with a line, and without, that are loaded at once before they are sifted. */
const TOUCH_LINES: u32 = 272;
const TOUCH_BUCKETS: u32 = 48;
/** Bytes of a cache line, and the entries whose sketches a line has room for beside the number of them. */
const LINE_BYTES: u32 = 64;
const LINE_ENTRIES: u32 = 31;
/** Rows of an average bucket for which one line is nearly always enough. */
const LINE_ROWS: u32 = 20;
/** In the place of a survivor's entry: a bucket << 5 | position, of which the entry is yet to be looked up. */
const BY_BUCKET: u32 = 0x80000000;
/** Entries that are sorted by way of the room for hits: more than a 256th of the largest segment. */
const PART_ROOM: u32 = 1 << 17;
const NEVER: u32 = 0xffffffff;
/** In the place of query and distance: no hit, but eight words of bits follow. */
const SUMMARY: u64 = 0xffff0000;

// Statics lie below 1024 (--memoryBase in the build script), and the number of rows others may see at 1020.
const FRONT: usize = 1024;
const CURSORS: usize = FRONT; // 65,536 x u32, while building
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

let THRESHOLDS: usize = 0;
let DIGITS: usize = 0;
let QUERIES: usize = 0;
let CANDIDATES: usize = 0;
let PASSED: usize = 0;
let TO_SCAN: usize = 0;
let PROBES: usize = 0;
let SORTED: usize = 0;
let FROM: usize = 0;
let TO: usize = 0;
let SURVIVOR: usize = 0;
let SURVIVOR_SLOT: usize = 0;

let capacity: u32 = 0;
let count: u32 = 0;
let bits: u32 = 0;
let rows: usize = 0;
let ids: usize = 0;
let dead: usize = 0;
let offsets: usize = 0;
let offsetStride: usize = 0;
let sketches: usize = 0;
let slots: usize = 0;
let lines: usize = 0; // 0 where there are none
let bucketLines: u32 = 1; // cache lines of sketches that most buckets have, as they are read
let slotBytes: usize = 3;
let slotMask: u32 = 0xffffff;
let tables: u32 = 16;
let lowKeys: usize = 0; // a byte for each entry of the table that is being built
let hitsFrom: usize = 0;
let hitLimit: u32 = 0;
let rowLimit: u32 = 512; // hits of one row in a scan for several queries

let hits: u32 = 0;
let overflowed: bool = false;
let survivors: u32 = 0;
let radius: u32 = 0;
let sink: u32 = 0; // keeps loads that only warm the cache from being optimised away

let buildChunk: u32 = 0;
let buildPhase: u32 = 0;
let buildAt: u32 = 0;
let buildKey: u32 = 0;
let buildLine: u32 = 0;

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
export function hitCount(): u32 {
  return hits;
}
export function didOverflow(): bool {
  return overflowed;
}
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
  capacity = rowLimit;
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
function tableOf(chunk: u32): u32 {
  return (chunk * tables) >> 4;
}

// @ts-ignore: decorator
@inline
function hasTable(chunk: u32): bool {
  return tableOf(chunk + 1) > tableOf(chunk);
}

// ---- Tables: for each chunk a counting sort in two passes, so that writes go to 256 places at a time (one pass with
// 65,536 places takes nine times as long at 10 million rows). Between the passes an entry is 8 bytes, key, sketch and
// slot, and lies where the slots of later tables will be. The last tables, for which there is no such room, are sorted
// in place in the second pass, part by part, each small enough for the cache: that needs one byte a row beside the
// table, and takes half as long again.

// @ts-ignore: decorator
@inline
function storeSlot(entry: u32, slot: u32): void {
  const at = slots + <usize>entry * slotBytes;
  if (slotBytes == 4) store<u32>(at, slot);
  else {
    store<u16>(at, <u16>slot);
    store<u8>(at, <u8>(slot >> 16), 2);
  }
}

// @ts-ignore: decorator
@inline
function slotOf(entry: u32): u32 {
  return load<u32>(slots + <usize>entry * slotBytes) & slotMask;
}

/** Puts the entries of one upper byte in order of the key, by way of the room for hits. */
function scatterPart(base: u32, from: u32, to: u32, part: u32): void {
  for (let at = from; at < to; at++) {
    const low = <u64>load<u8>(lowKeys + (at - base));
    const sketch = <u64>load<u16>(sketches + (<usize>at << 1));
    store<u64>(hitsFrom + (<usize>(at - from) << 3), (low << 48) | (sketch << 32) | slotOf(at));
  }
  const end = hitsFrom + (<usize>(to - from) << 3);
  for (let from = hitsFrom; from < end; from += 8) {
    const entry = load<u64>(from);
    const cursor = CURSORS + ((part | <u32>(entry >> 48)) << 2);
    const at = load<u32>(cursor);
    store<u32>(cursor, at + 1);
    store<u16>(sketches + (<usize>at << 1), <u16>(entry >> 32));
    storeSlot(at, <u32>entry);
  }
}

/**
 * Puts entries that lie in order of the key's upper byte in order of the key. 1 when all are; else `budget` is used.
 * Parts that have no room elsewhere (of hashes that are much alike) are sorted where they are, by exchange, which takes
 * longer.
 */
function settle(own: usize, base: u32, perDigit: u32, budget: u32): i32 {
  const buckets = <u32>1 << bits;
  const lowMask = (<u32>1 << perDigit) - 1;
  let left = <i32>budget;
  for (; buildKey < buckets; buildKey++) {
    const low = buildKey & lowMask;
    const part = buildKey & ~lowMask;
    if (low == 0) {
      const partFrom = load<u32>(own + (buildKey << 2));
      const partTo = load<u32>(own + ((buildKey + lowMask) << 2), 4);
      if (load<u32>(CURSORS + (buildKey << 2)) == partFrom && partTo - partFrom <= min(hitLimit, PART_ROOM)) {
        if (left < 0) return 0;
        scatterPart(base, partFrom, partTo, part);
        left -= partTo - partFrom;
        buildKey += lowMask;
        continue;
      }
    }
    const end = load<u32>(own + (buildKey << 2), 4);
    let at = load<u32>(CURSORS + (buildKey << 2));
    while (at < end) {
      if (left-- < 0) {
        store<u32>(CURSORS + (buildKey << 2), at);
        return 0;
      }
      const lowAt = lowKeys + (at - base);
      const wanted = <u32>load<u8>(lowAt);
      if (wanted == low) {
        at++;
        continue;
      }
      const cursor = CURSORS + ((part | wanted) << 2);
      const to = load<u32>(cursor);
      store<u32>(cursor, to + 1);
      const toLow = lowKeys + (to - base);
      store<u8>(lowAt, load<u8>(toLow));
      store<u8>(toLow, <u8>wanted);
      const sketch = load<u16>(sketches + (<usize>at << 1));
      store<u16>(sketches + (<usize>at << 1), load<u16>(sketches + (<usize>to << 1)));
      store<u16>(sketches + (<usize>to << 1), sketch);
      const slot = slotOf(at);
      storeSlot(at, slotOf(to));
      storeSlot(to, slot);
    }
  }
  return 1;
}

/** True when the slots of the tables after this one have room for 8 bytes a row. */
// @ts-ignore: decorator
@inline
function hasRoomAfter(table: u32): bool {
  return (tables - 1 - table) * <u32>slotBytes >= 8;
}

/** First pass: entries in order of the key's upper byte. */
function spread(key: usize, sketch: usize, room: usize, base: u32, shift: u32, perDigit: u32, end: u32): void {
  for (let slot = buildAt; slot < end; slot++) {
    const at = <usize>slot << 5;
    const bucket = <u32>load<u16>(key + at) >> shift;
    const cursor = DIGITS + ((bucket >> perDigit) << 2);
    const to = load<u32>(cursor);
    store<u32>(cursor, to + 1);
    store<u64>(
      room + (<usize>(to - base) << 3),
      (<u64>slot << 32) | (<u64>load<u16>(sketch + at) << 16) | <u64>bucket,
    );
  }
}

/** Second pass: entries in order of the key, in their columns. */
function place(room: usize, end: u32): void {
  for (let position = buildAt; position < end; position++) {
    const entry = load<u64>(room + (<usize>position << 3));
    const cursor = CURSORS + ((<u32>entry & 0xffff) << 2);
    const to = load<u32>(cursor);
    store<u32>(cursor, to + 1);
    store<u16>(sketches + (<usize>to << 1), <u16>(entry >> 16));
    storeSlot(to, <u32>(entry >> 32));
  }
}

/** Does about `budget` rows of one pass each; 1 when all tables are built. */
export function build(budget: u32): i32 {
  const shift = 16 - bits;
  const perDigit = bits - 8;
  while (buildChunk < CHUNKS) {
    if (!hasTable(buildChunk)) {
      buildChunk++;
      continue;
    }
    const table = tableOf(buildChunk);
    const own = offsets + <usize>table * offsetStride;
    const column = rows + (buildChunk << 1);
    const nextColumn = rows + (((buildChunk + 1) & 15) << 1);
    const base = table * count;
    const room = slots + <usize>(table + 1) * count * slotBytes;
    if (buildPhase == 2 && !hasRoomAfter(table)) {
      if (settle(own, base, perDigit, budget) == 0) return 0;
      budget -= min(budget, count);
      buildPhase = 0;
      buildChunk++;
      if (budget == 0) break;
      continue;
    }
    const end = buildAt + min(count - buildAt, budget);
    budget -= end - buildAt;
    if (buildPhase == 0) {
      for (let slot = buildAt; slot < end; slot++) {
        const counter = own + ((<u32>load<u16>(column + (<usize>slot << 5)) >> shift) << 2);
        store<u32>(counter, load<u32>(counter) + 1);
      }
      if (end == count) {
        let sum = base;
        const buckets = <u32>1 << bits;
        for (let key: u32 = 0; key < buckets; key++) {
          const size = load<u32>(own + (key << 2));
          store<u32>(own + (key << 2), sum);
          store<u32>(CURSORS + (key << 2), sum);
          if ((key & ((1 << perDigit) - 1)) == 0) store<u32>(DIGITS + ((key >> perDigit) << 2), sum);
          sum += size;
        }
        store<u32>(own + (buckets << 2), sum);
      }
    } else if (buildPhase == 2) {
      place(room, end);
    } else if (hasRoomAfter(table)) {
      spread(column, nextColumn, room, base, shift, perDigit, end);
    } else {
      const lowMask = (<u32>1 << perDigit) - 1;
      for (let slot = buildAt; slot < end; slot++) {
        const key = <u32>load<u16>(column + (<usize>slot << 5)) >> shift;
        const cursor = DIGITS + ((key >> perDigit) << 2);
        const to = load<u32>(cursor);
        store<u32>(cursor, to + 1);
        store<u8>(lowKeys + (to - base), <u8>(key & lowMask));
        store<u16>(sketches + (<usize>to << 1), load<u16>(nextColumn + (<usize>slot << 5)));
        storeSlot(to, slot);
      }
    }
    buildAt = end;
    if (end < count) return 0;
    buildAt = 0;
    buildKey = 0;
    buildPhase++;
    if (buildPhase == 3) {
      buildPhase = 0;
      buildChunk++;
    }
    if (budget == 0) break;
  }
  return buildChunk == CHUNKS ? layLines(budget) : 0;
}

/**
 * The place of a bucket's line in its table. Neighbours in any bit differ in the lower six bits of it, so they do not
 * all fall into one set of the cache.
 */
// @ts-ignore: decorator
@inline
function lineOf(key: u32): u32 {
  return key ^ ((key >> 6) & 63) ^ (key >> 12);
}

/** Fills about so many lines from finished tables, built or read, where there are lines; 1 when all are full. */
export function layLines(budget: u32): i32 {
  if (lines == 0) return 1;
  const buckets = tables << bits;
  const end = buildLine + min(buckets - buildLine, max(1, budget));
  for (; buildLine < end; buildLine++) {
    const table = buildLine >> bits;
    const key = buildLine & ((1 << bits) - 1);
    const at = offsets + <usize>table * offsetStride + (key << 2);
    const from = load<u32>(at);
    const source = sketches + (<usize>from << 1);
    const line = lines + <usize>((table << bits) + lineOf(key)) * LINE_BYTES;
    // 31 entries whether there are so many or not: the number says which count. The last vector overlaps.
    v128.store(line + 2, v128.load(source));
    v128.store(line + 18, v128.load(source + 16));
    v128.store(line + 34, v128.load(source + 32));
    v128.store(line + 48, v128.load(source + 46));
    store<u16>(line, <u16>min(load<u32>(at, 4) - from, 0xffff));
  }
  return buildLine == buckets ? 1 : 0;
}

// ---- Asking.

/**
 * Shares radius + 1 among the chunks that have tables, so that the sum of (threshold + 1) over all chunks is one more
 * than any distance asked for.
 */
function setRadius(radiusBits: u32): void {
  radius = radiusBits;
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
function sift(from: u32, to: u32, sketch: u32, allowance: i32, query: u32): void {
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
function siftLine(line: usize, bucket: u32, sketch: u32, allowance: i32, query: u32): void {
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

/** Where the offset of a bucket lies, given as table << 16 | key. */
// @ts-ignore: decorator
@inline
function offsetAt(bucket: u32): usize {
  return offsets + <usize>(bucket >> 16) * offsetStride + ((bucket & 0xffff) << 2);
}

/**
 * Loads a byte of each line that the next probes will read, so that many are on their way at once; WebAssembly has no
 * prefetch. Nothing else may stand in these loops: the processor looks ahead some two hundred instructions, and what is
 * loaded while sifting comes in one after the other. A line that was forgotten here costs as much as a bucket. Answers
 * up to which probe that is done.
 */
function touch(probe: u32, probes: u32): u32 {
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

// @ts-ignore: decorator
@inline
function isDead(slot: u32): bool {
  return ((load<u8>(dead + (slot >> 3)) >> <u8>(slot & 7)) & 1) != 0;
}

// @ts-ignore: decorator
@inline
function far(row: usize, query: usize): u32 {
  let sum = popcnt(load<u64>(row) ^ load<u64>(query)) + popcnt(load<u64>(row, 8) ^ load<u64>(query, 8));
  // Half of the bits decides nearly always: unrelated hashes differ in 64 of them, with a deviation of 6.
  if (sum > <u64>radius) return NEVER;
  sum += popcnt(load<u64>(row, 16) ^ load<u64>(query, 16)) + popcnt(load<u64>(row, 24) ^ load<u64>(query, 24));
  return sum > <u64>radius ? NEVER : <u32>sum;
}

function report(slot: u32, query: u32, distance: u32): void {
  if (isDead(slot)) return;
  if (hits == hitLimit) {
    overflowed = true;
    return;
  }
  store<u64>(hitsFrom + (<usize>hits << 3), (<u64>slot << 32) | (query << 16) | distance);
  hits++;
}

/** Looks at the rows of the survivors. First all entries, then all slots, then all rows: so their cache misses overlap. */
function verify(): void {
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
function candidateLimit(): u32 {
  return 2 * count + 64;
}

/** The same for rows fetched out of order. */
// @ts-ignore: decorator
@inline
function survivorLimit(): u32 {
  return (count >> 6) + 64;
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
  setRadius(radiusBits);
  hits = 0;
  survivors = 0;
  overflowed = false;
  store<u32>(PASSED, 0);
  store<u32>(CANDIDATES, 0);
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
  setRadius(radiusBits);
  hits = 0;
  survivors = 0;
  overflowed = false;
  memory.fill(CANDIDATES, 0, MAX_QUERIES * 8);
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
  rowLimit = MAX_QUERIES;
  return crowded == 0 || scanFor(crowded, 0) == count ? 1 : 0;
}

// @ts-ignore: decorator
@inline
function isCrowded(query: u32): bool {
  return (
    load<u32>(CANDIDATES + (query << 2)) > candidateLimit() || load<u32>(PASSED + (query << 2)) > survivorLimit()
  );
}

/** Instead of more hits of one row: SUMMARY as the query, then a bit for each query that hits. */
function summarise(slot: u32, queries: u32): void {
  if (isDead(slot)) return;
  const at = hitsFrom + (<usize>hits << 3);
  store<u64>(at, (<u64>slot << 32) | SUMMARY);
  memory.fill(at + 8, 0, 64);
  for (let i: u32 = 0; i < queries; i++) {
    const query = load<u32>(TO_SCAN + (i << 2));
    if (far(rows + (<usize>slot << 5), QUERIES + (<usize>query << 5)) == NEVER) continue;
    const word = at + 8 + ((query >> 5) << 2);
    store<u32>(word, load<u32>(word) | (1 << (query & 31)));
  }
  hits += 9;
}

/** Scans for the queries in TO_SCAN from a slot on; answers the slot to go on from, less than the count when full. */
function scanFor(queries: u32, from: u32): u32 {
  let slot = from;
  if (queries == 1) {
    const query = load<u32>(TO_SCAN);
    const at = QUERIES + (<usize>query << 5);
    for (; slot < count && hits < hitLimit; slot++) {
      const distance = far(rows + (<usize>slot << 5), at);
      if (distance != NEVER) report(slot, query, distance);
    }
    return slot;
  }
  // A row brings at most `rowLimit` hits and a summary of 9 words.
  for (; slot < count && hitLimit - hits >= rowLimit + 9; slot++) {
    const row = rows + (<usize>slot << 5);
    const before = hits;
    for (let i: u32 = 0; i < queries; i++) {
      const query = load<u32>(TO_SCAN + (i << 2));
      const distance = far(row, QUERIES + (<usize>query << 5));
      if (distance == NEVER) continue;
      if (hits - before == rowLimit) {
        summarise(slot, queries);
        break;
      }
      report(slot, query, distance);
    }
  }
  return slot;
}

/** Looks at every row from a slot on, for any radius; hits come in order of slots. Answers like `scanFor`. */
export function scan(queries: u32, radiusBits: u32, from: u32, hitsOfRow: u32): u32 {
  radius = radiusBits;
  rowLimit = hitsOfRow;
  hits = 0;
  overflowed = false;
  for (let query: u32 = 0; query < queries; query++) store<u32>(TO_SCAN + (query << 2), query);
  return scanFor(queries, from);
}

// ---- Ids.

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

// ---- Snapshots. What is written is what lies here, section by section.

export function offsetsAt(): usize {
  return offsets;
}
export function sketchesAt(): usize {
  return sketches;
}
export function slotsAt(): usize {
  return slots;
}

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

/** How many of the rows are dead. */
export function countDead(): u32 {
  const whole = count >> 3;
  let sum: u32 = 0;
  for (let at: u32 = 0; at < whole; at++) sum += popcnt<u32>(load<u8>(dead + at));
  for (let slot = whole << 3; slot < count; slot++) sum += isDead(slot) ? 1 : 0;
  return sum;
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

// ---- The permutation. Tables have 64 x 16 entries of 32 bytes: where the bits of each nibble go.

export function permute(table: usize, source: usize, target: usize, rowCount: u32): void {
  for (let row: u32 = 0; row < rowCount; row++) {
    let low = i64x2.splat(0);
    let high = i64x2.splat(0);
    let entries = table;
    for (let byte: usize = 0; byte < 32; byte++) {
      const value = <usize>load<u8>(source + byte);
      const first = entries + ((value & 15) << 5);
      const second = entries + 512 + ((value >> 4) << 5);
      low = v128.or(low, v128.or(v128.load(first), v128.load(second)));
      high = v128.or(high, v128.or(v128.load(first, 16), v128.load(second, 16)));
      entries += 1024;
    }
    v128.store(target, low);
    v128.store(target, high, 16);
    source += 32;
    target += 32;
  }
}
