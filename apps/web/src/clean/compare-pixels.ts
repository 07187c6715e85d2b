/** Whether two files show the very same pixels, as this browser decodes them. */
import { readHeader } from "@recourse/fingerprint/header";
import type { PixelComparison } from "./worker-messages.ts";

/** More than this isn't decoded just to compare: a phone has little memory. */
const MAX_BYTES = 64 << 20;
const MAX_PIXELS = 60_000_000;
const ROWS = 256;

/** By its header, before any decoder allocates. */
const isSmallEnough = async (file: Blob): Promise<boolean> => {
  if (file.size > MAX_BYTES) return false;
  const header = readHeader(new Uint8Array(await file.arrayBuffer()));
  return header.ok && header.header.width * header.header.height <= MAX_PIXELS;
};

/** Some rows from `top` on, four bytes a pixel. */
const readRows = (picture: ImageBitmap, context: OffscreenCanvasRenderingContext2D, top: number): Uint32Array => {
  const rows = Math.min(ROWS, picture.height - top);
  context.drawImage(picture, 0, top, picture.width, rows, 0, 0, picture.width, rows);
  return new Uint32Array(context.getImageData(0, 0, picture.width, rows).data.buffer);
};

const areEqual = (a: Uint32Array, b: Uint32Array): boolean => {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
};

/**
 * Compares as browsers show them: upright, in the colours of their profile. Of an animation, the first frame. What this
 * browser can't decode, or reads back altered (some do, against tracking), is not compared.
 */
export const comparePixels = async (original: Blob, copy: Blob): Promise<PixelComparison> => {
  let first: ImageBitmap | undefined;
  let second: ImageBitmap | undefined;
  try {
    if (!(await isSmallEnough(original)) || !(await isSmallEnough(copy))) return "not_compared";
    [first, second] = await Promise.all([createImageBitmap(original), createImageBitmap(copy)]);
    if (first.width !== second.width || first.height !== second.height) return "different";
    const context = new OffscreenCanvas(first.width, Math.min(ROWS, first.height)).getContext("2d", {
      willReadFrequently: true,
    });
    if (context === null) return "not_compared";
    // Replaces what the rows before left behind, transparency included.
    context.globalCompositeOperation = "copy";
    for (let top = 0; top < first.height; top += ROWS) {
      const rows = readRows(first, context, top);
      if (areEqual(rows, readRows(second, context, top))) continue;
      return areEqual(rows, readRows(first, context, top)) ? "different" : "not_compared";
    }
    return "same";
  } catch {
    return "not_compared";
  } finally {
    first?.close();
    second?.close();
  }
};
