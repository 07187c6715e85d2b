/** Reads a snapshot with tables (snapshot-form.ts) straight into the memory of new segments. */
import type { ByteReader } from "../byte-source.ts";
import { MatchError } from "../errors.ts";
import { addressesOf } from "./kernel.ts";
import { DELTA_ROWS } from "./levels.ts";
import type { Part } from "./save.ts";
import { createSegment, type Plan, type Segment, tellCount } from "./segment.ts";
import {
  BLOCK_BYTES,
  CHECKSUM_BYTES,
  decodeHead,
  FIXED_BYTES,
  headBytes,
  sectionSizes,
  segmentsAnnounced,
} from "./snapshot-form.ts";

export interface Loaded {
  readonly plan: Plan;
  readonly parts: readonly Part[];
}

interface Block {
  readonly segment: Segment;
  readonly at: number;
  readonly sizeBytes: number;
}

/** Entries looked at in one call: V8 makes fast code of what was called often, not of what runs long. */
const ENTRIES_AT_ONCE = 65_536;

/** True when the segment can be asked without going astray, whoever wrote it. */
const isSound = ({ kernel, count, living, hasTables }: Segment, plan: Plan): boolean => {
  if (kernel.countDead() !== count - living) return false;
  if (!hasTables) return true;
  if (kernel.isInOrder() === 0) return false;
  const entries = Math.min(16, plan.tableRadius + 1) * count;
  for (let from = 0; from < entries; from += ENTRIES_AT_ONCE) {
    // Beyond 2^31 WebAssembly's numbers come out negative here.
    if (kernel.largestSlot(from, Math.min(entries, from + ENTRIES_AT_ONCE)) >>> 0 >= count) return false;
  }
  return true;
};

/**
 * `fixed` is the beginning, read already. Memory is taken only when the header is whole and agrees with `sizeBytes`;
 * nothing is answered before every byte is checked. Throws MatchError.
 */
export const load = async (
  reader: ByteReader,
  fixed: Uint8Array,
  sizeBytes: number,
  planOf: (tableRadius: number) => Plan,
): Promise<Loaded> => {
  const bytes = new Uint8Array(headBytes(segmentsAnnounced(fixed)));
  if (bytes.length + CHECKSUM_BYTES > sizeBytes) throw new MatchError("snapshot_length");
  bytes.set(fixed);
  await reader.readInto(bytes.subarray(FIXED_BYTES));
  const { head, checksum: first } = decodeHead(bytes, sizeBytes);
  const plan = planOf(head.tableRadius);

  const parts = head.segments.map((segment): Part => {
    const made =
      segment.tableBits > 0
        ? createSegment(segment.count, segment.tableBits, plan)
        : createSegment(DELTA_ROWS, 0, plan);
    if (segment.count > made.shape.capacity) throw new MatchError("snapshot_content");
    made.count = segment.count;
    made.living = segment.count - segment.deadRows;
    return { segment: made, level: segment.level, isLeaving: segment.isLeaving };
  });

  const blocks = parts.flatMap(({ segment }, number): readonly Block[] => {
    const addresses = addressesOf(segment.kernel);
    const sizes = sectionSizes(head.segments[number]!, head.tableRadius);
    const sections = [
      [addresses.rows, sizes.rows],
      [addresses.ids, sizes.ids],
      [addresses.dead, sizes.dead],
      [addresses.offsets, sizes.offsets],
      [addresses.sketches, sizes.sketches],
      [addresses.slots, sizes.slots],
    ] as const;
    return sections.flatMap(([at, size]) =>
      Array.from({ length: Math.ceil(size / BLOCK_BYTES) }, (_unused, block) => ({
        segment,
        at: at + block * BLOCK_BYTES,
        sizeBytes: Math.min(BLOCK_BYTES, size - block * BLOCK_BYTES),
      })),
    );
  });

  const read = ({ segment, at, sizeBytes: size }: Block): Promise<void> =>
    reader.readInto(new Uint8Array(segment.rows.buffer, at, size));

  let checksum = first;
  let next = blocks[0] === undefined ? undefined : read(blocks[0]);
  for (let number = 0; number < blocks.length; number += 1) {
    await next;
    const following = blocks[number + 1];
    // The next one is on its way while this one is checked.
    next = following === undefined ? undefined : read(following);
    const { segment, at, sizeBytes: size } = blocks[number]!;
    checksum = BigInt.asUintN(64, segment.kernel.checksum(at, size, checksum));
  }
  const end = new Uint8Array(CHECKSUM_BYTES);
  await reader.readInto(end);
  await reader.end();
  if (new DataView(end.buffer).getBigUint64(0, true) !== checksum) throw new MatchError("snapshot_checksum");

  for (const { segment } of parts) {
    segment.kernel.setCount(segment.count);
    if (!isSound(segment, plan)) throw new MatchError("snapshot_content");
    // Not in the snapshot: they follow from the tables.
    if (segment.hasTables) while (segment.kernel.layLines(ENTRIES_AT_ONCE) === 0);
    tellCount(segment);
  }
  return { plan, parts };
};
