/** What an edit and a transform are; the lists of them are in the files beside this one. */
import { decodePicture, encodePicture, type Pixels } from "./pixels.ts";
import { type Random, randomFrom, seedOf } from "./random.ts";

/** Changes a picture; `others` are different pictures, encoded, for those edits that put several together. */
export type Edit = (pixels: Pixels, random: Random, others: readonly Uint8Array[]) => Promise<Pixels>;

export interface Transform {
  /** Stable, with the parameter last: `crop.25`. */
  readonly name: string;
  readonly family: string;
  /** Where the transform stands on its family's curve, in the family's unit. */
  readonly parameter?: number;
  /**
   * The same bytes for the same picture, seed and others. JPEG of quality 70 where the format isn't the point.
   * `picture` is at most 1024 pixels on its longest side, or is made so first.
   */
  apply(picture: Uint8Array, seed: number, others: readonly Uint8Array[]): Promise<Buffer>;
}

export function transformOf(family: string, detail: string | number, edit: Edit): Transform {
  const name = `${family}.${detail}`;
  return {
    name,
    family,
    ...(typeof detail === "number" ? { parameter: detail } : {}),
    apply: async (picture, seed, others) =>
      encodePicture(await edit(await decodePicture(picture), randomFrom(seedOf(name, seed)), others)),
  };
}
