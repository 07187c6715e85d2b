/**
 * GIF's LZW data (GIF89a, appendix F), read only as far as it takes to know where the pixels end: codes are counted,
 * not decoded. Behind the last pixel anything may hide, up to the next block.
 */

const MAX_CODES = 4096;

export type LzwState = "open" | "done" | "broken";

export class LzwCounter {
  state: LzwState = "open";
  /** 1 for each colour that a pixel has: each comes first as a code of its own. */
  readonly colours = new Uint8Array(256);
  /** Bits taken up to and with the code that completed the pixels. */
  usedBits = 0;
  /** How many bits the next code has: with so many, the end is written. */
  readonly #minimum: number;
  readonly #lengths = new Uint32Array(MAX_CODES);
  #pixelsLeft: number;
  #width: number;
  #next: number;
  #previous = -1;
  #bits = 0;
  #bitCount = 0;

  /** `minimum` is the file's LZW minimum code size, 1 to 11. */
  constructor(minimum: number, pixels: number) {
    this.#minimum = minimum;
    this.#pixelsLeft = pixels;
    this.#width = minimum + 1;
    this.#next = (1 << minimum) + 2;
    this.#lengths.fill(1, 0, 1 << minimum);
  }

  /** The end code and its bits, as a decoder expects it now. */
  get end(): { readonly code: number; readonly bits: number } {
    return { code: (1 << this.#minimum) + 1, bits: this.#width };
  }

  /** Takes bytes until the pixels are complete. */
  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.#bits |= byte << this.#bitCount;
      this.#bitCount += 8;
      while (this.#bitCount >= this.#width) {
        const code = this.#bits & ((1 << this.#width) - 1);
        this.#bits >>>= this.#width;
        this.#bitCount -= this.#width;
        this.usedBits += this.#width;
        this.#take(code);
        if (this.state !== "open") return;
      }
    }
  }

  #take(code: number): void {
    const clear = 1 << this.#minimum;
    if (code === clear) {
      this.#width = this.#minimum + 1;
      this.#next = clear + 2;
      this.#previous = -1;
      return;
    }
    // An end before the last pixel: decoders leave the rest as it was, and so do we.
    if (code === clear + 1) {
      this.usedBits -= this.#width;
      this.state = "done";
      return;
    }
    const known = code < this.#next && (code < clear || code > clear + 1);
    if (!known && (code !== this.#next || this.#previous < 0)) {
      this.state = "broken";
      return;
    }
    if (code < clear && code < 256) this.colours[code] = 1;
    if (this.#previous >= 0 && this.#next < MAX_CODES) {
      this.#lengths[this.#next] = (this.#lengths[this.#previous] ?? 0) + 1;
      this.#next += 1;
      if (this.#next === 1 << this.#width && this.#width < 12) this.#width += 1;
    }
    this.#pixelsLeft -= this.#lengths[code] ?? 0;
    this.#previous = code;
    if (this.#pixelsLeft <= 0) this.state = "done";
  }
}
