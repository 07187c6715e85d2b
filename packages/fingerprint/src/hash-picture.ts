/** What is made of a decoded picture. Both doors end here. */
import { hashPixels } from "./core/hash-pixels.ts";
import { orientRgb, orientationSwapsSides } from "./core/orient.ts";
import type { RgbRows, ShrunkPicture } from "./core/shrink.ts";
import { localHashes } from "./local/patches.ts";
import type { LocalHashes, PdqResult, Wanted, WindowResult } from "./types.ts";
import { bankWindows, queryWindows } from "./windows/windows.ts";

export interface HashedPicture {
  readonly asIs: PdqResult;
  readonly flattened: PdqResult | null;
}

/** `orientation` is the EXIF value that makes the stored picture upright; 1 if it already is. */
export function hashPicture(picture: ShrunkPicture, orientation: number): HashedPicture {
  const hash = (rgb: Uint8Array): PdqResult => {
    const upright = turn({ ...picture, rgb }, orientation);
    return hashPixels(upright.rgb, upright.width, upright.height, 3);
  };
  return { asIs: hash(picture.rgb), flattened: picture.onWhite && hash(picture.onWhite) };
}

/**
 * Windows of a picture as it is shown, and local hashes if they are wanted. `shape` is the upright picture's true width
 * to height, of which averaging may have left nothing.
 */
export function lookCloser(
  picture: ShrunkPicture,
  orientation: number,
  shape: number,
  { purpose = "bank", stronger = false }: Wanted,
): { readonly windows: readonly WindowResult[]; readonly local?: LocalHashes } {
  const shown = turn({ ...picture, rgb: picture.onWhite ?? picture.rgb }, orientation);
  return {
    windows: purpose === "query" ? queryWindows(shown) : bankWindows(shown, shape),
    ...(stronger && { local: localHashes(picture.local ? turn(picture.local, orientation) : shown, purpose) }),
  };
}

function turn({ width, height, rgb }: RgbRows, orientation: number): RgbRows {
  const swap = orientationSwapsSides(orientation);
  return {
    width: swap ? height : width,
    height: swap ? width : height,
    rgb: orientRgb(rgb, width, height, orientation),
  };
}
