/** The size at which a frame is hashed, and how often frames are looked at. docs/adr/0006-video.md has the figures. */

/**
 * What a fingerprint is for. A bank's should be small; a query's frames must lie near the bank's in time, wherever the
 * upload was cut, so they are looked at more often.
 */
export type VideoPurpose = "bank" | "query";

/** Frames looked at in a second. */
export const SAMPLES_PER_SEC: Readonly<Record<VideoPurpose, number>> = { bank: 4, query: 12 };
/** Frames kept at most; longer videos thin out evenly. */
export const MAX_FRAMES_KEPT: Readonly<Record<VideoPurpose, number>> = { bank: 4_000, query: 16_000 };

/**
 * Widths of the form 128 k - 1 with k odd, where the hash derived for the mirrored picture is exactly that of a really
 * mirrored one (docs/adr/0001-what-is-hashed.md). Only left and right are swapped in videos, so the height is free and
 * keeps the aspect, which local hashes need.
 */
const WIDE = 639;
const NARROW = 383;
const MIN_HEIGHT = 64;
const MAX_HEIGHT = 1150;

/**
 * `width` and `height` are those of the upright frame as it is shown. Local hashes need more `detail` than PDQ does,
 * for which the narrow size costs half as much.
 */
export function hashedFrameSize(
  width: number,
  height: number,
  detail: boolean,
): { readonly width: number; readonly height: number } {
  const across = detail && width >= 640 && width >= height * 1.2 ? WIDE : NARROW;
  const down = Math.round((across * height) / width);
  return { width: across, height: Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, down)) };
}
