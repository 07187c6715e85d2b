/**
 * The form of a snapshot. All numbers little-endian:
 *
 * | offset | bytes | what |
 * |---|---|---|
 * | 0 | 8 | magic `RCHAMIDX` |
 * | 8 | 4 | version, 1 |
 * | 12 | 4 | number of entries n |
 * | 16 | 36 n | entries: id (4), hash (32) |
 * | 16 + 36 n | 4 | CRC-32 (ISO-HDLC, as in PNG) of everything before |
 */
import { MatchError } from "./errors.ts";
import { HASH_BYTES } from "./hash.ts";

const MAGIC = [0x52, 0x43, 0x48, 0x41, 0x4d, 0x49, 0x44, 0x58];
const VERSION = 1;
const HEADER_BYTES = 16;
const ENTRY_BYTES = 4 + HASH_BYTES;
const CHECKSUM_BYTES = 4;
/** An empty snapshot. */
export const SMALLEST_BYTES = HEADER_BYTES + CHECKSUM_BYTES;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_unused, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
};

/** Writes `count` entries; `writeEntry` puts the hash of entry `index` into the 32 bytes it is given. */
export const writeSnapshot = (
  count: number,
  idOf: (index: number) => number,
  writeHash: (index: number, into: Uint8Array) => void,
): Uint8Array => {
  const bytes = new Uint8Array(HEADER_BYTES + count * ENTRY_BYTES + CHECKSUM_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC, 0);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, count, true);
  for (let index = 0; index < count; index += 1) {
    const offset = HEADER_BYTES + index * ENTRY_BYTES;
    view.setUint32(offset, idOf(index), true);
    writeHash(index, bytes.subarray(offset + 4, offset + ENTRY_BYTES));
  }
  const end = bytes.length - CHECKSUM_BYTES;
  view.setUint32(end, crc32(bytes.subarray(0, end)), true);
  return bytes;
};

/** How many entries a checked snapshot holds. */
export const snapshotCount = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(12, true);

/** Of the beginning of a snapshot of `sizeBytes`: throws MatchError unless it is as long as it says it is. */
export const assertSnapshotLength = (beginning: Uint8Array, sizeBytes: number): void => {
  const magicLength = Math.min(beginning.length, MAGIC.length);
  if (MAGIC.slice(0, magicLength).some((byte, at) => beginning[at] !== byte)) throw new MatchError("snapshot_magic");
  if (sizeBytes < SMALLEST_BYTES || beginning.length < HEADER_BYTES) throw new MatchError("snapshot_length");
  const view = new DataView(beginning.buffer, beginning.byteOffset, beginning.byteLength);
  if (view.getUint32(8, true) !== VERSION) throw new MatchError("snapshot_version");
  if (sizeBytes !== SMALLEST_BYTES + view.getUint32(12, true) * ENTRY_BYTES) throw new MatchError("snapshot_length");
};

/**
 * Reads a snapshot, calling `onEntry` for each entry; the hash it is given is a view on `bytes`. The length is
 * checked against the count before anything else is read. Throws MatchError; `onEntry` is not called before
 * everything is checked.
 */
export const readSnapshot = (bytes: Uint8Array, onEntry: (id: number, hash: Uint8Array) => void): void => {
  assertSnapshotLength(bytes, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = snapshotCount(bytes);
  const end = bytes.length - CHECKSUM_BYTES;
  if (view.getUint32(end, true) !== crc32(bytes.subarray(0, end))) throw new MatchError("snapshot_checksum");
  for (let index = 0; index < count; index += 1) {
    const offset = HEADER_BYTES + index * ENTRY_BYTES;
    onEntry(view.getUint32(offset, true), bytes.subarray(offset + 4, offset + ENTRY_BYTES));
  }
};
