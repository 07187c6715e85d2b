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

/** Whether one of the runs in `bytes`, all of which are printable, is of enough different characters. */
const isText = (bytes: Uint8Array): boolean => {
  for (let start = 0; start + RUN <= bytes.length; start += 1)
    if (new Set(bytes.subarray(start, start + RUN)).size >= DIFFERENT) return true;
  return false;
};

/** Any run holds a whole word of four bytes at a multiple of this many words from wherever they are counted. */
const STRIDE = (RUN - 4) / 4;
const HIGH_BITS = 0x8080_8080 | 0;

const holdsText = (bytes: Uint8Array): boolean => {
  // Words lie at multiples of four; of those before the first only a run can begin.
  const skipped = (4 - (bytes.byteOffset & 3)) & 3;
  if (bytes.length < RUN) return false;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + skipped, (bytes.length - skipped) >> 2);
  for (let word = 0; word < words.length; word += STRIDE) {
    // A word of random bytes has no high bit once in sixteen: four times faster than to look at a byte, measured.
    if (((words[word] ?? 0) & HIGH_BITS) !== 0) continue;
    let from = skipped + 4 * word;
    let to = from;
    while (to < bytes.length && isPrintable(bytes[to] ?? 0)) to += 1;
    if (to < from + 4) continue;
    while (from > 0 && isPrintable(bytes[from - 1] ?? 0)) from -= 1;
    if (to - from >= RUN && isText(bytes.subarray(from, to))) return true;
    // What was looked at once is not looked at again.
    word += STRIDE * Math.floor((to - skipped - 4 * word) / (4 * STRIDE));
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
