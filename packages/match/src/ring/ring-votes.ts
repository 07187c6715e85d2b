/** Votes over several segments: all of them are walked through in order of id, side by side, so ids come one by one. */
import type { VoteAnswer, VoteOptions } from "../hamming-index.ts";
import { type Batch, createTally } from "../votes.ts";
import { search, type Search, type Segment } from "./segment.ts";

/** One thing that a search found. */
type Found = Omit<Search, "next">;

/** A walk through what one segment has found. */
interface Walk {
  readonly segment: Segment;
  /** Which of the segments, from the oldest. */
  readonly age: number;
  /** The one it stands at. */
  current: Found;
  /** Id of `current`; beyond all ids at the end. */
  id: number;
  /** Goes on to the next; false at the end. */
  readonly next: () => boolean;
}

const END = Infinity;

const advance = (walk: Walk): void => {
  walk.id = walk.next() ? walk.segment.ids[walk.current.slot]! : END;
};

const walkOf = (segment: Segment, age: number, found: Search): Walk => {
  if (segment.hasTables) return { segment, age, current: found, id: END, next: () => found.next() };
  // Without tables ids are in any order, and there are few: what was found is sorted.
  const copies: Found[] = [];
  while (found.next()) copies.push({ ...found, summary: found.summary?.slice() });
  copies.sort((a, b) => segment.ids[a.slot]! - segment.ids[b.slot]!);
  let at = -1;
  const walk: Walk = {
    segment,
    age,
    current: found,
    id: END,
    next() {
      at += 1;
      const copy = copies[at];
      if (copy !== undefined) walk.current = copy;
      return copy !== undefined;
    },
  };
  return walk;
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
    const walk = walkOf(segment, age, search(segment, batch.numbers.length, radiusBits, tally.maxPairs));
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
      for (; walk.id === id; advance(walk)) {
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
