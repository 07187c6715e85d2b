/** A mask: one byte a pixel, 1 where it is set, and what may still be written to it. */
import { RedactError } from "../errors.ts";
import { LIMITS } from "../limits.ts";

/** How much work is left for one call: hostile regions could otherwise keep a device busy for hours. */
export class Budget {
  #pixels: number = LIMITS.writtenPixels;
  #rows: number = LIMITS.edgeRows;

  spendPixels(count: number): void {
    this.#pixels -= count;
    if (this.#pixels < 0) throw new RedactError("regions_too_complex");
  }

  spendRows(count: number): void {
    this.#rows -= count;
    if (this.#rows < 0) throw new RedactError("regions_too_complex");
  }
}

export interface Mask {
  /** Where the mask's first pixel lies in the picture. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly budget: Budget;
}

export const createMask = (left: number, top: number, width: number, height: number, budget: Budget): Mask => ({
  left,
  top,
  width,
  height,
  data: new Uint8Array(width * height),
  budget,
});

/** Sets the pixels from `x0` to before `x1` of row `y`, in the picture's coordinates; what is outside is left out. */
export function setSpan(mask: Mask, y: number, x0: number, x1: number): void {
  const row = y - mask.top;
  if (row < 0 || row >= mask.height) return;
  const from = Math.max(0, x0 - mask.left);
  const to = Math.min(mask.width, x1 - mask.left);
  if (from >= to) return;
  mask.budget.spendPixels(to - from);
  mask.data.fill(1, row * mask.width + from, row * mask.width + to);
}

/** Sets a box of pixels, from (x0, y0) to before (x1, y1). */
export function setBox(mask: Mask, x0: number, y0: number, x1: number, y1: number): void {
  const last = Math.min(y1, mask.top + mask.height);
  for (let y = Math.max(y0, mask.top); y < last; y++) setSpan(mask, y, x0, x1);
}
