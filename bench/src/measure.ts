/** Taking times: warm-up, several runs, and numbers that one slow run can't move. */

/** The smallest value that at least `share` (0 to 1) of the values do not exceed. Throws RangeError for no values. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
  if (found === undefined) throw new RangeError("values: at least one expected");
  return found;
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export interface MeasureOptions {
  /** Runs that are timed. */
  readonly runs: number;
  /** Runs before those, so that code is compiled and files are cached. */
  readonly warmUp: number;
}

/** Milliseconds of each timed run; `work` is told the number of the run, warm-up included, from 0. */
export const timeRuns = (work: (run: number) => void, options: MeasureOptions): readonly number[] => {
  const timesMs: number[] = [];
  for (let run = 0; run < options.warmUp + options.runs; run += 1) {
    const startedAt = performance.now();
    work(run);
    if (run >= options.warmUp) timesMs.push(performance.now() - startedAt);
  }
  return timesMs;
};

/**
 * Times two ways of doing the same by turns, so that a machine that gets slower or faster meanwhile does so for both.
 */
export const timeByTurns = (
  ours: (run: number) => void,
  peer: (run: number) => void,
  options: MeasureOptions,
): { readonly oursMs: readonly number[]; readonly peerMs: readonly number[] } => {
  const oursMs: number[] = [];
  const peerMs: number[] = [];
  for (let run = 0; run < options.warmUp + options.runs; run += 1) {
    const [oneOurs = 0] = timeRuns(() => ours(run), { runs: 1, warmUp: 0 });
    const [onePeer = 0] = timeRuns(() => peer(run), { runs: 1, warmUp: 0 });
    if (run < options.warmUp) continue;
    oursMs.push(oneOurs);
    peerMs.push(onePeer);
  }
  return { oursMs, peerMs };
};
