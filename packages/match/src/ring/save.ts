/** Writes a snapshot with tables (snapshot-form.ts) of what the segments hold at one moment, piece by piece. */
import { checksumOf } from "./checksum.ts";
import { addressesOf } from "./kernel.ts";
import type { Segment } from "./segment.ts";
import {
  BLOCK_BYTES,
  CHECKSUM_BYTES,
  encodeHead,
  sectionSizes,
  type SegmentHead,
  slotBytesFor,
} from "./snapshot-form.ts";

/** A segment and its place among the levels. */
export interface Part {
  readonly segment: Segment;
  readonly level: number;
  readonly isLeaving: boolean;
}

interface Taken {
  readonly segment: Segment;
  readonly head: SegmentHead;
  /** The only thing that changes: rows up to `count` and tables stay as they are. */
  readonly dead: Uint8Array;
}

/** Slots of 4 bytes as slots of 3. */
const narrowed = (slots: Uint8Array): Uint8Array => {
  const narrow = new Uint8Array((slots.length / 4) * 3);
  for (let from = 0, to = 0; from < slots.length; from += 4, to += 3) {
    narrow[to] = slots[from]!;
    narrow[to + 1] = slots[from + 1]!;
    narrow[to + 2] = slots[from + 2]!;
  }
  return narrow;
};

/**
 * What the parts hold now, whatever is added or removed while the pieces are fetched. A piece is a view on memory that
 * must not be written to and is read before the next is asked for. Parts are oldest first, none empty.
 */
export const save = (parts: readonly Part[], tableRadius: number): Generator<Uint8Array, undefined> => {
  const taken = parts.map(({ segment, level, isLeaving }): Taken => {
    const { count, living } = segment;
    const dead = segment.dead.slice(0, (count + 7) >> 3);
    const deadRows = count - living;
    return { segment, head: { count, deadRows, level, isLeaving, tableBits: segment.shape.tableBits }, dead };
  });
  return pieces(taken, tableRadius);
};

function* pieces(taken: readonly Taken[], tableRadius: number): Generator<Uint8Array, undefined> {
  const head = encodeHead({ tableRadius, segments: taken.map((each) => each.head) });
  yield head.bytes;
  let { checksum } = head;
  for (const {
    segment,
    head: { count, tableBits },
    head: own,
    dead,
  } of taken) {
    const { kernel } = segment;
    const { buffer } = segment.rows;
    const sizes = sectionSizes(own, tableRadius);
    const addresses = addressesOf(kernel);

    const blocks = function* (at: number, sizeBytes: number): Generator<Uint8Array> {
      for (let done = 0; done < sizeBytes; done += BLOCK_BYTES) {
        const block = Math.min(BLOCK_BYTES, sizeBytes - done);
        checksum = BigInt.asUintN(64, kernel.checksum(at + done, block, checksum));
        yield new Uint8Array(buffer, at + done, block);
      }
    };

    yield* blocks(addresses.rows, sizes.rows);
    yield* blocks(addresses.ids, sizes.ids);
    for (let done = 0; done < dead.length; done += BLOCK_BYTES) {
      const block = dead.subarray(done, done + BLOCK_BYTES);
      checksum = checksumOf(block, checksum);
      yield block;
    }
    if (tableBits === 0) continue;
    yield* blocks(addresses.offsets, sizes.offsets);
    yield* blocks(addresses.sketches, sizes.sketches);
    if (slotBytesFor(segment.shape.capacity) === slotBytesFor(count)) {
      yield* blocks(addresses.slots, sizes.slots);
      continue;
    }
    // Room was made for more rows than came in the end.
    for (let done = 0; done < sizes.slots; done += BLOCK_BYTES) {
      const entries = Math.min(BLOCK_BYTES, sizes.slots - done) / 3;
      const block = narrowed(new Uint8Array(buffer, addresses.slots + (done / 3) * 4, entries * 4));
      checksum = checksumOf(block, checksum);
      yield block;
    }
  }
  const end = new Uint8Array(CHECKSUM_BYTES);
  new DataView(end.buffer).setBigUint64(0, checksum, true);
  yield end;
  return undefined;
}
