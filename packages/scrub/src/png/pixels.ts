/** The compressed rows of a picture or frame: that they are whole, and that nothing stands behind their end. */
import { crc32 } from "../core/crc32.ts";
import { damaged } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import { Inflater } from "../deflate/inflate.ts";

const BLOCK_BYTES = 1 << 18;

export class PixelStream {
  readonly #inflater: Inflater;
  /** How many bytes the rows have. */
  readonly expectedBytes: number;

  constructor(expectedBytes: number) {
    this.expectedBytes = expectedBytes;
    this.#inflater = new Inflater(expectedBytes, "count");
  }

  /**
   * Reads a chunk's bytes from `at` on. Answers how many of them the rows need, and the checksum of the whole chunk,
   * begun with `crc`.
   */
  async take(
    window: Window,
    at: number,
    lengthBytes: number,
    crc: number,
  ): Promise<{ readonly needed: number; readonly crc: number }> {
    let needed = 0;
    let sum = crc;
    for (let done = 0; done < lengthBytes;) {
      const bytes = await window.view(at + done, Math.min(BLOCK_BYTES, lengthBytes - done));
      sum = crc32(bytes, sum);
      needed += this.#inflater.push(bytes);
      done += bytes.length;
    }
    if (this.#inflater.state === "broken") throw damaged("the compressed pixels are wrong");
    return { needed, crc: sum };
  }

  /** Throws if rows are missing. */
  finish(): void {
    if (this.#inflater.state !== "done" || this.#inflater.outputBytes !== this.expectedBytes) {
      throw damaged("pixels are missing");
    }
  }
}
