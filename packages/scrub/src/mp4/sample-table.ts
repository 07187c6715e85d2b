/** Sample tables (ISO/IEC 14496-12, 8.6 and 8.7) of one track, read into arrays of numbers, bounded. */
import { u16be, u32be } from "../core/bytes.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import { type Box, neededBox, onlyBox, u64be } from "../boxes/box.ts";
import { ChunkList } from "./chunk-list.ts";

export interface Samples {
  readonly count: number;
  readonly sizes: Uint32Array;
  readonly durations: Uint32Array;
  /** Composition offsets, or null if there are none. */
  readonly offsets: Int32Array | null;
  /** 1 where decoding can begin; null: everywhere. */
  readonly sync: Uint8Array | null;
  readonly chunks: ChunkList;
}

/** Eight hours of 60 pictures and 50 sounds a second are three million; each costs some twenty bytes. */
export const MAX_SAMPLES = 4_000_000;

const tableEntries = (bytes: Uint8Array, box: Box, entryBytes: number): number => {
  const count = u32be(bytes, box.body + 4);
  if (box.body + 8 + count * entryBytes > box.end) throw damaged("a sample table is cut off");
  return count;
};

/** `stsz` or `stz2`: the size that all have, 0 if they differ, and how many. */
export interface SizeTable {
  readonly constant: number;
  readonly count: number;
  readonly sizeOf: (index: number) => number;
}

export const readSizes = (bytes: Uint8Array, table: readonly Box[]): SizeTable => {
  const compact = onlyBox(table, "stz2");
  const box = compact ?? neededBox(table, "stsz");
  if (box.end - box.body < 12) throw damaged("a sample table is cut off");
  const count = u32be(bytes, box.body + 8);
  const start = box.body + 12;
  if (compact !== undefined) {
    const bits = bytes[box.body + 7] ?? 0;
    if (![4, 8, 16].includes(bits) || start + Math.ceil((count * bits) / 8) > box.end)
      throw damaged("a sample table is cut off");
    if (bits === 16) return { constant: 0, count, sizeOf: (i) => u16be(bytes, start + 2 * i) };
    if (bits === 8) return { constant: 0, count, sizeOf: (i) => bytes[start + i] ?? 0 };
    return { constant: 0, count, sizeOf: (i) => ((bytes[start + (i >> 1)] ?? 0) >> (i % 2 === 0 ? 4 : 0)) & 15 };
  }
  const constant = u32be(bytes, box.body + 4);
  if (constant === 0 && start + 4 * count > box.end) throw damaged("a sample table is cut off");
  return { constant, count, sizeOf: constant > 0 ? () => constant : (i) => u32be(bytes, start + 4 * i) };
};

/** `stsc` with `stco` or `co64`: every chunk and the samples that it holds. */
export const readChunks = (bytes: Uint8Array, table: readonly Box[], sampleCount: number): ChunkList => {
  const wide = onlyBox(table, "co64");
  const offsets = wide ?? neededBox(table, "stco");
  const runs = neededBox(table, "stsc");
  const chunkCount = tableEntries(bytes, offsets, wide === undefined ? 4 : 8);
  const runCount = tableEntries(bytes, runs, 12);
  if (chunkCount > MAX_SAMPLES) throw doubtful("the file has too many chunks");
  const startOf = (run: number): number =>
    run < runCount ? u32be(bytes, runs.body + 8 + 12 * run) : Number.POSITIVE_INFINITY;
  if (chunkCount > 0 && sampleCount > 0 && startOf(0) !== 1) throw damaged("a sample table does not begin");
  const chunks = new ChunkList();
  let firstSample = 0;
  let run = 0;
  for (let i = 0; i < chunkCount; i += 1) {
    if (i + 1 === startOf(run + 1)) run += 1;
    if (startOf(run + 1) <= i + 1) throw damaged("a sample table runs backwards");
    const at = offsets.body + 8 + (wide === undefined ? 4 : 8) * i;
    // Some writers say a whole last chunk where fewer samples are left.
    const count = Math.min(u32be(bytes, runs.body + 12 + 12 * run), sampleCount - firstSample);
    if (firstSample >= sampleCount) break;
    if (count === 0) continue;
    const offset = wide === undefined ? u32be(bytes, at) : u64be(bytes, at);
    chunks.push(offset, firstSample, count, u32be(bytes, runs.body + 16 + 12 * run));
    firstSample += count;
  }
  if (firstSample < sampleCount) throw damaged("there are samples without a place");
  return chunks;
};

/** Calls `each` for the runs of a table of pairs (how many, value), `count` samples at most; answers where it ended. */
const eachRun = (
  bytes: Uint8Array,
  box: Box,
  count: number,
  each: (value: number, from: number, to: number) => void,
): number => {
  const entries = tableEntries(bytes, box, 8);
  let at = 0;
  for (let i = 0; i < entries && at < count; i += 1) {
    const to = Math.min(count, at + u32be(bytes, box.body + 8 + 8 * i));
    each(u32be(bytes, box.body + 12 + 8 * i), at, to);
    at = to;
  }
  return at;
};

/** The one duration of a `stts` that has one, or null. */
export const constantDuration = (bytes: Uint8Array, table: readonly Box[], count: number): number | null => {
  const box = neededBox(table, "stts");
  let found: number | null = null;
  let same = true;
  eachRun(bytes, box, count, (value) => {
    same &&= found === null || found === value;
    found = value;
  });
  return same ? found : null;
};

/** `stts`; samples that it does not reach last as long as the last one that it does. */
const readDurations = (bytes: Uint8Array, table: readonly Box[], count: number): Uint32Array => {
  const durations = new Uint32Array(count);
  let last = 0;
  const end = eachRun(bytes, neededBox(table, "stts"), count, (value, from, to) => {
    durations.fill(value, from, to);
    last = value;
  });
  return durations.fill(last, end);
};

/** `ctts`. Version 0 has no sign, but negative numbers are written in it all the same. */
const readOffsets = (bytes: Uint8Array, table: readonly Box[], count: number): Int32Array | null => {
  const box = onlyBox(table, "ctts");
  if (box === undefined) return null;
  const offsets = new Int32Array(count);
  eachRun(bytes, box, count, (value, from, to) => offsets.fill(value | 0, from, to));
  return offsets.some((offset) => offset !== 0) ? offsets : null;
};

const readSync = (bytes: Uint8Array, table: readonly Box[], count: number): Uint8Array | null => {
  const box = onlyBox(table, "stss");
  if (box === undefined) return null;
  const sync = new Uint8Array(count);
  const entries = tableEntries(bytes, box, 4);
  for (let i = 0; i < entries; i += 1) {
    const number = u32be(bytes, box.body + 8 + 4 * i);
    if (number >= 1 && number <= count) sync[number - 1] = 1;
  }
  return sync.every((one) => one === 1) ? null : sync;
};

export const readSamples = (bytes: Uint8Array, table: readonly Box[]): Samples => {
  const { count, sizeOf } = readSizes(bytes, table);
  if (count > MAX_SAMPLES) throw doubtful("the file has too many samples");
  const sizes = new Uint32Array(count);
  for (let i = 0; i < count; i += 1) sizes[i] = sizeOf(i);
  return {
    count,
    sizes,
    durations: count === 0 ? new Uint32Array(0) : readDurations(bytes, table, count),
    offsets: readOffsets(bytes, table, count),
    sync: readSync(bytes, table, count),
    chunks: count === 0 ? new ChunkList() : readChunks(bytes, table, count),
  };
};
