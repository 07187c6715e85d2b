/**
 * Makes one segment of several, a little at a time. First rows are copied in order of id, the dead left out; then the
 * kernel builds the tables. The sources go on answering until the new segment is whole.
 */
import { createSegment, isDead, type Plan, ROW_WORDS, type Segment, tableBitsFor, tellCount } from "./segment.ts";

/** Rows to be taken over, oldest source first. */
export interface Source {
  readonly ids: Uint32Array;
  readonly rows: Int32Array;
  readonly count: number;
  /** How many of them are not dead. */
  readonly living: number;
  /** Slots in order of id, equal ids in order of slot; absent when they lie so. */
  readonly order: Uint32Array | undefined;
  isDead(slot: number): boolean;
}

export interface Merge {
  readonly target: Segment;
  /** Works for about `budget` rows of one pass; a row takes `PASSES` in all. True when the target is whole. */
  step(budget: number): boolean;
}

/** A copy, and for each of 16 chunks a count and two passes of sorting. */
export const PASSES = 49;

/** Slots in order of id, equal ids in order of slot; undefined when they lie so already. */
export const orderById = (ids: Uint32Array, count: number): Uint32Array | undefined => {
  let ordered = true;
  for (let slot = 1; slot < count && ordered; slot += 1) ordered = ids[slot - 1]! <= ids[slot]!;
  if (ordered) return undefined;
  const keys = new BigUint64Array(count);
  const words = new Uint32Array(keys.buffer);
  for (let slot = 0; slot < count; slot += 1) {
    words[2 * slot] = slot;
    words[2 * slot + 1] = ids[slot]!;
  }
  keys.sort();
  return Uint32Array.from({ length: count }, (_unused, position) => words[2 * position]!);
};

/** A segment as a source. */
export const sourceOf = (segment: Segment): Source => ({
  ids: segment.ids,
  rows: segment.rows,
  count: segment.count,
  living: segment.living,
  order: segment.hasTables ? undefined : orderById(segment.ids, segment.count),
  isDead: (slot) => isDead(segment, slot),
});

/** Throws MatchError `memory_full` when there is no room for the new segment; nothing has changed then. */
export const startMerge = (sources: readonly Source[], plan: Plan): Merge => {
  const living = sources.reduce((sum, source) => sum + source.living, 0);
  const target = createSegment(Math.max(1, living), tableBitsFor(living), plan);
  const positions = sources.map(() => 0);
  let isFilled = false;

  const slotAt = (source: Source, position: number): number => source.order?.[position] ?? position;

  /** The source with the lowest id to come, the oldest of those; -1 when all are at their end. */
  const next = (): number => {
    let best = -1;
    let bestId = 0;
    for (let number = 0; number < sources.length; number += 1) {
      const source = sources[number]!;
      const position = positions[number]!;
      if (position >= source.count) continue;
      const id = source.ids[slotAt(source, position)]!;
      if (best >= 0 && id >= bestId) continue;
      best = number;
      bestId = id;
    }
    return best;
  };

  /** The lowest id to come in the other sources; beyond all ids when there is none. */
  const lowestOfOthers = (chosen: number): number => {
    let lowest = Infinity;
    for (let number = 0; number < sources.length; number += 1) {
      const source = sources[number]!;
      const position = positions[number]!;
      if (number === chosen || position >= source.count) continue;
      lowest = Math.min(lowest, source.ids[slotAt(source, position)]!);
    }
    return lowest;
  };

  /** Copies up to `budget` rows; answers how many were looked at. */
  const fill = (budget: number): number => {
    let looked = 0;
    while (looked < budget) {
      const chosen = next();
      if (chosen < 0) {
        isFilled = true;
        break;
      }
      const source = sources[chosen]!;
      let position = positions[chosen]!;
      const first = source.ids[slotAt(source, position)]!;
      const others = lowestOfOthers(chosen);
      for (; looked < budget && position < source.count; looked += 1, position += 1) {
        const slot = slotAt(source, position);
        const id = source.ids[slot]!;
        if (id !== first && id >= others) break;
        if (source.isDead(slot)) continue;
        const to = target.count * ROW_WORDS;
        for (let word = 0; word < ROW_WORDS; word += 1) target.rows[to + word] = source.rows[slot * ROW_WORDS + word]!;
        target.ids[target.count] = id;
        target.count += 1;
        target.living += 1;
      }
      positions[chosen] = position;
    }
    // Told at once: a removal meanwhile has to find what is copied already.
    tellCount(target);
    return looked;
  };

  return {
    target,
    step(budget) {
      let left = budget;
      if (!isFilled) left -= fill(left);
      if (!isFilled) return false;
      return target.kernel.build(Math.max(1, left)) === 1;
    },
  };
};
