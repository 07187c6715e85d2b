/** The recognisers of a run: ours first, the peer last. Each thread loads them from here. */
import {
  areVaried,
  comparePictures,
  type Fingerprint,
  type LocalHashes,
  type PictureComparison,
  type Purpose,
  querySet,
  spreadOf,
} from "@recourse/fingerprint";
import { fingerprintBytes } from "@recourse/fingerprint/node";
import { createStopList, type StopList } from "@recourse/gate";
import { createRingIndex, type HammingIndex, type VoteAnswer } from "@recourse/match";
import { type MatchOutcome, plainPdq, type Recogniser } from "./recogniser.ts";

async function fingerprintOf(picture: Uint8Array, purpose: Purpose): Promise<Fingerprint> {
  const outcome = await fingerprintBytes(picture, { purpose, stronger: true });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.fingerprint;
}

/** Scores are in thousandths. */
const asOutcome = ({ match, score, by, distance, votes }: PictureComparison): MatchOutcome => ({
  match,
  score: Math.round(score * 1000),
  by,
  votes,
  ...(distance === null ? {} : { distance }),
});

const RADIUS_BITS = 31;
/** Pictures held at once; beyond, those of earlier comparisons are forgotten. */
const HELD = 2000;

/** Banks' pictures in an index, as a gate holds them: a query is compared with all of them at once. */
let index: HammingIndex = createRingIndex();
let numbers = new Map<Fingerprint, number>();

function hold(banks: readonly Fingerprint[]): void {
  if (numbers.size + banks.length > HELD) {
    index = createRingIndex();
    numbers = new Map();
  }
  for (const bank of banks) {
    if (numbers.has(bank)) continue;
    numbers.set(bank, numbers.size);
    const hashes = bank.local?.bank ?? [];
    const number = numbers.size - 1;
    index.addMany(new Uint32Array(hashes.length).fill(number), Buffer.from(hashes.join(""), "hex"));
  }
}

/** What is asked, and what of it is known furniture and may not vote. */
interface Asked extends Fingerprint {
  readonly silenced?: readonly string[];
}

/** What a gate does: the picture, its windows, its patches. */
const recourse: Recogniser<Fingerprint, Asked> = {
  name: "recourse",
  bank: (picture) => fingerprintOf(picture, "bank"),
  query: (picture) => fingerprintOf(picture, "query"),
  match: (bank, query) => asOutcome(comparePictures(bank, query)),
  matchMany: (banks, query) => {
    hold(banks);
    const ask = (hashes: readonly string[] = []): VoteAnswer["items"] =>
      index.queryVotes(Buffer.from(hashes.join(""), "hex"), RADIUS_BITS, { maxItems: HELD, maxPairs: 256 }).items;
    const items = ask(query.local?.query);
    const silenced = new Map(ask(query.silenced).map(({ id, queriesHit }) => [id, queriesHit]));
    const places = query.local?.places ?? [];
    const agreements = new Map(
      items.map(({ id, queriesHit, hashesHit, pairs }) => [
        id,
        {
          queryPatches: queriesHit,
          knownPatches: hashesHit,
          spread: spreadOf(pairs.flatMap((pair) => places[pair.query] ?? [])),
          silenced: silenced.get(id) ?? 0,
          varied: areVaried(pairs.flatMap((pair) => query.local?.query[pair.query] ?? [])),
          nearestBits: Math.min(...pairs.map(({ distanceBits }) => distanceBits)),
        },
      ]),
    );
    return banks.map((bank) => {
      const agreement = agreements.get(numbers.get(bank) ?? -1) ?? { queryPatches: 0, knownPatches: 0 };
      return asOutcome(comparePictures(bank, query, agreement));
    });
  },
  learn: (harmless, queries) => {
    const stopped = createStopList();
    for (const each of harmless) {
      stopped.learn([...querySet(each).map(({ value }) => value), ...(each.local?.query ?? [])]);
    }
    return queries.map((query) => ({
      ...query,
      windows: query.windows.filter(({ pdq }) => !stopped.has(pdq)),
      local: withoutStopped(query.local, stopped),
      silenced: (query.local?.query ?? []).filter((hash) => stopped.has(hash)),
    }));
  },
};

function withoutStopped(local: LocalHashes | undefined, stopped: StopList): LocalHashes {
  const { query, places } = local ?? { query: [], places: [] };
  const left = query.flatMap((hash, at) => (stopped.has(hash) ? [] : [at]));
  return { bank: [], query: left.map((at) => query[at]!), places: left.map((at) => places[at]!) };
}

// The casts widen to what the harness knows of any recogniser: entries go back only to the one that made them.
export const recognisers: readonly Recogniser[] = [recourse as Recogniser, plainPdq as Recogniser];
