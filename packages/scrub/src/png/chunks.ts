/** Chunks of PNG (W3C PNG, third edition, 5.3) and what each may hold. */

/** What a kept chunk's length may be, for a colour type and a number of bits. */
const lengths: Readonly<Record<string, (colourType: number) => readonly number[]>> = {
  gAMA: () => [4],
  cHRM: () => [32],
  sRGB: () => [1],
  cICP: () => [4],
  mDCV: () => [24],
  cLLI: () => [8],
  pHYs: () => [9],
  sBIT: (colourType) => [[1, 0, 3, 3, 2, 0, 4][colourType] ?? 0],
  bKGD: (colourType) => [[2, 0, 6, 1, 2, 0, 6][colourType] ?? 0],
  acTL: () => [8],
};

/** Whether a small chunk that only describes colours or timing has the one length it can have. */
export const isSmallKept = (type: string, lengthBytes: number, colourType: number): boolean =>
  lengths[type]?.(colourType).includes(lengthBytes) === true;

/** True for chunks that would be kept if they were right. */
export const isSmall = (type: string): boolean => Object.hasOwn(lengths, type);

/** Those that mean nothing behind the pixels. */
export const mustPrecedePixels = (type: string): boolean =>
  isSmall(type) || type === "iCCP" || type === "tRNS" || type === "PLTE";

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: number;
  readonly interlaced: boolean;
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Null if it is none that PNG allows (11.2.1). */
export const readPngHeader = (body: Uint8Array, u32: (at: number) => number): PngHeader | null => {
  if (body.length !== 13) return null;
  const [bitDepth = 0, colourType = 0, compression, filter, interlace = 2] = body.subarray(8);
  const [width, height] = [u32(0), u32(4)];
  const sane = (side: number): boolean => side > 0 && side < 2 ** 31;
  if (!sane(width) || !sane(height) || DEPTHS[colourType]?.includes(bitDepth) !== true) return null;
  if (compression !== 0 || filter !== 0 || interlace > 1) return null;
  return { width, height, bitDepth, colourType, interlaced: interlace === 1 };
};

/** Adam7 (8.2): start and step of each pass, across and down. */
const PASSES = [
  [0, 8, 0, 8],
  [4, 8, 0, 8],
  [0, 4, 4, 8],
  [2, 4, 0, 4],
  [0, 2, 2, 4],
  [1, 2, 0, 2],
  [0, 1, 1, 2],
] as const;

/** How many bytes the rows of a picture or frame have before they are compressed: a filter byte and the pixels. */
export const rowsBytes = (header: PngHeader, width: number, height: number): number => {
  const bits = header.bitDepth * (CHANNELS[header.colourType] ?? 0);
  const rows = (w: number, h: number): number => (w === 0 ? 0 : h * (1 + Math.ceil((w * bits) / 8)));
  if (!header.interlaced) return rows(width, height);
  return PASSES.reduce(
    (sum, [x, stepX, y, stepY]) =>
      sum + rows(Math.max(0, Math.ceil((width - x) / stepX)), Math.max(0, Math.ceil((height - y) / stepY))),
    0,
  );
};
