/** Hashes of a shrunk picture, and, where there is transparency, of it laid on white. Both doors end here. */
import { hashPixels } from "./core/hash-pixels.ts";
import { orientRgb, orientationSwapsSides } from "./core/orient.ts";
import type { ShrunkPicture } from "./core/shrink.ts";
import type { PdqResult } from "./types.ts";

export interface HashedPicture {
  readonly asIs: PdqResult;
  readonly flattened: PdqResult | null;
}

/** `orientation` is the EXIF value that makes the stored picture upright; 1 if it already is. */
export function hashPicture(picture: ShrunkPicture, orientation: number): HashedPicture {
  const { width, height } = picture;
  const swap = orientationSwapsSides(orientation);
  const hash = (rgb: Uint8Array): PdqResult =>
    hashPixels(orientRgb(rgb, width, height, orientation), swap ? height : width, swap ? width : height, 3);
  return { asIs: hash(picture.rgb), flattened: picture.onWhite && hash(picture.onWhite) };
}
