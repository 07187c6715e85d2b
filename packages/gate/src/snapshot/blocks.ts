/**
 * Blocks of a file, each with its length and checksum, so that damage is found before what it hit is believed. All
 * numbers little-endian:
 *
 * | offset | bytes | what |
 * |---|---|---|
 * | 0 | 4 | length n of what follows the checksum |
 * | 4 | 4 | CRC-32 (ISO-HDLC, as in PNG) of it |
 * | 8 | 1 | kind |
 * | 9 | n - 1 | content |
 */
import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";

/** Why a snapshot is not used. */
export type SnapshotReason =
  /** No file of this kind. */
  | "not_a_snapshot"
  /** Written by a version whose form is not known here. */
  | "other_version"
  | "truncated"
  | "damaged"
  /** Whole by its checksums, but not what its head says it is. */
  | "inconsistent"
  | "other_bank"
  /** Of a sequence number that the bank has not reached: the bank was set back. */
  | "from_the_future"
  /** There is no memory for what it holds. */
  | "memory_full"
  /** The system could not read or write the file. */
  | "file_system";

export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
  readonly reason: SnapshotReason;

  constructor(reason: SnapshotReason, cause?: unknown) {
    super(`snapshot: ${reason}`, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

const HEAD_BYTES = 8;
/** A block of records has no more than this, but for a single one that is larger. */
export const BLOCK_BYTES = 2 ** 20;
/** What a reader allocates at most: the largest item there can be, twelve times over. */
const MAX_BLOCK_BYTES = 8 * 1024 * 1024;

/** Bytes that were written. */
export const writeBlock = async (
  handle: FileHandle,
  atBytes: number,
  kind: number,
  content: readonly Uint8Array[],
): Promise<number> => {
  const block = Buffer.concat([Buffer.alloc(HEAD_BYTES), Buffer.of(kind), ...content]);
  block.writeUInt32LE(block.length - HEAD_BYTES, 0);
  block.writeUInt32LE(crc32(block.subarray(HEAD_BYTES)), 4);
  await handle.write(block, 0, block.length, atBytes);
  return block.length;
};

export interface Block {
  readonly kind: number;
  readonly content: Buffer;
  /** Where the next one begins. */
  readonly nextBytes: number;
}

/** Reads exactly so many bytes. Throws SnapshotError `truncated` where the file ends before. */
export const readBytes = async (handle: FileHandle, atBytes: number, sizeBytes: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(sizeBytes);
  let done = 0;
  while (done < sizeBytes) {
    const { bytesRead } = await handle.read(bytes, done, sizeBytes - done, atBytes + done);
    if (bytesRead === 0) throw new SnapshotError("truncated");
    done += bytesRead;
  }
  return bytes;
};

/** The block that begins there. Throws SnapshotError `truncated`, `damaged`. */
export const readBlock = async (handle: FileHandle, atBytes: number): Promise<Block> => {
  const head = await readBytes(handle, atBytes, HEAD_BYTES);
  const length = head.readUInt32LE(0);
  if (length < 1 || length > MAX_BLOCK_BYTES) throw new SnapshotError("damaged");
  const body = await readBytes(handle, atBytes + HEAD_BYTES, length);
  if (crc32(body) !== head.readUInt32LE(4)) throw new SnapshotError("damaged");
  return { kind: body[0] ?? 0, content: body.subarray(1), nextBytes: atBytes + HEAD_BYTES + length };
};
