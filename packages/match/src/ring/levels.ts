/**
 * Segments of growing size. New rows come into a small one that is scanned; a full one is merged into the level below
 * it, which is eight times as large, and so on. Each add and removal does a share of the merging, so that none of them
 * has to wait for a whole merge: a level has taken in what came before the next comes.
 */
import { MatchError } from "../errors.ts";
import { type Merge, PASSES, type Source, sourceOf, startMerge } from "./merge.ts";
import type { Part } from "./save.ts";
import { createSegment, MAX_SEGMENT_ROWS, type Plan, removeFrom, type Segment } from "./segment.ts";
import { ARCHIVE } from "./snapshot-form.ts";

/** Rows that are scanned rather than indexed: a scan of so few takes about as long as probing their buckets would. */
export const DELTA_ROWS = 2048;
const GROWTH = 8;
/** Adds and removals between two shares of work. */
const STEP_EVERY = 16;
/**
 * Rows a merge takes on for each add. A level of size n takes in at most n + n / 8 rows while at least
 * 7/8 of n / 8 come after them: 9 / (7/8) = 10.3 rows for each.
 */
const ROWS_PER_ADD = 12;
const STEP_BUDGET = STEP_EVERY * ROWS_PER_ADD * PASSES;

interface Level {
  readonly rowLimit: number;
  current: Segment | undefined;
  /** Full, and on its way into the next level. */
  leaving: Segment | undefined;
  /** Makes the next `current` of this level. */
  merge: Merge | undefined;
  /** True when `merge` takes in what leaves the level above; otherwise it only clears out the dead. */
  takesIn: boolean;
}

export interface Levels {
  /** Rows that are not dead. */
  readonly size: number;
  /** Changes whenever `segments` does. */
  readonly revision: number;
  /** Everything to be asked, oldest first. */
  readonly segments: () => readonly Segment[];
  /** The segment the next row goes to. Throws MatchError `memory_full`; the levels answer as before then. */
  delta(): Segment;
  /** To be called after each row put into `delta()`. */
  added(): void;
  /** Takes in many rows at once. */
  absorb(source: Source): void;
  remove(id: number): number;
  /** The segments that hold anything, oldest first, with their places. */
  parts(): readonly Part[];
}

/**
 * After a restart: merges of levels up to this one are done at once (a tenth of a second), larger ones begin again and
 * go on in shares.
 */
const FINISH_UP_TO = 2;

const createLevel = (rowLimit: number): Level => ({
  rowLimit,
  current: undefined,
  leaving: undefined,
  merge: undefined,
  takesIn: false,
});

/** Empty, or as `parts` says. Throws MatchError `snapshot_content` for parts in places they can't have. */
export const createLevels = (plan: Plan, parts: readonly Part[] = []): Levels => {
  const levels: Level[] = [];
  for (let rowLimit = DELTA_ROWS; levels.at(-1)?.rowLimit !== MAX_SEGMENT_ROWS; rowLimit *= GROWTH) {
    levels.push(createLevel(Math.min(rowLimit, MAX_SEGMENT_ROWS)));
  }
  /** Full segments that no level can take in. */
  const archive: Level[] = [];
  const top = levels.length - 1;
  let untilStep = STEP_EVERY;
  let revision = 0;

  const segments = (): readonly Segment[] => {
    const all: (Segment | undefined)[] = archive.map((level) => level.current);
    for (const level of levels.toReversed()) all.push(level.leaving, level.current);
    return all.filter((segment) => segment !== undefined);
  };

  const stepMerge = (level: Level, above: Level | undefined, budget: number): void => {
    if (level.merge?.step(budget) !== true) return;
    const { target } = level.merge;
    revision += 1;
    level.current = target.living > 0 ? target : undefined;
    if (level.takesIn && above !== undefined) above.leaving = undefined;
    level.merge = undefined;
  };

  const finish = (number: number): void => {
    const level = levels[number]!;
    while (level.merge !== undefined) stepMerge(level, levels[number - 1], STEP_BUDGET * 64);
  };

  /** Starts to take in what leaves the level above. Calling it again after it threw goes on where it was. */
  const takeIn = (number: number): void => {
    const level = levels[number]!;
    const incoming = levels[number - 1]!.leaving;
    if (incoming === undefined || (level.merge !== undefined && level.takesIn)) return;
    level.merge = undefined; // one that clears out: this one does so too
    if (level.current !== undefined && level.current.living + incoming.living > level.rowLimit) {
      if (number === top) archive.push({ ...createLevel(level.rowLimit), current: level.current });
      else {
        if (level.leaving !== undefined) takeIn(number + 1);
        finish(number + 1);
        level.leaving = level.current;
      }
      level.current = undefined;
      if (number < top) takeIn(number + 1);
    }
    const sources = [level.current, incoming].filter((segment) => segment !== undefined);
    level.merge = startMerge(sources.map(sourceOf), plan);
    level.takesIn = true;
  };

  /** Starts to clear out the dead where they are the most. Where memory is short, the dead stay. */
  const clearOut = (level: Level): void => {
    const { current } = level;
    if (current === undefined || level.merge !== undefined || current.count - current.living <= current.living) return;
    if (current.living === 0) {
      revision += 1;
      level.current = undefined;
    } else if (current.hasTables) {
      try {
        level.merge = startMerge([sourceOf(current)], plan);
        level.takesIn = false;
      } catch {
        level.merge = undefined;
      }
    }
  };

  const step = (): void => {
    untilStep -= 1;
    if (untilStep > 0) return;
    untilStep = STEP_EVERY;
    levels.forEach((level, number) => stepMerge(level, levels[number - 1], STEP_BUDGET));
    for (const level of archive) stepMerge(level, undefined, STEP_BUDGET);
  };

  const makeRoom = (): void => {
    const first = levels[0]!;
    if (first.leaving !== undefined) {
      takeIn(1);
      finish(1);
    }
    const fresh = createSegment(DELTA_ROWS, 0, plan);
    revision += 1;
    first.leaving = first.current;
    first.current = fresh;
    try {
      takeIn(1);
    } catch {
      // No room for the merge now. What leaves is still asked; the next full delta tries again, and fails if it must.
    }
  };

  const place = ({ segment, level: number, isLeaving }: Part): void => {
    if (number === ARCHIVE && segment.hasTables) {
      archive.push({ ...createLevel(MAX_SEGMENT_ROWS), current: segment });
      return;
    }
    const level = levels[number];
    const isFree = level !== undefined && (isLeaving ? level.leaving : level.current) === undefined;
    const isOfLevel = level !== undefined && segment.hasTables === number > 0 && segment.count <= level.rowLimit;
    if (!isFree || !isOfLevel || (isLeaving && number === top)) throw new MatchError("snapshot_content");
    level[isLeaving ? "leaving" : "current"] = segment;
  };

  parts.forEach(place);
  const asPlaced = segments();
  if (parts.some(({ segment }, number) => segment !== asPlaced[number])) throw new MatchError("snapshot_content");
  for (let number = top; number > 0; number -= 1) {
    try {
      takeIn(number);
      if (number <= FINISH_UP_TO) finish(number);
    } catch {
      // No room for the merge now: as in `makeRoom`.
    }
  }

  return {
    get size() {
      return segments().reduce((sum, segment) => sum + segment.living, 0);
    },
    get revision() {
      return revision;
    },
    segments,
    delta() {
      const first = levels[0]!;
      if (first.current === undefined || first.current.count === DELTA_ROWS) makeRoom();
      return first.current!;
    },
    added: step,
    absorb(source) {
      for (let number = 1; number <= top; number += 1) finish(number);
      // What is smaller goes along: it is older than what comes, and has to stay so.
      let rows = source.living;
      let number = 0;
      for (; number <= top; number += 1) {
        const { current, leaving, rowLimit } = levels[number]!;
        rows += (leaving?.living ?? 0) + (current?.living ?? 0);
        if (number > 0 && rows <= rowLimit) break;
      }
      // Too much for one segment: the largest stays as it is, out of the levels, and there is room for the rest.
      if (number > top) {
        const largest = levels[top]!;
        if (largest.current === undefined) throw new RangeError("ids: too many entries at once");
        archive.push({ ...createLevel(largest.rowLimit), current: largest.current });
        largest.current = undefined;
        this.absorb(source);
        return;
      }
      const taken = levels.slice(0, number + 1);
      const older = taken.toReversed().flatMap((level) => [level.leaving, level.current]);
      const merge = startMerge([...older.filter((each) => each !== undefined).map(sourceOf), source], plan);
      while (!merge.step(STEP_BUDGET * 64));
      for (const level of taken) Object.assign(level, createLevel(level.rowLimit));
      levels[number]!.current = merge.target;
      revision += 1;
    },
    remove(id) {
      let removed = 0;
      for (const segment of segments()) removed += removeFrom(segment, id);
      for (const level of [...levels, ...archive]) {
        if (level.merge !== undefined && removed > 0) removeFrom(level.merge.target, id);
        if (removed > 0) clearOut(level);
      }
      if (removed > 0) step();
      return removed;
    },
    parts: () =>
      [
        ...archive.map(({ current }) => ({ segment: current, level: ARCHIVE, isLeaving: false })),
        ...levels
          .map(({ leaving, current }, level) => [
            { segment: leaving, level, isLeaving: true },
            { segment: current, level, isLeaving: false },
          ])
          .toReversed()
          .flat(),
      ].flatMap(({ segment, ...at }) => (segment === undefined || segment.count === 0 ? [] : [{ segment, ...at }])),
  };
};
