/**
 * From what a detector of things saw in parts of a picture to screens that are worth covering. Thresholds were chosen
 * on photographs that docs/redaction.md describes.
 */
import type { Rectangle } from "../types.ts";
import { areaOf, sharedArea } from "./heads.ts";
import type { Thing } from "./ssd.ts";

export interface Screen extends Rectangle {
  /** 0 to 1, as the detector says it. */
  readonly confidence: number;
}

/** A part of the picture that was looked at, and what was seen there, as shares of it. */
export interface SeenView {
  readonly view: Rectangle;
  readonly things: readonly Thing[];
}

/** Of the detector's kinds, those with a screen. Its file names them, and they are compared before it is used. */
export const KINDS: ReadonlyMap<number, string> = new Map([
  [3, "Laptop"],
  [10, "Computer monitor"],
]);
/** Things less sure than this are left out, in all of the picture and in a part, where more is seen that is not there. */
export const MIN_CONFIDENCE = { whole: 0.15, part: 0.2 } as const;
/** Bricks, dials and roads are taken for a laptop that fills the picture; a mark on all of it would help nobody. */
const MAX_SHARE = 0.9;
/** Of a part's edge inside of the picture, as shares of the picture's sides: what ends here goes on beside it. */
const EDGE_SHARE = 0.01;
/** Two boxes show one thing if they share this much of both, or if this much of the less sure lies in the other. */
const SAME = { ofBoth: 0.4, ofOne: 0.7 } as const;
/** The detector's boxes are not exact; this share of each side is added on each side. */
const AROUND = 0.04;
/** The surest stay. */
const MAX_SCREENS = 50;

/** Splits the file that holds the detector: the names of its kinds, one a line, then the model. */
export function splitModel(file: Uint8Array): Uint8Array {
  // The model is a FlatBuffer; its identifier stands in the bytes 4 to 7.
  const names: string[] = [""];
  for (let at = 0; at < Math.min(file.length, 4096); at++) {
    const isModel = String.fromCharCode(...file.subarray(at + 4, at + 8)) === "TFL3";
    if (isModel) {
      for (const [kind, name] of KINDS) if (names[kind] !== name) throw new RangeError("a detector of other things");
      return file.subarray(at);
    }
    const letter = String.fromCharCode(file[at] ?? 0);
    if (letter === "\n") names.push("");
    else names[names.length - 1] += letter;
  }
  throw new RangeError("the file holds no model");
}

/** Whether a part's own edge, and not the picture's, cuts the box. */
function isCut(box: Rectangle, view: Rectangle, { width, height }: Rectangle): boolean {
  const [across, down] = [width * EDGE_SHARE, height * EDGE_SHARE];
  return (
    (view.x > 0 && box.x < view.x + across) ||
    (view.y > 0 && box.y < view.y + down) ||
    (view.x + view.width < width && box.x + box.width > view.x + view.width - across) ||
    (view.y + view.height < height && box.y + box.height > view.y + view.height - down)
  );
}

/** The part of a box that lies in the picture. */
function within({ x, y, width, height }: Rectangle, picture: Rectangle): Rectangle {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(picture.width, x + width), Math.min(picture.height, y + height)];
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

function isSame(box: Rectangle, surer: Rectangle): boolean {
  const shared = sharedArea(box, surer);
  return shared >= SAME.ofBoth * (areaOf(box) + areaOf(surer) - shared) || shared > SAME.ofOne * areaOf(box);
}

/** Screens in a picture of this size, in its pixels, the surest first. A laptop is proposed as a whole. */
export function screensOf(seen: readonly SeenView[], width: number, height: number): readonly Screen[] {
  const picture = { x: 0, y: 0, width, height };
  const boxes: Screen[] = [];
  for (const { view, things } of seen) {
    const isWhole = view.width === width && view.height === height;
    for (const thing of things) {
      if (!KINDS.has(thing.kind) || thing.confidence < (isWhole ? MIN_CONFIDENCE.whole : MIN_CONFIDENCE.part)) continue;
      const box = {
        x: view.x + thing.x * view.width,
        y: view.y + thing.y * view.height,
        width: thing.width * view.width,
        height: thing.height * view.height,
      };
      if (isCut(box, view, picture)) continue;
      const shown = within(box, picture);
      if (areaOf(shown) === 0 || areaOf(shown) > MAX_SHARE * areaOf(picture)) continue;
      boxes.push({ ...shown, confidence: thing.confidence });
    }
  }
  const kept: Screen[] = [];
  for (const box of boxes.toSorted((a, b) => b.confidence - a.confidence)) {
    if (kept.length < MAX_SCREENS && !kept.some((surer) => isSame(box, surer))) kept.push(box);
  }
  return kept.map(({ x, y, width: across, height: down, confidence }) => ({
    ...within(
      {
        x: x - across * AROUND,
        y: y - down * AROUND,
        width: across * (1 + 2 * AROUND),
        height: down * (1 + 2 * AROUND),
      },
      picture,
    ),
    confidence,
  }));
}
