/** Whether two videos, or a picture and a video, show the same: by their frames, and by the patches of key frames. */
import { hexDistanceBits } from "../core/distance.ts";
import { judgeVotes, type VoteCounter, voteCounter } from "../local/votes.ts";
import { bankSet, MIN_QUALITY, querySet } from "../signals.ts";
import type { Fingerprint, LocalHashes } from "../types.ts";
import { compareVideos } from "./compare-videos.ts";
import type { Span } from "./stretches.ts";
import type { LocalFrame, VideoFingerprint } from "./types.ts";

export interface VideoFingerprintComparison {
  readonly match: boolean;
  /** The way that found it; without a match, the one that came nearest. */
  readonly by: "sha256" | "vpdq" | "pdq-local";
  /** 0 to 1; a match by patches or of a picture from 0.5 on. */
  readonly score: number;
  /** Of the two key frames that agree best. */
  readonly votes: number;
  /** Where the same is seen, ascending, on each side's own clock. */
  readonly seconds: { readonly known: readonly Span[]; readonly suspect: readonly Span[] };
}

/** Two frames this near show the same. Source: vPDQ and the PDQ reference. */
const RADIUS_BITS = 31;

const at = (timestampSec: number): Span => [timestampSec, timestampSec];

interface BestFrames {
  readonly votes: number;
  readonly score: number;
  readonly match: boolean;
  readonly known: readonly Span[];
  readonly suspect: readonly Span[];
}

/**
 * Two videos have up to a thousand pairs of key frames, and one of about 100,000 unrelated ones reached two votes: so one
 * pair needs three, or two frames of the upload need two each.
 */
const LONE_PAIR_VOTES = 3;
/** More pairs than a still and a video have. */
const MANY_PAIRS = 64;

/** Made once for as long as a video's fingerprint lives: it is compared with many others. */
const counters = new WeakMap<readonly LocalFrame<LocalHashes>[], VoteCounter>();
function counterOf(known: readonly LocalFrame<LocalHashes>[]): VoteCounter {
  const counter = counters.get(known) ?? voteCounter(known.map(({ local }) => local.bank));
  counters.set(known, counter);
  return counter;
}

/** Votes of each key frame with each: every pair that matches is reported. */
function byPatches(
  known: readonly LocalFrame<LocalHashes>[] = [],
  suspect: readonly LocalFrame<LocalHashes>[] = [],
): BestFrames {
  let best = judgeVotes({ queryPatches: 0, knownPatches: 0 });
  const knownAt = new Set<number>();
  const suspectAt = new Set<number>();
  if (known.length === 0) return { ...best, known: [], suspect: [] };
  const count = counterOf(known);
  for (const { timestampSec, local } of suspect) {
    for (const [ours, agreement] of count(local.query, local.places)) {
      const found = judgeVotes(agreement);
      if (found.score > best.score || (found.score === best.score && found.votes > best.votes)) best = found;
      if (!found.match) continue;
      const frame = known[ours];
      if (frame !== undefined) knownAt.add(frame.timestampSec);
      suspectAt.add(timestampSec);
    }
  }
  const spans = (times: ReadonlySet<number>): Span[] => [...times].toSorted((a, b) => a - b).map(at);
  const enough =
    known.length * suspect.length <= MANY_PAIRS ||
    best.votes >= LONE_PAIR_VOTES ||
    Math.max(knownAt.size, suspectAt.size) > 1;
  return { ...best, match: best.match && enough, known: spans(knownAt), suspect: spans(suspectAt) };
}

/** `known` was made for a bank, `suspect` for a query. Either may be a part of the other. */
export function compareVideoFingerprints(
  known: VideoFingerprint,
  suspect: VideoFingerprint,
): VideoFingerprintComparison {
  const frames = compareVideos(known.frames, suspect.frames);
  // What the frames settle, the patches, a few milliseconds a pair, are not asked about.
  const patches = frames.match ? byPatches([], []) : byPatches(known.localFrames, suspect.localFrames);
  const { votes } = patches;
  if (known.sha256 === suspect.sha256) {
    return { match: true, by: "sha256", score: 1, votes, seconds: frames.seconds };
  }
  if (frames.match || !patches.match) {
    return { match: frames.match, by: "vpdq", score: frames.score, votes, seconds: frames.seconds };
  }
  const { known: knownSpans, suspect: suspectSpans, score } = patches;
  return { match: true, by: "pdq-local", score, votes, seconds: { known: knownSpans, suspect: suspectSpans } };
}

/**
 * A still of a known video, or an upload in which a known picture is shown: `picture` and `video` are made the one for a
 * bank and the other for a query, as `known` says. The seconds are the video's, the other side's list is empty.
 */
export function comparePictureWithVideo(
  picture: Fingerprint,
  video: VideoFingerprint,
  known: "picture" | "video",
): VideoFingerprintComparison {
  const hashes = (known === "picture" ? bankSet(picture) : querySet(picture)).map(({ value }) => value);
  const times: number[] = [];
  let nearest = 256;
  for (const { timestampSec, pdq, quality, mirrored, windows = [] } of video.frames) {
    const ours = [
      ...(quality >= MIN_QUALITY ? [pdq, ...(known === "video" ? [mirrored] : [])] : []),
      ...windows.filter((window) => window.quality >= MIN_QUALITY).map((window) => window.pdq),
    ];
    const bits = Math.min(256, ...ours.flatMap((one) => hashes.map((other) => hexDistanceBits(one, other))));
    nearest = Math.min(nearest, bits);
    if (bits <= RADIUS_BITS) times.push(timestampSec);
  }
  const still = picture.local === undefined ? [] : [{ timestampSec: 0, local: picture.local }];
  const patches = known === "picture" ? byPatches(still, video.localFrames) : byPatches(video.localFrames, still);
  const side = (spans: readonly Span[]) =>
    known === "picture" ? { known: [], suspect: spans } : { known: spans, suspect: [] };
  if (times.length > 0 || !patches.match) {
    const score = Math.max(0, 1 - nearest / (2 * (RADIUS_BITS + 1)));
    return { match: times.length > 0, by: "vpdq", score, votes: patches.votes, seconds: side(times.map(at)) };
  }
  const spans = known === "picture" ? patches.suspect : patches.known;
  return { match: true, by: "pdq-local", score: patches.score, votes: patches.votes, seconds: side(spans) };
}
