/** The vocabulary of redaction. All coordinates are pixels of the upright picture, from its top left corner. */

/** RGBA, 8 bits each, row by row from the top, colours not multiplied by alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `width * height * 4` long. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Pixels in memory that is theirs alone. */
export interface OwnPixels extends Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** sRGB, each 0 to 255. */
export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pixel (i, j) is the square from (i, j) to (i + 1, j + 1). Sizes may be 0, never negative. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Padded {
  /** Pixels added all around; what the call says if left out. */
  readonly paddingPx?: number;
}

export type Region =
  | ({ readonly kind: "rectangle" } & Rectangle & Padded)
  /** The ellipse that fills this rectangle. */
  | ({ readonly kind: "ellipse" } & Rectangle & Padded)
  /** Closed by itself. To cover, everything its outline encloses counts, however it crosses itself. */
  | ({ readonly kind: "polygon"; readonly points: readonly Point[] } & Padded)
  /** What a round brush touches on its way. */
  | ({ readonly kind: "stroke"; readonly points: readonly Point[]; readonly radiusPx: number } & Padded);

/**
 * What is laid over the fill, for the eye only:
 * - `none`: the fill colour and nothing else; what is safest to look at and to explain
 * - `stripes`: diagonal stripes of the fill colour and one near it, the same in every picture
 * - `soft`: looks like a strong blur, but is made from the colours around the regions, never from those inside
 */
export type Decoration = "none" | "stripes" | "soft";

export interface Redaction {
  /** Covered: every pixel that a region or its padding touches at all. May be empty. */
  readonly cover: readonly Region[];
  /**
   * If given, only what these hold stays, and all else is covered (of it nothing, if the list is empty). A pixel stays
   * if it is wholly inside of one of them, and farther from its edge than the padding; what `cover` says comes on top.
   */
  readonly keep?: readonly Region[];
  /** Around each region that says nothing of its own; DEFAULT_PADDING_PX if left out. */
  readonly paddingPx?: number;
  /** Of covered pixels; black if left out. Always opaque. */
  readonly fill?: Colour;
  readonly decoration?: Decoration;
  /** What transparent pixels are laid on; white if left out. The output has no transparency. */
  readonly background?: Colour;
  /** Only pixels wholly inside of it are in the output. Regions keep the coordinates of the whole picture. */
  readonly crop?: Rectangle;
}

export interface Redacted {
  /** Alpha is 255 everywhere. */
  readonly picture: OwnPixels;
  /** How many pixels of the output are covered: 0 means that every region lies outside of the picture. */
  readonly coveredPixels: number;
}
