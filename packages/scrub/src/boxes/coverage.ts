/** Which bytes of a file are spoken of: what lies in the media data and belongs to nothing may be anything. */
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

export class Coverage {
  readonly #ranges: Range[] = [];

  /** Adjoining ranges, added one after the other, become one. */
  add(from: number, length: number): void {
    if (length <= 0) return;
    const last = this.#ranges.at(-1);
    if (last !== undefined && last.to === from)
      this.#ranges[this.#ranges.length - 1] = { from: last.from, to: from + length };
    else this.#ranges.push({ from, to: from + length });
  }

  /** How many bytes between `from` and `to` no range holds. */
  missing({ ranges: holders }: MediaRanges): number {
    const sorted = this.#ranges.toSorted((a, b) => a.from - b.from);
    let missing = 0;
    let next = 0;
    for (const { from, to } of holders) {
      let at = from;
      while (next < sorted.length) {
        const range = sorted[next];
        if (range === undefined || range.from >= to) break;
        if (range.from > at) missing += range.from - at;
        at = Math.max(at, Math.min(to, range.to));
        if (range.to > to) break;
        next += 1;
      }
      missing += Math.max(0, to - at);
    }
    return missing;
  }
}
