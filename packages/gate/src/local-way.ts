/**
 * Asking with the patches of an upload: each that agrees with one of an item's, within 31 bits, is a vote, and a judge
 * decides whether the votes are enough.
 *
 * What many pictures share (an app's buttons, a logo, a keyboard) must not vote. A patch that three or more items hold,
 * none of them related to another, is such: it is left out and the rest is asked again. Items are related when they show
 * the same picture (sketch.ts): several people may have added it, and it must go on matching. All of this is worked out
 * from the items in force when it is asked, so there is nothing to learn again after a restart, nothing to undo when an
 * item is withdrawn, and nothing that adding an item costs.
 *
 * What is left of furniture is furniture too: two pictures on one template agree in some of its patches that nobody has
 * stopped yet. So the judge is told how many stopped patches of the upload an item holds, those included that the gate
 * was shown as harmless.
 *
 * A patch that 100,000 items hold would make every question that has it slow. So a sample, one item in sixteen, has an
 * index of its own and is asked first: what three unrelated items of the sample hold, three of all hold, and it goes to
 * the whole bank no more. The answer is the same, at a sixteenth of the work.
 */
import { areVaried, spreadOf } from "@recourse/fingerprint";
import type { HammingIndex, Votes } from "@recourse/match";
import { MATCH_RADIUS_BITS } from "@recourse/protocol";
import type { Findings } from "./found.ts";
import type { HeldItem, ItemsByNumber } from "./held/held-item.ts";
import type { JudgeLocal } from "./judges.ts";
import { packHashes } from "./packed-hashes.ts";
import { areRelated, countHeld, type Sketch, sketchOf } from "./sketch.ts";

/** Queries the index takes at once; more of one upload are not asked. */
const MAX_PATCHES = 512;
/** Bounds what a bank where one patch is in 100,000 items can make of one answer: about 5 MB, for a moment. */
const VOTES = { maxItems: 256, maxPairs: 256 };
const UNRELATED_HOLDERS = 3;
/** Items of the sample that may hold a patch, all related, before only the sample is asked with it: 2,000 of all. */
const CROWD = 128;
/** Leaving patches out may bring up items that were crowded out before, with patches to leave out of their own. */
const MAX_ROUNDS = 8;

export interface LocalWay {
  readonly index: HammingIndex;
  /** Of the sample's items. */
  readonly sample: HammingIndex;
  readonly items: ItemsByNumber;
  /** Told once for each patch of an upload that is left out. */
  readonly onStopped: (count: number) => void;
}

/** By the number of a query: which of the items, by their place in the answer, hold it. */
const holdersOf = (votes: readonly Votes[]): ReadonlyMap<number, ReadonlySet<number>> => {
  const holders = new Map<number, Set<number>>();
  votes.forEach(({ pairs }, at) => {
    for (const { query } of pairs) {
      const some = holders.get(query);
      if (some === undefined) holders.set(query, new Set([at]));
      else some.add(at);
    }
  });
  return holders;
};

/** Numbers of the queries that too many unrelated items hold. */
const stoppedQueries = (votes: readonly Votes[], items: ItemsByNumber): ReadonlySet<number> => {
  const holders = holdersOf(votes);
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

/** Stopped patches that an item is compared with; of more, so many and in proportion. Bounds a hostile question. */
const STOPPED_LOOKED_AT = 128;

/** About how many of the stopped patches an item holds. */
const silencedIn = (stopped: readonly string[]): ((item: HeldItem) => number) => {
  const step = Math.max(1, stopped.length / STOPPED_LOOKED_AT);
  const looked = Array.from(
    { length: Math.min(stopped.length, STOPPED_LOOKED_AT) },
    (_unused, at) => stopped[Math.floor(at * step)] ?? "",
  );
  const sketch: Sketch = sketchOf(packHashes(looked));
  return (item) => Math.round(countHeld(item.sketch, sketch) * step);
};

const nearestOf = ({ pairs }: Votes): number => Math.min(...pairs.map(({ distanceBits }) => distanceBits));

interface Asked {
  /** Patches that are left. */
  readonly patches: readonly string[];
  readonly votes: readonly Votes[];
}

/** Asks until no patch is left that several unrelated items hold. */
const askRounds = (index: HammingIndex, items: ItemsByNumber, patches: readonly string[]): Asked => {
  let left = patches;
  for (let round = 0; round < MAX_ROUNDS && left.length > 0; round += 1) {
    const votes = index.queryVotes(packHashes(left), MATCH_RADIUS_BITS, VOTES).items;
    const stopped = stoppedQueries(votes, items);
    if (stopped.size === 0) return { patches: left, votes };
    left = left.filter((_patch, query) => !stopped.has(query));
  }
  return { patches: left, votes: [] };
};

/** A patch of an upload, and where it lies there, if that was told. */
export interface AskedPatch {
  /** 64 lower-case hex digits. */
  readonly value: string;
  readonly place?: number;
}

/** How far patches lie apart; nothing where not all places are known. */
const spreadOfPatches = (
  patches: readonly string[],
  places: ReadonlyMap<string, number>,
): { readonly spread?: number } => {
  const known = patches.map((patch) => places.get(patch)).filter((place) => place !== undefined);
  return known.length < patches.length ? {} : { spread: spreadOf(known) };
};

/** Offers every item that the judge finds in the votes of these patches. `harmless` are the upload's that may not vote. */
export const findLocal = (
  { index, sample, items, onStopped }: LocalWay,
  patches: readonly AskedPatch[],
  harmless: readonly string[],
  judge: JudgeLocal,
  findings: Findings,
): void => {
  const asked = [...new Set(patches.map(({ value }) => value))].slice(0, MAX_PATCHES);
  const places = new Map(patches.flatMap(({ value, place }) => (place === undefined ? [] : [[value, place] as const])));
  const first = askRounds(sample, items, asked);
  const crowded = new Set<string>();
  for (const [query, holders] of holdersOf(first.votes)) {
    const patch = first.patches[query];
    if (holders.size >= CROWD && patch !== undefined) crowded.add(patch);
  }
  const whole = askRounds(
    index,
    items,
    first.patches.filter((patch) => !crowded.has(patch)),
  );
  const voting = new Set([...whole.patches, ...crowded]);
  const stopped = asked.filter((patch) => !voting.has(patch));
  const stoppedPatches = stopped.length;
  const silenced = silencedIn([...stopped, ...harmless.slice(0, MAX_PATCHES)]);
  if (stoppedPatches > 0) onStopped(stoppedPatches);

  const offer = (votes: Votes, from: Asked): void => {
    const item = items.get(votes.id);
    if (item === undefined) return;
    const { queriesHit: queryPatches, hashesHit: knownPatches } = votes;
    const nearestBits = nearestOf(votes);
    const voters = votes.pairs.map(({ query }) => from.patches[query] ?? "");
    const question = {
      asked: asked.length,
      held: item.patches,
      queryPatches,
      knownPatches,
      stoppedPatches,
      silenced: silenced(item),
      nearestBits,
      ...spreadOfPatches(voters, places),
      varied: areVaried(voters),
    };
    const { match, score } = judge(question);
    if (!match) return;
    findings.offer(votes.id, {
      signalType: "pdq-local",
      distanceBits: nearestBits,
      score,
      votes: Math.min(queryPatches, knownPatches),
    });
  };
  for (const votes of whole.votes) offer(votes, whole);
  if (crowded.size > 0) for (const votes of first.votes) offer(votes, first);
};
