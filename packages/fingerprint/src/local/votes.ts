/** From local hashes that agree to a verdict. */
import { distanceWithin, type HashWords, wordsOf } from "../core/hash-words.ts";
import { LOCAL_RADIUS_BITS } from "./numbers.ts";

/** What two sets of local hashes have in common. */
export interface VoteCount {
  /** Different hashes of the query that agree with one of the bank's. */
  readonly queryPatches: number;
  /** Different hashes of the bank that agree with one of the query's. */
  readonly knownPatches: number;
}

export interface LocalVerdict {
  readonly match: boolean;
  /** 0 to 1; 0.5 and more is a match. */
  readonly score: number;
  /** Votes of different patches on both sides. */
  readonly votes: number;
}

/** Votes a match takes. Source: docs/robustness, calibration. */
export const MIN_VOTES = 2;

/** Two votes are a match; every further one halves what is missing to certainty. One vote alone is a near miss. */
export function judgeVotes({ queryPatches, knownPatches }: VoteCount): LocalVerdict {
  const votes = Math.min(queryPatches, knownPatches);
  return { match: votes >= MIN_VOTES, score: votes === 0 ? 0 : 1 - 2 ** -(votes - 1) || 0.25, votes };
}

export interface Agreement extends VoteCount {
  /** Of the two hashes that agree best; null where none do. */
  readonly nearestBits: number | null;
}

/** A list's words, made once for as long as the list lives: lists are compared with many others. */
const words = new WeakMap<readonly string[], HashWords>();
function keptWords(hashes: readonly string[]): HashWords {
  const kept = words.get(hashes) ?? wordsOf(hashes);
  words.set(hashes, kept);
  return kept;
}

/** Compares every hash of a query with every hash of a bank's picture: for two pictures, not for a bank. */
export function countVotes(bank: readonly string[], query: readonly string[]): Agreement {
  const [known, asked] = [keptWords(bank), keptWords(query)];
  const knownHit = new Set<number>();
  let queryPatches = 0;
  let nearestBits: number | null = null;
  for (let q = 0; q < asked.count; q++) {
    let hit = false;
    for (let k = 0; k < known.count; k++) {
      const bits = distanceWithin(asked, q, known, k, LOCAL_RADIUS_BITS);
      if (bits > LOCAL_RADIUS_BITS) continue;
      hit = true;
      knownHit.add(k);
      nearestBits = Math.min(nearestBits ?? bits, bits);
    }
    if (hit) queryPatches++;
  }
  return { queryPatches, knownPatches: knownHit.size, nearestBits };
}
