/** Batches of queries: what comes in, and the counting of what is found, id by id. */
import { assertHash, HASH_BYTES } from "./hash.ts";
import type { VoteAnswer, VoteOptions, VotePair, Votes } from "./hamming-index.ts";

export const MAX_BATCH = 512;
const DEFAULT_MAX_ITEMS = 256;
const DEFAULT_MAX_PAIRS = 64;

export interface Batch {
  /** The different hashes, one after the other. */
  readonly hashes: Uint8Array;
  /** For each of them its number among the queries as given. */
  readonly numbers: readonly number[];
}

const isSame = (hashes: Uint8Array, at: number, hash: Uint8Array): boolean => {
  for (let byte = 0; byte < HASH_BYTES; byte += 1) if (hashes[at + byte] !== hash[byte]) return false;
  return true;
};

/** Checks a batch and leaves out what is there already. */
export const readBatch = (queries: readonly Uint8Array[] | Uint8Array): Batch => {
  const packed = queries instanceof Uint8Array ? queries : undefined;
  if (packed === undefined && !Array.isArray(queries)) {
    throw new TypeError("hashes: Uint8Array or array of them expected");
  }
  if (packed !== undefined && packed.length % HASH_BYTES !== 0) {
    throw new RangeError("hashes: a multiple of 32 bytes expected");
  }
  const list: readonly Uint8Array[] = queries instanceof Uint8Array ? [] : queries;
  const given = packed === undefined ? list.length : packed.length / HASH_BYTES;
  const hashes = new Uint8Array(Math.min(given, MAX_BATCH) * HASH_BYTES);
  const numbers: number[] = [];
  /** By their first bytes: where the hashes that begin so are in `hashes`. */
  const known = new Map<number, number[]>();
  for (let number = 0; number < given; number += 1) {
    const hash = packed?.subarray(number * HASH_BYTES, (number + 1) * HASH_BYTES) ?? list[number]!;
    assertHash(hash, "hashes");
    const beginning = hash[0]! | (hash[1]! << 8) | (hash[2]! << 16) | (hash[3]! << 24);
    const alike = known.get(beginning);
    if (alike?.some((other) => isSame(hashes, other, hash)) === true) continue;
    if (numbers.length === MAX_BATCH) throw new RangeError("hashes: at most 512 different ones expected");
    const to = numbers.length * HASH_BYTES;
    hashes.set(hash, to);
    if (alike === undefined) known.set(beginning, [to]);
    else alike.push(to);
    numbers.push(number);
  }
  return { hashes: hashes.subarray(0, numbers.length * HASH_BYTES), numbers };
};

const countOption = (value: number | undefined, fallback: number, limit: number, field: string): number => {
  const chosen = value ?? fallback;
  if (!Number.isInteger(chosen) || chosen < 1 || chosen > limit) {
    throw new RangeError(`${field}: whole number from 1 to ${limit} expected`);
  }
  return chosen;
};

/** Counts ids one after the other: `begin`, for each hash of it that is hit `hash` and then its queries, `end`. */
export interface Tally {
  readonly maxPairs: number;
  begin(id: number): void;
  hash(): void;
  /** Pairs of an id come in order of ordinal, then query; `ordinal` is asked only for pairs that are kept. */
  pair(query: number, distanceBits: number, ordinal: () => number): void;
  /** Queries by their bits, of which the first `maxPairs` have come as pairs. */
  summary(queries: Uint32Array): void;
  end(): void;
  answer(): VoteAnswer;
}

const byVotes = (a: Votes, b: Votes): number => b.queriesHit - a.queriesHit || b.hashesHit - a.hashesHit || a.id - b.id;

/** An empty count for a batch. Throws RangeError for options out of their range. */
export const createTally = (batch: Batch, options: VoteOptions): Tally => {
  const maxItems = countOption(options.maxItems, DEFAULT_MAX_ITEMS, 65_536, "maxItems");
  const maxPairs = countOption(options.maxPairs, DEFAULT_MAX_PAIRS, MAX_BATCH, "maxPairs");
  const minQueries = countOption(options.minQueries, 1, MAX_BATCH, "minQueries");
  const seen = new Uint8Array(batch.numbers.length);
  let best: Votes[] = [];
  let isTruncated = false;
  let current = 0;
  let queriesHit = 0;
  let hashesHit = 0;
  let pairs: VotePair[] = [];
  let hasMore = false;

  const see = (query: number): void => {
    if (seen[query] === 1) return;
    seen[query] = 1;
    queriesHit += 1;
  };

  const cut = (): void => {
    best.sort(byVotes);
    if (best.length <= maxItems) return;
    isTruncated = true;
    best = best.slice(0, maxItems);
  };

  return {
    maxPairs,
    begin(id) {
      current = id;
      seen.fill(0);
      queriesHit = 0;
      hashesHit = 0;
      pairs = [];
      hasMore = false;
    },
    hash() {
      hashesHit += 1;
    },
    pair(query, distanceBits, ordinal) {
      see(query);
      if (pairs.length < maxPairs) pairs.push({ query: batch.numbers[query]!, ordinal: ordinal(), distanceBits });
      else hasMore = true;
    },
    summary(queries) {
      hasMore = true;
      for (let query = 0; query < batch.numbers.length; query += 1) {
        if (((queries[query >> 5]! >>> (query & 31)) & 1) === 1) see(query);
      }
    },
    end() {
      if (queriesHit < minQueries) return;
      best.push({ id: current, queriesHit, hashesHit, pairs, truncated: hasMore });
      if (best.length >= 2 * maxItems + 64) cut();
    },
    answer() {
      cut();
      return { items: best, truncated: isTruncated };
    },
  };
};
