/** Rows as ClickHouse takes and answers them (format RowBinary), and the columns they are made from. */
import { COLUMN_BYTES } from "@recourse/match";
import { BankError } from "@recourse/bank";
import { type CatalogueType, type Columns, hashCountOf } from "../columns.ts";
import { ROW_BYTES } from "./statements.ts";

const NUMBER_AT = 8;
const NEAR_AT = 12;
const REST_AT = 28;

export const rowsOf = (part: number, { near, rest, numbers }: Columns): Buffer => {
  const hashes = near.length / COLUMN_BYTES;
  // Zeroes where there is no second column.
  const rows = Buffer.alloc(hashes * ROW_BYTES);
  const id = BigInt(part);
  for (let row = 0; row < hashes; row += 1) {
    const at = row * ROW_BYTES;
    rows.writeBigUInt64LE(id, at);
    numbers.copy(rows, at + NUMBER_AT, row * 4, row * 4 + 4);
    near.copy(rows, at + NEAR_AT, row * COLUMN_BYTES, (row + 1) * COLUMN_BYTES);
    if (rest.length > 0) rest.copy(rows, at + REST_AT, row * COLUMN_BYTES, (row + 1) * COLUMN_BYTES);
  }
  return rows;
};

/** Collects rows of one type as columns, at most `capacity`. */
export interface RowCollector {
  readonly hashes: number;
  add(rows: Buffer, at: number): void;
  /** What was added, aliased. */
  columns(): Columns;
}

export const createRowCollector = (type: CatalogueType, capacity: number): RowCollector => {
  const near = Buffer.alloc(capacity * COLUMN_BYTES);
  const rest = Buffer.alloc(type === "md5" ? 0 : capacity * COLUMN_BYTES);
  const numbers = Buffer.alloc(capacity * 4);
  let hashes = 0;
  return {
    get hashes() {
      return hashes;
    },
    add(rows, at) {
      rows.copy(numbers, hashes * 4, at + NUMBER_AT, at + NEAR_AT);
      rows.copy(near, hashes * COLUMN_BYTES, at + NEAR_AT, at + REST_AT);
      if (type !== "md5") rows.copy(rest, hashes * COLUMN_BYTES, at + REST_AT, at + ROW_BYTES);
      hashes += 1;
    },
    columns: () => ({
      near: near.subarray(0, hashes * COLUMN_BYTES),
      rest: rest.subarray(0, type === "md5" ? 0 : hashes * COLUMN_BYTES),
      numbers: numbers.subarray(0, hashes * 4),
    }),
  };
};

export const partAt = (rows: Buffer, at: number): number => Number(rows.readBigUInt64LE(at));

/** Pieces of an answer as whole records of so many bytes. Throws where it ends within one. */
export async function* wholeRecords(pieces: AsyncIterable<Buffer>, recordBytes: number): AsyncGenerator<Buffer> {
  let left: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = left.length === 0 ? piece : Buffer.concat([left, piece]);
    const whole = bytes.length - (bytes.length % recordBytes);
    left = Buffer.from(bytes.subarray(whole));
    if (whole > 0) yield bytes.subarray(0, whole);
  }
  if (left.length > 0) throw new BankError("database_unavailable");
}

export const isWhole = (columns: Columns, hashes: number): boolean => hashCountOf(columns) === hashes;
