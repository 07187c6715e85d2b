/** Whether two pictures show the same, by every way a gate has: the bytes, the picture and its windows, its patches. */
import { distanceWithin, type HashWords, wordsOf } from "./core/hash-words.ts";
import { countVotes, judgeVotes, type VoteCount } from "./local/votes.ts";
import { bankSet, type PdqKind, type PdqSignal, querySet } from "./signals.ts";
import type { Fingerprint } from "./types.ts";

export interface PictureComparison {
  readonly match: boolean;
  /** The way that found it; without a match, the one that came nearest. */
  readonly by: "sha256" | "pdq" | "pdq-local";
  /** Bits of 256 between the nearest two hashes of the whole pictures and their windows; null if one has none. */
  readonly distance: number | null;
  /** What of the known picture came nearest. */
  readonly kind: PdqKind | null;
  /** Patches that agree, where local hashes were made of both. */
  readonly votes: number;
  /** 0 to 1; from 0.5 on a match. */
  readonly score: number;
}

/** Largest distance of two PDQ hashes of the same picture. Source: the PDQ reference. */
const PDQ_RADIUS_BITS = 31;
/** About where unrelated pictures lie. */
const UNRELATED_BITS = 128;

/** 1 at 0 bits, just over 0.5 at 31, the last that match; from there down to 0 at 128. A gate's score is the same. */
export const pdqScore = (bits: number): number =>
  bits <= PDQ_RADIUS_BITS
    ? 1 - bits / (2 * (PDQ_RADIUS_BITS + 1))
    : Math.max(0, (0.49 * (UNRELATED_BITS - bits)) / (UNRELATED_BITS - PDQ_RADIUS_BITS));

const NONE: readonly string[] = [];

interface HashSet {
  readonly signals: readonly PdqSignal[];
  readonly words: HashWords;
}
/** Sets are made once for as long as a fingerprint lives: it is compared with many others. */
const sets = new WeakMap<Fingerprint, Map<typeof bankSet, HashSet>>();

function setOf(fingerprint: Fingerprint, make: typeof bankSet): HashSet {
  const made = sets.get(fingerprint) ?? new Map<typeof bankSet, HashSet>();
  sets.set(fingerprint, made);
  const known = made.get(make);
  if (known !== undefined) return known;
  const signals = make(fingerprint);
  const set = { signals, words: wordsOf(signals.map(({ value }) => value)) };
  made.set(make, set);
  return set;
}

function nearest(known: HashSet, asked: HashSet): Pick<PictureComparison, "distance" | "kind"> {
  let distance: number | null = null;
  let kind: PdqKind | null = null;
  for (const [k, held] of known.signals.entries()) {
    for (let q = 0; q < asked.words.count; q++) {
      const bits = distanceWithin(known.words, k, asked.words, q, distance ?? 256);
      if (distance !== null && bits >= distance) continue;
      distance = bits;
      kind = held.kind;
    }
  }
  return { distance, kind };
}

/**
 * `known` was made for a bank, `suspect` for a query (or both for both). `agreement` is what their local hashes have in
 * common, where that is known already.
 */
export function comparePictures(
  known: Fingerprint,
  suspect: Fingerprint,
  agreement: VoteCount = countVotes(
    known.local?.bank ?? NONE,
    suspect.local?.query ?? NONE,
    suspect.local?.places ?? [],
  ),
): PictureComparison {
  const { distance, kind } = nearest(setOf(known, bankSet), setOf(suspect, querySet));
  const local = judgeVotes(agreement);
  const found = { distance, kind, votes: local.votes };
  if (known.sha256 === suspect.sha256) return { match: true, by: "sha256", score: 1, ...found };
  const score = distance === null ? 0 : pdqScore(distance);
  const near = distance !== null && distance <= PDQ_RADIUS_BITS;
  return local.score > score || (local.match && !near)
    ? { match: local.match, by: "pdq-local", score: local.score, ...found }
    : { match: near, by: "pdq", score, ...found };
}
