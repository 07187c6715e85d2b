/** What the two implementations take and give. */

/** Rows of pixels, top to bottom, without padding. Channels: 1 grey, 3 RGB, 4 RGBA (alpha is not looked at). */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
}

export interface Spectrum {
  /** 16x16 DCT coefficients by rows, float32. */
  readonly coefficients: Float32Array;
  /** 0 to 100. */
  readonly quality: number;
}
