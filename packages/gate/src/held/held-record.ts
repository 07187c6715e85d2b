/**
 * What a gate holds of an item (held-item.ts) as bytes: in memory, where an object would take ten times the room, and in
 * the gate's snapshot. All numbers little-endian:
 *
 * | offset | bytes | what |
 * |---|---|---|
 * | 0 | 4 | length of the record |
 * | 4 | 4 | item number |
 * | 8 | 16 | the item's part of the checksum |
 * | 24 | 20 | signals by type, in the order of SIGNAL_TYPES |
 * | 44 | 8 | number of `md5` m, of `sha256` s |
 * | 52 | 12 | number of hashes h, of patches p, of frames f |
 * | 64 | 2 | length of the bank's name b; of the item's id i, 0 for a UUID in 16 bytes |
 * | 66 | | id, name (UTF-8), 16 m + 32 s bytes of exact hashes |
 * | | | h times: kind (1), flags (1): 1 of a picture, 2 with times: their number (4), then 4 each |
 * | | 4 p | sketch |
 * | | 38 f | frames: hashes (32 each), then times (4 each), qualities (1), mirrored (1) |
 *
 * A kind is its place in `HELD_KINDS`, counted from 1. A snapshot names the list it was written with.
 */
import { SIGNAL_KINDS, SIGNAL_TYPES, type SignalKind, VPDQ_KINDS, type VpdqKind } from "@recourse/protocol";
import { HASH_BYTES } from "../packed-hashes.ts";
import { type HeldItem, type KnownHash, knownHash } from "./held-item.ts";

export const HELD_KINDS: readonly (SignalKind | VpdqKind)[] = [...new Set([...SIGNAL_KINDS, ...VPDQ_KINDS])];
const KIND_NUMBERS = new Map(HELD_KINDS.map((kind, at) => [kind, at + 1]));

const FIXED_BYTES = 66;
const COUNTS_AT = 24;
const MD5_BYTES = 16;
const SHA256_BYTES = 32;
const FRAME_BYTES = HASH_BYTES + 6;
const OF_PICTURE = 1;
const WITH_TIMES = 2;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const recordLength = (record: Buffer, atBytes = 0): number => record.readUInt32LE(atBytes);
export const recordNumber = (record: Buffer, atBytes = 0): number => record.readUInt32LE(atBytes + 4);

/** The item's part of the checksum has so many bytes. */
export const CHECKSUM_BYTES = 16;
/** Where it is. */
export const CHECKSUM_AT = 8;
/** Signals of a type, in the order of SIGNAL_TYPES. */
export const recordSignals = (record: Buffer, atBytes: number, type: number): number =>
  record.readUInt32LE(atBytes + COUNTS_AT + 4 * type);
/** Entries of the index of whole pictures and frames. */
export const recordHashes = (record: Buffer, atBytes: number): number => record.readUInt32LE(atBytes + 52);
export const recordPatches = (record: Buffer, atBytes: number): number => record.readUInt32LE(atBytes + 56);

/** Of the record that begins there: where its bank's name does. */
const nameAt = (bytes: Buffer, atBytes = 0): number =>
  atBytes + FIXED_BYTES + (bytes[atBytes + 65] === 0 ? 16 : bytes[atBytes + 65]!);

/** Calls with the place of each exact hash of the record that begins there. */
export const eachExact = (
  bytes: Buffer,
  recordAt: number,
  take: (bytes: Buffer, atBytes: number, sizeBytes: number) => void,
): void => {
  const md5s = bytes.readUInt32LE(recordAt + 44);
  const sha256s = bytes.readUInt32LE(recordAt + 48);
  let atBytes = nameAt(bytes, recordAt) + bytes[recordAt + 64]!;
  for (let md5 = 0; md5 < md5s; md5 += 1, atBytes += MD5_BYTES) take(bytes, atBytes, MD5_BYTES);
  for (let sha256 = 0; sha256 < sha256s; sha256 += 1, atBytes += SHA256_BYTES) take(bytes, atBytes, SHA256_BYTES);
};

/** Throws RangeError for an id or a bank's name beyond 255 bytes. */
export const encodeHeld = (number: number, item: HeldItem): Buffer => {
  const id = UUID.test(item.itemId) ? Buffer.from(item.itemId.replaceAll("-", ""), "hex") : Buffer.from(item.itemId);
  const bank = Buffer.from(item.bank);
  if (id.length > 255 || id.length === 0) throw new RangeError("itemId: 1 to 255 bytes expected");
  if (bank.length > 255) throw new RangeError("bank: 255 bytes at most expected");
  const md5s = item.exact.filter((key) => key.startsWith("md5:"));
  const sha256s = item.exact.filter((key) => key.startsWith("sha256:"));
  const { frames } = item;
  const frameCount = frames?.timesMs.length ?? 0;
  const hashBytes = item.hashes.reduce((sum, { timesMs }) => sum + 2 + (timesMs.length && 4 + 4 * timesMs.length), 0);
  const length =
    FIXED_BYTES +
    id.length +
    bank.length +
    MD5_BYTES * md5s.length +
    SHA256_BYTES * sha256s.length +
    hashBytes +
    4 * item.patches +
    FRAME_BYTES * frameCount;
  const record = Buffer.alloc(length);
  record.writeUInt32LE(length, 0);
  record.writeUInt32LE(number, 4);
  record.write(item.checksum, 8, "latin1");
  SIGNAL_TYPES.forEach((type, at) => record.writeUInt32LE(item.counts[type], COUNTS_AT + 4 * at));
  [md5s.length, sha256s.length, item.hashes.length, item.patches, frameCount].forEach((count, at) =>
    record.writeUInt32LE(count, 44 + 4 * at),
  );
  record[64] = bank.length;
  record[65] = UUID.test(item.itemId) ? 0 : id.length;
  let at = FIXED_BYTES + id.copy(record, FIXED_BYTES);
  at += bank.copy(record, at);
  for (const key of [...md5s, ...sha256s]) at += record.write(key.slice(key.indexOf(":") + 1), at, "hex");
  for (const { isPicture, kind, timesMs } of item.hashes) {
    record[at] = kind === undefined ? 0 : (KIND_NUMBERS.get(kind) ?? 0);
    record[at + 1] = (isPicture ? OF_PICTURE : 0) | (timesMs.length > 0 ? WITH_TIMES : 0);
    at += 2;
    if (timesMs.length === 0) continue;
    at = record.writeUInt32LE(timesMs.length, at);
    for (const timeMs of timesMs) at = record.writeUInt32LE(timeMs, at);
  }
  for (const word of item.sketch) at = record.writeUInt32LE(word, at);
  if (frames === undefined) return record;
  record.set(frames.hashes, at);
  at += HASH_BYTES * frameCount;
  for (const timeMs of frames.timesMs) at = record.writeUInt32LE(timeMs, at);
  record.set(frames.qualities, at);
  record.set(frames.mirrored, at + frameCount);
  return record;
};

/** Throws RangeError where the record has not so many. */
const words = (record: Buffer, atBytes: number, count: number): Uint32Array => {
  if (atBytes + 4 * count > record.length) throw new RangeError("record: another length expected");
  const numbers = new Uint32Array(count);
  for (let word = 0; word < count; word += 1) numbers[word] = record.readUInt32LE(atBytes + 4 * word);
  return numbers;
};

/**
 * The item, copied. Throws RangeError where the record is none that `encodeHeld` wrote: its lengths don't add up.
 */
export const decodeHeld = (record: Buffer): HeldItem => {
  const [hashCount, patches] = [recordHashes(record, 0), recordPatches(record, 0)];
  const frameCount = record.readUInt32LE(60);
  const bankAt = nameAt(record);
  const id = record.toString(record[65] === 0 ? "hex" : "utf8", FIXED_BYTES, bankAt);
  const exact: string[] = [];
  eachExact(record, 0, (bytes, from, size) => {
    exact.push(`${size === MD5_BYTES ? "md5" : "sha256"}:${bytes.toString("hex", from, from + size)}`);
  });
  let at = bankAt + record[64]! + MD5_BYTES * record.readUInt32LE(44) + SHA256_BYTES * record.readUInt32LE(48);
  const hashes: KnownHash[] = [];
  for (let hash = 0; hash < hashCount; hash += 1) {
    const kind = HELD_KINDS[record.readUInt8(at) - 1];
    const flags = record.readUInt8(at + 1);
    at += 2;
    let timesMs: readonly number[] = [];
    if ((flags & WITH_TIMES) !== 0) {
      timesMs = [...words(record, at + 4, record.readUInt32LE(at))];
      at += 4 + 4 * timesMs.length;
    }
    hashes.push(knownHash((flags & OF_PICTURE) !== 0, kind, timesMs));
  }
  const sketch = words(record, at, patches);
  at += 4 * patches;
  if (at + FRAME_BYTES * frameCount !== record.length) throw new RangeError("record: another length expected");
  const timesAt = at + HASH_BYTES * frameCount;
  const restAt = timesAt + 4 * frameCount;
  return {
    itemId:
      record[65] === 0
        ? [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join("-")
        : id,
    bank: record.toString("utf8", bankAt, bankAt + record[64]!),
    checksum: record.toString("latin1", CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES),
    exact,
    counts: {
      pdq: recordSignals(record, 0, 0),
      md5: recordSignals(record, 0, 1),
      sha256: recordSignals(record, 0, 2),
      "pdq-local": recordSignals(record, 0, 3),
      vpdq: recordSignals(record, 0, 4),
    },
    hashes,
    patches,
    sketch,
    frames:
      frameCount === 0
        ? undefined
        : {
            hashes: Buffer.from(record.subarray(at, timesAt)),
            timesMs: words(record, timesAt, frameCount),
            qualities: Uint8Array.from(record.subarray(restAt, restAt + frameCount)),
            mirrored: Uint8Array.from(record.subarray(restAt + frameCount)),
          },
  };
};

/**
 * The length of the record that begins there and ends at `endBytes` at the latest, or 0 where there is none. What is read
 * of it without decoding it then lies within it; what lies behind its exact hashes `decodeHeld` checks.
 */
export const soundLength = (bytes: Buffer, atBytes: number, endBytes: number): number => {
  if (endBytes - atBytes < FIXED_BYTES) return 0;
  const length = bytes.readUInt32LE(atBytes);
  if (length > endBytes - atBytes) return 0;
  const least =
    nameAt(bytes, atBytes) +
    bytes[atBytes + 64]! -
    atBytes +
    MD5_BYTES * bytes.readUInt32LE(atBytes + 44) +
    SHA256_BYTES * bytes.readUInt32LE(atBytes + 48) +
    2 * bytes.readUInt32LE(atBytes + 52) +
    4 * bytes.readUInt32LE(atBytes + 56) +
    FRAME_BYTES * bytes.readUInt32LE(atBytes + 60);
  return least <= length ? length : 0;
};
