/** Closed outlines as pixels: everything they enclose (to cover), or only what is surely inside (to keep). */
import type { Point } from "../types.ts";
import { setCapsule } from "./capsule.ts";
import { createMask, type Mask, setSpan } from "./mask.ts";

/** Pixels around an outline's picture through which the flood goes round it. */
const MARGIN = 3;

const edgesOf = (points: readonly Point[]): readonly (readonly [Point, Point])[] =>
  points.map((point, at) => [point, points[(at + 1) % points.length] ?? point]);

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function boxOf(points: readonly Point[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}

/** Cuts a closed outline to one side of a line (Sutherland and Hodgman); what is beyond runs along the line. */
function cut(points: readonly Point[], inside: (point: Point) => number): readonly Point[] {
  const kept: Point[] = [];
  for (const [a, b] of edgesOf(points)) {
    const [from, to] = [inside(a), inside(b)];
    if (from >= 0) kept.push(a);
    if (from >= 0 === to >= 0) continue;
    const share = from / (from - to);
    kept.push({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share });
  }
  return kept;
}

const cutToBox = (points: readonly Point[], { left, top, right, bottom }: Box): readonly Point[] =>
  [
    ({ x }: Point) => x - left,
    ({ x }: Point) => right - x,
    ({ y }: Point) => y - top,
    ({ y }: Point) => bottom - y,
  ].reduce(cut, points);

/**
 * Sets every pixel that the outline, `padding` wide to each side, touches or encloses. A pixel is enclosed if no way
 * leads from it to the outside that does not cross the outline: unlike with winding rules there are no holes where an
 * outline drawn by hand overlaps itself.
 */
export function setEnclosed(mask: Mask, points: readonly Point[], padding: number): void {
  for (const [a, b] of edgesOf(points)) setCapsule(mask, a, b, padding);
  const near = cutToBox(points, {
    left: mask.left - MARGIN,
    top: mask.top - MARGIN,
    right: mask.left + mask.width + MARGIN,
    bottom: mask.top + mask.height + MARGIN,
  });
  if (near.length === 0) return;
  const box = boxOf(near);
  const left = Math.floor(box.left) - MARGIN;
  const top = Math.floor(box.top) - MARGIN;
  const width = Math.ceil(box.right) + MARGIN - left;
  const height = Math.ceil(box.bottom) + MARGIN - top;
  mask.budget.spendPixels(width * height * 2);
  const wall = createMask(left, top, width, height, mask.budget);
  for (const [a, b] of edgesOf(near)) setCapsule(wall, a, b, 0);
  flood(wall);
  for (let y = 0; y < height; y++) {
    const row = wall.data.subarray(y * width, (y + 1) * width);
    for (let x = 0; x < width; x++) {
      if (row[x] === REACHED) continue;
      let end = x + 1;
      while (end < width && row[end] !== REACHED) end++;
      setSpan(mask, top + y, left + x, left + end);
      x = end;
    }
  }
}

const REACHED = 2;

/** Marks all that is reached from the mask's first pixel, which must be free, without crossing what is set. */
function flood({ width, height, data }: Mask): void {
  const seeds = [0];
  for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
    if (data[seed] !== 0) continue;
    const rowStart = seed - (seed % width);
    let from = seed;
    while (from > rowStart && data[from - 1] === 0) from--;
    let to = seed + 1;
    while (to < rowStart + width && data[to] === 0) to++;
    data.fill(REACHED, from, to);
    for (const step of [-width, width]) {
      if (from + step < 0 || from + step >= width * height) continue;
      for (let at = from + step; at < to + step; at++) {
        // One seed for each run of free pixels.
        if (data[at] === 0 && (at === from + step || data[at - 1] !== 0)) seeds.push(at);
      }
    }
  }
}

/**
 * Sets only pixels that are inside by the even-odd rule and farther than `padding` from the outline: where an outline
 * crosses itself so that one could read it either way, nothing is set.
 */
export function setSurelyInside(mask: Mask, points: readonly Point[], padding: number): void {
  mask.budget.spendPixels(mask.width * mask.height * 2);
  const inside = createMask(mask.left, mask.top, mask.width, mask.height, mask.budget);
  const crossings: number[][] = Array.from({ length: mask.height }, () => []);
  for (const [a, b] of edgesOf(points)) {
    if (a.y === b.y) continue;
    const first = Math.max(mask.top, Math.ceil(Math.min(a.y, b.y) - 0.5));
    const last = Math.min(mask.top + mask.height, Math.ceil(Math.max(a.y, b.y) - 0.5));
    mask.budget.spendRows(Math.max(0, last - first));
    for (let y = first; y < last; y++) {
      crossings[y - mask.top]?.push(a.x + ((y + 0.5 - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
  }
  for (const [row, xs] of crossings.entries()) {
    xs.sort((a, b) => a - b);
    for (let at = 0; at + 1 < xs.length; at += 2) {
      setSpan(inside, mask.top + row, Math.ceil((xs[at] ?? 0) - 0.5), Math.ceil((xs[at + 1] ?? 0) - 0.5));
    }
  }
  const edge = createMask(mask.left, mask.top, mask.width, mask.height, mask.budget);
  for (const [a, b] of edgesOf(points)) setCapsule(edge, a, b, padding);
  for (let at = 0; at < mask.data.length; at++) if (inside.data[at] === 1 && edge.data[at] === 0) mask.data[at] = 1;
}
