/**
 * The Jarosz filter's box, as PDQ defines it: a running sum along a line, divided at the edges by the number of
 * samples that are really there. Float results depend on the order of operations, so both implementations share
 * this plan: at each step `sum += entering`, then `sum -= leaving`, then `out = sum / size`, each rounded to float32.
 */

/** Window for a side of `length` samples. */
export const boxWindow = (length: number): number => (length + 127) >> 7;

/** How far the window's front runs ahead of the sample it is centred on, plus one. */
export const boxHalf = (window: number): number => (window + 2) >> 1;

/** The 64 positions of `length` that the decimation reads, ascending; repeated when `length` is under 64. */
export const decimated = (length: number): Int32Array =>
  Int32Array.from({ length: 64 }, (_, i) => Math.trunc(((i + 0.5) * length) / 64));
