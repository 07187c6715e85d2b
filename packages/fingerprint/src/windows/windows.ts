/**
 * Windows of a picture: the parts of it by which people pass it on with hardly a choice of their own (borders trimmed, a
 * phone's bars cut, the centre in the shape a platform wants). PDQ forgives 1 to 2% of the side, so windows are worth it
 * for edits with few free parameters only; local hashes carry the rest.
 */
import { hashPixels } from "../core/hash-pixels.ts";
import { CENTRE_SHAPES, type WindowKind, type WindowResult } from "../types.ts";
import type { RgbRows as RgbPicture } from "../core/shrink.ts";
import { type Box, findBlock, trimBorders, wholeOf } from "./trim.ts";

/** What a phone lays over the picture above and below, at most: parts of the height (status and navigation bar). */
const STATUS_BAR = 0.045;
const NAVIGATION_BAR = 0.055;
/** Pictures at least this much taller than wide may be screenshots of a phone. */
const PHONE_SHAPE = 1.6;
/** A centre window that keeps less of the picture than this is not what anybody posts. */
const LEAST_CENTRE = 0.45;
/** PDQ gives no hash of anything narrower. */
const MIN_SIDE = 5;
/** A window within this part of each side of another shows the same. */
const SAME_PART = 0.012;

/** What a bank holds beside the whole picture. `shape` is the upright picture's true width to height. */
export function bankWindows(picture: RgbPicture, shape: number): WindowResult[] {
  const whole = wholeOf(picture);
  const trimmed = trimBorders(picture);
  const boxes: [WindowKind, Box][] = [
    ["trimmed", trimmed],
    ["trimmed", findBlock(picture, trimmed)],
  ];
  if (1 / shape >= PHONE_SHAPE) {
    const top = Math.round(STATUS_BAR * picture.height);
    const bottom = picture.height - Math.round(NAVIGATION_BAR * picture.height);
    boxes.push(["barsCut", trimBorders(picture, { ...whole, top, bottom })]);
  }
  for (const [kind, wanted] of Object.entries(CENTRE_SHAPES)) {
    const box = centreOf(trimmed, (shape * picture.height) / picture.width, wanted);
    // The cast: entries forgets what the keys are.
    if (box !== null) boxes.push([kind as WindowKind, box]);
  }
  return hashBoxes(picture, boxes);
}

/** What a query asks with beside the whole picture: its borders trimmed, and the block of picture among surfaces. */
export function queryWindows(picture: RgbPicture): WindowResult[] {
  const trimmed = trimBorders(picture);
  return hashBoxes(picture, [
    ["trimmed", trimmed],
    ["trimmed", findBlock(picture, trimmed)],
  ]);
}

/** The centre of a box in a wanted shape; `pixelShape` is a stored pixel's true width to height. */
function centreOf(box: Box, pixelShape: number, wanted: number): Box | null {
  const width = box.right - box.left;
  const height = box.bottom - box.top;
  const kept = wanted / ((width * pixelShape) / height);
  if (kept < LEAST_CENTRE || kept > 1 / LEAST_CENTRE) return null;
  if (kept < 1) {
    const less = Math.round((width * (1 - kept)) / 2);
    return { ...box, left: box.left + less, right: box.right - less };
  }
  const less = Math.round((height * (1 - 1 / kept)) / 2);
  return { ...box, top: box.top + less, bottom: box.bottom - less };
}

function hashBoxes(picture: RgbPicture, boxes: readonly (readonly [WindowKind, Box])[]): WindowResult[] {
  const seen: Box[] = [wholeOf(picture)];
  const found: WindowResult[] = [];
  for (const [kind, box] of boxes) {
    if (box.right - box.left < MIN_SIDE || box.bottom - box.top < MIN_SIDE) continue;
    if (seen.some((other) => isSame(box, other, picture))) continue;
    seen.push(box);
    const { rgb, width, height } = cut(picture, box);
    found.push({ kind, ...hashPixels(rgb, width, height, 3) });
  }
  return found;
}

const isSame = (a: Box, b: Box, { width, height }: RgbPicture): boolean =>
  Math.abs(a.left - b.left) <= SAME_PART * width &&
  Math.abs(a.right - b.right) <= SAME_PART * width &&
  Math.abs(a.top - b.top) <= SAME_PART * height &&
  Math.abs(a.bottom - b.bottom) <= SAME_PART * height;

/** A copy of the part within the box. */
function cut({ rgb, width }: RgbPicture, box: Box): RgbPicture {
  const rowBytes = (box.right - box.left) * 3;
  const out = new Uint8Array(rowBytes * (box.bottom - box.top));
  for (let y = box.top, to = 0; y < box.bottom; y++, to += rowBytes) {
    const at = (y * width + box.left) * 3;
    out.set(rgb.subarray(at, at + rowBytes), to);
  }
  return { width: box.right - box.left, height: box.bottom - box.top, rgb: out };
}
