/** How far a picture or video reaches that begins somewhere within a file; null if it is none, or not whole. */
import { startsWith, u16be, u32be } from "../core/bytes.ts";
import type { Window } from "../core/window.ts";

/** Steps that are left to one search, so that a thousand false starts can't make it long. */
export interface Budget {
  steps: number;
}

/** From SOI to the first EOI outside of segments (ITU-T T.81, B.2). */
export const jpegLength = async (window: Window, start: number, budget: Budget): Promise<number | null> => {
  let at = start + 2;
  let isInScan = false;
  for (; budget.steps > 0; budget.steps -= 1) {
    const block = await window.block(at, 4);
    if (block.length < 2) return null;
    if (isInScan) {
      // Up to the next marker that is neither a stuffed byte, a restart nor a fill byte.
      let next = block.indexOf(0xff);
      while (next >= 0 && next + 1 < block.length) {
        const byte = block[next + 1] ?? 0;
        if (byte !== 0 && byte !== 0xff && (byte < 0xd0 || byte > 0xd7)) break;
        next = block.indexOf(0xff, next + 1);
      }
      if (next < 0) {
        at += block.length;
        continue;
      }
      if (next + 1 >= block.length) {
        if (at + block.length >= window.sizeBytes) return null;
        at += next;
        // At the very start of a block nothing would move on.
        if (next === 0) return null;
        continue;
      }
      at += next;
      isInScan = false;
      continue;
    }
    if (block[0] !== 0xff) return null;
    const marker = block[1] ?? 0;
    if (marker === 0xd9) return at + 2 - start;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = u16be(block, 2);
    if (marker < 0xc0 || marker === 0xd8 || block.length < 4 || length < 2) return null;
    at += 2 + length;
    isInScan = marker === 0xda;
  }
  return null;
};

/** From the signature to IEND (W3C PNG, 5). */
export const pngLength = async (window: Window, start: number, budget: Budget): Promise<number | null> => {
  let at = start + 8;
  for (; budget.steps > 0 && at + 12 <= window.sizeBytes; budget.steps -= 1) {
    const head = await window.peek(at, 8);
    at += 12 + u32be(head, 0);
    if (startsWith(head, "IEND", 4)) return at <= window.sizeBytes ? at - start : null;
  }
  return null;
};

const BOX_NAME = /^[ -~]{4}$/u;

/** As many boxes as follow each other (ISO/IEC 14496-12, 4.2), `ftyp` first; a video has a `moov`. */
export const boxesLength = async (
  window: Window,
  start: number,
  budget: Budget,
): Promise<{ readonly length: number; readonly isVideo: boolean } | null> => {
  let at = start;
  let hasContent = false;
  let isVideo = false;
  for (; budget.steps > 0 && at + 8 <= window.sizeBytes; budget.steps -= 1) {
    const head = await window.peek(at, 16);
    const name = String.fromCharCode(...head.subarray(4, 8));
    const short = u32be(head, 0);
    const size =
      short === 1 ? u32be(head, 8) * 0x1_0000_0000 + u32be(head, 12) : short === 0 ? window.sizeBytes - at : short;
    if (!BOX_NAME.test(name) || size < 8 || at + size > window.sizeBytes || (at > start && name === "ftyp")) break;
    if (name === "moov" || name === "moof") isVideo = true;
    if (name === "mdat" || name === "meta") hasContent = true;
    at += size;
  }
  return hasContent || isVideo ? { length: at - start, isVideo } : null;
};
