/**
 * Where a picture's borders end: bars of one colour around it (letterbox, pillarbox, a uniform frame), and, one step
 * further, the block of picture among an app's or a page's plain surfaces.
 */

import type { RgbRows as RgbPicture } from "../core/shrink.ts";

/** A part of a picture in whole pixels; `right` and `bottom` are just outside. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Levels a channel may be off its border's colour: JPEG of quality 10 stays within it next to a sharp edge. */
const TOLERANCE = 20;
/** Part of a line that has to be of the border's colour. The rest is what compression leaves along an edge. */
const BORDER_PART = 0.96;
/** Part of a line that is not of the surface's colour where a picture lies across it; text covers less. */
const DENSE_PART = 0.5;
/** A dense block has to be this part of the side at least, or it is a heading. */
const BLOCK_PART = 0.25;
/** What is left has to be this part of each side at least, or the whole is kept: a dark picture is not all border. */
const LEAST_PART = 0.2;

/** The picture without its borders; the whole picture if it has none. */
export function trimBorders(picture: RgbPicture, within: Box = wholeOf(picture)): Box {
  let box = within;
  // A second round finds the bars that became even once those across them were gone.
  for (let round = 0; round < 2; round++) box = trimAcross(picture, trimDown(picture, box));
  return isLargeEnough(box, within) ? box : within;
}

/**
 * The longest block of dense lines, down and then across, among lines that are mostly of the edge's colour: a picture in
 * a chat, under a caption, in a page. `trimmed` is what `trimBorders` gives; that itself if there is no such block.
 */
export function findBlock(picture: RgbPicture, trimmed: Box = trimBorders(picture)): Box {
  const down = longestDense(picture, trimmed, "down");
  if (down === null) return trimmed;
  const across = longestDense(picture, down, "across") ?? down;
  const box = trimBorders(picture, across);
  return isLargeEnough(box, wholeOf(picture)) ? box : trimmed;
}

export const wholeOf = ({ width, height }: RgbPicture): Box => ({ left: 0, top: 0, right: width, bottom: height });

const isLargeEnough = (box: Box, within: Box): boolean =>
  box.right - box.left >= Math.max(5, LEAST_PART * (within.right - within.left)) &&
  box.bottom - box.top >= Math.max(5, LEAST_PART * (within.bottom - within.top));

type Colour = readonly [number, number, number];

/** The middle colour of a line: of its lower median in each channel. */
function colourOf(picture: RgbPicture, start: number, step: number, count: number): Colour {
  const median = (channel: number): number => {
    const counts = new Uint32Array(256);
    for (let i = 0, at = start + channel; i < count; i++, at += step) counts[picture.rgb[at]!]!++;
    let sum = 0;
    for (let value = 0; value < 256; value++) {
      sum += counts[value]!;
      if (sum * 2 >= count) return value;
    }
    return 255;
  };
  return [median(0), median(1), median(2)];
}

/** The least count of `count` that is this part of it or more. */
function leastOf(part: number, count: number): number {
  let least = Math.ceil(part * count);
  if ((least - 1) / count >= part) least--;
  return least;
}

/** Whether this many of a line's pixels, at least, are of the colour; it looks no further than that takes. */
function hasColour(
  { rgb }: RgbPicture,
  start: number,
  step: number,
  count: number,
  [r, g, b]: Colour,
  least: number,
): boolean {
  let missing = least;
  let others = count - least;
  // One comparison for both sides of the tolerance: what lies below wraps around to a large number.
  const [lowR, lowG, lowB] = [r - TOLERANCE, g - TOLERANCE, b - TOLERANCE];
  for (let at = start; missing > 0 && others >= 0; at += step) {
    if (
      (rgb[at]! - lowR) >>> 0 <= 2 * TOLERANCE &&
      (rgb[at + 1]! - lowG) >>> 0 <= 2 * TOLERANCE &&
      (rgb[at + 2]! - lowB) >>> 0 <= 2 * TOLERANCE
    )
      missing--;
    else others--;
  }
  return missing <= 0;
}

interface Lines {
  /** Byte at which a line begins, bytes from one of its pixels to the next, and how many there are. */
  readonly startOf: (line: number) => number;
  readonly step: number;
  readonly count: number;
}

const rowsOf = ({ width }: RgbPicture, box: Box): Lines => ({
  startOf: (line) => (line * width + box.left) * 3,
  step: 3,
  count: box.right - box.left,
});
const columnsOf = ({ width }: RgbPicture, box: Box): Lines => ({
  startOf: (line) => (box.top * width + line) * 3,
  step: width * 3,
  count: box.bottom - box.top,
});

/** How many lines from `first` on (in steps of `by`) are of the colour of the first of them. */
function borderLines(picture: RgbPicture, lines: Lines, first: number, by: 1 | -1, most: number): number {
  const { startOf, step, count } = lines;
  const colour = colourOf(picture, startOf(first), step, count);
  const least = leastOf(BORDER_PART, count);
  let found = 0;
  while (found < most && hasColour(picture, startOf(first + by * found), step, count, colour, least)) found++;
  return found;
}

function trimDown(picture: RgbPicture, box: Box): Box {
  const lines = rowsOf(picture, box);
  const most = box.bottom - box.top - 1;
  const top = borderLines(picture, lines, box.top, 1, most);
  const bottom = borderLines(picture, lines, box.bottom - 1, -1, most);
  return top + bottom > most ? box : { ...box, top: box.top + top, bottom: box.bottom - bottom };
}

function trimAcross(picture: RgbPicture, box: Box): Box {
  const lines = columnsOf(picture, box);
  const most = box.right - box.left - 1;
  const left = borderLines(picture, lines, box.left, 1, most);
  const right = borderLines(picture, lines, box.right - 1, -1, most);
  return left + right > most ? box : { ...box, left: box.left + left, right: box.right - right };
}

/** The longest run of dense lines between plain ones; null if there is none, or if it is all of them. */
function longestDense(picture: RgbPicture, box: Box, way: "down" | "across"): Box | null {
  const lines = way === "down" ? rowsOf(picture, box) : columnsOf(picture, box);
  const [from, to] = way === "down" ? [box.top, box.bottom] : [box.left, box.right];
  const surfaces = [from, to - 1].map((line) => colourOf(picture, lines.startOf(line), lines.step, lines.count));
  const plain = leastOf(DENSE_PART, lines.count);
  let best: readonly [number, number] = [from, from];
  let start = from;
  for (let line = from; line <= to; line++) {
    const dense =
      line < to &&
      !surfaces.some((colour) => hasColour(picture, lines.startOf(line), lines.step, lines.count, colour, plain));
    if (dense) continue;
    if (line - start > best[1] - best[0]) best = [start, line];
    start = line + 1;
  }
  const length = best[1] - best[0];
  if (length < BLOCK_PART * (to - from) || length === to - from) return null;
  return way === "down" ? { ...box, top: best[0], bottom: best[1] } : { ...box, left: best[0], right: best[1] };
}
