/**
 * An entry of the feed as bytes, for a gate's snapshot and for a stream between hub and gates. All numbers little-endian:
 *
 * | offset | bytes | what |
 * |---|---|---|
 * | 0 | 1 | version, 1 |
 * | 1 | 1 | operation: 1 add, 2 withdraw |
 * | 2 | 1 | length of the bank's name b |
 * | 3 | 1 | number of kinds k |
 * | 4 | 4 | item number |
 * | 8 | 8 | sequence number |
 * | 16 | 16 | item id, a UUID |
 * | 32 | 4 | number of signals |
 * | 36 | b | the bank's name, UTF-8 |
 * | 36 + b | | k kinds: length (1) and ASCII |
 * | | | the signals |
 *
 * A signal: type (1), quality or 255 (1), kind counted from 1 or 0 (1), version or 0 (1), for `vpdq` the time in
 * milliseconds (4), then the value: 16 bytes for `md5`, 32 for the others. Kinds are named in the record, so that a list
 * of kinds that grows changes no number.
 */
import {
  HEX_DIGITS,
  LOCAL_VERSION,
  MAX_TIMESTAMP_MS,
  type Signal,
  SIGNAL_KINDS,
  type SignalKind,
  type SignalType,
  VPDQ_KINDS,
  type VpdqKind,
} from "@recourse/protocol";
import type { FeedEntry } from "./feed.ts";

const VERSION = 1;
const HEADER_BYTES = 36;
const SIGNAL_HEAD_BYTES = 4;
const TIME_BYTES = 4;
const NO_QUALITY = 255;
const OPERATIONS = { add: 1, withdraw: 2 } as const;
/** Never changed; a new type takes the next number. */
const TYPES: Readonly<Record<SignalType, number>> = { pdq: 1, md5: 2, sha256: 3, "pdq-local": 4, vpdq: 5 };
const TYPE_OF = new Map(Object.entries(TYPES).map(([type, number]) => [number, type as SignalType])); // the keys are the types
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const valueBytes = (type: SignalType): number => HEX_DIGITS[type] / 2;
const signalBytes = (type: SignalType): number =>
  SIGNAL_HEAD_BYTES + (type === "vpdq" ? TIME_BYTES : 0) + valueBytes(type);
const SMALLEST_SIGNAL_BYTES = signalBytes("md5");

const kindOf = (signal: Signal): string | undefined => ("kind" in signal ? signal.kind : undefined);

/** Throws RangeError for an id that is no UUID, and for a bank's name beyond 255 bytes. */
export const encodeEntry = (entry: FeedEntry): Buffer => {
  if (!UUID.test(entry.itemId)) throw new RangeError("itemId: a UUID in lower case expected");
  const bank = Buffer.from(entry.bank);
  if (bank.length > 255) throw new RangeError("bank: 255 bytes at most expected");
  const kinds = [...new Set(entry.signals.flatMap((signal) => kindOf(signal) ?? []))];
  const kindsBytes = kinds.reduce((sum, kind) => sum + 1 + kind.length, 0);
  const size =
    HEADER_BYTES + bank.length + kindsBytes + entry.signals.reduce((sum, { type }) => sum + signalBytes(type), 0);
  const bytes = Buffer.alloc(size);
  bytes[0] = VERSION;
  bytes[1] = OPERATIONS[entry.operation];
  bytes[2] = bank.length;
  bytes[3] = kinds.length;
  bytes.writeUInt32LE(entry.itemNumber, 4);
  bytes.writeBigUInt64LE(BigInt(entry.sequence), 8);
  bytes.write(entry.itemId.replaceAll("-", ""), 16, "hex");
  bytes.writeUInt32LE(entry.signals.length, 32);
  let at = HEADER_BYTES + bank.copy(bytes, HEADER_BYTES);
  for (const kind of kinds) {
    bytes[at] = kind.length;
    at += 1 + bytes.write(kind, at + 1, "latin1");
  }
  for (const signal of entry.signals) {
    const { type, value } = signal;
    const kind = kindOf(signal);
    bytes[at] = TYPES[type];
    bytes[at + 1] = "quality" in signal ? (signal.quality ?? NO_QUALITY) : NO_QUALITY;
    bytes[at + 2] = kind === undefined ? 0 : kinds.indexOf(kind) + 1;
    bytes[at + 3] = type === "pdq-local" ? signal.version : 0;
    at += SIGNAL_HEAD_BYTES;
    if (type === "vpdq") at = bytes.writeUInt32LE(signal.timestampMs, at);
    at += bytes.write(value, at, "hex");
  }
  return bytes;
};

/** The number of the item in an encoded entry, without reading the rest; for bytes that `encodeEntry` wrote. */
export const itemNumberOf = (bytes: Buffer): number => bytes.readUInt32LE(4);

const PICTURE_KINDS: ReadonlySet<string> = new Set(SIGNAL_KINDS);
const FRAME_KINDS: ReadonlySet<string> = new Set(VPDQ_KINDS);

/** Undefined where a value is none that was ever let into a bank. */
const readSignal = (bytes: Buffer, at: number, type: SignalType, kinds: readonly string[]): Signal | undefined => {
  const quality = bytes[at + 1] ?? 0;
  const kindNumber = bytes[at + 2] ?? 0;
  const version = bytes[at + 3] ?? 0;
  const kind = kindNumber === 0 ? undefined : kinds[kindNumber - 1];
  const valueAt = at + signalBytes(type) - valueBytes(type);
  const value = bytes.toString("hex", valueAt, valueAt + valueBytes(type));
  if ((quality > 100 && quality !== NO_QUALITY) || (kindNumber > 0 && kind === undefined)) return undefined;
  switch (type) {
    case "md5":
    case "sha256":
      return { type, value };
    case "pdq-local":
      return version === LOCAL_VERSION ? { type, value, version: LOCAL_VERSION } : undefined;
    case "pdq":
      if (kind !== undefined && !PICTURE_KINDS.has(kind)) return undefined;
      return {
        type,
        value,
        ...(quality === NO_QUALITY ? {} : { quality }),
        ...(kind === undefined ? {} : { kind: kind as SignalKind }), // in the set
      };
    case "vpdq": {
      const timestampMs = bytes.readUInt32LE(at + SIGNAL_HEAD_BYTES);
      if (timestampMs > MAX_TIMESTAMP_MS || quality === NO_QUALITY) return undefined;
      if (kind !== undefined && !FRAME_KINDS.has(kind)) return undefined;
      return { type, value, quality, timestampMs, ...(kind === undefined ? {} : { kind: kind as VpdqKind }) }; // as above
    }
  }
};

/** The entry in exactly these bytes, copied; undefined when they are none of a version known here. */
export const decodeEntry = (bytes: Buffer): FeedEntry | undefined => {
  if (bytes.length < HEADER_BYTES || bytes[0] !== VERSION) return undefined;
  const operation = bytes[1] === OPERATIONS.add ? "add" : bytes[1] === OPERATIONS.withdraw ? "withdraw" : undefined;
  const sequence = Number(bytes.readBigUInt64LE(8));
  const count = bytes.readUInt32LE(32);
  if (operation === undefined || !Number.isSafeInteger(sequence)) return undefined;
  // Before anything is allocated for them.
  if (count > (bytes.length - HEADER_BYTES) / SMALLEST_SIGNAL_BYTES) return undefined;
  let at = HEADER_BYTES + (bytes[2] ?? 0);
  if (at > bytes.length) return undefined;
  const bank = bytes.toString("utf8", HEADER_BYTES, at);
  const kinds: string[] = [];
  for (let kind = 0; kind < (bytes[3] ?? 0); kind += 1) {
    const end = at + 1 + (bytes[at] ?? 0);
    if (at >= bytes.length || end > bytes.length) return undefined;
    kinds.push(bytes.toString("latin1", at + 1, end));
    at = end;
  }
  const signals: Signal[] = [];
  for (let number = 0; number < count; number += 1) {
    const type = TYPE_OF.get(bytes[at] ?? 0);
    if (type === undefined || at + signalBytes(type) > bytes.length) return undefined;
    const signal = readSignal(bytes, at, type, kinds);
    if (signal === undefined) return undefined;
    signals.push(signal);
    at += signalBytes(type);
  }
  if (at !== bytes.length) return undefined;
  const id = bytes.toString("hex", 16, 32);
  return {
    sequence,
    operation,
    itemId: [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join("-"),
    itemNumber: bytes.readUInt32LE(4),
    bank,
    signals,
  };
};
