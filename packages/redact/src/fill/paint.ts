/** Colours of covered pixels. Nothing in here reads a covered pixel. */
import type { Colour, Pixels, Redaction } from "../types.ts";
import { surroundings } from "./surroundings.ts";

const BLACK: Colour = { red: 0, green: 0, blue: 0 };
/** Of each of the two stripes, measured along a row, in pixels. */
const STRIPE_PX = 12;

/** Gives every pixel that is set in `covered` (one byte a pixel) its colour, opaque. */
export function paintCovered(
  picture: Pixels,
  covered: Uint8Array,
  { fill = BLACK, decoration = "none" }: Redaction,
): void {
  const { width, data } = picture;
  const [even, odd] = [fill, decoration === "stripes" ? near(fill) : fill];
  for (let at = 0; at < covered.length; at++) {
    if (covered[at] !== 1) continue;
    const colour = Math.floor(((at % width) + Math.floor(at / width)) / STRIPE_PX) % 2 === 0 ? even : odd;
    data[at * 4] = colour.red;
    data[at * 4 + 1] = colour.green;
    data[at * 4 + 2] = colour.blue;
    data[at * 4 + 3] = 255;
  }
  // Over the fill: where there is nothing around to take colours from, the fill stays.
  if (decoration === "soft") surroundings(picture, covered);
}

/** A colour that can be told from the other: lighter, or darker where it is light already. */
function near({ red, green, blue }: Colour): Colour {
  const step = red + green + blue < 384 ? 40 : -40;
  const move = (value: number): number => Math.min(255, Math.max(0, value + step));
  return { red: move(red), green: move(green), blue: move(blue) };
}
