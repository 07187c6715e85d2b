/**
 * Ranges of a file that were gone through and hold nothing but what belongs there. What comes out is read again, and most
 * of it is such ranges, copied: the same bytes say the same, so there it is enough to know that they are the same. A source
 * that answers other bytes the second time breaks its contract, and could as well answer others when it is written out.
 */
import type { Output } from "./pieces.ts";

export interface Scanned {
  /**
   * How many bytes from `at` on are a whole range that was gone through before, and found right for `size` where what is
   * right depends on one; 0 if that is not known.
   */
  known(at: number, size?: number): number;
  /** What was gone through. `size` is whatever number of elsewhere it was measured by. */
  add(from: number, length: number, size?: number): void;
}

/** Ranges of the original; of what is put together from it, those that were copied whole. */
export class ScannedRanges implements Scanned {
  readonly #ranges = new Map<number, { readonly length: number; readonly size: number }>();

  known(): number {
    return 0;
  }

  add(from: number, length: number, size = 0): void {
    this.#ranges.set(from, { length, size });
  }

  /** The same for an output of which these are ranges of the original. */
  within(output: Output): Scanned {
    return {
      known: (at, size = 0) => {
        if (at >= output.sizeBytes) return 0;
        const index = output.indexAt(at);
        const piece = output.piece(index);
        if ("bytes" in piece) return 0;
        const within = at - output.startOf(index);
        const range = this.#ranges.get(piece.from + within);
        return range !== undefined && range.size === size && range.length <= piece.length - within ? range.length : 0;
      },
      add: () => {},
    };
  }
}
