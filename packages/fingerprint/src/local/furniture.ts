/** Patches that say nothing about a picture: drawn interfaces, text, keyboards. They are left out on both sides. */
import type { Feature } from "./kernel.ts";

/** A patch of which this part is even ... */
const FLAT_PART = 0.4;
/** ... and which goes far from dark to light, was drawn: leaves out four of five patches that screens share and one in eleven of photographs. */
const DRAWN_SPAN = 110;

export const isFurniture = ({ flatness, span }: Pick<Feature, "flatness" | "span">): boolean =>
  flatness >= FLAT_PART && span >= DRAWN_SPAN;
