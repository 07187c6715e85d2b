/**
 * Builds tables: for each chunk a counting sort in two passes, so that writes go to 256 places at a time (one pass with
 * 65,536 places takes nine times as long at 10 million rows). Between the passes an entry is 8 bytes, key, sketch and
 * slot, and lies where the slots of later tables will be. The last tables, for which there is no such room, are sorted
 * in place in the second pass, part by part, each small enough for the cache: that needs one byte a row beside the
 * table, and takes half as long again.
 */
import {
  CHUNKS,
  CURSORS,
  DIGITS,
  LINE_BYTES,
  bits,
  count,
  hasTable,
  hitLimit,
  hitsFrom,
  lineOf,
  lines,
  lowKeys,
  offsetStride,
  offsets,
  rows,
  sketches,
  slotBytes,
  slotOf,
  slots,
  storeSlot,
  tableOf,
  tables,
} from "./memory";

/** Entries that are sorted by way of the room for hits: more than a 256th of the largest segment. */
const PART_ROOM: u32 = 1 << 17;

// How far building has come: it is done in steps.
let buildChunk: u32 = 0;
let buildPhase: u32 = 0;
let buildAt: u32 = 0;
let buildKey: u32 = 0;
let buildLine: u32 = 0;

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
