/** PDQ's DCT: 64x64 samples to 16x16 coefficients, B = D A D', leaving out the constant term. */

const fround = Math.fround;

/**
 * D, 16 rows of 64: sqrt(2/64) * cos(pi/128 * (i+1) * (2j+1)), rounded to float32 once.
 * No entry lies near enough to a rounding boundary for an engine's own cosine to matter (tested).
 */
export const DCT_MATRIX: Float32Array = Float32Array.from({ length: 16 * 64 }, (_, index) =>
  dctEntry(index >> 6, index & 63),
);

/** An entry of D before it is rounded to float32. */
export function dctEntry(i: number, j: number): number {
  return fround(Math.sqrt(2 / 64)) * Math.cos((Math.PI / 2 / 64) * (i + 1) * (2 * j + 1));
}

/**
 * Coefficients of `samples` (64x64, by rows) into `out` (16x16, by rows).
 * Sums run over k = 0..63 in order and are rounded to float32 at each step, as the reference's are.
 */
export function dct64To16(samples: Float32Array, out: Float32Array): void {
  const half = new Float32Array(16 * 64);
  for (let i = 0; i < 16; i++) {
    for (let j = 0; j < 64; j++) {
      let sum = 0;
      for (let k = 0; k < 64; k++) sum = fround(sum + fround(DCT_MATRIX[i * 64 + k]! * samples[k * 64 + j]!));
      half[i * 64 + j] = sum;
    }
  }
  for (let i = 0; i < 16; i++) {
    for (let j = 0; j < 16; j++) {
      let sum = 0;
      for (let k = 0; k < 64; k++) sum = fround(sum + fround(half[i * 64 + k]! * DCT_MATRIX[j * 64 + k]!));
      out[i * 16 + j] = sum;
    }
  }
}
