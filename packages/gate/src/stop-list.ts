/**
 * Hashes that find nothing, learned from harmless pictures: whoever runs a gate shows it what its own uploads share (its
 * app's screens, its watermark, templates of memes), and what these hold says nothing about a picture any more. The same bytes as a banked file are found all the same.
 */
import { createRingIndex, hashFromHex } from "@recourse/match";
import { MATCH_RADIUS_BITS } from "@recourse/protocol";

export interface StopList {
  readonly size: number;
  /** Takes in a harmless picture's hashes, of the whole, its windows and its patches: 64 hex digits each. */
  learn(hashes: readonly string[]): void;
  /** Whether a hash lies within 31 bits of one that was learned. */
  has(hash: string): boolean;
}

/** Harmless pictures' hashes at most: 270 pictures of a full query, about 15 MB. */
export const STOP_LIST_LIMIT = 100_000;

export const createStopList = (): StopList => {
  const index = createRingIndex();
  const known = new Set<string>();
  return {
    get size() {
      return known.size;
    },
    learn(hashes) {
      for (const hash of hashes) {
        if (known.has(hash) || known.size >= STOP_LIST_LIMIT) continue;
        known.add(hash);
        index.add(known.size, hashFromHex(hash));
      }
    },
    has: (hash) => known.size > 0 && index.query(hashFromHex(hash), MATCH_RADIUS_BITS).length > 0,
  };
};
