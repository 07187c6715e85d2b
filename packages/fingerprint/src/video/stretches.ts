/** A video's frames as stretches in which the picture stays: what makes a still part count once. */
import { hexDistanceBits } from "../core/distance.ts";

/** A frame as it is compared: what a known video or an upload must have of it. */
export interface ComparableFrame {
  readonly timestampSec: number;
  readonly pdq: string;
  readonly quality: number;
  readonly mirrored?: string;
  readonly windows?: readonly { readonly pdq: string; readonly quality: number }[];
}

export interface Stretch {
  readonly fromSec: number;
  readonly toSec: number;
  readonly frame: ComparableFrame;
}

/** Frames nearer than this to a stretch's first belong to it: half of the match radius would already hide changes. */
const SAME_BITS = 8;
/** A frame stands for the time until the next, but no longer than one hash a second makes it. */
const MAX_STEP_SEC = 1.1;
/** The last frame's time. */
const LAST_STEP_SEC = 0.25;

/** Stretches of frames of this quality and more, ascending in time. `frames` may be in any order. */
export function stretchesOf(frames: readonly ComparableFrame[], leastQuality: number): Stretch[] {
  const ordered = frames.toSorted((a, b) => a.timestampSec - b.timestampSec);
  const stretches: Stretch[] = [];
  for (const [i, frame] of ordered.entries()) {
    if (frame.quality < leastQuality) continue;
    const next = ordered[i + 1];
    const step = next === undefined ? LAST_STEP_SEC : Math.min(MAX_STEP_SEC, next.timestampSec - frame.timestampSec);
    const toSec = frame.timestampSec + step;
    const last = stretches.at(-1);
    const goesOn = last !== undefined && frame.timestampSec - last.toSec < MAX_STEP_SEC;
    if (goesOn && hexDistanceBits(last.frame.pdq, frame.pdq) <= SAME_BITS) {
      stretches[stretches.length - 1] = { ...last, toSec };
    } else {
      stretches.push({ fromSec: frame.timestampSec, toSec, frame });
    }
  }
  return stretches;
}

export type Span = readonly [fromSec: number, toSec: number];

/** Spans joined where less than `gapSec` lies between them, ascending. */
export function joinSpans(spans: readonly Span[], gapSec: number): Span[] {
  const joined: [number, number][] = [];
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && from - last[1] <= gapSec) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

export const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, [from, to]) => sum + to - from, 0);
