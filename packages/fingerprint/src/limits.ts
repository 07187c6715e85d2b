/** What a door reads at most. Checked from the file's size and header, before a decoder sees a byte. */
import type { Header } from "./headers/header.ts";
import type { FingerprintErrorCode } from "./types.ts";

export interface Limits {
  /** Size of the file. */
  readonly bytes: number;
  /** Pixels of one picture or frame. */
  readonly pixels: number;
  /** Pixels of all frames of an animation together: it bounds time, for frames are decoded a few at a time. */
  readonly animationPixels: number;
  /** Time for one file, from the start of decoding, in milliseconds. */
  readonly timeoutMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  bytes: 64 * 1024 * 1024,
  pixels: 100_000_000,
  animationPixels: 400_000_000,
  timeoutMs: 20_000,
};

/** Why a picture with this header is not decoded, or null if it may be. */
export function overLimit(header: Header, limits: Limits): FingerprintErrorCode | null {
  const pixels = header.width * header.height;
  if (pixels > limits.pixels) return "too_many_pixels";
  return header.frames > 1 && pixels * header.frames > limits.animationPixels ? "too_many_pixels" : null;
}
