/** Which bytes of a file are spoken of: what lies in the media data and belongs to nothing may be anything. */
import { float64, withRoom } from "../core/columns.ts";

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The boxes that hold media data. What is played from elsewhere would be parts of the index, or of what is left out. */
export class MediaRanges {
  readonly ranges: readonly Range[];

  constructor(boxes: readonly { readonly type: string; readonly body: number; readonly end: number }[]) {
    this.ranges = boxes.filter(({ type }) => type === "mdat").map(({ body, end }) => ({ from: body, to: end }));
  }

  /** Whether one of them holds all of it. */
  hold(from: number, length: number): boolean {
    let low = 0;
    let high = this.ranges.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.ranges[middle]?.from ?? 0) <= from) low = middle;
      else high = middle - 1;
    }
    const range = this.ranges[low];
    return range !== undefined && range.from <= from && from + length <= range.to;
  }
}

/** Kept as columns of numbers: of a long video there may be hundreds of thousands of ranges. */
export class Coverage {
  #count = 0;
  #froms: Float64Array = float64(0);
  #tos: Float64Array = float64(0);

  /** Adjoining ranges, added one after the other, become one. */
  add(from: number, length: number): void {
    if (length <= 0) return;
    if (this.#count > 0 && this.#tos[this.#count - 1] === from) {
      this.#tos[this.#count - 1] = from + length;
      return;
    }
    this.#froms = withRoom(this.#froms, this.#count + 1, float64);
    this.#tos = withRoom(this.#tos, this.#count + 1, float64);
    this.#froms[this.#count] = from;
    this.#tos[this.#count] = from + length;
    this.#count += 1;
  }

  /** How many bytes between `from` and `to` no range holds. */
  missing({ ranges: holders }: MediaRanges): number {
    const order = new Uint32Array(this.#count);
    for (let i = 0; i < order.length; i += 1) order[i] = i;
    order.sort((a, b) => (this.#froms[a] ?? 0) - (this.#froms[b] ?? 0));
    let missing = 0;
    let next = 0;
    for (const { from, to } of holders) {
      let at = from;
      while (next < order.length) {
        const index = order[next] ?? 0;
        const start = this.#froms[index] ?? 0;
        const end = this.#tos[index] ?? 0;
        if (start >= to) break;
        if (start > at) missing += start - at;
        at = Math.max(at, Math.min(to, end));
        if (end > to) break;
        next += 1;
      }
      missing += Math.max(0, to - at);
    }
    return missing;
  }
}
