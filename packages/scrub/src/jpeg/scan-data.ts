/** Entropy-coded data (ITU-T T.81, B.1.1.5 and F.1.2.3): where it ends, and fill bytes within it. */
import { TextWatch } from "../core/hidden-text.ts";
import type { Output } from "../core/pieces.ts";
import { doubtful } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import type { Scanned } from "../core/scanned.ts";
import { isRestart, TEM } from "./markers.ts";

/** Whether a second byte behind 0xFF ends the data, and is a marker with a meaning there. */
const isEnd = (next: number): boolean => next !== 0 && next !== 0xff && next !== TEM && !isRestart(next);

export interface ScanEnd {
  /** Offset of the marker that ended the data; the file's size if none came. */
  readonly at: number;
  /** Fill bytes left out. */
  readonly fillBytes: number;
}

/**
 * Copies the data from `start` on to the output, up to the next marker. `scanned` are ranges that were gone through like
 * this before: of those only the end is looked at.
 */
export const copyScanData = async (
  window: Window,
  start: number,
  output: Output,
  scanned: Scanned,
): Promise<ScanEnd> => {
  const known = scanned.known(start);
  if (known > 0) {
    const after = await window.peek(start + known, 2);
    if (after[0] === 0xff && isEnd(after[1] ?? 0)) {
      output.copy(start, known);
      return { at: start + known, fillBytes: 0 };
    }
  }
  let fillBytes = 0;
  let copied = start;
  let at = start;
  const watch = new TextWatch();
  for (;;) {
    const block = await window.block(at, 2);
    const found = watch.pushToMarker(block);
    if (found < 0 && block.length > 0) {
      at += block.length;
      continue;
    }
    at += Math.max(0, found);
    if (at + 1 >= window.sizeBytes) {
      output.copy(copied, at - copied);
      return { at: window.sizeBytes, fillBytes };
    }
    if (found === block.length - 1) continue; // The marker's second byte is in the next block
    const next = block[found + 1];
    if (next === TEM) throw doubtful("a marker without meaning stands within the picture data");
    if (next !== 0xff) {
      output.copy(copied, at - copied);
      if (copied === start) scanned.add(start, at - start);
      return { at, fillBytes };
    }
    // Any number of 0xFF may stand before a marker, and decoders take them so before a stuffed 0 too.
    output.copy(copied, at - copied);
    const fill = await countFill(window, at);
    fillBytes += fill;
    at += fill;
    copied = at;
    const after = await window.block(at, 2);
    if (after.length >= 2 && (after[1] === 0 || isRestart(after[1] ?? 0))) at += 2;
  }
};

/** How many 0xFF stand at `at` before another 0xFF. */
const countFill = async (window: Window, at: number): Promise<number> => {
  let count = 0;
  for (;;) {
    const block = await window.block(at + count, 2);
    let i = 0;
    while (i + 1 < block.length && block[i] === 0xff && block[i + 1] === 0xff) i += 1;
    count += i;
    if (i + 2 <= block.length || at + count + 1 >= window.sizeBytes) return count;
  }
};
