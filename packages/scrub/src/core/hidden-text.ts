/**
 * Text within coded pixels. They are copied without being decoded, so bytes behind the last block of a picture, where
 * decoders have stopped, would come along. Whatever was put there to be read is text, and coded data hardly ever looks
 * like it: a run of 24 printable characters, 12 of them different, comes up once in 10^10 random bytes, and patterns
 * of even areas, which do repeat, are made of few characters.
 */
import { codedKernel } from "./coded-kernel.ts";
import { findMarker, holdsText, RUN } from "./coded-plain.ts";
import { doubtful } from "./refuse.ts";
import type { Window } from "./window.ts";

const hasText = (): Error => doubtful("text stands within the coded picture");
/** How much of what came before is looked at again, so that no text is missed over two pieces. */
const CARRIED = RUN - 1;
/** Behind the last byte there is, which is taken for a marker's first if it may be one. */
const ANY_MARKER = 1;
const FIRST_COPIED = 128;

/** Watches coded data that comes in pieces, in order. Throws `scrub_doubtful` where text stands in it. */
export class TextWatch {
  readonly #kernel;
  #tail: Uint8Array = new Uint8Array(0);

  /** `kernel` is null where there is none. */
  constructor(kernel = codedKernel()) {
    this.#kernel = kernel;
  }

  push(bytes: Uint8Array): void {
    if (this.#kernel === null) this.#pushPlainly(bytes);
    else this.#pushTo(bytes, false);
  }

  /**
   * Coded data of a JPEG up to the next marker, whose index is answered: of a 0xFF that is followed by something other
   * than a stuffed 0 or a restart, or is the last byte. -1 if there is none; then all of it was watched.
   */
  pushToMarker(bytes: Uint8Array): number {
    if (this.#kernel !== null) return this.#pushTo(bytes, true);
    const found = findMarker(bytes, 0);
    this.#pushPlainly(found < 0 ? bytes : bytes.subarray(0, found));
    return found;
  }

  #pushTo(source: Uint8Array, isToMarker: boolean): number {
    const kernel = this.#kernel;
    if (kernel === null) return -1;
    const { bytes, dataAt, capacity } = kernel;
    bytes.set(this.#tail, dataAt - this.#tail.length);
    let carried = this.#tail.length;
    let found = -1;
    // In a damaged file there may be a marker every few bytes, and little should be copied for each.
    let size = isToMarker ? FIRST_COPIED : capacity;
    for (let at = 0; at < source.length && found < 0;) {
      const part = source.subarray(at, at + size + 1);
      const length = Math.min(part.length, size);
      bytes.set(part, dataAt);
      if (length === part.length) bytes[dataAt + length] = ANY_MARKER;
      const marker = isToMarker ? kernel.findMarker(length) : -1;
      const end = marker < 0 ? length : marker;
      if (kernel.holdsText(carried, end)) throw hasText();
      if (marker >= 0) found = at + marker;
      carried = Math.min(CARRIED, carried + end);
      bytes.copyWithin(dataAt - carried, dataAt + end - carried, dataAt + end);
      at += length;
      size = Math.min(capacity, 8 * size);
    }
    this.#tail = bytes.slice(dataAt - carried, dataAt);
    return found;
  }

  #pushPlainly(bytes: Uint8Array): void {
    if (holdsText(bytes)) throw hasText();
    const seam = new Uint8Array(this.#tail.length + Math.min(CARRIED, bytes.length));
    seam.set(this.#tail);
    seam.set(bytes.subarray(0, seam.length - this.#tail.length), this.#tail.length);
    if (holdsText(seam)) throw hasText();
    this.#tail = (bytes.length >= CARRIED ? bytes : seam).slice(-CARRIED);
  }
}

/** The same for a range of a file. */
export const refuseText = async (window: Window, from: number, length: number): Promise<void> => {
  const watch = new TextWatch();
  for (let at = from; at < from + length;) {
    const block = await window.block(at);
    if (block.length === 0) return;
    const part = block.subarray(0, from + length - at);
    watch.push(part);
    at += part.length;
  }
};
