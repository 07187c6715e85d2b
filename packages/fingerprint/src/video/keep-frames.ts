/** Which of the frames looked at are kept: one a second as vPDQ does, and more where the picture moves. */
import { hexDistanceBits } from "../core/distance.ts";
import { hashFrame } from "../core/hash-pixels.ts";
import type { FrameExtras, FramePicture, LocalFrame, VideoFrameHash } from "./types.ts";

/**
 * Between whole seconds a frame is kept when it is farther than this from the one kept before. Measured in
 * docs/adr/0006-video.md: a copy's frame lies this far at most from a kept one, before what the copying itself changes.
 */
export const MOVED_BITS = 10;
/** What a video that has too many frames is first thinned to: one in each such stretch of time. */
const FIRST_STRETCH_SEC = 0.125;
/** Frames that get the caller's local hashes, at most. */
export const LOCAL_FRAMES = 32;
/** A frame is distinct when it is farther than the match radius from every other. */
const DISTINCT_BITS = 31;
/** Below, a frame has too little detail for local hashes; the PDQ reference discards such hashes too. */
const MIN_QUALITY = 50;

export interface FrameKeeper<Local> {
  /** Offers a frame, ascending in time. `picture` is only read, and not kept. */
  offer(picture: FramePicture, timestampSec: number, frame: number): void;
  readonly kept: readonly VideoFrameHash[];
  readonly localFrames: readonly LocalFrame<Local>[];
  /** Timestamp of the last frame offered; -1 before the first. */
  readonly lastSec: number;
  readonly offered: number;
}

/** `maxKept` frames are kept at most: memory is bounded whatever the video's length. */
export function createVideoFrameKeeper<Local>(extras: FrameExtras<Local>, maxKept: number): FrameKeeper<Local> {
  let kept: VideoFrameHash[] = [];
  /** Of frames with quality, farther than DISTINCT_BITS from each other. */
  const distinct: string[] = [];
  const localFrames: LocalFrame<Local>[] = [];
  /** At most one frame is kept in each such stretch of time; doubled whenever there are too many. */
  let stretchSec = 0;
  let lastSec = -1;
  let offered = 0;

  const stretchOf = (timestampSec: number): number => Math.floor(timestampSec / stretchSec);
  const wanted = (pdq: string, timestampSec: number): boolean => {
    const before = kept.at(-1);
    if (before === undefined) return true;
    if (stretchSec > 0 && stretchOf(timestampSec) === stretchOf(before.timestampSec)) return false;
    if (Math.floor(timestampSec) !== Math.floor(before.timestampSec)) return true;
    return hexDistanceBits(pdq, before.pdq) > MOVED_BITS;
  };
  const thin = (): void => {
    stretchSec = stretchSec === 0 ? FIRST_STRETCH_SEC : stretchSec * 2;
    let before = -1;
    kept = kept.filter(({ timestampSec }) => {
      if (stretchOf(timestampSec) === before) return false;
      before = stretchOf(timestampSec);
      return true;
    });
  };

  return {
    offer(picture, timestampSec, frame) {
      lastSec = Math.max(lastSec, timestampSec);
      offered++;
      const { pdq, quality, mirrored } = hashFrame(picture.rgb, picture.width, picture.height);
      if (!wanted(pdq, timestampSec)) return;
      const windows = extras.queryWindows?.(picture).map((window) => ({ pdq: window.pdq, quality: window.quality }));
      kept.push({
        frame,
        timestampSec,
        pdq,
        quality,
        mirrored,
        ...(windows === undefined ? {} : { windows }),
      });
      while (kept.length > maxKept) thin();
      if (extras.localHashes === undefined || quality < MIN_QUALITY || distinct.length >= LOCAL_FRAMES) return;
      if (distinct.some((other) => hexDistanceBits(other, pdq) <= DISTINCT_BITS)) return;
      distinct.push(pdq);
      localFrames.push({ timestampSec, local: extras.localHashes(picture) });
    },
    get kept() {
      return kept;
    },
    localFrames,
    get lastSec() {
      return lastSec;
    },
    get offered() {
      return offered;
    },
  };
}
