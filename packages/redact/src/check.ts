/** Arguments are looked at whole before anything is allocated or changed. */
import { RedactError } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import type { Colour, Pixels, Rectangle, Redaction, Region } from "./types.ts";

const isCoordinate = (value: number): boolean =>
  typeof value === "number" && Math.abs(value) <= LIMITS.coordinatePx && !Number.isNaN(value);
const isLength = (value: number): boolean => isCoordinate(value) && value >= 0;

const isRectangle = ({ x, y, width, height }: Rectangle): boolean =>
  isCoordinate(x) && isCoordinate(y) && isLength(width) && isLength(height);

const isColour = ({ red, green, blue }: Colour): boolean =>
  [red, green, blue].every((value) => Number.isInteger(value) && value >= 0 && value <= 255);

export function checkPixels({ width, height, data }: Pixels): void {
  const isSize = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!isSize || width * height > LIMITS.pixels || data.length !== width * height * 4) {
    throw new RedactError("pixels_invalid");
  }
}

/** Throws if this is no region. */
export function checkRegion(region: Region): void {
  const fine =
    (region.paddingPx === undefined || isLength(region.paddingPx)) &&
    (region.kind === "rectangle" || region.kind === "ellipse"
      ? isRectangle(region)
      : (region.kind === "polygon" || (region.kind === "stroke" && isLength(region.radiusPx))) &&
        region.points.length > 0 &&
        region.points.every(({ x, y }) => isCoordinate(x) && isCoordinate(y)));
  if (!fine) throw new RedactError("region_invalid");
}

export const pointsOf = (region: Region): number => ("points" in region ? region.points.length : 0);

export function checkRedaction({ cover, keep = [], paddingPx = 0, fill, background, crop }: Redaction): void {
  const regions = [...cover, ...keep];
  for (const region of regions) checkRegion(region);
  const points = regions.reduce((sum, region) => sum + pointsOf(region), 0);
  if (regions.length > LIMITS.regions || points > LIMITS.points) throw new RedactError("regions_too_complex");
  if (!isLength(paddingPx)) throw new RedactError("region_invalid");
  if ((fill && !isColour(fill)) || (background && !isColour(background))) throw new RedactError("colour_invalid");
  if (crop && !isRectangle(crop)) throw new RedactError("crop_invalid");
}
