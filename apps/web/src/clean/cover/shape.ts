/** What a person marks in a picture. All numbers are pixels of the upright picture, from its top left corner. */
import type { Point, Rectangle, Region } from "@recourse/redact";

export type ShapeKind = "rectangle" | "ellipse" | "polygon" | "stroke";

export interface Shape {
  readonly id: number;
  readonly kind: ShapeKind;
  /** Two opposite corners of a rectangle or ellipse; the corners of an outline; the way of a brush. */
  readonly points: readonly Point[];
  /** Of a brush, else 0. */
  readonly radiusPx: number;
}

/** A shape can't be made smaller than this. */
const MIN_PX = 6;

export const boundsOf = ({ points, radiusPx }: Shape): Rectangle => {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.min(...xs) - radiusPx, Math.min(...ys) - radiusPx];
  return { x: left, y: top, width: Math.max(...xs) + radiusPx - left, height: Math.max(...ys) + radiusPx - top };
};

/** The same shape in another place. */
export const movedBy = (shape: Shape, dx: number, dy: number): Shape => ({
  ...shape,
  points: shape.points.map(({ x, y }) => ({ x: x + dx, y: y + dy })),
});

/** The same shape, its left and top edge where they are, as wide and high as said; a brush's thickness goes along. */
export const resizedTo = (shape: Shape, width: number, height: number): Shape => {
  const bounds = boundsOf(shape);
  const sx = Math.max(MIN_PX, width) / Math.max(1e-6, bounds.width);
  const sy = Math.max(MIN_PX, height) / Math.max(1e-6, bounds.height);
  const radiusPx = shape.radiusPx * Math.min(sx, sy);
  // What is left beside the thickness is scaled on each axis.
  const span = (size: number, scaled: number): number =>
    size - 2 * shape.radiusPx < 1e-6 ? 0 : (scaled - 2 * radiusPx) / (size - 2 * shape.radiusPx);
  const fx = span(bounds.width, bounds.width * sx);
  const fy = span(bounds.height, bounds.height * sy);
  return {
    ...shape,
    radiusPx,
    points: shape.points.map(({ x, y }) => ({
      x: bounds.x + radiusPx + (x - bounds.x - shape.radiusPx) * fx,
      y: bounds.y + radiusPx + (y - bounds.y - shape.radiusPx) * fy,
    })),
  };
};

/** The same shape where a rectangle is: its bounds become these. */
export const fittedTo = (shape: Shape, { x, y, width, height }: Rectangle): Shape => {
  const resized = resizedTo(shape, width, height);
  const bounds = boundsOf(resized);
  return movedBy(resized, x + (width - bounds.width) / 2 - bounds.x, y + (height - bounds.height) / 2 - bounds.y);
};

/** How far a brush's way may be from what was drawn, as a part of its thickness: so much thicker it becomes. */
const THINNED = 0.08;
/** More turns no hand makes on purpose. Each is kept once for every frame that a mark is followed through. */
const MAX_TURNS = 200;

/** A brush's way with fewer points, and thicker by as much as they may be off: it covers all that was drawn over. */
export const thinned = (stroke: Shape): Shape => {
  for (let part = THINNED; ; part *= 2) {
    const tolerance = stroke.radiusPx * part;
    const points = turnsOf(stroke.points, tolerance);
    if (points.length <= MAX_TURNS) {
      const radiusPx = points.length < stroke.points.length ? stroke.radiusPx + tolerance : stroke.radiusPx;
      return { ...stroke, points, radiusPx };
    }
  }
};

/** The points from which no other is farther than the tolerance, joined by lines (Ramer, 1972; Douglas and Peucker, 1973). */
const turnsOf = (points: readonly Point[], tolerance: number): readonly Point[] => {
  const kept = new Set([0, points.length - 1]);
  const open: (readonly [number, number])[] = [[0, points.length - 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [from, to] = next;
    let [farthest, distance] = [0, tolerance];
    for (let at = from + 1; at < to; at += 1) {
      const away = distanceTo(points[at], points[from], points[to]);
      if (away > distance) [farthest, distance] = [at, away];
    }
    if (distance <= tolerance) continue;
    kept.add(farthest);
    open.push([from, farthest], [farthest, to]);
  }
  return points.filter((_, at) => kept.has(at));
};

/** Of a point to the line between two others. */
const distanceTo = (point: Point | undefined, a: Point | undefined, b: Point | undefined): number => {
  if (point === undefined || a === undefined || b === undefined) return 0;
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : ((point.x - a.x) * dx + (point.y - a.y) * dy) / length;
  const along = Math.min(1, Math.max(0, share));
  return Math.hypot(point.x - a.x - along * dx, point.y - a.y - along * dy);
};

/** A quarter of the picture in its middle, of that kind: what a button adds. */
export const shapeInMiddle = (kind: ShapeKind, id: number, width: number, height: number): Shape => {
  const box = { x: 0.375 * width, y: 0.375 * height, width: width / 4, height: height / 4 };
  const middle = { x: width / 2, y: height / 2 };
  if (kind === "stroke") return { id, kind, points: [middle], radiusPx: Math.min(width, height) / 10 };
  const corners =
    kind === "polygon"
      ? [
          { x: middle.x, y: box.y },
          { x: box.x + box.width, y: middle.y },
          { x: middle.x, y: box.y + box.height },
          { x: box.x, y: middle.y },
        ]
      : [
          { x: box.x, y: box.y },
          { x: box.x + box.width, y: box.y + box.height },
        ];
  return { id, kind, points: corners, radiusPx: 0 };
};

export const regionOf = (shape: Shape): Region => {
  switch (shape.kind) {
    case "rectangle":
    case "ellipse":
      return { kind: shape.kind, ...boundsOf(shape) };
    case "polygon":
      return { kind: "polygon", points: shape.points };
    case "stroke":
      return { kind: "stroke", points: shape.points, radiusPx: shape.radiusPx };
  }
};

/** A region as a shape that can be moved. */
export const shapeOf = (region: Region, id: number): Shape => {
  if (region.kind === "rectangle" || region.kind === "ellipse") {
    const { kind, x, y, width, height } = region;
    return {
      id,
      kind,
      points: [
        { x, y },
        { x: x + width, y: y + height },
      ],
      radiusPx: 0,
    };
  }
  return { id, kind: region.kind, points: region.points, radiusPx: region.kind === "stroke" ? region.radiusPx : 0 };
};
