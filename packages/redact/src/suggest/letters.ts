/**
 * Whether what a detector took for a line of writing looks like one. The detector alone marks something in more than half
 * of photographs without writing (petals, fur, clouds, windows): mostly large things, found in one size of the picture
 * and not in another. How the numbers here were chosen is in docs/redaction.md.
 */
import type { Point } from "../types.ts";
import type { Line } from "./writing.ts";

export interface Greys {
  readonly width: number;
  readonly height: number;
  /** Row by row, 0 to 255. */
  readonly values: Uint8Array;
}

/** How thick a line may be, as a share of the picture's longer side. */
const MAX_THICKNESS = 0.09;
/** How much longer than thick it is at least. */
const MIN_SLENDERNESS = 1.6;
/** Between ink and ground, of 255. */
const MIN_CONTRAST = 30;
/** How much of the spread of brightness two values explain: ink and ground. */
const MIN_TWO_TONES = 0.66;
/** How often ink and ground change along a line, on a way as long as the line is thick. */
const MIN_CHANGES = 1.4;
/** How much of a line is found again in another size of the picture. */
const MIN_AGREEMENT = 0.3;

/** Samples across a line, and along it at most. */
const ROWS = 24;
const MAX_COLUMNS = 400;

interface Quad {
  readonly a: Point;
  readonly b: Point;
  readonly d: Point;
  readonly length: number;
  readonly thickness: number;
}

/** The rectangle with its longer side first. */
function lengthwise({ points }: Line): Quad | undefined {
  const [a, b, c, d] = points;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  const [along, across] = [Math.hypot(b.x - a.x, b.y - a.y), Math.hypot(d.x - a.x, d.y - a.y)];
  return along >= across
    ? { a, b, d, length: along, thickness: across }
    : { a: b, b: c, d: a, length: across, thickness: along };
}

const placeIn = ({ a, b, d }: Quad, u: number, v: number): Point => ({
  x: a.x + (b.x - a.x) * u + (d.x - a.x) * v,
  y: a.y + (b.y - a.y) * u + (d.y - a.y) * v,
});

const isIn = ({ a, b, d, length, thickness }: Quad, { x, y }: Point): boolean => {
  const u = ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / length ** 2;
  const v = ((x - a.x) * (d.x - a.x) + (y - a.y) * (d.y - a.y)) / thickness ** 2;
  return u >= 0 && u <= 1 && v >= 0 && v <= 1;
};

/** The share of one that lies in the other, by 20 x 6 points. */
function shareIn(one: Quad, other: Quad): number {
  let inside = 0;
  for (let at = 0; at < 120; at++) {
    if (isIn(other, placeIn(one, ((at % 20) + 0.5) / 20, (Math.floor(at / 20) + 0.5) / 6))) inside++;
  }
  return inside / 120;
}

/** The brightness up to which a value is the darker of two tones, by Otsu's method, and how well two tones fit. */
function twoTones(values: Uint8Array): {
  readonly upTo: number;
  readonly contrast: number;
  readonly explained: number;
} {
  const counts = new Uint32Array(256);
  let [sum, squares] = [0, 0];
  for (const value of values) {
    counts[value] = (counts[value] ?? 0) + 1;
    sum += value;
    squares += value * value;
  }
  const spread = squares - (sum * sum) / values.length;
  let best = { upTo: 0, contrast: 0, explained: 0 };
  let [darkCount, darkSum] = [0, 0];
  for (const [value, count] of counts.entries()) {
    darkCount += count;
    darkSum += value * count;
    const lightCount = values.length - darkCount;
    if (darkCount === 0 || lightCount === 0) continue;
    const contrast = (sum - darkSum) / lightCount - darkSum / darkCount;
    const explained = (darkCount * lightCount * contrast * contrast) / values.length / spread;
    if (explained > best.explained) best = { upTo: value, contrast, explained };
  }
  return best;
}

function looksLikeWriting(quad: Quad, greys: Greys): boolean {
  if (quad.thickness > MAX_THICKNESS * Math.max(greys.width, greys.height)) return false;
  if (quad.length < MIN_SLENDERNESS * quad.thickness) return false;
  const columns = Math.max(8, Math.min(MAX_COLUMNS, Math.round((quad.length / quad.thickness) * ROWS)));
  const values = new Uint8Array(columns * ROWS);
  for (let at = 0; at < values.length; at++) {
    const { x, y } = placeIn(quad, ((at % columns) + 0.5) / columns, (Math.floor(at / columns) + 0.5) / ROWS);
    const [column, row] = [
      Math.min(greys.width - 1, Math.max(0, Math.round(x))),
      Math.min(greys.height - 1, Math.max(0, Math.round(y))),
    ];
    values[at] = greys.values[row * greys.width + column] ?? 0;
  }
  const { upTo, contrast, explained } = twoTones(values);
  if (contrast < MIN_CONTRAST || explained < MIN_TWO_TONES) return false;
  // The middle rows, where letters of every script have strokes.
  const [first, last] = [Math.round(ROWS * 0.3), Math.round(ROWS * 0.7)];
  let changes = 0;
  for (let row = first; row < last; row++) {
    for (let column = 1; column < columns; column++) {
      const at = row * columns + column;
      if ((values[at] ?? 0) <= upTo !== (values[at - 1] ?? 0) <= upTo) changes++;
    }
  }
  return changes / (last - first) / (quad.length / quad.thickness) >= MIN_CHANGES;
}

/**
 * The lines that look like writing and that were found in the other size of the picture as well. Places of both are those
 * of `greys`.
 */
export function likelyLines(lines: readonly Line[], others: readonly Line[], greys: Greys): readonly Line[] {
  const known = others.flatMap((line) => lengthwise(line) ?? []);
  return lines.filter((line) => {
    const quad = lengthwise(line);
    if (quad === undefined || !looksLikeWriting(quad, greys)) return false;
    return known.some((other) => Math.min(shareIn(quad, other), shareIn(other, quad)) >= MIN_AGREEMENT);
  });
}
