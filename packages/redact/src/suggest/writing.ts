/**
 * From a map that says of each point how likely it is inside of a line of writing, as detectors of the kind of DBNet
 * make it (Liao and others, arXiv 1911.08947), to the lines: turned rectangles around what hangs together.
 */
import type { Point } from "../types.ts";

export interface WritingMap {
  readonly width: number;
  readonly height: number;
  /** Row by row, 0 to 1. */
  readonly likely: Float32Array;
}

export interface Line {
  /** The corners of a rectangle, in the map's points, one after the other. */
  readonly points: readonly Point[];
  /** 0 to 1. */
  readonly confidence: number;
}

/** Points less likely than this are ground; as the detector was trained. */
const MIN_LIKELY = 0.3;
/** Lines whose points are less likely on average are left out; see docs/redaction.md. */
const MIN_CONFIDENCE = 0.6;
/** The detector marks the middle of a line; around it comes this share of area by circumference (1.5 in the paper). */
const AROUND = 1.8;
/** Of the shorter side before that, in points of the map. */
const MIN_SIDE = 3;
/** The surest stay. */
const MAX_LINES = 200;

interface Blob {
  /** The outermost points of each row, corners of points included. */
  readonly outline: readonly Point[];
  readonly confidence: number;
}

/** What hangs together, by sides and corners. */
function blobsOf({ width, height, likely }: WritingMap): readonly Blob[] {
  const isSeen = new Uint8Array(width * height);
  const stack: number[] = [];
  const blobs: Blob[] = [];
  for (let start = 0; start < isSeen.length; start++) {
    if (isSeen[start] === 1 || (likely[start] ?? 0) < MIN_LIKELY) continue;
    isSeen[start] = 1;
    stack.push(start);
    const rows = new Map<number, readonly [left: number, right: number]>();
    let [sum, count] = [0, 0];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const [x, y] = [at % width, Math.floor(at / width)];
      sum += likely[at] ?? 0;
      count++;
      const [left, right] = rows.get(y) ?? [x, x];
      rows.set(y, [Math.min(left, x), Math.max(right, x)]);
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (isSeen[next] === 1 || (likely[next] ?? 0) < MIN_LIKELY) continue;
          isSeen[next] = 1;
          stack.push(next);
        }
      }
    }
    const outline = Array.from(rows, ([y, [left, right]]) => [
      { x: left, y },
      { x: left, y: y + 1 },
      { x: right + 1, y },
      { x: right + 1, y: y + 1 },
    ]).flat();
    blobs.push({ outline, confidence: sum / count });
  }
  return blobs;
}

/** The corners of the smallest convex shape around points, by Andrew's monotone chain. */
export function hullOf(points: readonly Point[]): readonly Point[] {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y);
  const half = (along: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of along) {
      for (;;) {
        const [a, b] = [chain.at(-2), chain.at(-1)];
        if (a === undefined || b === undefined) break;
        if ((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0) break;
        chain.pop();
      }
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

interface Turned {
  /** A unit vector along one side. */
  readonly along: Point;
  /** From where to where it reaches along that side, and across it. */
  readonly from: Point;
  readonly to: Point;
}

/** The smallest rectangle around a hull: one of its sides lies on one of the hull's (Freeman and Shapira, 1975). */
function smallestAround(hull: readonly Point[]): Turned | undefined {
  let best: Turned | undefined;
  let bestArea = Infinity;
  for (const [at, a] of hull.entries()) {
    const b = hull[(at + 1) % hull.length] ?? a;
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    if (length === 0) continue;
    const along = { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
    const us = hull.map(({ x, y }) => x * along.x + y * along.y);
    const vs = hull.map(({ x, y }) => y * along.x - x * along.y);
    const [from, to] = [
      { x: Math.min(...us), y: Math.min(...vs) },
      { x: Math.max(...us), y: Math.max(...vs) },
    ];
    const area = (to.x - from.x) * (to.y - from.y);
    if (area >= bestArea) continue;
    bestArea = area;
    best = { along, from, to };
  }
  return best;
}

/** The lines of a map, the surest first. */
export function linesOf(map: WritingMap): readonly Line[] {
  const lines: Line[] = [];
  for (const { outline, confidence } of blobsOf(map)) {
    if (confidence < MIN_CONFIDENCE) continue;
    const turned = smallestAround(hullOf(outline));
    if (turned === undefined) continue;
    const { along, from, to } = turned;
    const [length, across] = [to.x - from.x, to.y - from.y];
    if (Math.min(length, across) < MIN_SIDE) continue;
    const more = (AROUND * length * across) / (2 * (length + across));
    const corner = (u: number, v: number): Point => ({ x: u * along.x - v * along.y, y: u * along.y + v * along.x });
    const [left, top, right, bottom] = [from.x - more, from.y - more, to.x + more, to.y + more];
    const points = [corner(left, top), corner(right, top), corner(right, bottom), corner(left, bottom)];
    lines.push({ points, confidence });
  }
  return lines.toSorted((a, b) => b.confidence - a.confidence).slice(0, MAX_LINES);
}
