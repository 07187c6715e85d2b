/**
 * The trace of a disc that moves along a line, as pixels. Drawn by pixel centres with a radius that is larger by half
 * a pixel's diagonal, which takes every pixel that the trace touches at all, and some whose corner it just misses.
 */
import type { Point } from "../types.ts";
import { type Mask, setSpan } from "./mask.ts";

/** From a pixel's centre to its corner. */
export const HALF_DIAGONAL = Math.SQRT1_2;
/** Against rounding: a thousand times what doubles lose at the largest coordinates. */
const SLACK = 1e-6;

/** Sets all pixels that touch the trace of a disc of `radius` (0 for the line itself) from `a` to `b`. */
export function setCapsule(mask: Mask, a: Point, b: Point, radius: number): void {
  setCentres(mask, a, b, radius + HALF_DIAGONAL + SLACK);
}

/** Sets only pixels that are wholly inside of the trace. */
export function setInnerCapsule(mask: Mask, a: Point, b: Point, radius: number): void {
  const within = radius - HALF_DIAGONAL - SLACK;
  if (within > 0) setCentres(mask, a, b, within);
}

/** Sets the pixels whose centres are within `radius` of the line from `a` to `b`. */
function setCentres(mask: Mask, a: Point, b: Point, radius: number): void {
  const first = Math.max(mask.top, Math.ceil(Math.min(a.y, b.y) - radius - 0.5));
  const last = Math.min(mask.top + mask.height - 1, Math.floor(Math.max(a.y, b.y) + radius - 0.5));
  if (first > last) return;
  mask.budget.spendRows(last - first + 1);
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  // The two sides of the trace are the line, moved by the radius at right angles to it.
  const acrossX = length === 0 ? 0 : (-(b.y - a.y) / length) * radius;
  const acrossY = length === 0 ? 0 : ((b.x - a.x) / length) * radius;
  for (let y = first; y <= last; y++) {
    const centre = y + 0.5;
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const end of [a, b]) {
      const half = radius * radius - (centre - end.y) ** 2;
      if (half < 0) continue;
      from = Math.min(from, end.x - Math.sqrt(half));
      to = Math.max(to, end.x + Math.sqrt(half));
    }
    for (const side of [1, -1]) {
      const startY = a.y + acrossY * side;
      const endY = b.y + acrossY * side;
      // A level side lies within the discs' rows, whose spans reach its ends.
      if (startY === endY || centre < Math.min(startY, endY) || centre > Math.max(startY, endY)) continue;
      const x = a.x + acrossX * side + ((centre - startY) / (endY - startY)) * (b.x - a.x);
      from = Math.min(from, x);
      to = Math.max(to, x);
    }
    if (from <= to) setSpan(mask, y, Math.ceil(from - 0.5), Math.floor(to - 0.5) + 1);
  }
}
