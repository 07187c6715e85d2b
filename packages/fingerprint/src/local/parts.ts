/**
 * A closer look at a picture that has little to ask with: four parts of it, enlarged, each searched as if it were a
 * picture. Where a photograph is a small part of a screenshot, its detail is too fine to be found in the whole.
 */
import { LOCAL_SIDE, type RgbRows } from "../core/shrink.ts";
import { isFurniture } from "./furniture.ts";
import { type Feature, findFeatures } from "./kernel.ts";
import { placeOf } from "./places.ts";
import { MIN_LOCAL_SIDE, PART_EIGHTHS, QUERY_KEY_POINTS } from "./numbers.ts";

/** A plain feature of a part, and where it lies in the whole. */
export interface PlacedHash {
  readonly hash: string;
  readonly place: number;
}

/** The longest side of the base picture: smaller ones are enlarged before they are searched, by four at most. */
export const baseSide = ({ width, height }: RgbRows): number => Math.min(LOCAL_SIDE, 4 * Math.max(width, height));

/**
 * Plain features of the parts, furniture left out: the largest first, for these a bank is most likely to hold; of equal
 * ones that of the earlier part. None of parts too small to be searched.
 */
export function featuresOfParts(picture: RgbRows): readonly PlacedHash[] {
  const [width, height] = [partOf(picture.width), partOf(picture.height)];
  const longest = Math.max(picture.width, picture.height);
  if (Math.max(width, height) < MIN_LOCAL_SIDE) return [];
  const found: (PlacedHash & Pick<Feature, "sigma">)[] = [];
  for (const top of [0, picture.height - height]) {
    for (const left of [0, picture.width - width]) {
      const part = cut(picture, left, top, width, height);
      const zoom = Math.max(width, height) / baseSide(part);
      for (const feature of findFeatures(part.rgb, width, height, QUERY_KEY_POINTS, 0, true) ?? []) {
        if (isFurniture(feature)) continue;
        const { hash, x, y, sigma } = feature;
        found.push({ hash, sigma, place: placeOf(left + x * zoom, top + y * zoom, longest) });
      }
    }
  }
  return found.toSorted((a, b) => b.sigma - a.sigma);
}

const partOf = (side: number): number => Math.max(1, Math.round((side * PART_EIGHTHS) / 8));

function cut({ rgb, width }: RgbRows, left: number, top: number, partWidth: number, partHeight: number): RgbRows {
  const out = new Uint8Array(partWidth * partHeight * 3);
  for (let y = 0; y < partHeight; y++) {
    const at = ((top + y) * width + left) * 3;
    out.set(rgb.subarray(at, at + partWidth * 3), y * partWidth * 3);
  }
  return { rgb: out, width: partWidth, height: partHeight };
}
