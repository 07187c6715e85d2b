/** Pixels and regions to pixels that hold nothing of what was there. */
import { checkPixels, checkRedaction } from "./check.ts";
import { RedactError } from "./errors.ts";
import { paintCovered } from "./fill/paint.ts";
import { DEFAULT_PADDING_PX } from "./limits.ts";
import { Budget, createMask, type Mask } from "./mask/mask.ts";
import { setInside, setTouched } from "./mask/regions.ts";
import type { OwnPixels, Pixels, Rectangle, Redacted, Redaction } from "./types.ts";

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Covers, crops and flattens into new memory; `picture` is neither changed nor kept. What the output holds depends only
 * on pixels that stay, and of transparent ones only on what shows of them: two pictures that differ in nothing else
 * give the same bytes. Throws RedactError for arguments that are none.
 */
export function redactPixels(picture: Pixels, redaction: Redaction): Redacted {
  checkPixels(picture);
  return redactInPlace({ ...picture, data: new Uint8ClampedArray(picture.data) }, redaction);
}

/**
 * The same within the picture's own memory, which it takes over: the output is the beginning of that memory, and what
 * a crop leaves behind it is zero. For large pictures on small devices. Throws before anything is changed.
 */
export function redactInPlace(picture: OwnPixels, redaction: Redaction): Redacted {
  checkPixels(picture);
  checkRedaction(redaction);
  const box = cropBox(picture, redaction.crop);
  const mask = coveredMask(box, redaction);
  const output = cutOut(picture, box);
  const { red, green, blue } = redaction.background ?? { red: 255, green: 255, blue: 255 };
  flatten(output.data, red, green, blue);
  paintCovered(output, mask.data, redaction);
  return { picture: output, coveredPixels: mask.data.reduce((sum, set) => sum + set, 0) };
}

/** The pixels wholly inside of the crop. */
function cropBox({ width, height }: Pixels, crop: Rectangle | undefined): Box {
  if (crop === undefined) return { left: 0, top: 0, width, height };
  const left = Math.max(0, Math.ceil(crop.x));
  const top = Math.max(0, Math.ceil(crop.y));
  const right = Math.min(width, Math.floor(crop.x + crop.width));
  const bottom = Math.min(height, Math.floor(crop.y + crop.height));
  if (left >= right || top >= bottom) throw new RedactError("crop_invalid");
  return { left, top, width: right - left, height: bottom - top };
}

/** One byte a pixel of the box, 1 where the output must hold nothing of the picture. */
export function coveredMask({ left, top, width, height }: Box, redaction: Redaction): Mask {
  const { cover, keep, paddingPx = DEFAULT_PADDING_PX } = redaction;
  const budget = new Budget();
  const covered = createMask(left, top, width, height, budget);
  if (keep !== undefined) {
    for (const region of keep) setInside(covered, region, paddingPx);
    for (let at = 0; at < covered.data.length; at++) covered.data[at] = covered.data[at] === 1 ? 0 : 1;
  }
  for (const region of cover) setTouched(covered, region, paddingPx);
  return covered;
}

/** Moves the box to the beginning of the picture's memory and wipes what is behind it. */
function cutOut({ width, data }: OwnPixels, box: Box): OwnPixels {
  const end = box.width * box.height * 4;
  if (end === data.length) return { width: box.width, height: box.height, data };
  for (let y = 0; y < box.height; y++) {
    const from = ((box.top + y) * width + box.left) * 4;
    data.copyWithin(y * box.width * 4, from, from + box.width * 4);
  }
  data.fill(0, end);
  return { width: box.width, height: box.height, data: data.subarray(0, end) };
}

/** Lays every pixel on a colour; what was wholly transparent is that colour and nothing else. */
function flatten(data: Uint8ClampedArray, red: number, green: number, blue: number): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 255) continue;
    data[at] = ((data[at] ?? 0) * alpha + red * (255 - alpha)) / 255;
    data[at + 1] = ((data[at + 1] ?? 0) * alpha + green * (255 - alpha)) / 255;
    data[at + 2] = ((data[at + 2] ?? 0) * alpha + blue * (255 - alpha)) / 255;
    data[at + 3] = 255;
  }
}
