/**
 * From what a single-shot detector says about its anchors (Liu and others, arXiv 1512.02325) to boxes: the detector of
 * things of MediaPipe, an SSD on MobileNetV2 that looks at 300 x 300 pixels.
 */
import type { Rectangle } from "../types.ts";

/** Pixels of each side of the detector's view. */
export const VIEW_PX = 300;

/** What the detector is given: red, green and blue of each pixel, each from -1 to 1. */
export function inputOf(rgba: Uint8ClampedArray): Float32Array {
  const values = new Float32Array((rgba.length / 4) * 3);
  for (let at = 0; at < values.length; at++) values[at] = (rgba[Math.floor(at / 3) * 4 + (at % 3)] ?? 0) / 127.5 - 1;
  return values;
}

/** One box a detector can move and stretch, as shares of the view; x and y are the middle. */
interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How MediaPipe's graph for this model sets its SsdAnchorsCalculator. */
const STRIDES_PX = [16, 32, 64, 128, 256, 512] as const;
const SCALE = { first: 0.2, last: 0.95 } as const;
const RATIOS = [1, 2, 0.5, 3, 0.3333] as const;
/** On the finest grid there are three, one of them small. */
const SMALL = 0.1;
/** How much finer the answers are than shares of an anchor. */
const STEPS = { place: 10, size: 5 } as const;

const scaleOf = (level: number): number =>
  level === STRIDES_PX.length ? 1 : SCALE.first + ((SCALE.last - SCALE.first) * level) / (STRIDES_PX.length - 1);

/** In the order of the detector's answers: grid by grid, row by row. */
export const ANCHORS: readonly Anchor[] = STRIDES_PX.flatMap((stride, level) => {
  const cells = Math.ceil(VIEW_PX / stride);
  const scale = scaleOf(level);
  const shapes: readonly (readonly [ratio: number, scale: number])[] =
    level === 0
      ? [
          [1, SMALL],
          [2, scale],
          [0.5, scale],
        ]
      : [
          ...RATIOS.map((ratio) => [ratio, scale] as const),
          // Between this grid's and the next one's.
          [1, Math.sqrt(scale * scaleOf(level + 1))],
        ];
  return Array.from({ length: cells * cells }, (_, cell) =>
    shapes.map(([ratio, size]) => ({
      x: ((cell % cells) + 0.5) / cells,
      y: (Math.floor(cell / cells) + 0.5) / cells,
      width: size * Math.sqrt(ratio),
      height: size / Math.sqrt(ratio),
    })),
  ).flat();
});

export interface Answers {
  /** Of each anchor, four: how far down and right its middle moves, how far its height and width stretch. */
  readonly places: Float32Array;
  /** Of each anchor, one for each of the kinds of things, before the logistic function. */
  readonly kinds: Float32Array;
}

export interface Thing extends Rectangle {
  /** Which of the kinds that were asked for. */
  readonly kind: number;
  /** 0 to 1. */
  readonly confidence: number;
}

/**
 * Things of some kinds with at least this confidence, as shares of the view, within it or not. An answer of another
 * length than the anchors', or of numbers that are none, throws a RangeError.
 */
export function thingsOf(
  { places, kinds }: Answers,
  wanted: readonly number[],
  minConfidence: number,
): readonly Thing[] {
  const count = kinds.length / ANCHORS.length;
  if (places.length !== ANCHORS.length * 4 || !Number.isInteger(count) || wanted.some((kind) => kind >= count))
    throw new RangeError("a detector of other anchors");
  const found: Thing[] = [];
  for (const [at, anchor] of ANCHORS.entries()) {
    for (const kind of wanted) {
      const confidence = 1 / (1 + Math.exp(-(kinds[at * count + kind] ?? NaN)));
      if (confidence < minConfidence) continue;
      const [down = NaN, right = NaN, tall = NaN, wide = NaN] = places.subarray(at * 4, at * 4 + 4);
      const [width, height] = [anchor.width * Math.exp(wide / STEPS.size), anchor.height * Math.exp(tall / STEPS.size)];
      const x = anchor.x + (right / STEPS.place) * anchor.width - width / 2;
      const y = anchor.y + (down / STEPS.place) * anchor.height - height / 2;
      if (![confidence, x, y, width, height].every(Number.isFinite))
        throw new RangeError("a detector that says nothing");
      found.push({ x, y, width, height, kind, confidence });
    }
  }
  return found;
}
