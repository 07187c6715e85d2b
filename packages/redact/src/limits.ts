/** What the core takes at most, checked before anything is allocated. */
export const LIMITS = {
  /** Of one picture. */
  pixels: 100_000_000,
  /** Of one call. */
  regions: 10_000,
  /** Of all polygons and strokes of one call together. */
  points: 200_000,
  /** Distance from 0 of a coordinate, and a radius or padding, in pixels. */
  coordinatePx: 1_000_000,
  /** Pixels that all regions of one call may write together, overlaps counted: about a second of work. */
  writtenPixels: 4_000_000_000,
  /** Rows that all edges and strokes of one call may go through. */
  edgeRows: 5_000_000,
  /** Of one video. */
  keyframes: 200_000,
} as const;

/**
 * Around each region unless told otherwise. A JPEG mixes the colours of up to 16 x 16 pixels with each other, and
 * decoders smooth its coarser colour samples over up to 2 more: from 18 pixels on, nothing of what is inside of a region is in
 * the pixels outside of it. A test shows it on JPEGs that differ only inside.
 */
export const DEFAULT_PADDING_PX = 18;
