/**
 * A snapshot: what a gate had in force at one sequence number of its bank's feed, as it is held in memory, so that a
 * start is reading. One file, so that items and indexes are always of one moment.
 *
 * The file: the 8 bytes `RCREPLIC`, the version (4 bytes, little-endian, 2), then blocks (blocks.ts). The first is the
 * head, kind 1: the bank's id (16), sequence number (8), checksum (16), unsettled (4, signed), number of items (4), seed
 * of the sample (4), names of the kinds of hashes (with line feeds between). Then blocks of kind 2: records of items
 * (../held/held-record.ts). Then for each of the three indexes a block of kind 4, its length (8), and behind it so many
 * bytes as the index writes and checks them itself (packages/match/src/ring/snapshot-form.ts). The last is the end, kind
 * 3: number of items (4), and the offset at which it begins itself (8).
 */
import type { FileHandle } from "node:fs/promises";
import { HELD_KINDS } from "../held/held-record.ts";
import type { ReplicaCut } from "../replica.ts";
import { readBlock, readBytes, SnapshotError, writeBlock } from "./blocks.ts";
import { createRecordWriter, RECORDS_KIND } from "./records.ts";

const MAGIC = "RCREPLIC";
const VERSION = 2;
const START_BYTES = 12;
const HEAD_KIND = 1;
const END_KIND = 3;
const INDEX_KIND = 4;
const HEAD_BYTES = 52;
const END_BYTES = 12;
/** Length, checksum, kind, and the index's length. */
const INDEX_BLOCK_BYTES = 17;
const INDEXES = 3;

export interface SnapshotHead {
  /** A UUID. */
  readonly bankId: string;
  readonly sequence: number;
  /** 32 hex digits. */
  readonly checksum: string;
  readonly unsettled: number;
  readonly itemCount: number;
  readonly sampleSeed: number;
}

const encodeHead = (head: SnapshotHead): Buffer => {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.write(head.bankId.replaceAll("-", ""), 0, "hex");
  bytes.writeBigUInt64LE(BigInt(head.sequence), 16);
  bytes.write(head.checksum, 24, "hex");
  bytes.writeInt32LE(head.unsettled, 40);
  bytes.writeUInt32LE(head.itemCount, 44);
  bytes.writeUInt32LE(head.sampleSeed, 48);
  return Buffer.concat([bytes, Buffer.from(HELD_KINDS.join("\n"))]);
};

const decodeHead = (bytes: Buffer): SnapshotHead => {
  const sequence = bytes.length >= HEAD_BYTES ? Number(bytes.readBigUInt64LE(16)) : -1;
  if (!Number.isSafeInteger(sequence) || sequence < 0) throw new SnapshotError("inconsistent");
  if (bytes.toString("utf8", HEAD_BYTES) !== HELD_KINDS.join("\n")) throw new SnapshotError("other_version");
  const id = bytes.toString("hex", 0, 16);
  return {
    bankId: [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join("-"),
    sequence,
    checksum: bytes.toString("hex", 24, 40),
    unsettled: bytes.readInt32LE(40),
    itemCount: bytes.readUInt32LE(44),
    sampleSeed: bytes.readUInt32LE(48),
  };
};

/**
 * Writes a whole snapshot into an empty file and brings it to the disk. Throws SnapshotError `inconsistent` when there
 * are not as many records as the cut says.
 */
export const writeSnapshot = async (
  handle: FileHandle,
  bankId: string,
  cut: Omit<ReplicaCut, "close">,
): Promise<void> => {
  const start = Buffer.alloc(START_BYTES);
  start.write(MAGIC, 0, "latin1");
  start.writeUInt32LE(VERSION, 8);
  await handle.write(start, 0, START_BYTES, 0);
  const headBytes = await writeBlock(handle, START_BYTES, HEAD_KIND, [encodeHead({ ...cut, bankId })]);
  const writer = createRecordWriter(handle, START_BYTES + headBytes);
  for (const record of cut.records) {
    const written = writer.add(record);
    if (written !== undefined) await written;
  }
  await writer.flush();
  if (writer.count !== cut.itemCount) throw new SnapshotError("inconsistent");
  let { atBytes } = writer;
  for (const pieces of cut.indexes) {
    let end = atBytes + INDEX_BLOCK_BYTES;
    for (const piece of pieces) {
      for (let done = 0; done < piece.length;) {
        done += (await handle.write(piece, done, piece.length - done, end + done)).bytesWritten;
      }
      end += piece.length;
    }
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(end - atBytes - INDEX_BLOCK_BYTES), 0);
    await writeBlock(handle, atBytes, INDEX_KIND, [length]);
    atBytes = end;
  }
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(cut.itemCount, 0);
  end.writeBigUInt64LE(BigInt(atBytes), 4);
  await writeBlock(handle, atBytes, END_KIND, [end]);
  await handle.sync();
};

/** Reads an index: `read` fills what it is given with what comes next, and answers with how many bytes. */
export type ReadIndex<Index> = (read: (into: Uint8Array) => Promise<number>, sizeBytes: number) => Promise<Index>;

export interface OpenSnapshot {
  readonly head: SnapshotHead;
  /** The records, a block of them at a time; throws SnapshotError where they are not whole. */
  records(): AsyncGenerator<Buffer>;
  /** When all records were read: the indexes, and that the file ends with them. Throws SnapshotError, and what it is given throws. */
  indexes<Index>(readIndex: ReadIndex<Index>): Promise<readonly Index[]>;
}

/** Reads the head. Throws SnapshotError. */
export const openSnapshot = async (handle: FileHandle): Promise<OpenSnapshot> => {
  const start = await readBytes(handle, 0, START_BYTES);
  if (start.toString("latin1", 0, 8) !== MAGIC) throw new SnapshotError("not_a_snapshot");
  if (start.readUInt32LE(8) !== VERSION) throw new SnapshotError("other_version");
  const first = await readBlock(handle, START_BYTES);
  if (first.kind !== HEAD_KIND) throw new SnapshotError("inconsistent");
  const head = decodeHead(first.content);
  let atBytes = first.nextBytes;
  return {
    head,
    async *records() {
      for (;;) {
        const { kind, content, nextBytes } = await readBlock(handle, atBytes);
        if (kind !== RECORDS_KIND) return;
        yield content;
        atBytes = nextBytes;
      }
    },
    async indexes(readIndex) {
      const { size } = await handle.stat();
      const indexes = [];
      for (let number = 0; number < INDEXES; number += 1) {
        const { kind, content, nextBytes } = await readBlock(handle, atBytes);
        const length = kind === INDEX_KIND && content.length === 8 ? Number(content.readBigUInt64LE(0)) : -1;
        if (!Number.isSafeInteger(length) || length < 0) throw new SnapshotError("inconsistent");
        // Before memory is taken for it.
        if (nextBytes + length > size) throw new SnapshotError("truncated");
        let from = nextBytes;
        const end = nextBytes + length;
        const read = async (into: Uint8Array): Promise<number> => {
          const { bytesRead } = await handle.read(into, 0, Math.min(into.length, end - from), from);
          from += bytesRead;
          return bytesRead;
        };
        indexes.push(await readIndex(read, length));
        atBytes = end;
      }
      const { kind, content, nextBytes } = await readBlock(handle, atBytes);
      const isEnd =
        kind === END_KIND &&
        content.length === END_BYTES &&
        content.readUInt32LE(0) === head.itemCount &&
        content.readBigUInt64LE(4) === BigInt(atBytes);
      if (!isEnd) throw new SnapshotError("inconsistent");
      if (size !== nextBytes) throw new SnapshotError("damaged");
      return indexes;
    },
  };
};
