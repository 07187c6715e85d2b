/**
 * Hashes of a catalogue in columns, as parts hold them: the first 16 bytes of each hash, the other 16, and the number of
 * the content, one after the other in an array of bytes each.
 */
import { crc32 } from "node:zlib";
import { COLUMN_BYTES } from "@recourse/match";
import type { CATALOGUE_TYPES } from "@recourse/protocol";

export type CatalogueType = (typeof CATALOGUE_TYPES)[number];

/** Bytes of a hash, and the bits in which two may differ and still be the same. */
export const HASH_FORMS = {
  pdq: { hashBytes: 32, radiusBits: 31 },
  md5: { hashBytes: 16, radiusBits: 0 },
  sha256: { hashBytes: 32, radiusBits: 0 },
} as const;

const NUMBER_BYTES = 4;
/** The largest number of a content that a column holds. */
export const MAX_CONTENT_NUMBER = 2 ** 32 - 1;

export interface Columns {
  readonly near: Buffer;
  /** Empty for md5. */
  readonly rest: Buffer;
  /** Little-endian. */
  readonly numbers: Buffer;
}

export const hashCountOf = (columns: Columns): number => columns.near.length / COLUMN_BYTES;

export const numberAt = (columns: Columns, row: number): number => columns.numbers.readUInt32LE(row * NUMBER_BYTES);

/** CRC-32 over all three. */
export const checksumOf = ({ near, rest, numbers }: Columns): number => crc32(numbers, crc32(rest, crc32(near)));

/** Whether the columns are of one length, and so many hashes. */
export const areWhole = (columns: Columns, type: CatalogueType, hashes: number): boolean =>
  columns.near.length === hashes * COLUMN_BYTES &&
  columns.rest.length === (type === "md5" ? 0 : hashes * COLUMN_BYTES) &&
  columns.numbers.length === hashes * NUMBER_BYTES;

/** Collects hashes of one type. */
export interface ColumnWriter {
  readonly hashes: number;
  /** `value`: lower-case hex of the type's length. Numbers are given in ascending order. */
  add(number: number, value: string): void;
  /** What was added, in arrays of its own. */
  columns(): Columns;
}

/** `capacity`: hashes at most. */
export const createColumnWriter = (type: CatalogueType, capacity: number): ColumnWriter => {
  const near = Buffer.alloc(capacity * COLUMN_BYTES);
  const rest = Buffer.alloc(type === "md5" ? 0 : capacity * COLUMN_BYTES);
  const numbers = Buffer.alloc(capacity * NUMBER_BYTES);
  let hashes = 0;
  return {
    get hashes() {
      return hashes;
    },
    add(number, value) {
      near.write(value, hashes * COLUMN_BYTES, COLUMN_BYTES, "hex");
      if (type !== "md5") rest.write(value.slice(2 * COLUMN_BYTES), hashes * COLUMN_BYTES, COLUMN_BYTES, "hex");
      numbers.writeUInt32LE(number, hashes * NUMBER_BYTES);
      hashes += 1;
    },
    columns: () => ({
      near: near.subarray(0, hashes * COLUMN_BYTES),
      rest: rest.subarray(0, type === "md5" ? 0 : hashes * COLUMN_BYTES),
      numbers: numbers.subarray(0, hashes * NUMBER_BYTES),
    }),
  };
};

/** Several columns as one, without the hashes of numbers that `isLiving` denies. Null when nothing is left. */
export const joinColumns = (
  type: CatalogueType,
  pieces: readonly Columns[],
  isLiving: (number: number) => boolean,
): Columns | null => {
  const kept: { near: Buffer[]; rest: Buffer[]; numbers: Buffer[] } = { near: [], rest: [], numbers: [] };
  const keep = (columns: Columns, from: number, to: number): void => {
    if (from === to) return;
    kept.near.push(columns.near.subarray(from * COLUMN_BYTES, to * COLUMN_BYTES));
    if (type !== "md5") kept.rest.push(columns.rest.subarray(from * COLUMN_BYTES, to * COLUMN_BYTES));
    kept.numbers.push(columns.numbers.subarray(from * NUMBER_BYTES, to * NUMBER_BYTES));
  };
  for (const columns of pieces) {
    const hashes = hashCountOf(columns);
    let from = 0;
    for (let row = 0; row < hashes; row += 1) {
      if (isLiving(numberAt(columns, row))) continue;
      keep(columns, from, row);
      from = row + 1;
    }
    keep(columns, from, hashes);
  }
  const near = Buffer.concat(kept.near);
  if (near.length === 0) return null;
  return { near, rest: Buffer.concat(kept.rest), numbers: Buffer.concat(kept.numbers) };
};
