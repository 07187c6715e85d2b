/**
 * The form of a ring index's own snapshot, with its tables. All numbers little-endian:
 *
 * | offset | bytes | what |
 * |---|---|---|
 * | 0 | 8 | magic `RCHAMIDX` |
 * | 8 | 4 | version, 2 |
 * | 12 | 4 | number of segments s |
 * | 16 | 8 | length of the whole snapshot |
 * | 24 | 4 | which permutation the rows are under |
 * | 28 | 4 | largest radius the tables are for, 0 to 31 |
 * | 32 | 12 s | segments, oldest first: rows n (4), dead rows (4), level (1), 1 if leaving it (1), bits of a bucket (1), 0 |
 * | 32 + 12 s | 8 | XXH64 of everything before, seed 0 |
 *
 * Then for each segment what its memory holds (kernel/ring.ts), without gaps: rows (32 n), ids (4 n), dead bits
 * ((n + 7) / 8), and if it has tables: offsets, sketches (2 n each), slots (3 n each, 4 n beyond 16,777,216 rows). At
 * the end 8 bytes: each of these sections is cut into blocks of 3 MiB, the last shorter; XXH64 of each, with that of
 * the block before as its seed, the header's before the first.
 */
import { MatchError } from "../errors.ts";
import { checksumOf } from "./checksum.ts";
import { MAX_RING_RADIUS_BITS } from "./kernel.ts";
import { SEED } from "./permutation.ts";
import { MAX_SEGMENT_ROWS } from "./segment.ts";

export const MAGIC = "RCHAMIDX";
export const VERSION_AT = 8;
export const VERSION_WITH_TABLES = 2;
/** A whole number of slots of 3 bytes and of 4. */
export const BLOCK_BYTES = 3 * 2 ** 20;
export const FIXED_BYTES = 32;
const SEGMENT_BYTES = 12;
export const CHECKSUM_BYTES = 8;
/** The level of segments that stand beside the levels. */
export const ARCHIVE = 255;
/** Far more than memory has room for. */
const MAX_SEGMENTS = 256;
/** Slots of 3 bytes go so far. */
const NARROW_ROWS = 2 ** 24;

/** What the header says of a segment. */
export interface SegmentHead {
  readonly count: number;
  readonly deadRows: number;
  readonly level: number;
  readonly isLeaving: boolean;
  /** 0 without tables. */
  readonly tableBits: number;
}

export interface Head {
  readonly tableRadius: number;
  readonly segments: readonly SegmentHead[];
}

/** Bytes of each section of a segment. */
export interface SectionSizes {
  readonly rows: number;
  readonly ids: number;
  readonly dead: number;
  readonly offsets: number;
  readonly sketches: number;
  readonly slots: number;
}

export const slotBytesFor = (rows: number): number => (rows <= NARROW_ROWS ? 3 : 4);

export const sectionSizes = ({ count, tableBits }: SegmentHead, tableRadius: number): SectionSizes => {
  const tables = tableBits === 0 ? 0 : Math.min(16, tableRadius + 1);
  return {
    rows: 32 * count,
    ids: 4 * count,
    dead: (count + 7) >> 3,
    offsets: tables * 4 * (2 ** tableBits + 1),
    sketches: tables * 2 * count,
    slots: tables * slotBytesFor(count) * count,
  };
};

export const headBytes = (segments: number): number => FIXED_BYTES + SEGMENT_BYTES * segments + CHECKSUM_BYTES;

const totalBytes = ({ segments, tableRadius }: Head): number => {
  let sum = headBytes(segments.length) + CHECKSUM_BYTES;
  for (const segment of segments) {
    const { rows, ids, dead, offsets, sketches, slots } = sectionSizes(segment, tableRadius);
    sum += rows + ids + dead + offsets + sketches + slots;
  }
  return sum;
};

/** The header, and its checksum once more for what follows. */
export const encodeHead = (head: Head): { readonly bytes: Uint8Array; readonly checksum: bigint } => {
  const bytes = new Uint8Array(headBytes(head.segments.length));
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < MAGIC.length; at += 1) bytes[at] = MAGIC.charCodeAt(at);
  view.setUint32(VERSION_AT, VERSION_WITH_TABLES, true);
  view.setUint32(12, head.segments.length, true);
  view.setBigUint64(16, BigInt(totalBytes(head)), true);
  view.setUint32(24, SEED, true);
  view.setUint32(28, head.tableRadius, true);
  head.segments.forEach((segment, number) => {
    const at = FIXED_BYTES + SEGMENT_BYTES * number;
    view.setUint32(at, segment.count, true);
    view.setUint32(at + 4, segment.deadRows, true);
    bytes.set([segment.level, Number(segment.isLeaving), segment.tableBits], at + 8);
  });
  const end = bytes.length - CHECKSUM_BYTES;
  const checksum = checksumOf(bytes.subarray(0, end), 0n);
  view.setBigUint64(end, checksum, true);
  return { bytes, checksum };
};

/** How many segments the first `FIXED_BYTES` announce. Throws MatchError where there can't be so many. */
export const segmentsAnnounced = (fixed: Uint8Array): number => {
  const segments = new DataView(fixed.buffer, fixed.byteOffset).getUint32(12, true);
  if (segments > MAX_SEGMENTS) throw new MatchError("snapshot_checksum");
  return segments;
};

const isPlausible = ({ count, deadRows, tableBits }: SegmentHead): boolean =>
  count > 0 &&
  count <= MAX_SEGMENT_ROWS &&
  deadRows <= count &&
  (tableBits === 0 || (tableBits >= 8 && tableBits <= 16));

/** Reads a header of a snapshot of `sizeBytes`. Throws MatchError; nothing of what it says is believed before. */
export const decodeHead = (
  bytes: Uint8Array,
  sizeBytes: number,
): { readonly head: Head; readonly checksum: bigint } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - CHECKSUM_BYTES;
  const checksum = checksumOf(bytes.subarray(0, end), 0n);
  if (view.getBigUint64(end, true) !== checksum) throw new MatchError("snapshot_checksum");
  if (view.getBigUint64(16, true) !== BigInt(sizeBytes)) throw new MatchError("snapshot_length");
  if (view.getUint32(24, true) !== SEED) throw new MatchError("snapshot_version");
  const head: Head = {
    tableRadius: view.getUint32(28, true),
    segments: Array.from({ length: (end - FIXED_BYTES) / SEGMENT_BYTES }, (_unused, number) => {
      const at = FIXED_BYTES + SEGMENT_BYTES * number;
      return {
        count: view.getUint32(at, true),
        deadRows: view.getUint32(at + 4, true),
        level: view.getUint8(at + 8),
        isLeaving: view.getUint8(at + 9) === 1,
        tableBits: view.getUint8(at + 10),
      };
    }),
  };
  const isWhole =
    head.tableRadius <= MAX_RING_RADIUS_BITS && head.segments.every(isPlausible) && totalBytes(head) === sizeBytes;
  if (!isWhole) throw new MatchError("snapshot_content");
  return { head, checksum };
};
