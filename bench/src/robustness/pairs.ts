/** Pairs of different pictures, counted: how many, how many matched, their scores, and the closest by name. */
import type { MatchOutcome, Recogniser } from "./recogniser.ts";

export interface NamedPair extends MatchOutcome {
  readonly bank: string;
  readonly query: string;
}

export interface PairCount {
  pairs: number;
  matches: number;
  /** How many pairs had each score, rounded to whole numbers. */
  readonly scores: Map<number, number>;
  /** The highest-scoring pairs that did not match, best first. */
  nearest: NamedPair[];
  /** Pairs that did match though they are of different pictures: false positives, best first. */
  wrong: NamedPair[];
}

const KEPT = 12;

export const emptyCount = (): PairCount => ({ pairs: 0, matches: 0, scores: new Map(), nearest: [], wrong: [] });

const best = (pairs: readonly NamedPair[]): NamedPair[] =>
  pairs.toSorted((one, other) => other.score - one.score).slice(0, KEPT);

export function countPair(count: PairCount, bank: string, query: string, outcome: MatchOutcome): void {
  count.pairs += 1;
  if (outcome.match) count.matches += 1;
  const score = Math.round(outcome.score);
  count.scores.set(score, (count.scores.get(score) ?? 0) + 1);
  const list = outcome.match ? count.wrong : count.nearest;
  if (list.length === KEPT && outcome.score <= (list.at(-1)?.score ?? 0)) return;
  const longer = best([...list, { bank, query, ...outcome }]);
  if (outcome.match) count.wrong = longer;
  else count.nearest = longer;
}

export function addCounts(into: PairCount, from: PairCount): void {
  into.pairs += from.pairs;
  into.matches += from.matches;
  for (const [score, times] of from.scores) into.scores.set(score, (into.scores.get(score) ?? 0) + times);
  into.nearest = best([...into.nearest, ...from.nearest]);
  into.wrong = best([...into.wrong, ...from.wrong]);
}

export interface NamedEntry {
  readonly name: string;
  /** One for each recogniser, in their order. */
  readonly bank: readonly unknown[];
  readonly query: readonly unknown[];
}

/** One query against many banks' entries, in their order. */
export function matchAll(
  recogniser: Recogniser,
  banks: readonly NamedEntry[],
  which: number,
  query: unknown,
): readonly MatchOutcome[] {
  const entries = banks.map(({ bank }) => bank[which]);
  return recogniser.matchMany?.(entries, query) ?? entries.map((entry) => recogniser.match(entry, query));
}

/** Every query of a stretch against the bank entries of all the others; each recogniser gets its count. */
export function countAll(
  recognisers: readonly Recogniser[],
  entries: readonly NamedEntry[],
  from: number,
  to: number,
): readonly PairCount[] {
  return recognisers.map((recogniser, which) => {
    const count = emptyCount();
    for (const query of entries.slice(from, to)) {
      const others = entries.filter((entry) => entry !== query);
      matchAll(recogniser, others, which, query.query[which]).forEach((outcome, at) => {
        countPair(count, others[at]!.name, query.name, outcome);
      });
    }
    return count;
  });
}
