/**
 * Whether an upload and a known video show the same. Either may be a part of the other: vPDQ's rule (so and so many
 * percent of the query) misses a known clip inside a long upload, so shares of the whole decide nothing here.
 *
 * A match needs pictures that agree AND pictures that differ: one picture shared by many videos (a title card, a
 * studio's logo) must not tie two videos together. So two pictures that are farther than the match radius from each
 * other must be found, at times that fit one playing speed; or one picture must fill half of the shorter side, which
 * is then that picture and little else (a still, a video of one frame, a static shot).
 *
 * Where neither is so, a row of pictures is looked for that are fainter or less alike than one picture may be: clouds,
 * dusk, blocks of a low bitrate. No single one says anything; so many different ones in agreeing order do.
 */
import { distanceWithin, type HashWords, wordsOf } from "../core/hash-words.ts";
import { agreeingPairs, type Pair } from "./agree.ts";
import { type ComparableFrame, type Span, type Stretch, joinSpans, lengthOf, stretchesOf } from "./stretches.ts";
import { MIN_QUALITY } from "../signals.ts";

export interface CompareOptions {
  /** Largest distance of two frames that match, in bits. Source: vPDQ and the PDQ reference. */
  readonly maxDistanceBits?: number;
}

export interface VideoComparison {
  readonly match: boolean;
  /**
   * "moving": different pictures in agreeing order; "still": one picture that fills half of the shorter side; null
   * without a match. A still deserves a second look: it may be a picture that many videos share.
   */
  readonly kind: "moving" | "still" | null;
  /** 0 to 1: how much of the shorter side is covered, in how many different pictures, and how well times agree. */
  readonly score: number;
  /** True if the upload shows the known video with left and right swapped. */
  readonly mirrored: boolean;
  /** Where the same is seen, ascending, on each side's own clock. Empty without a match. */
  readonly seconds: { readonly known: readonly Span[]; readonly suspect: readonly Span[] };
  /** Different pictures found on both sides. */
  readonly distinct: number;
}

const DEFAULT_DISTANCE_BITS = 31;
/**
 * A row: so many bits more a picture, this quality, and so many pictures that are farther than that from each other.
 * Measured in docs/recognition.md: with 46 bits and quality 10 not one picture of different videos agreed in its time.
 */
const ROW_MORE_BITS = 9;
const ROW_QUALITY = 20;
const ROW_PICTURES = 4;
/** Nearest known stretches that a stretch of the upload is paired with: bounds the work for repetitive videos. */
const PAIRS_PER_STRETCH = 8;
/** Gaps that are joined in the seconds reported: a hash a second, and one that failed. */
const JOIN_SEC = 2.2;
/** Share of the shorter side that a single picture must fill. */
const STILL_SHARE = 0.5;
/** Different pictures from which on their number raises the score no more. */
const FULL_DISTINCT = 6;

/**
 * Compares what is known with an upload. Frames may be those of `VideoFingerprint` or of any vPDQ list, in any order;
 * those under quality 50 count in a row only. Of the known side `pdq` and `mirrored` count, of the upload `pdq` and
 * `windows`. Throws RangeError for a hash that isn't 64 hex digits.
 */
export function compareVideos(
  known: readonly ComparableFrame[],
  suspect: readonly ComparableFrame[],
  { maxDistanceBits = DEFAULT_DISTANCE_BITS }: CompareOptions = {},
): VideoComparison {
  const clear = compareWithin(known, suspect, maxDistanceBits, MIN_QUALITY);
  if (clear.match) return clear;
  const row = compareWithin(known, suspect, maxDistanceBits + ROW_MORE_BITS, ROW_QUALITY);
  return row.kind === "moving" && row.distinct >= ROW_PICTURES ? row : clear;
}

function compareWithin(
  known: readonly ComparableFrame[],
  suspect: readonly ComparableFrame[],
  limit: number,
  leastQuality: number,
): VideoComparison {
  const [ours, theirs] = [stretchesOf(known, leastQuality), stretchesOf(suspect, leastQuality)];
  const pairs = pairsOf(ours, theirs, limit, leastQuality);
  const judgeSide = (mirrored: boolean): VideoComparison => {
    const some = pairs.filter((pair) => pair.mirrored === mirrored);
    return judge(some, ours, theirs, limit, mirrored);
  };
  const [plain, mirrored] = [judgeSide(false), judgeSide(true)];
  return mirrored.score > plain.score ? mirrored : plain;
}

/** All pairs of stretches within the distance, as they are and mirrored; of each of the upload's only the nearest. */
function pairsOf(known: readonly Stretch[], suspect: readonly Stretch[], limit: number, leastQuality: number): Pair[] {
  const plain = wordsOf(known.map(({ frame }) => frame.pdq));
  const swapped = known.filter(({ frame }) => frame.mirrored !== undefined);
  const mirrored = wordsOf(swapped.map(({ frame }) => frame.mirrored ?? frame.pdq));
  return suspect.flatMap((stretch) => {
    const windows = (stretch.frame.windows ?? []).filter(({ quality }) => quality >= leastQuality);
    const asked = wordsOf([stretch.frame.pdq, ...windows.map(({ pdq }) => pdq)]);
    return [
      ...nearest(known, plain, stretch, asked, limit, false),
      ...nearest(swapped, mirrored, stretch, asked, limit, true),
    ];
  });
}

/** `hashes` are those of `known`, in its order. */
function nearest(
  known: readonly Stretch[],
  hashes: HashWords,
  suspect: Stretch,
  asked: HashWords,
  limit: number,
  mirrored: boolean,
): Pair[] {
  /** Nearest first; of equal ones the earlier. A picture that stands for an hour is near to thousands. */
  const found: { readonly stretch: Stretch; readonly bits: number }[] = [];
  for (const [i, stretch] of known.entries()) {
    let bits = (found.length < PAIRS_PER_STRETCH ? limit + 1 : found.at(-1)?.bits) ?? limit + 1;
    const least = bits;
    for (let j = 0; j < asked.count; j++) bits = Math.min(bits, distanceWithin(hashes, i, asked, j, bits - 1));
    if (bits >= least) continue;
    found.splice(found.findLastIndex((other) => other.bits <= bits) + 1, 0, { stretch, bits });
    found.length = Math.min(found.length, PAIRS_PER_STRETCH);
  }
  return found.map(({ stretch, bits }) => ({
    known: stretch,
    suspect,
    knownSec: (stretch.fromSec + stretch.toSec) / 2,
    suspectSec: (suspect.fromSec + suspect.toSec) / 2,
    looseSec: (suspect.toSec - suspect.fromSec + stretch.toSec - stretch.fromSec) / 2,
    bits,
    mirrored,
  }));
}

const NO_MATCH: VideoComparison = {
  match: false,
  kind: null,
  score: 0,
  mirrored: false,
  seconds: { known: [], suspect: [] },
  distinct: 0,
};

function judge(
  pairs: readonly Pair[],
  known: readonly Stretch[],
  suspect: readonly Stretch[],
  limit: number,
  mirrored: boolean,
): VideoComparison {
  if (pairs.length === 0) return NO_MATCH;
  const agreeing = agreeingPairs(pairs);
  const distinct = distinctOf(agreeing, limit);
  const moving = distinct >= 2;
  // Times of a single picture say nothing: all its pairs count.
  const used = moving ? agreeing : pairs;
  const seconds = {
    known: joinSpans(
      used.map((pair) => spanOf(pair.known)),
      JOIN_SEC,
    ),
    suspect: joinSpans(
      used.map((pair) => spanOf(pair.suspect)),
      JOIN_SEC,
    ),
  };
  const share = Math.max(
    coveredShare(
      used.map((pair) => pair.known),
      known,
    ),
    coveredShare(
      used.map((pair) => pair.suspect),
      suspect,
    ),
  );
  if (!moving && share < STILL_SHARE) return NO_MATCH;
  const nearness = 1 - used.reduce((sum, pair) => sum + pair.bits, 0) / used.length / (limit + 1);
  const score = moving
    ? 0.4 + 0.3 * Math.min(1, (distinct - 1) / (FULL_DISTINCT - 1)) + 0.2 * share + 0.1 * nearness
    : 0.3 * share + 0.1 * nearness;
  return { match: true, kind: moving ? "moving" : "still", score: Math.min(1, score), mirrored, seconds, distinct };
}

const spanOf = ({ fromSec, toSec }: Stretch): Span => [fromSec, toSec];

/** The share of a side's time with enough detail that the stretches found fill. */
function coveredShare(found: readonly Stretch[], all: readonly Stretch[]): number {
  const whole = lengthOf(all.map(spanOf));
  return whole === 0 ? 1 : lengthOf([...new Set(found)].map(spanOf)) / whole;
}

/** How many pictures, each farther than `limit` from the others, the pairs show of the known video. */
function distinctOf(pairs: readonly Pair[], limit: number): number {
  const chosen: string[] = [];
  for (const { frame } of new Set(pairs.map((pair) => pair.known))) {
    const { pdq } = frame;
    const words = wordsOf([pdq, ...chosen]);
    if (chosen.every((_, i) => distanceWithin(words, 0, words, i + 1, limit) > limit)) chosen.push(pdq);
    // More than raise the score are not needed, and counting all is quadratic.
    if (chosen.length >= FULL_DISTINCT) break;
  }
  return chosen.length;
}
