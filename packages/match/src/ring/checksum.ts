/** XXH64 of bytes that are in no segment's memory. */
import { createKernel, createMemory, type Kernel } from "./kernel.ts";

/** What lies below belongs to the kernel. */
const FRONT = 1024;
/** As much as is copied at once: the dead bits of the largest segment, or a block of a snapshot. */
const ROOM_BYTES = 4 * 2 ** 20 - FRONT;

let made: { readonly kernel: Kernel; readonly bytes: Uint8Array } | undefined;

/** Throws RangeError for more than 4,193,280 bytes. */
export const checksumOf = (bytes: Uint8Array, seed: bigint): bigint => {
  if (made === undefined) {
    const memory = createMemory((FRONT + ROOM_BYTES) / 65_536, false);
    made = { kernel: createKernel(memory), bytes: new Uint8Array(memory.buffer, FRONT) };
  }
  made.bytes.set(bytes);
  return BigInt.asUintN(64, made.kernel.checksum(FRONT, bytes.length, seed));
};
