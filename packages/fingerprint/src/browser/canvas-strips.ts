/**
 * Reads a decoded picture's true pixels through a small canvas, some rows at a time. Nothing is scaled by the
 * browser: its scaler differs from browser to browser, and a canvas of the whole picture is over what phones allow.
 */
import { FingerprintFailure } from "../failure.ts";

/** Rows read at once. */
export const STRIP_ROWS = 256;
/** Phones refuse canvases that are much wider; wider pictures are read in several columns. */
const TILE_WIDTH = 4096;

type Drawable = ImageBitmap | VideoFrame;

/** A 2D context of `width` x STRIP_ROWS that is read rather than shown. */
function stripContext(width: number): OffscreenCanvasRenderingContext2D {
  // Browsers without a canvas in workers can't read pixels here at all.
  if (typeof OffscreenCanvas === "undefined") throw new FingerprintFailure("pixels_blocked");
  const context = new OffscreenCanvas(width, STRIP_ROWS).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new FingerprintFailure("pixels_blocked");
  context.imageSmoothingEnabled = false;
  // Replaces what the strip before left behind, transparency included.
  context.globalCompositeOperation = "copy";
  return context;
}

function readBack(context: OffscreenCanvasRenderingContext2D, width: number, rows: number): Uint8ClampedArray {
  try {
    return context.getImageData(0, 0, width, rows).data;
  } catch (error) {
    throw new FingerprintFailure("pixels_blocked", error);
  }
}

/**
 * Privacy modes hand out altered pixels so that pages can't recognise a device by how it draws. A hash of those
 * would be wrong without anybody noticing, so a known pattern is written and read first; it must come back exactly.
 */
function proveTruePixels(context: OffscreenCanvasRenderingContext2D, width: number): void {
  const side = Math.min(width, STRIP_ROWS);
  const pattern = new ImageData(side, side);
  // Uneven on purpose: some modes leave plain areas alone. (Numerical Recipes' linear congruential generator.)
  let state = 0x2545f491;
  for (let at = 0; at < pattern.data.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    pattern.data[at] = at % 4 === 3 ? 255 : state >>> 24;
  }
  context.putImageData(pattern, 0, 0);
  const found = readBack(context, side, side);
  for (let at = 0; at < found.length; at++) {
    if (found[at] !== pattern.data[at]) throw new FingerprintFailure("pixels_blocked");
  }
}

/** Calls `take` with the picture's RGBA rows from the top, STRIP_ROWS at most at a time. */
export function readStrips(
  source: Drawable,
  width: number,
  height: number,
  take: (rows: Uint8ClampedArray, rowsDone: number) => void,
): void {
  const tileWidth = Math.min(width, TILE_WIDTH);
  const context = stripContext(tileWidth);
  proveTruePixels(context, tileWidth);
  for (let top = 0; top < height; top += STRIP_ROWS) {
    const rows = Math.min(STRIP_ROWS, height - top);
    if (tileWidth === width) {
      context.drawImage(source, 0, top, width, rows, 0, 0, width, rows);
      take(readBack(context, width, rows), top + rows);
      continue;
    }
    const strip = new Uint8ClampedArray(width * rows * 4);
    for (let left = 0; left < width; left += tileWidth) {
      const across = Math.min(tileWidth, width - left);
      context.drawImage(source, left, top, across, rows, 0, 0, across, rows);
      const tile = readBack(context, across, rows);
      for (let row = 0; row < rows; row++) {
        strip.set(tile.subarray(row * across * 4, (row + 1) * across * 4), (row * width + left) * 4);
      }
    }
    take(strip, top + rows);
  }
}
