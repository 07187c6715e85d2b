/** From faces that a detector saw to heads that are worth covering. */
import type { Rectangle } from "../types.ts";

export interface FaceBox extends Rectangle {
  /** 0 to 1, as the detector says it. */
  readonly confidence: number;
}

/**
 * How much of the face's width and height is added on each side: hair, ears and chin identify too. Chosen on
 * fixtures/heads/heads.json, where detector boxes reach from the eyebrows to the chin of most faces; see
 * docs/redaction.md.
 */
const AROUND = { left: 0.5, right: 0.5, above: 0.6, below: 0.25 } as const;

/** The whole head around a face. */
export const headOf = ({ x, y, width, height }: Rectangle): Rectangle => ({
  x: x - width * AROUND.left,
  y: y - height * AROUND.above,
  width: width * (1 + AROUND.left + AROUND.right),
  height: height * (1 + AROUND.above + AROUND.below),
});

export const areaOf = ({ width, height }: Rectangle): number => width * height;

/** The area two rectangles have in common. */
export const sharedArea = (a: Rectangle, b: Rectangle): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/** Of boxes that show the same face (half of the smaller one lies in the other), only the surest stays. */
export function distinctFaces(boxes: readonly FaceBox[]): readonly FaceBox[] {
  const kept: FaceBox[] = [];
  for (const box of boxes.toSorted((a, b) => b.confidence - a.confidence)) {
    if (!kept.some((other) => sharedArea(box, other) > 0.5 * Math.min(areaOf(box), areaOf(other)))) kept.push(box);
  }
  return kept;
}

/** Below this longest side, the detector's view of the whole picture is enough. */
const TILED_FROM_PX = 700;
/** Share of each side that a tile takes; the four overlap, so that no face of up to a fifth of a side is cut by all. */
const TILE_SHARE = 0.6;

/** The parts of a picture that a detector with a small view looks at one by one. The first is all of it. */
export function viewsOf(width: number, height: number, tiledFromPx = TILED_FROM_PX): readonly Rectangle[] {
  const whole = { x: 0, y: 0, width, height };
  if (Math.max(width, height) < tiledFromPx) return [whole];
  const [across, down] = [width * TILE_SHARE, height * TILE_SHARE];
  const tiles = [0, height - down].flatMap((y) =>
    [0, width - across].map((x) => ({ x, y, width: across, height: down })),
  );
  return [whole, ...tiles];
}
