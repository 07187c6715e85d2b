/** Records of items in blocks, one after the other, each padded with 0 to a multiple of 8 bytes. */
import type { FileHandle } from "node:fs/promises";
import { padded } from "../held/held-items.ts";
import { BLOCK_BYTES, writeBlock } from "./blocks.ts";

export const RECORDS_KIND = 2;

export interface RecordWriter {
  /** Where the next block will begin. */
  readonly atBytes: number;
  /** How many records were added. */
  readonly count: number;
  /** Keeps the record until its block is full. */
  add(record: Buffer): Promise<void> | undefined;
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
  const keep = (record: Buffer): void => {
    waiting.push(record);
    const rest = padded(record.length) - record.length;
    if (rest > 0) waiting.push(Buffer.alloc(rest));
    waitingBytes += record.length + rest;
    count += 1;
  };
  return {
    get atBytes() {
      return atBytes;
    },
    get count() {
      return count;
    },
    add(record) {
      if (waitingBytes + padded(record.length) <= BLOCK_BYTES) {
        keep(record);
        return undefined;
      }
      const written = flush();
      keep(record);
      return written;
    },
    flush,
  };
};
