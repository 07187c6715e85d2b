/**
 * Text within coded pixels. They are copied without being decoded, so bytes behind the last block of a picture, where
 * decoders have stopped, would come along. Whatever was put there to be read is text, and coded data hardly ever looks
 * like it: a run of 24 printable characters, 12 of them different, comes up once in 10^10 random bytes, and patterns
 * of even areas, which do repeat, are made of few characters.
 */
import { doubtful } from "./refuse.ts";
import type { Window } from "./window.ts";

const RUN = 24;
const DIFFERENT = 12;

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e;

const holdsText = (bytes: Uint8Array): boolean => {
  // Looked at from a run's end: a byte that can't belong to it rules out all places before it.
  for (let start = 0; start + RUN <= bytes.length;) {
    let at = start + RUN - 1;
    while (at >= start && isPrintable(bytes[at] ?? 0)) at -= 1;
    if (at >= start) start = at + 1;
    else {
      if (new Set(bytes.subarray(start, start + RUN)).size >= DIFFERENT) return true;
      start += 1;
    }
  }
  return false;
};

/** Watches coded data that comes in pieces, in order. */
export class TextWatch {
  #tail: Uint8Array = new Uint8Array(0);

  /** Throws `scrub_doubtful` where text stands in it. */
  push(bytes: Uint8Array): void {
    if (holdsText(bytes)) throw doubtful("text stands within the coded picture");
    const seam = new Uint8Array(this.#tail.length + Math.min(RUN, bytes.length));
    seam.set(this.#tail);
    seam.set(bytes.subarray(0, seam.length - this.#tail.length), this.#tail.length);
    if (holdsText(seam)) throw doubtful("text stands within the coded picture");
    this.#tail = (bytes.length >= RUN ? bytes : seam).slice(-RUN);
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
