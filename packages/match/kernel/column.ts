/**
 * Rows of a column against many queries at once, in AssemblyScript for WebAssembly. The method: docs/matching.md,
 * "The other way round". A row is 16 bytes in the first column and, where there is one, 16 more in the second: in all 8
 * or 16 chunks of 16 bits.
 *
 * Two ways. `compare` holds every row's first half against every query. `sieve` asks, for each chunk of a row, whether
 * any query is near in that chunk: a bit for each of 65,536 values, 8 KB a chunk. Only where it is set are the entries
 * of that value looked at: the queries near there, each with its next chunk, which the row's next chunk must be near
 * too. What passes is counted out in full.
 *
 * Use: `begin`, write queries at `queriesAt` and groups at `groupsAt`, `build` for a sieve; write rows at `firstAt` and
 * `restAt`; `compare` or `sieve` until it has come to the end. Hits come out at `hitsAt` as u64: row << 32 | query << 16
 * | distance, of the queries of a group the nearest only.
 */

/** No vector instruction: on the machines measured four scalar counts beat what V8 makes of i8x16.popcnt. */
const CHUNKS: u32 = 16;
const VALUES: u32 = 65536;
const BITMAP_BYTES: usize = 8192;
/** A u32 for each word of 64 bits in a bitmap: how many values are set before it. */
const RANKS_BYTES: usize = 4096;
/** How far ahead entries are touched, so that they are in the cache when their turn comes. */
const AHEAD: u32 = 16;

// Statics lie below 1024 (--memoryBase in the build script).
const DYNAMIC: usize = 1024;

let rowLimit: u32 = 0;
let queryLimit: u32 = 0;
let first: usize = 0;
let rest: usize = 0;
let queries: usize = 0; // 32 bytes each; the second half is 0 where rows have none
let groups: usize = 0; // u32 for each query: its group
let stamps: usize = 0; // u32 for each group: the row that it was last hit in, plus 1
let places: usize = 0; // u32 for each group: the place of that hit
let bitmaps: usize = 0;
let ranks: usize = 0;
let starts: usize = 0; // u32 for each set value of all chunks: its first entry; the next value's is where it ends
let entries: usize = 0; // u32: next chunk << 16 | own bit turned << 15 | query
let counts: usize = 0; // 65,536 x u32, while building
let froms: usize = 0; // u32 for each mark: its first entry
let tos: usize = 0; // and where they end
let sink: u32 = 0; // keeps loads that only warm the cache from being optimised away
let marks: usize = 0; // u32: rows
let hitsStart: usize = 0;
let hitLimit: u32 = 0;
let hits: u32 = 0;
let radius: u32 = 0;

export function firstAt(): usize {
  return first;
}
export function restAt(): usize {
  return rest;
}
export function queriesAt(): usize {
  return queries;
}
export function groupsAt(): usize {
  return groups;
}
export function hitsAt(): usize {
  return hitsStart;
}
export function hitCount(): u32 {
  return hits;
}

/** Lays memory out. Answers the bytes it needs beyond what there is, in pages; the caller grows and calls again. */
export function begin(rowCount: u32, queryCount: u32, isSieve: bool, outputLimit: u32): i32 {
  rowLimit = rowCount;
  queryLimit = queryCount;
  hitLimit = outputLimit;
  let at = DYNAMIC;
  first = at;
  at += <usize>rowCount << 4;
  rest = at;
  at += <usize>rowCount << 4;
  queries = at;
  at += <usize>queryCount << 5;
  groups = at;
  at += <usize>queryCount << 2;
  stamps = at;
  at += <usize>queryCount << 2;
  places = at;
  at += <usize>queryCount << 2;
  at = (at + 63) & ~63;
  hitsStart = at;
  at += <usize>outputLimit << 3;
  if (isSieve) {
    marks = at;
    at += <usize>rowCount << 2;
    froms = at;
    at += <usize>rowCount << 2;
    tos = at;
    at += <usize>rowCount << 2;
    at = (at + 63) & ~63;
    bitmaps = at;
    at += <usize>CHUNKS * BITMAP_BYTES;
    ranks = at;
    at += <usize>CHUNKS * RANKS_BYTES;
    counts = at;
    at += <usize>VALUES << 2;
    starts = at;
    // A query sets 17 values of a chunk at most; one more for the end of the last.
    at += (<usize>CHUNKS * <usize>min(queryCount * 17, VALUES) + 1) << 2;
    entries = at;
    at += (<usize>queryCount * <usize>CHUNKS * 17) << 2;
  }
  const pages = <i32>((at + 65535) >> 16);
  const have = <i32>memory.size();
  return pages > have ? pages - have : 0;
}

/** Before the first row of a scan: no group was hit yet. */
export function forget(): void {
  memory.fill(stamps, 0, <usize>queryLimit << 2);
}

// @ts-ignore: decorator
@inline
function chunkAt(hash: usize, chunk: u32): u32 {
  return load<u16>(hash + (<usize>chunk << 1));
}

/** The share of radius + 1 that chunk `chunk` of `chunks` has, less one: how many bits may differ in it. */
// @ts-ignore: decorator
@inline
function thresholdOf(chunk: u32, chunks: u32): i32 {
  const shares = radius + 1;
  return <i32>(((chunk + 1) * shares) / chunks - (chunk * shares) / chunks) - 1;
}

/** The values of a chunk that a query is near to: `value` itself, then with each bit turned. */
// @ts-ignore: decorator
@inline
function valueOf(value: u32, flip: u32): u32 {
  return flip == 0 ? value : value ^ (1 << (flip - 1));
}

/** Fills the sieve for a radius of at most 2 * chunks - 1: thresholds are then 1 at most. 0 when it is larger. */
export function build(queryCount: u32, chunks: u32, radiusBits: u32): i32 {
  radius = radiusBits;
  if (radiusBits >= 2 * chunks) return 0;
  memory.fill(bitmaps, 0, <usize>CHUNKS * BITMAP_BYTES);
  let start: u32 = 0;
  let entry: u32 = 0;
  for (let chunk: u32 = 0; chunk < chunks; chunk++) {
    const threshold = thresholdOf(chunk, chunks);
    if (threshold < 0) continue;
    const flips: u32 = threshold > 0 ? 16 : 0;
    const bitmap = bitmaps + <usize>chunk * BITMAP_BYTES;
    memory.fill(counts, 0, <usize>VALUES << 2);
    for (let query: u32 = 0; query < queryCount; query++) {
      const own = chunkAt(queries + (<usize>query << 5), chunk);
      for (let flip: u32 = 0; flip <= flips; flip++) {
        const value = valueOf(own, flip);
        const count = counts + (<usize>value << 2);
        store<u32>(count, load<u32>(count) + 1);
        const word = bitmap + (<usize>(value >> 6) << 3);
        store<u64>(word, load<u64>(word) | (<u64>1 << (value & 63)));
      }
    }
    // Where the entries of each value end, for now also in `counts`: filled from the back, these become beginnings.
    for (let word: u32 = 0; word < VALUES >> 6; word++) {
      store<u32>(ranks + <usize>chunk * RANKS_BYTES + (<usize>word << 2), start);
      for (let set = load<u64>(bitmap + (<usize>word << 3)); set != 0; set &= set - 1) {
        const count = counts + (<usize>((word << 6) | <u32>ctz(set)) << 2);
        store<u32>(starts + (<usize>start << 2), entry);
        entry += load<u32>(count);
        store<u32>(count, entry);
        start++;
      }
    }
    const next = chunk + 1 == chunks ? 0 : chunk + 1;
    for (let query: u32 = 0; query < queryCount; query++) {
      const hash = queries + (<usize>query << 5);
      const own = chunkAt(hash, chunk);
      const text = (chunkAt(hash, next) << 16) | query;
      for (let flip: u32 = 0; flip <= flips; flip++) {
        const count = counts + (<usize>valueOf(own, flip) << 2);
        const place = load<u32>(count) - 1;
        store<u32>(count, place);
        store<u32>(entries + (<usize>place << 2), flip == 0 ? text : text | 0x8000);
      }
    }
  }
  store<u32>(starts + (<usize>start << 2), entry);
  return 1;
}

/** Writes a hit down, or makes the row's hit of that group nearer. */
// @ts-ignore: decorator
@inline
function report(row: u32, query: u32, distance: u32): void {
  const group = <usize>load<u32>(groups + (<usize>query << 2)) << 2;
  const hit = (<u64>row << 32) | (<u64>query << 16) | <u64>distance;
  if (load<u32>(stamps + group) == row + 1) {
    const at = hitsStart + (<usize>load<u32>(places + group) << 3);
    if (distance < <u32>(load<u64>(at) & 0xffff)) store<u64>(at, hit);
    return;
  }
  store<u32>(stamps + group, row + 1);
  store<u32>(places + group, hits);
  store<u64>(hitsStart + (<usize>hits << 3), hit);
  hits++;
}

// @ts-ignore: decorator
@inline
function nearTo(at: usize, q0: u64, q1: u64): u64 {
  return popcnt(load<u64>(at) ^ q0) + popcnt(load<u64>(at, 8) ^ q1);
}

/** Below 0 where one of the eight rows at `at` is near the query: the sign of any shows in all of them together. */
// @ts-ignore: decorator
@inline
function anyOfEight(at: usize, q0: u64, q1: u64, limit: u64): i64 {
  const a = (nearTo(at, q0, q1) - limit) | (nearTo(at + 16, q0, q1) - limit);
  const b = (nearTo(at + 32, q0, q1) - limit) | (nearTo(at + 48, q0, q1) - limit);
  const c = (nearTo(at + 64, q0, q1) - limit) | (nearTo(at + 80, q0, q1) - limit);
  const d = (nearTo(at + 96, q0, q1) - limit) | (nearTo(at + 112, q0, q1) - limit);
  return <i64>(a | b | (c | d));
}

/** The first row from `row` on, in steps of eight, of which or of whose next seven one is near the only query. */
function passOne(row: u32, rows: u32, beyond: u64): u32 {
  // In registers.
  const q0 = load<u64>(queries);
  const q1 = load<u64>(queries, 8);
  for (let at = first + (<usize>row << 4); row + 8 <= rows; at += 128) {
    if (anyOfEight(at, q0, q1, beyond) < 0) break;
    row += 8;
  }
  return row;
}

/** The same for all queries up to `end`. */
function passMany(row: u32, rows: u32, end: usize, beyond: u64): u32 {
  for (let at = first + (<usize>row << 4); row + 8 <= rows; at += 128) {
    let any: i64 = 0;
    for (let query = queries; query < end; query += 32) {
      any |= anyOfEight(at, load<u64>(query), load<u64>(query, 8), beyond);
    }
    if (any < 0) break;
    row += 8;
  }
  return row;
}

/**
 * Each row from `from` on against each query: by the first half alone, or, with `isWhole`, counted out where that is
 * near enough. Answers the row to go on from: less than `rows` when there is no room for another row's hits.
 *
 * Eight rows a turn with one branch for all of them, which is taken only where a row is near: one query then costs
 * hardly more than reading the memory does.
 */
export function compare(rows: u32, from: u32, queryCount: u32, radiusBits: u32, isWhole: bool): u32 {
  hits = 0;
  radius = radiusBits;
  const beyond = <u64>radius + 1;
  const end = queries + (<usize>queryCount << 5);
  let row = from;
  while (row < rows) {
    row = queryCount == 1 ? passOne(row, rows, beyond) : passMany(row, rows, end, beyond);
    const last = min(row + 8, rows);
    for (; row < last; row++) {
      if (hitLimit - hits < queryCount) return row;
      const at = first + (<usize>row << 4);
      const a0 = load<u64>(at);
      const a1 = load<u64>(at, 8);
      for (let query = queries; query < end; query += 32) {
        const near = popcnt(a0 ^ load<u64>(query)) + popcnt(a1 ^ load<u64>(query, 8));
        if (near >= beyond) continue;
        const distance = isWhole ? near + restDistance(row, query) : near;
        if (distance < beyond) report(row, <u32>((query - queries) >> 5), <u32>distance);
      }
    }
  }
  return row;
}

// @ts-ignore: decorator
@inline
function restDistance(row: u32, query: usize): u64 {
  const at = rest + (<usize>row << 4);
  return popcnt(load<u64>(at) ^ load<u64>(query, 16)) + popcnt(load<u64>(at, 8) ^ load<u64>(query, 24));
}

/** The chunk of a row, its halves lying in two columns. */
// @ts-ignore: decorator
@inline
function rowChunk(row: u32, chunk: u32): u32 {
  const half = chunk < 8 ? first : rest;
  return load<u16>(half + (<usize>row << 4) + (<usize>(chunk & 7) << 1));
}

/** Writes down the rows whose chunk at `column` has its bit in `bitmap`; answers how many. No branch to guess wrong. */
function mark(column: usize, rows: u32, bitmap: usize): u32 {
  let at = marks;
  for (let row: u32 = 0; row < rows; row++) {
    const value = <u32>load<u16>(column + (<usize>row << 4));
    store<u32>(at, row);
    at += ((<u32>load<u8>(bitmap + (value >> 3)) >> (value & 7)) & 1) << 2;
  }
  return <u32>((at - marks) >> 2);
}

/** Finds where the entries of each marked row lie. Loads that don't wait for each other, so the memory serves many. */
function locate(column: usize, marked: u32, chunk: u32): void {
  const bitmap = bitmaps + <usize>chunk * BITMAP_BYTES;
  const rank = ranks + <usize>chunk * RANKS_BYTES;
  for (let i: u32 = 0; i < marked; i++) {
    const row = load<u32>(marks + (<usize>i << 2));
    const value = <u32>load<u16>(column + (<usize>row << 4));
    const word = <usize>(value >> 6);
    const before = load<u64>(bitmap + (word << 3)) & ((<u64>1 << (value & 63)) - 1);
    const at = starts + (<usize>(load<u32>(rank + (word << 2)) + <u32>popcnt(before)) << 2);
    store<u32>(froms + (<usize>i << 2), load<u32>(at));
    store<u32>(tos + (<usize>i << 2), load<u32>(at, 4));
  }
}

/** Holds a row against the entries from one number to another. False when there was no room for all hits. */
// @ts-ignore: decorator
@inline
function look(row: u32, from: u32, to: u32, value: u32, allowance: i32, isWhole: bool): bool {
  const at = first + (<usize>row << 4);
  const end = entries + (<usize>to << 2);
  for (let entry = entries + (<usize>from << 2); entry < end; entry += 4) {
    const found = load<u32>(entry);
    if (<i32>popcnt((found >> 16) ^ value) + <i32>((found >> 15) & 1) > allowance) continue;
    const number = found & 0x7fff;
    const query = queries + (<usize>number << 5);
    let distance = popcnt(load<u64>(at) ^ load<u64>(query)) + popcnt(load<u64>(at, 8) ^ load<u64>(query, 8));
    if (isWhole) distance += restDistance(row, query);
    if (distance > <u64>radius) continue;
    if (hits == hitLimit) return false;
    store<u64>(hitsStart + (<usize>hits << 3), (<u64>row << 32) | (<u64>number << 16) | distance);
    hits++;
  }
  return true;
}

/**
 * All rows by the sieve that `build` filled for so many chunks: 16 for whole rows, 8 for the first half. Chunk by chunk,
 * so that only one chunk's tables are in the cache at a time; so hits come in no order, and one may come several times.
 * 0 when there was no room for all of them: then `compare` has to be asked.
 */
export function sieve(rows: u32, chunks: u32): i32 {
  hits = 0;
  const isWhole = chunks == CHUNKS;
  for (let chunk: u32 = 0; chunk < chunks; chunk++) {
    const threshold = thresholdOf(chunk, chunks);
    if (threshold < 0) continue;
    const next = chunk + 1 == chunks ? 0 : chunk + 1;
    // How many bits may differ in both together: the lemma's second condition.
    const allowance = threshold + thresholdOf(next, chunks) + 1;
    const column = (chunk < 8 ? first : rest) + (<usize>(chunk & 7) << 1);
    const marked = mark(column, rows, bitmaps + <usize>chunk * BITMAP_BYTES);
    locate(column, marked, chunk);
    for (let i: u32 = 0; i < marked; i++) {
      const ahead = min(i + AHEAD, marked - 1);
      sink += load<u32>(entries + (<usize>load<u32>(froms + (<usize>ahead << 2)) << 2));
      const row = load<u32>(marks + (<usize>i << 2));
      const from = load<u32>(froms + (<usize>i << 2));
      const to = load<u32>(tos + (<usize>i << 2));
      if (!look(row, from, to, rowChunk(row, next), allowance, isWhole)) return 0;
    }
  }
  return 1;
}
