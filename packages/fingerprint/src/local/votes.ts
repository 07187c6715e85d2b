/** From local hashes that agree to a verdict. */
import { hexDistanceBits } from "../core/distance.ts";
import { distanceWithin, type HashWords, wordsOf } from "../core/hash-words.ts";
import { nearHashes } from "../core/near-hashes.ts";
import { LOCAL_RADIUS_BITS } from "./numbers.ts";
import { spreadOf } from "./places.ts";

/** What two sets of local hashes have in common. */
export interface VoteCount {
  /** Different hashes of the query that agree with one of the bank's. */
  readonly queryPatches: number;
  /** Different hashes of the bank that agree with one of the query's. */
  readonly knownPatches: number;
  /** How far those of the query lie apart, in 64ths of the picture's longest side; left out where it isn't known. */
  readonly spread?: number;
  /** Whether two of those of the query are different patches: `areVaried`. Left out where it isn't known. */
  readonly varied?: boolean;
  /** Hashes of the query that agree with the bank's and have no vote, since many pictures hold them; 0 if left out. */
  readonly silenced?: number;
  /** Of the two hashes that agree best; null where none do. Left out where it isn't known. */
  readonly nearestBits?: number | null;
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
/**
 * How far they lie apart at least, in 64ths of the longest side: the directions of one key point, or what lies about it,
 * are one witness. More would cost small pictures in a large one. Source: docs/recognition.md.
 */
export const MIN_SPREAD = 2;

/**
 * Where there are no more votes than a match takes, one of them lies within so many bits: those that come by chance crowd
 * at the edge of the radius. Source: docs/recognition.md.
 */
const CLOSE_BITS = 26;

/**
 * A patch within so many bits of another is the same shape come again, as windows, bricks, drops and points of light do:
 * many pictures have such, so together they are one witness. Patches that have nothing in common lie at about 128.
 */
const SAME_SHAPE_BITS = 64;

/**
 * About the hash of the mirrored patch, whose coefficients of odd frequency across change their sign: 16 bits a
 * frequency, the highest first. A bank holds each patch and its twin, and one shape must not agree with both.
 */
const mirrored = (hash: string): string =>
  hash.replaceAll(
    /(.{4})(.{4})/g,
    (_both, even: string, odd: string) => even + (Number.parseInt(odd, 16) ^ 0xffff).toString(16).padStart(4, "0"),
  );

/** Whether these hashes (64 lower-case hex digits each) are of more than one shape, mirrored or not. */
export function areVaried(hashes: readonly string[]): boolean {
  const [first] = hashes;
  if (first === undefined) return false;
  const twin = mirrored(first);
  return hashes.some(
    (other) => hexDistanceBits(first, other) > SAME_SHAPE_BITS && hexDistanceBits(twin, other) > SAME_SHAPE_BITS,
  );
}

/**
 * Votes there have to be for each that is silenced: two pictures on one template, or of one app, agree in much that is
 * known to be furniture, and in a little of the same that is not yet known. No more than the most are asked for, so that
 * a picture amid much furniture is found. Source: docs/recognition.md.
 */
const VOTES_PER_SILENCED = 0.25;
const MOST_FOR_SILENCED = 12;

/** Of one vote alone, of two that both hardly agree, or of several in one spot or of one shape: a near miss. */
const NEAR_MISS = 0.25;

/**
 * Two votes of different shape that lie apart are a match, if one of them is close; every further one halves what is
 * missing to certainty.
 */
export function judgeVotes(count: VoteCount): LocalVerdict {
  const { queryPatches, knownPatches, spread = Infinity, varied = true, silenced = 0, nearestBits } = count;
  const votes = Math.min(queryPatches, knownPatches);
  if (votes === 0) return { match: false, score: 0, votes };
  const least = Math.max(MIN_VOTES, Math.min(MOST_FOR_SILENCED, VOTES_PER_SILENCED * silenced));
  const isClose = votes > MIN_VOTES || (nearestBits ?? 0) <= CLOSE_BITS;
  const match = votes >= least && spread >= MIN_SPREAD && varied && isClose;
  return { match, score: match ? 1 - 2 ** -(votes - 1) : NEAR_MISS, votes };
}

export interface Agreement extends VoteCount {
  readonly nearestBits: number | null;
}

/** A list's words, made once for as long as the list lives: lists are compared with many others. */
const words = new WeakMap<readonly string[], HashWords>();
function keptWords(hashes: readonly string[]): HashWords {
  const kept = words.get(hashes) ?? wordsOf(hashes);
  words.set(hashes, kept);
  return kept;
}

/**
 * Compares every hash of a query with every hash of a bank's picture: for two pictures, not for a bank. `places` are the
 * query's, in its order.
 */
export function countVotes(bank: readonly string[], query: readonly string[], places: readonly number[]): Agreement {
  const [known, asked] = [keptWords(bank), keptWords(query)];
  const tally = emptyTally();
  for (let q = 0; q < asked.count; q++) {
    for (let k = 0; k < known.count; k++) {
      const bits = distanceWithin(asked, q, known, k, LOCAL_RADIUS_BITS);
      if (bits <= LOCAL_RADIUS_BITS) addVote(tally, q, k, bits);
    }
  }
  return agreementOf(tally, query, places);
}

/** Counts a query's votes for each of many pictures; those without a vote are not in the answer. */
export type VoteCounter = (query: readonly string[], places: readonly number[]) => ReadonlyMap<number, Agreement>;

/** As `countVotes` with each of the banks' pictures, told by their number, without comparing all with all. */
export function voteCounter(banks: readonly (readonly string[])[]): VoteCounter {
  const all = nearHashes(wordsOf(banks.flat()));
  const owners = banks.flatMap((bank, number) => bank.map(() => number));
  return (query, places) => {
    const tallies = new Map<number, Tally>();
    const asked = keptWords(query);
    for (let q = 0; q < asked.count; q++) {
      all.find(asked, q, (k, bits) => {
        const owner = owners[k]!;
        const tally = tallies.get(owner) ?? emptyTally();
        tallies.set(owner, tally);
        addVote(tally, q, k, bits);
      });
    }
    return new Map([...tallies].map(([owner, tally]) => [owner, agreementOf(tally, query, places)]));
  };
}

/** Numbers of the hashes that agree, and how well the best two do. */
interface Tally {
  readonly known: Set<number>;
  readonly asked: Set<number>;
  nearestBits: number | null;
}

const emptyTally = (): Tally => ({ known: new Set(), asked: new Set(), nearestBits: null });

function addVote(tally: Tally, q: number, k: number, bits: number): void {
  tally.asked.add(q);
  tally.known.add(k);
  tally.nearestBits = Math.min(tally.nearestBits ?? bits, bits);
}

function agreementOf(
  { known, asked, nearestBits }: Tally,
  query: readonly string[],
  places: readonly number[],
): Agreement {
  return {
    queryPatches: asked.size,
    knownPatches: known.size,
    spread: spreadOf([...asked].map((q) => places[q]!)),
    varied: areVaried([...asked].map((q) => query[q]!)),
    nearestBits,
  };
}
