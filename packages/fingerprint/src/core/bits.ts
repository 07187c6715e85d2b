/** From DCT coefficients to hashes: lower median, one bit a coefficient, hex; and the eight dihedral variants. */
import type { Dihedral } from "../types.ts";

/** The hash of a picture too small to have one. */
export const ZERO_HASH = "0".repeat(64);

/** Lower median of 256 values: the 128th smallest. `values` is reordered (Hoare's quickselect). */
export function lowerMedian(values: Float32Array): number {
  const wanted = 127;
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const swap = values[i]!;
        values[i++] = values[j]!;
        values[j--] = swap;
      }
    }
    if (wanted <= j) right = j;
    else if (wanted >= i) left = i;
    else break;
  }
  return values[wanted]!;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const scratch = new Float32Array(256);

/**
 * The hash of 16x16 coefficients by rows: bit 16 i + j is set when coefficient (i, j) is over the median.
 * Printed from the highest bit down, 64 lower-case hex digits.
 */
export function hashOf(coefficients: Float32Array): string {
  scratch.set(coefficients);
  const median = lowerMedian(scratch);
  let hex = "";
  for (let at = 248; at >= 0; at -= 8) {
    let byte = 0;
    for (let bit = 7; bit >= 0; bit--) byte = (byte << 1) | (coefficients[at + bit]! > median ? 1 : 0);
    hex += HEX[byte]!;
  }
  return hex;
}

const turned = new Float32Array(256);

function variant(b: Float32Array, transposed: boolean, negative: (i: number, j: number) => boolean): string {
  for (let i = 0; i < 16; i++) {
    for (let j = 0; j < 16; j++) {
      const value = transposed ? b[j * 16 + i]! : b[i * 16 + j]!;
      turned[i * 16 + j] = negative(i, j) ? -value : value;
    }
  }
  return hashOf(turned);
}

/** The hash with left and right swapped: `flipY` of the eight. */
export const mirroredHashOf = (b: Float32Array): string => variant(b, false, (_, j) => j % 2 === 0);

/** All eight hashes: turning a picture transposes its DCT and flips signs, so one DCT serves them all. */
export function dihedralOf(b: Float32Array): Dihedral {
  return {
    original: hashOf(b),
    rot90: variant(b, true, (i) => i % 2 === 0),
    rot180: variant(b, false, (i, j) => (i + j) % 2 === 1),
    rot270: variant(b, true, (_, j) => j % 2 === 0),
    flipX: variant(b, false, (i) => i % 2 === 0),
    flipY: mirroredHashOf(b),
    flipPlus1: variant(b, true, () => false),
    flipMinus1: variant(b, true, (i, j) => (i + j) % 2 === 1),
  };
}
