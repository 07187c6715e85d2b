/** Records in blocks: each with its length (4 bytes, little-endian) before it. */
import type { FileHandle } from "node:fs/promises";
import { BLOCK_BYTES, readBlock, SnapshotError, writeBlock } from "./blocks.ts";

export const RECORDS_KIND = 2;
const LENGTH_BYTES = 4;

export interface RecordWriter {
  /** Where the next block will begin. */
  readonly atBytes: number;
  /** How many records were added. */
  readonly count: number;
  /** Keeps the record until its block is full. */
  add(record: Buffer): Promise<void>;
  /** Writes what is there as a block. */
  flush(): Promise<void>;
}

/** Appends blocks of records from this place on. */
export const createRecordWriter = (handle: FileHandle, fromBytes: number): RecordWriter => {
  let atBytes = fromBytes;
  let count = 0;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const content = waiting;
    waiting = [];
    waitingBytes = 0;
    atBytes += await writeBlock(handle, atBytes, RECORDS_KIND, content);
  };
  return {
    get atBytes() {
      return atBytes;
    },
    get count() {
      return count;
    },
    async add(record) {
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(record.length);
      waiting.push(length, record);
      waitingBytes += LENGTH_BYTES + record.length;
      count += 1;
      if (waitingBytes >= BLOCK_BYTES) await flush();
    },
    flush,
  };
};

/** The records in the content of a block, as views on it. Throws SnapshotError `inconsistent`. */
export const recordsOf = (content: Buffer): readonly Buffer[] => {
  const records: Buffer[] = [];
  for (let at = 0; at < content.length;) {
    if (content.length - at < LENGTH_BYTES) throw new SnapshotError("inconsistent");
    const end = at + LENGTH_BYTES + content.readUInt32LE(at);
    if (end > content.length) throw new SnapshotError("inconsistent");
    records.push(content.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return records;
};

/** A part of a file that holds nothing but blocks of records. */
export interface RecordRange {
  readonly handle: FileHandle;
  readonly fromBytes: number;
  readonly toBytes: number;
}

/** The records of a range, a block at a time. Throws SnapshotError. */
export async function* readRecords(range: RecordRange): AsyncGenerator<readonly Buffer[]> {
  for (let atBytes = range.fromBytes; atBytes < range.toBytes;) {
    const { kind, content, nextBytes } = await readBlock(range.handle, atBytes);
    if (kind !== RECORDS_KIND || nextBytes > range.toBytes) throw new SnapshotError("inconsistent");
    yield recordsOf(content);
    atBytes = nextBytes;
  }
}
