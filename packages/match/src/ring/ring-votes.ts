/** Votes over several segments: all of them are walked through in order of id, side by side, so ids come one by one. */
import type { VoteAnswer, VoteOptions } from "../hamming-index.ts";
import { type Batch, createTally } from "../votes.ts";
import { type Found, search, type Segment } from "./segment.ts";

/** A walk through what one segment has found. */
interface Walk {
  readonly segment: Segment;
  /** Which of the segments, from the oldest. */
  readonly age: number;
  readonly found: Iterator<Found>;
  current: Found | undefined;
  /** Id of `current`; beyond all ids at the end. */
  id: number;
}

const END = Infinity;

const advance = (walk: Walk): void => {
  const step = walk.found.next();
  walk.current = step.done === true ? undefined : step.value;
  walk.id = walk.current === undefined ? END : walk.segment.ids[walk.current.slot]!;
};

/** A segment without tables has its ids in any order, and is small: what it finds is sorted. */
const inOrderOfId = (segment: Segment, found: Iterable<Found>): Iterator<Found> => {
  if (segment.hasTables) return found[Symbol.iterator]();
  const copies = Array.from(found, (each) => ({ ...each, summary: each.summary?.slice() }));
  return copies.sort((a, b) => segment.ids[a.slot]! - segment.ids[b.slot]!)[Symbol.iterator]();
};

/** Asks the segments, oldest first, whose `queries` hold the batch. */
export const countVotes = (
  segments: readonly Segment[],
  batch: Batch,
  radiusBits: number,
  options: VoteOptions,
): VoteAnswer => {
  const tally = createTally(batch, options);
  const walks = segments.map((segment, age): Walk => {
    const found = inOrderOfId(segment, search(segment, batch.numbers.length, radiusBits, tally.maxPairs));
    const walk: Walk = { segment, age, found, current: undefined, id: END };
    advance(walk);
    return walk;
  });

  /** Hashes of an id in all segments older than this one. */
  const countOlder = (id: number, age: number): number =>
    segments.slice(0, age).reduce((sum, { kernel, count }) => sum + kernel.countOf(id, count), 0);

  for (;;) {
    const id = walks.reduce((lowest, walk) => Math.min(lowest, walk.id), END);
    if (id === END) return tally.answer();
    tally.begin(id);
    for (const walk of walks) {
      let slot = -1;
      let before = -1;
      let ordinal = -1;
      const ordinalOfSlot = (): number => {
        if (before < 0) before = countOlder(id, walk.age);
        if (ordinal < 0) ordinal = before + walk.segment.kernel.countOf(id, slot);
        return ordinal;
      };
      for (; walk.id === id && walk.current !== undefined; advance(walk)) {
        const { current } = walk;
        if (current.slot !== slot) {
          slot = current.slot;
          ordinal = -1;
          tally.hash();
        }
        if (current.summary === undefined) tally.pair(current.query, current.distanceBits, ordinalOfSlot);
        else tally.summary(current.summary);
      }
    }
    tally.end();
  }
};
