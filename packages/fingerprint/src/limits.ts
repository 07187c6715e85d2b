/** What a door reads at most. Checked from the file's size and header, before a decoder sees a byte. */
import { framesAtOnce } from "./frames.ts";
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

/** A small WebP frame costs as much time as one of so many pixels: about 0.1 ms. */
const WEBP_FRAME_PIXELS = 16_384;
/** How many times `animationPixels` may be decoded of a WebP. */
const WEBP_COST = 4;

/** Pixels that are decoded of a WebP in all: its decoder begins anew for each batch, and goes through all before it. */
function webpCost(pixels: number, frames: number): number {
  const batch = framesAtOnce(pixels);
  const batches = Math.ceil(frames / batch);
  return Math.max(pixels, WEBP_FRAME_PIXELS) * Math.min(frames, batch) * ((batches * (batches + 1)) / 2);
}

/** Why a picture with this header is not decoded, or null if it may be. */
export function overLimit(header: Header, limits: Limits): FingerprintErrorCode | null {
  const pixels = header.width * header.height;
  if (pixels > limits.pixels) return "too_many_pixels";
  if (header.frames < 2) return null;
  if (pixels * header.frames > limits.animationPixels) return "too_many_pixels";
  return header.format === "webp" && webpCost(pixels, header.frames) > WEBP_COST * limits.animationPixels
    ? "too_many_pixels"
    : null;
}
