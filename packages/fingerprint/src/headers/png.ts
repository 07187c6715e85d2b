/** PNG (W3C, third edition): IHDR (11.2.1), and whether tRNS announces transparency (11.3.1.1). */
import { readOrientation } from "./exif.ts";
import { type ByteView, type HeaderOutcome, damagedAt, headerOf } from "./header.ts";

export function readPng(view: ByteView): HeaderOutcome {
  if (view.u32(8) !== 13 || view.tag(12) !== "IHDR") return damagedAt(8);
  const width = view.u32(16);
  const height = view.u32(20);
  const colourType = view.u8(25);
  if (colourType < 0 || colourType > 6) return damagedAt(25);
  let mayHaveAlpha = colourType >= 4;
  let orientation = 1;
  let hasPixels = false;
  for (let at = 33; ;) {
    const length = view.u32(at);
    const type = view.tag(at + 4);
    if (type === "" || type === "IEND") {
      if (hasPixels) break;
      return damagedAt(at);
    }
    if (type === "IDAT") hasPixels = true;
    if (type === "tRNS") mayHaveAlpha = true;
    if (type === "eXIf") orientation = readOrientation(view, at + 8); // May stand behind the pixels too (11.3.5.1)
    at += 12 + length;
  }
  // Of an animated PNG only the default picture is read, so it counts as one frame.
  return headerOf({ format: "png", media: "image/png", width, height, frames: 1, mayHaveAlpha, orientation }, 16);
}
