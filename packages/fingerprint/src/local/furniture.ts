/** Patches that say nothing about a picture: drawn interfaces, text, keyboards. They are left out on both sides. */
import type { Feature } from "./kernel.ts";

/** A patch of which this part is even ... */
const FLAT_PART = 0.6;
/** ... and which goes nearly from black to white, was drawn: photographs have grain, or soft edges. */
const DRAWN_SPAN = 110;

export const isFurniture = ({ flatness, span }: Pick<Feature, "flatness" | "span">): boolean =>
  flatness >= FLAT_PART && span >= DRAWN_SPAN;
