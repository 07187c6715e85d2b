/**
 * The items that are in force, by number: records (held-record.ts) one after the other in chunks of memory, a table that
 * says where each lies, and a table of their exact hashes. An item that is asked for is made into an object then; the
 * latest stay.
 *
 * A start from a snapshot only copies records and fills the tables: well under a microsecond for each.
 */
import { SIGNAL_TYPES, type SignalCounts, type SignalType } from "@recourse/protocol";
import { createExactTable } from "./exact-table.ts";
import type { HeldItem, ItemsByNumber } from "./held-item.ts";
import {
  CHECKSUM_AT,
  CHECKSUM_BYTES,
  decodeHeld,
  eachExact,
  encodeHeld,
  recordHashes,
  recordLength,
  recordNumber,
  recordPatches,
  recordSignals,
  soundLength,
} from "./held-record.ts";
import { createPlaces } from "./places.ts";

export interface HeldItems extends ItemsByNumber {
  readonly size: number;
  readonly counts: SignalCounts;
  /** Entries of the index of whole pictures and frames, and of the index of patches. */
  readonly hashes: number;
  readonly patches: number;
  /** Of all items, 32 hex digits. */
  readonly checksum: string;
  has(number: number): boolean;
  /** The number must not be held. */
  add(number: number, item: HeldItem): void;
  /**
   * Takes in records of a snapshot, each padded with 0 to a multiple of 8 bytes, and keeps the bytes themselves. Answers
   * how many; undefined when they are none, or a number is held: then this is of no use any more.
   */
  restore(records: Buffer): number | undefined;
  remove(number: number): void;
  /** Numbers of the items that hold `type:value`. */
  holders(exact: string): Iterable<number>;
  /** What is held now, whatever is added and removed until `close` is called. */
  cut(): HeldCut;
}

export interface HeldCut {
  /** Each as a view. */
  records(): Generator<Buffer>;
  close(): void;
}

const CHUNK_BYTES = 2 ** 20;
/** A place is a number of 32 bits: the chunk's, and where in the chunk in units of 8 bytes. 0 is none. */
const UNIT = 8;
const UNITS = CHUNK_BYTES / UNIT;
const MAX_CHUNKS = 2 ** 32 / UNITS - 1;
/** Records of the items that were asked for last. */
const KEPT_BYTES = 64 * 2 ** 20;

interface Chunk {
  readonly id: number;
  readonly bytes: Buffer;
  usedBytes: number;
  goneBytes: number;
}

/** What a record takes. */
export const padded = (length: number): number => Math.ceil(length / UNIT) * UNIT;

/** The records of a chunk with their places, gone ones too. */
function* recordsIn(chunk: Chunk, usedBytes = chunk.usedBytes): Generator<readonly [place: number, record: Buffer]> {
  for (let at = 0; at < usedBytes;) {
    const length = recordLength(chunk.bytes, at);
    yield [chunk.id * UNITS + at / UNIT, chunk.bytes.subarray(at, at + length)];
    at += padded(length);
  }
}

/** With room for so many exact hashes; there may be more. */
export const createHeldItems = (expected = 0): HeldItems => {
  const places = createPlaces();
  const has = (number: number): boolean => places.get(number) !== 0;
  const exact = createExactTable(has, expected);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  const counts: Record<SignalType, number> = { pdq: 0, md5: 0, sha256: 0, "pdq-local": 0, vpdq: 0 };
  const sums = { size: 0, hashes: 0, patches: 0 };
  const chunks = new Map<number, Chunk>();
  const freeIds: number[] = [];
  let nextId = 1;
  let filling: Chunk | undefined;
  /** For each cut that is being read, the places that were left since. */
  const cuts = new Set<Set<number>>();
  const kept = new Map<number, { readonly item: HeldItem; readonly bytes: number }>();
  let keptBytes = 0;

  const recordAt = (place: number): Buffer => {
    const chunk = chunks.get(Math.floor(place / UNITS));
    if (chunk === undefined) throw new RangeError("place: one in use expected");
    const at = (place % UNITS) * UNIT;
    return chunk.bytes.subarray(at, at + recordLength(chunk.bytes, at));
  };

  const addChunk = (bytes: Buffer): Chunk => {
    // A place must not come to mean something else while a cut may ask about it.
    const id = (cuts.size === 0 ? freeIds.pop() : undefined) ?? nextId++;
    if (id > MAX_CHUNKS) throw new RangeError("items: more than 32 GiB of records");
    const chunk = { id, bytes, usedBytes: 0, goneBytes: 0 };
    chunks.set(id, chunk);
    return chunk;
  };
  const newChunk = (sizeBytes: number): Chunk => addChunk(Buffer.allocUnsafeSlow(sizeBytes));

  /** Copies the record to where there is room, and answers its place. */
  const append = (record: Buffer): number => {
    const size = padded(record.length);
    let chunk = filling;
    if (size > CHUNK_BYTES / 4) chunk = newChunk(size);
    else if (chunk === undefined || chunk.usedBytes + size > CHUNK_BYTES) {
      chunk = newChunk(CHUNK_BYTES);
      filling = chunk;
    }
    const at = chunk.usedBytes;
    record.copy(chunk.bytes, at);
    chunk.usedBytes += size;
    return chunk.id * UNITS + at / UNIT;
  };

  const leave = (place: number): void => {
    for (const left of cuts) left.add(place);
  };

  /** Moves what is left of a chunk that is mostly gone. */
  const clearOut = (chunk: Chunk): void => {
    for (const [place, record] of recordsIn(chunk)) {
      const number = recordNumber(record);
      if (places.get(number) !== place) continue;
      leave(place);
      places.set(number, append(record));
    }
    chunks.delete(chunk.id);
    freeIds.push(chunk.id);
  };

  const sumUp = (bytes: Buffer, at: number, sign: 1 | -1): void => {
    for (let byte = 0; byte < CHECKSUM_BYTES; byte += 1) checksum[byte]! ^= bytes[at + CHECKSUM_AT + byte]!;
    for (let type = 0; type < SIGNAL_TYPES.length; type += 1) {
      counts[SIGNAL_TYPES[type]!] += sign * recordSignals(bytes, at, type);
    }
    sums.size += sign;
    sums.hashes += sign * recordHashes(bytes, at);
    sums.patches += sign * recordPatches(bytes, at);
  };

  /** The record is there already. */
  const takeUp = (bytes: Buffer, at: number, number: number, place: number): void => {
    places.set(number, place);
    eachExact(bytes, at, (_bytes, atBytes, sizeBytes) => exact.add(bytes, atBytes, sizeBytes, number));
    sumUp(bytes, at, 1);
  };

  const forget = (number: number): void => {
    keptBytes -= kept.get(number)?.bytes ?? 0;
    kept.delete(number);
  };

  return {
    get size() {
      return sums.size;
    },
    get counts() {
      return { ...counts };
    },
    get hashes() {
      return sums.hashes;
    },
    get patches() {
      return sums.patches;
    },
    get checksum() {
      return checksum.toString("hex");
    },
    has,
    get(number) {
      const place = places.get(number);
      if (place === 0) return undefined;
      const known = kept.get(number);
      const record = known === undefined ? recordAt(place) : undefined;
      const entry = known ?? { item: decodeHeld(record!), bytes: record!.length };
      if (known === undefined) keptBytes += entry.bytes;
      // To the end of the order: what was not asked for longest comes first.
      kept.delete(number);
      kept.set(number, entry);
      for (const [oldest] of kept) {
        if (keptBytes <= KEPT_BYTES || oldest === number) break;
        forget(oldest);
      }
      return entry.item;
    },
    add(number, item) {
      const record = encodeHeld(number, item);
      takeUp(record, 0, number, append(record));
    },
    restore(records) {
      const chunk = addChunk(records);
      let restored = 0;
      for (let at = 0; at < records.length; restored += 1) {
        const length = soundLength(records, at, records.length);
        if (length === 0 || at % UNIT !== 0 || at / UNIT >= UNITS) return undefined;
        const number = recordNumber(records, at);
        if (has(number)) return undefined;
        takeUp(records, at, number, chunk.id * UNITS + at / UNIT);
        at += padded(length);
        chunk.usedBytes = at;
      }
      return chunk.usedBytes === records.length ? restored : undefined;
    },
    remove(number) {
      const place = places.get(number);
      if (place === 0) return;
      const record = recordAt(place);
      sumUp(record, 0, -1);
      leave(place);
      places.set(number, 0);
      forget(number);
      const chunk = chunks.get(Math.floor(place / UNITS))!;
      chunk.goneBytes += padded(record.length);
      if (chunk !== filling && 2 * chunk.goneBytes > chunk.usedBytes) clearOut(chunk);
    },
    *holders(key) {
      const value = Buffer.from(key.slice(key.indexOf(":") + 1), "hex");
      for (const number of exact.holders(value, 0, value.length)) {
        const place = places.get(number);
        if (place === 0) continue;
        const record = recordAt(place);
        let holds = false;
        eachExact(record, 0, (bytes, at, size) => {
          if (size === value.length && value.compare(bytes, at, at + size) === 0) holds = true;
        });
        if (holds) yield number;
      }
    },
    cut() {
      const left = new Set<number>();
      const parts = [...chunks.values()].map((chunk) => ({ chunk, usedBytes: chunk.usedBytes }));
      cuts.add(left);
      return {
        *records() {
          for (const { chunk, usedBytes } of parts) {
            for (const [place, record] of recordsIn(chunk, usedBytes)) {
              if (left.has(place) || places.get(recordNumber(record)) === place) yield record;
            }
          }
        },
        close() {
          cuts.delete(left);
        },
      };
    },
  };
};
