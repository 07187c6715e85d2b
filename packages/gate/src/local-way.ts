/**
 * Asking with the patches of an upload: each that agrees with one of an item's, within 31 bits, is a vote, and a judge
 * decides whether the votes are enough.
 *
 * What many pictures share (an app's buttons, a logo, a keyboard) must not vote. A patch that three or more items hold,
 * none of them related to another, is such: it is left out and the rest is asked again. Items are related when they show
 * the same picture (sketch.ts): several people may have added it, and it must go on matching. All of this is worked out
 * from the items in force when it is asked, so there is nothing to learn again after a restart, nothing to undo when an
 * item is withdrawn, and nothing that adding an item costs.
 */
import type { HammingIndex, Votes } from "@recourse/match";
import { MATCH_RADIUS_BITS } from "@recourse/protocol";
import type { Findings } from "./found.ts";
import type { HeldItem } from "./held-item.ts";
import type { JudgeLocal, LocalVotes } from "./judges.ts";
import { packHashes } from "./packed-hashes.ts";
import { areRelated } from "./sketch.ts";

/** Queries the index takes at once; more of one upload are not asked. */
const MAX_PATCHES = 512;
/** Bounds what a bank where one patch is in 100,000 items can make of one answer: about 5 MB, for a moment. */
const VOTES = { maxItems: 256, maxPairs: 256 };
const UNRELATED_HOLDERS = 3;
/** Leaving patches out may bring up items that were crowded out before, with patches to leave out of their own. */
const MAX_ROUNDS = 8;

export interface LocalWay {
  readonly index: HammingIndex;
  readonly items: ReadonlyMap<number, HeldItem>;
  /** Told once for each patch of an upload that is left out. */
  readonly onStopped: (count: number) => void;
}

/** Numbers of the queries that too many unrelated items hold. */
const stoppedQueries = (votes: readonly Votes[], items: ReadonlyMap<number, HeldItem>): ReadonlySet<number> => {
  const holders = new Map<number, Set<number>>();
  votes.forEach(({ pairs }, at) => {
    for (const { query } of pairs) {
      const some = holders.get(query);
      if (some === undefined) holders.set(query, new Set([at]));
      else some.add(at);
    }
  });
  const sketches = votes.map(({ id }) => items.get(id)?.sketch ?? new Uint32Array(0));
  /** Two items meet in many patches; they are compared once. */
  const compared = new Map<number, boolean>();
  const related = (a: number, b: number): boolean => {
    const key = Math.min(a, b) * votes.length + Math.max(a, b);
    const known = compared.get(key);
    if (known !== undefined) return known;
    const [one, other] = [sketches[a], sketches[b]];
    const found = one !== undefined && other !== undefined && areRelated(one, other);
    compared.set(key, found);
    return found;
  };
  const stopped = new Set<number>();
  for (const [query, some] of holders) {
    const strangers: number[] = [];
    for (const item of some) {
      if (strangers.some((other) => related(item, other))) continue;
      strangers.push(item);
      if (strangers.length < UNRELATED_HOLDERS) continue;
      stopped.add(query);
      break;
    }
  }
  return stopped;
};

const nearestOf = ({ pairs }: Votes): number => Math.min(...pairs.map(({ distanceBits }) => distanceBits));

/** Offers every item that the judge finds in the votes of these patches (hex, lower case). */
export const findLocal = (
  { index, items, onStopped }: LocalWay,
  patches: readonly string[],
  judge: JudgeLocal,
  findings: Findings,
): void => {
  let asked = [...new Set(patches)].slice(0, MAX_PATCHES);
  const askedAtFirst = asked.length;
  /** Of every item that was ever among the best: patches that agreed before any was left out. */
  const agreed = new Map<number, number>();
  let votes: readonly Votes[] = [];
  for (let round = 0; round < MAX_ROUNDS && asked.length > 0; round += 1) {
    votes = index.queryVotes(packHashes(asked), MATCH_RADIUS_BITS, VOTES).items;
    for (const { id, hashesHit } of votes) agreed.set(id, Math.max(agreed.get(id) ?? 0, hashesHit));
    const stopped = stoppedQueries(votes, items);
    if (stopped.size === 0) break;
    asked = asked.filter((_patch, query) => !stopped.has(query));
    votes = [];
    onStopped(stopped.size);
  }
  const left = new Map(votes.map((each) => [each.id, each]));
  for (const [id, before] of agreed) {
    const item = items.get(id);
    if (item === undefined) continue;
    const now = left.get(id);
    const knownPatches = now?.hashesHit ?? 0;
    const question: LocalVotes = {
      asked: askedAtFirst,
      held: item.patches,
      queryPatches: now?.queriesHit ?? 0,
      knownPatches,
      stoppedPatches: before - knownPatches,
      nearestBits: now === undefined ? 0 : nearestOf(now),
    };
    const { match, score } = judge(question);
    if (!match) continue;
    findings.offer(id, {
      signalType: "pdq-local",
      distanceBits: question.nearestBits,
      score,
      votes: Math.min(question.queryPatches, knownPatches),
    });
  }
};
