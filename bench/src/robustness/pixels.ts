/** Pictures as rows of RGB bytes, which every edit takes and gives; nothing is lost to an encoder between two edits. */
import sharp, { type Sharp } from "sharp";

export interface Pixels {
  /** `width * height * 3` bytes. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What a platform or a phone commonly keeps; measurements are comparable only from one size. */
export const LONGEST_SIDE = 1024;

/** Quality after an edit: what messengers commonly save with. */
export const SAVED_QUALITY = 70;

export const asSharp = ({ data, width, height }: Pixels): Sharp => sharp(data, { raw: { width, height, channels: 3 } });

export async function toPixels(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture
    .flatten({ background: "white" })
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return { data, width: info.width, height: info.height };
  if (info.channels !== 1) throw new Error(`${info.channels} channels where 1 or 3 were expected`);
  const rgb = new Uint8Array(info.width * info.height * 3);
  data.forEach((value, at) => rgb.fill(value, at * 3, at * 3 + 3));
  return { data: rgb, width: info.width, height: info.height };
}

/** Turned upright and at most `longestSide` pixels on its longest side; smaller ones are left as they are. */
export const decodePicture = (picture: Uint8Array, longestSide = LONGEST_SIDE): Promise<Pixels> =>
  toPixels(sharp(picture).autoOrient().resize(longestSide, longestSide, { fit: "inside", withoutEnlargement: true }));

export const encodePicture = (pixels: Pixels, quality = SAVED_QUALITY): Promise<Buffer> =>
  asSharp(pixels).jpeg({ quality }).toBuffer();

/** Covers the whole of a rectangle, cutting what stands over; the centre stays. */
export const fillPixels = (pixels: Pixels, width: number, height: number): Promise<Pixels> =>
  toPixels(asSharp(pixels).resize(Math.round(width), Math.round(height), { fit: "cover" }));

/** Fits within a rectangle as a whole, made larger where it is smaller. */
export const fitPixels = (pixels: Pixels, width: number, height: number): Promise<Pixels> =>
  toPixels(asSharp(pixels).resize(Math.round(width), Math.round(height), { fit: "inside" }));

/** A plane of one colour with pictures and drawings on it, in their order. */
export async function lay(
  width: number,
  height: number,
  background: string,
  layers: readonly { readonly what: Pixels | string; readonly left?: number; readonly top?: number }[],
): Promise<Pixels> {
  const plane = sharp({ create: { width, height, channels: 3, background } });
  const composed = plane.composite(
    layers.map(({ what, left = 0, top = 0 }) => ({
      ...(typeof what === "string"
        ? { input: Buffer.from(what) }
        : { input: Buffer.from(what.data), raw: { width: what.width, height: what.height, channels: 3 as const } }),
      left: Math.round(left),
      top: Math.round(top),
    })),
  );
  return toPixels(composed);
}

/** A drawing laid over a picture of the same size. */
export const drawOver = (pixels: Pixels, shapes: string): Promise<Pixels> =>
  toPixels(asSharp(pixels).composite([{ input: Buffer.from(svg(pixels.width, pixels.height, shapes)) }]));

export const svg = (width: number, height: number, shapes: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif">${shapes}</svg>`;
