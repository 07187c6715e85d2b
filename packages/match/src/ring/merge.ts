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
  /** How rows become what a segment holds, where they are not that yet: as many bytes in as out. */
  readonly permute?: (rows: Uint8Array, into: Uint8Array) => void;
}

export interface Merge {
  readonly target: Segment;
  /** Works for about `budget` rows of one pass; a row takes `PASSES` in all. True when the target is whole. */
  step(budget: number): boolean;
}

/** A copy, for each of 16 chunks a count and two passes of sorting, and lines of which there are at most two a row. */
export const PASSES = 51;

export const isOrdered = (ids: Uint32Array, count: number = ids.length): boolean => {
  for (let slot = 1; slot < count; slot += 1) if (ids[slot - 1]! > ids[slot]!) return false;
  return true;
};

/** Slots in order of id, equal ids in order of slot; undefined when they lie so already. */
export const orderById = (ids: Uint32Array, count: number): Uint32Array | undefined => {
  if (isOrdered(ids, count)) return undefined;
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

  /** Rows that lie together are copied together; of few, word by word is faster. */
  const copyRows = (source: Source, slot: number, rows: number, to: number): void => {
    const [from, end, into] = [slot * ROW_WORDS, (slot + rows) * ROW_WORDS, to * ROW_WORDS];
    if (source.permute !== undefined) {
      const bytesOf = (words: Int32Array, first: number): Uint8Array =>
        new Uint8Array(words.buffer, words.byteOffset + 4 * first, 4 * (end - from));
      source.permute(bytesOf(source.rows, from), bytesOf(target.rows, into));
    } else if (rows > 8) target.rows.set(source.rows.subarray(from, end), into);
    else for (let word = from; word < end; word += 1) target.rows[into + word - from] = source.rows[word]!;
  };

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
      let runFrom = 0;
      let run = 0;
      for (; looked < budget && position < source.count; looked += 1, position += 1) {
        const slot = slotAt(source, position);
        const id = source.ids[slot]!;
        if (id !== first && id >= others) break;
        if (source.isDead(slot)) continue;
        if (slot !== runFrom + run) {
          copyRows(source, runFrom, run, target.count - run);
          runFrom = slot;
          run = 0;
        }
        run += 1;
        target.ids[target.count] = id;
        target.count += 1;
        target.living += 1;
      }
      copyRows(source, runFrom, run, target.count - run);
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
