/** Writes a snapshot with tables (snapshot-form.ts) of what the segments hold at one moment, piece by piece. */
import { checksumOf } from "./checksum.ts";
import { addressesOf } from "./kernel.ts";
import { type Fill, livingSections } from "./living.ts";
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
  /** Rows, dead ones included. */
  readonly count: number;
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

/** What is made anew is made in pieces of about so many entries: a millisecond or two each. */
const ENTRIES_A_PIECE = 65_536;

/**
 * What the parts hold now but for the dead, whatever is added or removed while the pieces are fetched. A piece is a view
 * on memory that must not be written to and is read before the next is asked for. Parts are oldest first, none empty.
 */
export const save = (parts: readonly Part[], tableRadius: number): Generator<Uint8Array, undefined> => {
  const taken = parts.flatMap(({ segment, level, isLeaving }): Taken | readonly [] => {
    const { count, living } = segment;
    const { tableBits } = segment.shape;
    if (living === 0) return [];
    const dead = segment.dead.slice(0, (count + 7) >> 3);
    return { segment, head: { count: living, deadRows: 0, level, isLeaving, tableBits }, count, dead };
  });
  return pieces(taken, tableRadius);
};

function* pieces(taken: readonly Taken[], tableRadius: number): Generator<Uint8Array, undefined> {
  const head = encodeHead({ tableRadius, segments: taken.map((each) => each.head) });
  yield head.bytes;
  let { checksum } = head;
  /** Sections that are made anew. */
  const made: { room?: Uint8Array } = {};
  for (const { segment, head: own, count, dead } of taken) {
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

    /** `pieceBytes` is a whole number of the section's entries. */
    const filled = function* (sizeBytes: number, pieceBytes: number, fill: Fill): Generator<Uint8Array> {
      made.room ??= new Uint8Array(BLOCK_BYTES);
      for (let done = 0; done < sizeBytes; done += BLOCK_BYTES) {
        const block = made.room.subarray(0, Math.min(BLOCK_BYTES, sizeBytes - done));
        for (let from = 0; from < block.length; from += pieceBytes) {
          const piece = block.subarray(from, from + pieceBytes);
          fill(piece);
          yield piece;
        }
        checksum = checksumOf(block, checksum);
      }
    };

    if (own.count < count) {
      const fill = livingSections(segment, count, own.count, dead);
      const perKey = Math.ceil(count / 2 ** own.tableBits);
      yield* filled(sizes.rows, 32 * 4096, fill.rows);
      yield* filled(sizes.ids, 4 * ENTRIES_A_PIECE, fill.ids);
      yield* filled(sizes.dead, BLOCK_BYTES, (into) => into.fill(0));
      yield* filled(sizes.offsets, 4 * Math.ceil(ENTRIES_A_PIECE / perKey), fill.offsets);
      yield* filled(sizes.sketches, 2 * ENTRIES_A_PIECE, fill.sketches);
      yield* filled(sizes.slots, slotBytesFor(own.count) * ENTRIES_A_PIECE, fill.slots);
      continue;
    }
    yield* blocks(addresses.rows, sizes.rows);
    yield* blocks(addresses.ids, sizes.ids);
    for (let done = 0; done < dead.length; done += BLOCK_BYTES) {
      const block = dead.subarray(done, done + BLOCK_BYTES);
      checksum = checksumOf(block, checksum);
      yield block;
    }
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
