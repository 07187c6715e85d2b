/** From a video's fingerprint to the signals a bank holds and a query asks for. */
import { type FingerprintSignal, localSignals, MIN_QUALITY } from "../signals.ts";
import type { VideoFingerprint } from "./types.ts";

/** The same shape as the wire's signal: a frame's PDQ and when it is shown. */
export interface FrameSignal {
  readonly type: "vpdq";
  /** 64 lower-case hex digits. */
  readonly value: string;
  readonly quality: number;
  readonly timestampMs: number;
  readonly kind: "original" | "flipY" | "trimmed";
}
export type VideoSignal = FrameSignal | Extract<FingerprintSignal, { type: "pdq-local" | "md5" | "sha256" }>;

/** A bank holds at most so many frames, each as it is and mirrored, and so many local hashes, of one video. */
const BANK_FRAMES = 4000;
const BANK_LOCAL = 4096;
/** A check asks with at most so many frames and local hashes. */
const QUERY_FRAMES = 2000;
const QUERY_LOCAL = 512;

/** What a bank holds of a video: every kept frame as it is and mirrored, local hashes if they were made, MD5, SHA-256. */
export function videoSignals(fingerprint: VideoFingerprint): VideoSignal[] {
  const frames = spread(fingerprint.frames.filter(isClear), BANK_FRAMES).flatMap((frame) => [
    frameSignal(frame.pdq, frame.quality, frame.timestampSec, "original"),
    frameSignal(frame.mirrored, frame.quality, frame.timestampSec, "flipY"),
  ]);
  const local = (fingerprint.localFrames ?? []).map((frame) => ({ values: frame.local.bank }));
  return [...frames, ...strongestInTurn(local, BANK_LOCAL), ...exactSignals(fingerprint)];
}

/** What is asked of a bank for a video: its frames as they are and without borders, local hashes if they were made. */
export function videoQuerySignals(fingerprint: VideoFingerprint): VideoSignal[] {
  const frames = fingerprint.frames.flatMap((frame) => [
    ...(isClear(frame) ? [frameSignal(frame.pdq, frame.quality, frame.timestampSec, "original")] : []),
    ...(frame.windows ?? [])
      .filter(isClear)
      .map(({ pdq, quality }) => frameSignal(pdq, quality, frame.timestampSec, "trimmed")),
  ]);
  const local = (fingerprint.localFrames ?? []).map(({ local: { query, places } }) => ({ values: query, places }));
  return [...spread(frames, QUERY_FRAMES), ...strongestInTurn(local, QUERY_LOCAL), ...exactSignals(fingerprint)];
}

const isClear = ({ quality }: { readonly quality: number }): boolean => quality >= MIN_QUALITY;

const frameSignal = (value: string, quality: number, timestampSec: number, kind: FrameSignal["kind"]): FrameSignal => ({
  type: "vpdq",
  value,
  quality,
  timestampMs: Math.round(timestampSec * 1000),
  kind,
});

const exactSignals = ({ md5, sha256 }: { readonly md5: string; readonly sha256: string }): VideoSignal[] => [
  { type: "md5", value: md5 },
  { type: "sha256", value: sha256 },
];

/** At most `count` of them, evenly over the whole. */
function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  const taken = (at: number): number => Math.floor((at * items.length) / count);
  // The first whose turn comes in each share of the whole.
  return items.filter((_, at) => at === taken(Math.ceil((at * count) / items.length)));
}

/** The strongest of every frame in turn, so that each has its share; no value twice. */
function strongestInTurn(frames: readonly FrameHashes[], count: number): VideoSignal[] {
  const places = new Map<string, number | undefined>();
  const longest = Math.max(0, ...frames.map(({ values }) => values.length));
  for (let rank = 0; rank < longest && places.size < count; rank++) {
    for (const frame of frames) {
      const value = frame.values[rank];
      if (value !== undefined && places.size < count && !places.has(value)) places.set(value, frame.places?.[rank]);
    }
  }
  const known = [...places.values()].filter((place) => place !== undefined);
  return localSignals([...places.keys()], known.length === places.size ? known : undefined);
}

interface FrameHashes {
  readonly values: readonly string[];
  readonly places?: readonly number[];
}
