/** What is hashed of a large picture: see docs/adr/0001-what-is-hashed.md. */

/** Shrinking keeps both sides at or above this. */
export const SHRINK_SIDE = 512;

/** The largest of 1, 2, 4, 8 by which both sides can be divided and stay at or above `SHRINK_SIDE`. */
export function shrinkFactor(width: number, height: number): 1 | 2 | 4 | 8 {
  const side = Math.min(width, height);
  if (side >= 8 * SHRINK_SIDE) return 8;
  if (side >= 4 * SHRINK_SIDE) return 4;
  return side >= 2 * SHRINK_SIDE ? 2 : 1;
}

/** A picture being shrunk while its rows come in; rows and columns that don't fill a box at the end are left out. */
export interface BoxShrink {
  /** RGBA rows, no padding; any number of whole rows at a time. Only read. */
  push(rows: Uint8Array | Uint8ClampedArray): void;
  /** The shrunk picture, and, if any pixel of the original was not opaque, the same laid on white. */
  result(): ShrunkPicture;
}

export interface ShrunkPicture {
  readonly width: number;
  readonly height: number;
  /** RGB rows. Alpha is dropped: the colours under it are averaged as they are. */
  readonly rgb: Uint8Array;
  /** RGB rows of the picture on white; null if all of it is opaque. */
  readonly onWhite: Uint8Array | null;
}

/** Averages boxes of factor x factor pixels, rounding to nearest. `width` and `height` are of the large picture. */
export function createBoxShrink(width: number, height: number, factor: 1 | 2 | 4 | 8, channels: 3 | 4): BoxShrink {
  const outWidth = Math.floor(width / factor);
  const outHeight = Math.floor(height / factor);
  const rgb = new Uint8Array(outWidth * outHeight * 3);
  let onWhite: Uint8Array | null = null;
  const sums = new Uint32Array(outWidth * 3);
  const whiteSums = new Uint32Array(outWidth * 3);
  const area = factor * factor;
  const shift = Math.log2(area);
  const half = area >> 1;
  let row = 0;

  const addRow = (rows: Uint8Array | Uint8ClampedArray, start: number): void => {
    let at = start;
    for (let x = 0; x < outWidth * 3; x += 3) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let i = 0; i < factor; i++, at += channels) {
        r += rows[at]!;
        g += rows[at + 1]!;
        b += rows[at + 2]!;
      }
      sums[x] = sums[x]! + r;
      sums[x + 1] = sums[x + 1]! + g;
      sums[x + 2] = sums[x + 2]! + b;
    }
  };

  const addRowOnWhite = (rows: Uint8Array | Uint8ClampedArray, start: number): void => {
    let at = start;
    for (let x = 0; x < outWidth * 3; x += 3) {
      for (let i = 0; i < factor; i++, at += 4) {
        const alpha = rows[at + 3]!;
        const white = (255 - alpha) * 255;
        for (let c = 0; c < 3; c++) {
          whiteSums[x + c] = whiteSums[x + c]! + Math.round((rows[at + c]! * alpha + white) / 255);
        }
      }
    }
  };

  /** The first pixel that is not opaque starts the second picture, as a copy of what there is so far. */
  const needsWhite = (rows: Uint8Array | Uint8ClampedArray, start: number): boolean => {
    if (channels === 3) return false;
    if (onWhite !== null) return true;
    for (let at = start + 3, end = start + width * 4; at < end; at += 4) {
      if (rows[at] !== 255) {
        onWhite = rgb.slice();
        whiteSums.set(sums);
        return true;
      }
    }
    return false;
  };

  return {
    push(rows) {
      const rowBytes = width * channels;
      for (let start = 0; start + rowBytes <= rows.length && row < outHeight * factor; start += rowBytes, row++) {
        if (needsWhite(rows, start)) addRowOnWhite(rows, start);
        addRow(rows, start);
        if ((row + 1) % factor !== 0) continue;
        const to = ((row + 1) / factor - 1) * outWidth * 3;
        for (let x = 0; x < outWidth * 3; x++) rgb[to + x] = (sums[x]! + half) >> shift;
        sums.fill(0);
        if (onWhite === null) continue;
        for (let x = 0; x < outWidth * 3; x++) onWhite[to + x] = (whiteSums[x]! + half) >> shift;
        whiteSums.fill(0);
      }
    },
    result: () => ({ width: outWidth, height: outHeight, rgb, onWhite }),
  };
}
