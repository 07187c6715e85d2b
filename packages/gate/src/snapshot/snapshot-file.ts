/**
 * A snapshot: what a gate had in force at one sequence number of its bank's feed, whole enough to go on from there.
 *
 * The file: the 8 bytes `RCREPLIC`, the version (4 bytes, little-endian, 1), then blocks (blocks.ts). The first is the
 * head, kind 1: the bank's id (16), sequence number (8), checksum (16), unsettled (4, signed), number of items (4). Then
 * blocks of kind 2: an addition for each item, as packages/bank/src/feed-record.ts writes them. The last is the end,
 * kind 3: number of items (4), and the offset at which it begins itself (8).
 */
import type { FileHandle } from "node:fs/promises";
import { readBlock, readBytes, SnapshotError, writeBlock } from "./blocks.ts";
import { createRecordWriter, type RecordRange, RECORDS_KIND, recordsOf } from "./records.ts";

const MAGIC = "RCREPLIC";
const VERSION = 1;
const START_BYTES = 12;
const HEAD_KIND = 1;
const END_KIND = 3;
const HEAD_BYTES = 48;
const END_BYTES = 12;

export interface SnapshotHead {
  /** A UUID. */
  readonly bankId: string;
  readonly sequence: number;
  /** 32 hex digits. */
  readonly checksum: string;
  readonly unsettled: number;
  readonly items: number;
}

const encodeHead = (head: SnapshotHead): Buffer => {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.write(head.bankId.replaceAll("-", ""), 0, "hex");
  bytes.writeBigUInt64LE(BigInt(head.sequence), 16);
  bytes.write(head.checksum, 24, "hex");
  bytes.writeInt32LE(head.unsettled, 40);
  bytes.writeUInt32LE(head.items, 44);
  return bytes;
};

const decodeHead = (bytes: Buffer): SnapshotHead => {
  const sequence = bytes.length === HEAD_BYTES ? Number(bytes.readBigUInt64LE(16)) : -1;
  if (!Number.isSafeInteger(sequence) || sequence < 0) throw new SnapshotError("inconsistent");
  const id = bytes.toString("hex", 0, 16);
  return {
    bankId: [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join("-"),
    sequence,
    checksum: bytes.toString("hex", 24, 40),
    unsettled: bytes.readInt32LE(40),
    items: bytes.readUInt32LE(44),
  };
};

/**
 * Writes a whole snapshot into an empty file and brings it to the disk. Answers where its records lie. Throws
 * SnapshotError `inconsistent` when there are not as many records as the head says.
 */
export const writeSnapshot = async (
  handle: FileHandle,
  head: SnapshotHead,
  records: AsyncIterable<Buffer>,
): Promise<RecordRange> => {
  const start = Buffer.alloc(START_BYTES);
  start.write(MAGIC, 0, "latin1");
  start.writeUInt32LE(VERSION, 8);
  await handle.write(start, 0, START_BYTES, 0);
  const fromBytes = START_BYTES + (await writeBlock(handle, START_BYTES, HEAD_KIND, [encodeHead(head)]));
  const writer = createRecordWriter(handle, fromBytes);
  for await (const record of records) await writer.add(record);
  await writer.flush();
  if (writer.count !== head.items) throw new SnapshotError("inconsistent");
  const toBytes = writer.atBytes;
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(head.items, 0);
  end.writeBigUInt64LE(BigInt(toBytes), 4);
  await writeBlock(handle, toBytes, END_KIND, [end]);
  await handle.sync();
  return { handle, fromBytes, toBytes };
};

export interface OpenSnapshot {
  readonly head: SnapshotHead;
  /** Everything in it, a block at a time; throws SnapshotError where it is not whole. */
  records(): AsyncGenerator<readonly Buffer[]>;
  /** Where the records lie; known when `records` has come to its end. */
  range(): RecordRange;
}

/** Reads the head. Throws SnapshotError. */
export const openSnapshot = async (handle: FileHandle): Promise<OpenSnapshot> => {
  const start = await readBytes(handle, 0, START_BYTES);
  if (start.toString("latin1", 0, 8) !== MAGIC) throw new SnapshotError("not_a_snapshot");
  if (start.readUInt32LE(8) !== VERSION) throw new SnapshotError("other_version");
  const first = await readBlock(handle, START_BYTES);
  if (first.kind !== HEAD_KIND) throw new SnapshotError("inconsistent");
  const head = decodeHead(first.content);
  const fromBytes = first.nextBytes;
  let toBytes: number | undefined;
  return {
    head,
    async *records() {
      let count = 0;
      for (let atBytes = fromBytes; ;) {
        const { kind, content, nextBytes } = await readBlock(handle, atBytes);
        if (kind === RECORDS_KIND) {
          const records = recordsOf(content);
          count += records.length;
          if (count > head.items) throw new SnapshotError("inconsistent");
          yield records;
          atBytes = nextBytes;
          continue;
        }
        const isEnd =
          kind === END_KIND &&
          content.length === END_BYTES &&
          count === head.items &&
          content.readUInt32LE(0) === count &&
          content.readBigUInt64LE(4) === BigInt(atBytes);
        if (!isEnd) throw new SnapshotError("inconsistent");
        const { size } = await handle.stat();
        if (size !== nextBytes) throw new SnapshotError("damaged");
        toBytes = atBytes;
        return;
      }
    },
    range() {
      if (toBytes === undefined) throw new RangeError("range: the snapshot was not read to its end");
      return { handle, fromBytes, toBytes };
    },
  };
};
