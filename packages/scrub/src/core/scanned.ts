/**
 * Ranges of a file that were gone through and hold nothing but what belongs there. What comes out is read again, and most
 * of it is such ranges, copied: the same bytes say the same, so there it is enough to know that they are the same. A source
 * that answers other bytes the second time breaks its contract, and could as well answer others when it is written out.
 */
import type { Output } from "./pieces.ts";

export interface Scanned {
  /** How many bytes from `at` on are a whole range that was gone through before; 0 if that is not known. */
  known(at: number): number;
  add(from: number, length: number): void;
}

/** Ranges of the original; of what is put together from it, those that were copied whole. */
export class ScannedRanges implements Scanned {
  readonly #lengths = new Map<number, number>();

  known(_at: number): number {
    return 0;
  }

  add(from: number, length: number): void {
    this.#lengths.set(from, length);
  }

  /** The same for an output of which these are ranges of the original. */
  within(output: Output): Scanned {
    return {
      known: (at) => {
        if (at >= output.sizeBytes) return 0;
        const index = output.indexAt(at);
        const piece = output.piece(index);
        if ("bytes" in piece || output.startOf(index) !== at) return 0;
        const length = this.#lengths.get(piece.from);
        return length === piece.length ? length : 0;
      },
      add: () => {},
    };
  }
}
