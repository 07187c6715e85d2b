/**
 * What is hashed of a large picture, and how it is averaged: docs/adr/0001-what-is-hashed.md has the measurements.
 *
 * Sides become 128 k - 1 with k odd. There PDQ's box has an odd window and its samples mirror onto each other, so the
 * eight hashes from one DCT equal those of a really turned or mirrored copy, bit for bit.
 */

/** Pictures with a shorter side than this are hashed as they are. */
export const SHRINK_FROM_SIDE = 1024;

/**
 * By how much sides are divided at least. 9 and 5 are what lets a JPEG decoder skip most of its work (it scales by 8
 * and 4, and a little is left to average); the smallest side that comes out is 383.
 */
const DIVISORS = [9, 5, 2] as const;
const MIN_SHRUNK_SIDE = 3 * 128;

/** The largest 128 k - 1, k odd, under `length`, which is at least 384. */
const symmetricalSide = (length: number): number => ((Math.floor(length / 128) - 1) | 1) * 128 - 1;

/** The size at which a picture is hashed; its own if it is not shrunk. */
export function hashedSize(width: number, height: number): { readonly width: number; readonly height: number } {
  const side = Math.min(width, height);
  if (side < SHRINK_FROM_SIDE) return { width, height };
  const divisor = DIVISORS.find((by) => side >= by * MIN_SHRUNK_SIDE) ?? 2;
  return { width: symmetricalSide(width / divisor), height: symmetricalSide(height / divisor) };
}

/** Longest side of the picture in which local hashes are searched. */
export const LOCAL_SIDE = 512;

/** The size at which a picture is searched for local hashes; never larger than it is. */
export function localSize(width: number, height: number): Size {
  const longest = Math.max(width, height);
  if (longest <= LOCAL_SIDE) return { width, height };
  const side = (length: number): number => Math.max(1, Math.round((length * LOCAL_SIDE) / longest));
  return { width: side(width), height: side(height) };
}

/** A picture being averaged down while its rows come in. */
export interface AreaShrink {
  /** Rows from the top, no padding; any number of whole rows at a time. Only read. */
  push(rows: Uint8Array | Uint8ClampedArray): void;
  /** To be called once all rows are in. */
  result(): ShrunkPicture;
}

export interface ShrunkPicture {
  readonly width: number;
  readonly height: number;
  /** RGB rows. Alpha is dropped: the colours under it are averaged as they are. */
  readonly rgb: Uint8Array;
  /** RGB rows of the picture on white; null if all of it is opaque. */
  readonly onWhite: Uint8Array | null;
  /** The picture as shown (on white), in its own shape, for local hashes; only there when it was asked for. */
  readonly local?: RgbRows;
}

export interface RgbRows {
  readonly width: number;
  readonly height: number;
  /** RGB rows from the top, no padding. */
  readonly rgb: Uint8Array;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The picture averaged to a size that is nowhere larger; the picture itself if it has that size. */
export function averagePicture(picture: RgbRows, width: number, height: number): RgbRows {
  if (picture.width === width && picture.height === height) return picture;
  const average = createAverage(picture.width, picture.height, width, height, 3);
  for (let at = 0; at < picture.rgb.length; at += picture.width * 3) average.add(picture.rgb, at);
  return { width, height, rgb: average.out };
}

/**
 * Averages a picture of `width` x `height` to its `hashedSize`, and to its `localSize` too if `withLocal`; pixels count
 * by the area that falls into a box.
 */
export function createAreaShrink(width: number, height: number, channels: 3 | 4, withLocal = false): AreaShrink {
  const size = hashedSize(width, height);
  const inside = localSize(width, height);
  const local = withLocal ? createAverage(width, height, inside.width, inside.height, channels) : null;
  const rowBytes = width * channels;
  const asIs = createAverage(width, height, size.width, size.height, channels);
  let onWhite: Average | null = null;
  const white = new Uint8Array(channels === 4 ? rowBytes : 0);
  let row = 0;
  return {
    push(rows) {
      for (let start = 0; start + rowBytes <= rows.length && row < height; start += rowBytes, row++) {
        if (channels === 4) {
          // What came before was opaque, so it is the same on white.
          if (onWhite === null && hasTransparency(rows, start, rowBytes)) onWhite = asIs.copy();
          if (onWhite !== null) {
            layOnWhite(rows, start, white);
            onWhite.add(white, 0);
          }
        }
        if (onWhite !== null) local?.add(white, 0);
        else local?.add(rows, start);
        asIs.add(rows, start);
      }
    },
    result: () => ({
      ...size,
      rgb: asIs.out,
      onWhite: onWhite?.out ?? null,
      ...(local && { local: { ...inside, rgb: local.out } }),
    }),
  };
}

type Rows = Uint8Array | Uint8ClampedArray;

function hasTransparency(rows: Rows, start: number, rowBytes: number): boolean {
  for (let at = start + 3, end = start + rowBytes; at < end; at += 4) if (rows[at] !== 255) return true;
  return false;
}

function layOnWhite(rows: Rows, start: number, out: Uint8Array): void {
  for (let i = 0, length = out.length; i < length; i += 4) {
    const alpha = rows[start + i + 3]!;
    const light = (255 - alpha) * 255 + 127;
    for (let c = 0; c < 3; c++) out[i + c] = (rows[start + i + c]! * alpha + light) / 255;
  }
}

interface Average {
  /** RGB rows. */
  readonly out: Uint8Array;
  add(rows: Rows, start: number): void;
  copy(): Average;
}

/** The part of an average that a copy takes over. */
interface AverageState {
  readonly out: Uint8Array;
  /** Sum of the rows that lie wholly in the present output row; at most 15 or so of 255 each. */
  readonly whole: Uint16Array;
  /** The part of the row before that lies in the present output row, times its weight; at most 255 * height. */
  readonly carried: Int32Array;
  row: number;
  outRow: number;
}

/**
 * All sums are whole numbers: an input row is `outHeight` units high, an output row `height` units, and likewise
 * across. So the result does not depend on the platform, nor on how rows are portioned.
 */
function createAverage(
  width: number,
  height: number,
  outWidth: number,
  outHeight: number,
  channels: number,
  from?: AverageState,
): Average {
  const rowBytes = width * channels;
  const state: AverageState = {
    out: from?.out.slice() ?? new Uint8Array(outWidth * outHeight * 3),
    whole: from?.whole.slice() ?? new Uint16Array(rowBytes),
    carried: from?.carried.slice() ?? new Int32Array(rowBytes),
    row: from?.row ?? 0,
    outRow: from?.outRow ?? 0,
  };
  const { out, whole, carried } = state;
  const sums = new Int32Array(rowBytes);
  const same = width === outWidth && height === outHeight;
  const copy = (): Average => createAverage(width, height, outWidth, outHeight, channels, state);

  const addSame = (rows: Rows, start: number): void => {
    for (let at = start, to = state.row * width * 3, x = 0; x < width; x++, at += channels, to += 3) {
      out[to] = rows[at]!;
      out[to + 1] = rows[at + 1]!;
      out[to + 2] = rows[at + 2]!;
    }
    state.row++;
  };

  const addShrinking = (rows: Rows, start: number): void => {
    const end = (state.outRow + 1) * height;
    const bottom = (state.row + 1) * outHeight;
    state.row++;
    if (bottom < end) return addWhole(whole, rows, start);
    // This row ends the output row, and what is left of it begins the next one.
    const below = bottom - end;
    endRow(sums, carried, whole, outHeight, rows, start, outHeight - below, below);
    averageAcross(sums, channels, width, outWidth, height, out, state.outRow * outWidth * 3);
    state.outRow++;
  };

  return { out, add: same ? addSame : addShrinking, copy };
}

// The loops that see every byte: kept to whole numbers of 32 bits, which engines keep in registers.

function addWhole(whole: Uint16Array, rows: Rows, start: number): void {
  for (let i = 0, length = whole.length; i < length; i++) whole[i] = whole[i]! + rows[start + i]!;
}

/** All that lies in the output row into `sums`; what lies beyond of the row that ends it is carried over. */
function endRow(
  sums: Int32Array,
  carried: Int32Array,
  whole: Uint16Array,
  wholeWeight: number,
  rows: Rows,
  start: number,
  above: number,
  below: number,
): void {
  for (let i = 0, length = carried.length; i < length; i++) {
    const value = rows[start + i]!;
    sums[i] = (carried[i]! + Math.imul(whole[i]!, wholeWeight) + Math.imul(value, above)) | 0;
    carried[i] = Math.imul(value, below);
    whole[i] = 0;
  }
}

/** One output row from the sums down its columns. All three colours in one pass: it is the dearest of these loops. */
function averageAcross(
  sums: Int32Array,
  channels: number,
  width: number,
  outWidth: number,
  height: number,
  out: Uint8Array,
  start: number,
): void {
  const area = width * height;
  const half = Math.floor(area / 2);
  let [r, g, b] = [half, half, half];
  let end = width;
  for (let x = 0, to = start, at = 0, right = outWidth; x < width; x++, at += channels, right += outWidth) {
    const [sumR, sumG, sumB] = [sums[at]!, sums[at + 1]!, sums[at + 2]!];
    if (right < end) {
      r += sumR * outWidth;
      g += sumG * outWidth;
      b += sumB * outWidth;
      continue;
    }
    const below = right - end;
    const above = outWidth - below;
    // What is cut off behind the point is what rounding down cuts off: none of it is negative.
    out[to] = ((r + sumR * above) / area) | 0;
    out[to + 1] = ((g + sumG * above) / area) | 0;
    out[to + 2] = ((b + sumB * above) / area) | 0;
    to += 3;
    end += width;
    r = half + sumR * below;
    g = half + sumG * below;
    b = half + sumB * below;
  }
}
