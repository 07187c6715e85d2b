/** Regions to pixels, in two ways that both err towards less being seen. */
import type { Point, Rectangle, Region } from "../types.ts";
import { setCapsule, setInnerCapsule } from "./capsule.ts";
import { type Mask, setBox } from "./mask.ts";
import { setEnclosed, setSurelyInside } from "./outline.ts";

/** Corners of an ellipse drawn as a polygon: at 4,000 pixels across it is off by less than 2. */
const ELLIPSE_CORNERS = 96;

/** The polygon that has the ellipse's points as corners (1), or goes around it. */
function ellipse({ x, y, width, height }: Rectangle, around: boolean): readonly Point[] {
  const scale = (around ? 1 / Math.cos(Math.PI / ELLIPSE_CORNERS) : 1) / 2;
  return Array.from({ length: ELLIPSE_CORNERS }, (_, at) => {
    const angle = (2 * Math.PI * at) / ELLIPSE_CORNERS;
    return {
      x: x + width / 2 + Math.cos(angle) * width * scale,
      y: y + height / 2 + Math.sin(angle) * height * scale,
    };
  });
}

function eachStep(points: readonly Point[], take: (a: Point, b: Point) => void): void {
  const [first] = points;
  if (first !== undefined && points.length === 1) take(first, first);
  for (const [at, b] of points.entries()) {
    const a = points[at - 1];
    if (a !== undefined) take(a, b);
  }
}

/** Sets every pixel that the region or its padding touches at all; of a region without extent, one pixel at least. */
export function setTouched(mask: Mask, region: Region, paddingPx: number): void {
  const padding = region.paddingPx ?? paddingPx;
  switch (region.kind) {
    case "rectangle": {
      const left = Math.floor(region.x - padding);
      const top = Math.floor(region.y - padding);
      const right = Math.max(left + 1, Math.ceil(region.x + region.width + padding));
      const bottom = Math.max(top + 1, Math.ceil(region.y + region.height + padding));
      return setBox(mask, left, top, right, bottom);
    }
    case "ellipse":
      return setEnclosed(mask, ellipse(region, true), padding);
    case "polygon":
      return setEnclosed(mask, region.points, padding);
    case "stroke":
      return eachStep(region.points, (a, b) => setCapsule(mask, a, b, region.radiusPx + padding));
  }
}

/** Sets only pixels that are wholly inside of the region and farther from its edge than the padding. */
export function setInside(mask: Mask, region: Region, paddingPx: number): void {
  const padding = region.paddingPx ?? paddingPx;
  switch (region.kind) {
    case "rectangle":
      return setBox(
        mask,
        Math.ceil(region.x + padding),
        Math.ceil(region.y + padding),
        Math.floor(region.x + region.width - padding),
        Math.floor(region.y + region.height - padding),
      );
    case "ellipse":
      return setSurelyInside(mask, ellipse(region, false), padding);
    case "polygon":
      return setSurelyInside(mask, region.points, padding);
    case "stroke":
      return eachStep(region.points, (a, b) => setInnerCapsule(mask, a, b, region.radiusPx - padding));
  }
}
