/** Pictures for the tests of local hashes. */
import { join } from "node:path";
import sharp from "sharp";
import { type RgbRows, averagePicture, localSize } from "../../src/core/shrink.ts";
import { randomFrom } from "../pictures.ts";

const photographs = join(import.meta.dirname, "../../../../fixtures/photographs");

/** RGB rows of a grey picture by a formula that gives 0 to 255. */
export function greyPicture(width: number, height: number, value: (x: number, y: number) => number): RgbRows {
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) rgb.fill(value(at % width, Math.floor(at / width)), at * 3, at * 3 + 3);
  return { width, height, rgb };
}

export function noisePicture(width: number, height: number, seed: number): RgbRows {
  const random = randomFrom(seed);
  return { width, height, rgb: Uint8Array.from({ length: width * height * 3 }, () => random() * 256) };
}

/** Where a fixture photograph lies. */
export const photographPath = (name: string): string => join(photographs, `${name}.jpg`);

/** A fixture photograph in the size in which local hashes are searched, or with `longest` pixels on its longest side. */
export async function photograph(name: string, longest?: number): Promise<RgbRows> {
  const { data, info } = await sharp(photographPath(name)).raw().toBuffer({ resolveWithObject: true });
  const size = localSize(info.width, info.height);
  const scale = longest === undefined ? 1 : longest / Math.max(size.width, size.height);
  const picture = { width: info.width, height: info.height, rgb: new Uint8Array(data) };
  return averagePicture(picture, Math.round(size.width * scale), Math.round(size.height * scale));
}
