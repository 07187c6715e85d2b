/**
 * Follows a rectangle from frame to frame by comparing brightness: the place where a small picture of what was in it
 * differs least (sum of absolute differences, averages taken away) near where it should be. Simple on purpose: it says how
 * sure it is, and stops rather than cover the wrong place.
 */
import type { Rectangle } from "../types.ts";

/** Brightness, one byte a pixel, row by row. Best given small: about 320 pixels on the longer side. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export type Followed =
  | { readonly lost: false; readonly box: Rectangle; readonly confidence: number }
  | { readonly lost: true; readonly confidence: number };

/** Points of the small picture on each side. */
const SIDE = 20;
/** A picture whose brightness differs less than this from its average, on average, looks the same everywhere. */
const MIN_DEVIATION = 3;
/** Below it, the place found is taken for another. 1 is the same picture, 0 one that has nothing in common. */
const MIN_CONFIDENCE = 0.4;
/** How much of each new sight goes into what is looked for: slow turns are followed, brief covers don't take over. */
const LEARNING_SHARE = 0.1;
const SCALES = [1, 0.95, 1.05] as const;

/** Brightness at SIDE x SIDE points of the box, its average taken away. */
function sightOf({ width, height, data }: Luma, box: Rectangle): Float64Array {
  const sight = new Float64Array(SIDE * SIDE);
  let sum = 0;
  for (let row = 0; row < SIDE; row++) {
    const y = Math.min(height - 1, Math.max(0, Math.floor(box.y + ((row + 0.5) / SIDE) * box.height)));
    for (let column = 0; column < SIDE; column++) {
      const x = Math.min(width - 1, Math.max(0, Math.floor(box.x + ((column + 0.5) / SIDE) * box.width)));
      const value = data[y * width + x] ?? 0;
      sight[row * SIDE + column] = value;
      sum += value;
    }
  }
  for (let at = 0; at < sight.length; at++) sight[at] = (sight[at] ?? 0) - sum / sight.length;
  return sight;
}

const deviationOf = (sight: Float64Array): number =>
  sight.reduce((sum, value) => sum + Math.abs(value), 0) / sight.length;

function difference(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += Math.abs((a[at] ?? 0) - (b[at] ?? 0));
  return sum / a.length;
}

/** Starts with what is in the box of this frame; then takes the following frames one by one. */
export function createTracker(first: Luma, start: Rectangle): { next(frame: Luma): Followed } {
  const wanted = sightOf(first, start);
  let box = start;
  let speed = { x: 0, y: 0 };

  const search = (frame: Luma, around: Rectangle, reachPx: number, stepPx: number, scales: readonly number[]) => {
    let best = { box: around, differs: Number.POSITIVE_INFINITY };
    for (const scale of scales) {
      const [width, height] = [around.width * scale, around.height * scale];
      for (let dy = -reachPx; dy <= reachPx; dy += stepPx) {
        for (let dx = -reachPx; dx <= reachPx; dx += stepPx) {
          const x = around.x + dx - (width - around.width) / 2;
          const y = around.y + dy - (height - around.height) / 2;
          const tried = { x, y, width, height };
          const differs = difference(wanted, sightOf(frame, tried));
          if (differs < best.differs) best = { box: tried, differs };
        }
      }
    }
    return best;
  };

  return {
    next(frame) {
      const deviation = deviationOf(wanted);
      if (deviation < MIN_DEVIATION) return { lost: true, confidence: 0 };
      const expected = { ...box, x: box.x + speed.x, y: box.y + speed.y };
      const reach = Math.min(32, Math.max(6, Math.round(Math.max(box.width, box.height) / 2)));
      const near = search(frame, expected, reach, 2, [1]);
      const { box: found, differs } = search(frame, near.box, 2, 1, SCALES);
      const confidence = Math.max(0, 1 - differs / deviation);
      const centre = { x: found.x + found.width / 2, y: found.y + found.height / 2 };
      const isOutside = centre.x < 0 || centre.y < 0 || centre.x > frame.width || centre.y > frame.height;
      if (confidence < MIN_CONFIDENCE || isOutside) return { lost: true, confidence };
      speed = { x: found.x - box.x, y: found.y - box.y };
      box = found;
      for (const [at, value] of sightOf(frame, found).entries()) {
        wanted[at] = (wanted[at] ?? 0) * (1 - LEARNING_SHARE) + value * LEARNING_SHARE;
      }
      return { lost: false, box, confidence };
    },
  };
}
