/** Patches that say nothing about a picture: drawn interfaces, text, keyboards. They are left out on both sides. */
import type { Feature } from "./kernel.ts";

/** A patch of which this part has one and the same colour ... */
const EVEN_PART = 0.3;
/** ... and which is not flat as a whole, was drawn. How it was chosen: docs/recognition.md. */
const DRAWN_SPAN = 40;

export const isFurniture = ({ evenness, span }: Pick<Feature, "evenness" | "span">): boolean =>
  evenness >= EVEN_PART && span >= DRAWN_SPAN;
