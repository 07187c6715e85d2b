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
  const rowBytes = width * channels;
  // Sums down the columns first: that loop is the simplest there is, and it sees every byte. At most 8 * 255.
  const sums = new Uint16Array(rowBytes);
  const whiteSums = new Uint16Array(channels === 4 ? rowBytes : 0);
  let row = 0;

  return {
    push(rows) {
      for (let start = 0; start + rowBytes <= rows.length && row < outHeight * factor; start += rowBytes) {
        if (channels === 4) {
          if (onWhite === null && hasTransparency(rows, start, rowBytes)) {
            // What came before was opaque, so it is the same on white.
            onWhite = rgb.slice();
            whiteSums.set(sums);
          }
          if (onWhite !== null) addRowOnWhite(whiteSums, rows, start);
        }
        addRow(sums, rows, start);
        row++;
        if (row % factor !== 0) continue;
        const to = (row / factor - 1) * outWidth * 3;
        writeRow(sums, channels, factor, rgb, to, outWidth);
        if (onWhite !== null) writeRow(whiteSums, channels, factor, onWhite, to, outWidth);
      }
    },
    result: () => ({ width: outWidth, height: outHeight, rgb, onWhite }),
  };
}

type Rows = Uint8Array | Uint8ClampedArray;

function addRow(sums: Uint16Array, rows: Rows, start: number): void {
  for (let i = 0, length = sums.length; i < length; i++) sums[i] = sums[i]! + rows[start + i]!;
}

function addRowOnWhite(sums: Uint16Array, rows: Rows, start: number): void {
  for (let i = 0, length = sums.length; i < length; i += 4) {
    const alpha = rows[start + i + 3]!;
    const white = (255 - alpha) * 255 + 127;
    for (let c = i; c < i + 3; c++) sums[c] = sums[c]! + Math.floor((rows[start + c]! * alpha + white) / 255);
  }
}

function hasTransparency(rows: Rows, start: number, rowBytes: number): boolean {
  for (let at = start + 3, end = start + rowBytes; at < end; at += 4) if (rows[at] !== 255) return true;
  return false;
}

/** Adds up `factor` columns at a time, writes a row of averages and clears the sums. */
function writeRow(
  sums: Uint16Array,
  channels: number,
  factor: number,
  out: Uint8Array,
  start: number,
  outWidth: number,
): void {
  const area = factor * factor;
  const half = area >> 1;
  const shift = Math.log2(area);
  const step = factor * channels;
  for (let x = 0, to = start, from = 0; x < outWidth; x++, from += step) {
    for (let c = 0; c < 3; c++) {
      let sum = half;
      for (let at = from + c, end = from + step; at < end; at += channels) sum += sums[at]!;
      out[to++] = sum >> shift;
    }
  }
  sums.fill(0);
}
