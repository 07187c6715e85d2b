/** Canvases that are read: true pixels or none. */
import { DoorFailure } from "./codes.ts";

/** A 2D context for reading, of this size; `pixels_blocked` where the browser has none or alters what is read. */
export function readableCanvas(width: number, height: number): OffscreenCanvasRenderingContext2D {
  if (typeof OffscreenCanvas === "undefined") throw new DoorFailure("pixels_blocked");
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
  if (context === null) throw new DoorFailure("too_many_pixels");
  context.imageSmoothingEnabled = false;
  // Replaces what was there, transparency included.
  context.globalCompositeOperation = "copy";
  proveTruePixels(context, Math.min(64, width), Math.min(64, height));
  return context;
}

export function readPixels(context: OffscreenCanvasRenderingContext2D, width: number, height: number): ImageData {
  try {
    return context.getImageData(0, 0, width, height);
  } catch (error) {
    throw new DoorFailure("pixels_blocked", error);
  }
}

/**
 * Privacy modes hand out altered pixels; a picture made of those would be spoilt without anybody noticing. A pattern
 * that is written must come back exactly. Uneven on purpose: some modes leave plain areas alone.
 */
function proveTruePixels(context: OffscreenCanvasRenderingContext2D, width: number, height: number): void {
  const pattern = new ImageData(width, height);
  // Numerical Recipes' linear congruential generator.
  let state = 0x2545f491;
  for (let at = 0; at < pattern.data.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    pattern.data[at] = at % 4 === 3 ? 255 : state >>> 24;
  }
  context.putImageData(pattern, 0, 0);
  const found = readPixels(context, width, height).data;
  if (found.some((value, at) => value !== pattern.data[at])) throw new DoorFailure("pixels_blocked");
  context.clearRect(0, 0, width, height);
}
