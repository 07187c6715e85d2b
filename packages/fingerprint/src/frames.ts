/** Which frames of an animation are looked at, and which of those are worth keeping. */
import { hexDistanceBits } from "./core/distance.ts";
import type { FrameResult, PdqResult } from "./types.ts";

/** At most this many frames are looked at; of longer animations, that many evenly spread ones. */
export const MAX_FRAMES_READ = 256;
/** At most this many distinct later frames are kept. */
export const MAX_FRAMES_KEPT = 32;
/** A frame is distinct when its hash is farther than this from every kept one: a quarter of the match radius of 31. */
export const FRAME_DISTINCT_BITS = 8;

/** Pixels of an animation's frames that are decoded at once, so that memory holds these and not the animation. */
const BATCH_PIXELS = 16_000_000;

/** How many frames of this many pixels are decoded at once. */
export const framesAtOnce = (pixels: number): number => Math.max(1, Math.floor(BATCH_PIXELS / pixels));

/** Indices of the frames to look at, ascending, from 0; the first and the last are always among them. */
export function framesToRead(frames: number): number[] {
  if (frames <= MAX_FRAMES_READ) return Array.from({ length: frames }, (_, i) => i);
  return Array.from({ length: MAX_FRAMES_READ }, (_, i) => Math.round((i * (frames - 1)) / (MAX_FRAMES_READ - 1)));
}

/** Keeps the distinct frames; `first` is the picture's own hash, which later ones must differ from. */
export function createFrameKeeper(first: PdqResult): {
  /** Offers a later frame; answers false once no more are kept. */
  offer(index: number, result: PdqResult): boolean;
  readonly kept: readonly FrameResult[];
} {
  const kept: FrameResult[] = [];
  return {
    offer(index, result) {
      const near = (other: PdqResult): boolean => hexDistanceBits(other.pdq, result.pdq) <= FRAME_DISTINCT_BITS;
      if (!near(first) && !kept.some(near)) kept.push({ ...result, index });
      return kept.length < MAX_FRAMES_KEPT;
    },
    kept,
  };
}
