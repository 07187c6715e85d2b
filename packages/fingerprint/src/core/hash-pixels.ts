/** Pixels to PDQ hashes, by the kernel where it can be used and by the plain implementation elsewhere. */
import { DIHEDRAL_KINDS, type Dihedral, type PdqResult } from "../types.ts";
import { ZERO_HASH, dihedralOf, hashOf, mirroredHashOf } from "./bits.ts";
import { kernelSpectrum } from "./kernel.ts";
import { plainSpectrum } from "./plain.ts";
import type { Pixels, Spectrum } from "./spectrum.ts";

/** The reference gives the zero hash and quality 0 when a side is shorter. */
const MIN_SIDE = 5;

const ZERO_RESULT: PdqResult = {
  pdq: ZERO_HASH,
  quality: 0,
  // The cast: fromEntries forgets that every kind is there.
  dihedral: Object.fromEntries(DIHEDRAL_KINDS.map((kind) => [kind, ZERO_HASH])) as Dihedral,
};

function spectrum(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: 1 | 3 | 4,
): Spectrum | null {
  if (!Number.isSafeInteger(width) || width < 1) throw new RangeError("width: expected a whole number of pixels");
  if (!Number.isSafeInteger(height) || height < 1) throw new RangeError("height: expected a whole number of pixels");
  if (channels !== 1 && channels !== 3 && channels !== 4) throw new RangeError("channels: expected 1, 3 or 4");
  if (pixels.length !== width * height * channels) {
    throw new RangeError("pixels: expected width * height * channels bytes");
  }
  if (width < MIN_SIDE || height < MIN_SIDE) return null;
  const picture: Pixels = { data: pixels, width, height, channels };
  return kernelSpectrum(picture) ?? plainSpectrum(picture);
}

/**
 * PDQ, its quality and the eight dihedral hashes of a picture, without any resize.
 * `pixels` holds rows from the top, no padding: 1 channel is grey, 3 RGB, 4 RGBA with alpha not looked at.
 * It is only read. A side under 5 pixels gives the zero hash and quality 0. Throws RangeError if sizes disagree.
 */
export function hashPixels(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: 1 | 3 | 4,
): PdqResult {
  const found = spectrum(pixels, width, height, channels);
  if (found === null) return ZERO_RESULT;
  const dihedral = dihedralOf(found.coefficients);
  return { pdq: dihedral.original, quality: found.quality, dihedral };
}

/** As `hashPixels`, but only the hash of the picture as it is: for comparing pictures, where nothing is banked. */
export function hashPixelsOnce(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: 1 | 3 | 4,
): { readonly pdq: string; readonly quality: number } {
  const found = spectrum(pixels, width, height, channels);
  return found === null ? ZERO_RESULT : { pdq: hashOf(found.coefficients), quality: found.quality };
}

/** As `hashPixels` of RGB, but only the hash of the picture as it is and of its mirror image: what a frame takes. */
export function hashFrame(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
): { readonly pdq: string; readonly mirrored: string; readonly quality: number } {
  const found = spectrum(pixels, width, height, 3);
  if (found === null) return { pdq: ZERO_HASH, mirrored: ZERO_HASH, quality: 0 };
  return { pdq: hashOf(found.coefficients), mirrored: mirroredHashOf(found.coefficients), quality: found.quality };
}
