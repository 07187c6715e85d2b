/** EXIF orientation (CIPA DC-008, tag 0x0112): how stored rows and columns become the upright picture. */

/** True if the upright picture's width is the stored height. */
export const orientationSwapsSides = (orientation: number): boolean => orientation >= 5 && orientation <= 8;

/** RGB rows of the upright picture. Answers `rgb` itself for orientation 1 and for values outside 1 to 8. */
export function orientRgb(rgb: Uint8Array, width: number, height: number, orientation: number): Uint8Array {
  if (!(orientation >= 2 && orientation <= 8)) return rgb;
  const swap = orientationSwapsSides(orientation);
  // Which stored side the upright picture's columns and rows run along, and from which end.
  const fromRight = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const fromBottom = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const out = new Uint8Array(rgb.length);
  const outWidth = swap ? height : width;
  const outHeight = swap ? width : height;
  const columnStep = (fromRight ? -1 : 1) * 3;
  const rowStep = (fromBottom ? -1 : 1) * width * 3;
  const origin = (fromRight ? (width - 1) * 3 : 0) + (fromBottom ? (height - 1) * width * 3 : 0);
  const stepX = swap ? rowStep : columnStep;
  const stepY = swap ? columnStep : rowStep;
  for (let y = 0, to = 0; y < outHeight; y++) {
    for (let x = 0, from = origin + y * stepY; x < outWidth; x++, from += stepX, to += 3) {
      out[to] = rgb[from]!;
      out[to + 1] = rgb[from + 1]!;
      out[to + 2] = rgb[from + 2]!;
    }
  }
  return out;
}
