/** Pixels of a frame to the size that is hashed, by area, where no decoder does it. */
import type { FramePicture } from "./types.ts";

/** Where each output sample begins in the input, and its share of input samples: `weights` of `count` from `first`. */
interface Span {
  readonly first: number;
  readonly weights: readonly number[];
}

/** For each input sample, the output samples it falls into; an input sample counts by the area it covers. */
function spansOf(from: number, to: number): Span[] {
  return Array.from({ length: from }, (_, i) => {
    const start = (i * to) / from;
    const end = ((i + 1) * to) / from;
    const first = Math.min(to - 1, Math.floor(start));
    const weights: number[] = [];
    for (let out = first; out < to && out < end; out++) weights.push(Math.min(end, out + 1) - Math.max(start, out));
    return { first, weights };
  });
}

export interface Resize {
  /** RGBA rows from the top, any number of whole rows at a time. Only read; alpha is not looked at. */
  push(rows: Uint8Array | Uint8ClampedArray): void;
  /** To be called once all rows are in. */
  result(): FramePicture;
}

/** Averages RGBA rows of `width` x `height` to RGB of `outWidth` x `outHeight`, smaller or larger. */
export function createResize(width: number, height: number, outWidth: number, outHeight: number): Resize {
  const across = spansOf(width, outWidth);
  const down = spansOf(height, outHeight);
  const sums = new Float32Array(outWidth * outHeight * 3);
  const line = new Float32Array(outWidth * 3);
  let row = 0;

  const addLine = (rows: Uint8Array | Uint8ClampedArray, start: number): void => {
    line.fill(0);
    let at = start;
    for (const { first, weights } of across) {
      const [red = 0, green = 0, blue = 0] = [rows[at], rows[at + 1], rows[at + 2]];
      at += 4;
      let to = first * 3;
      for (const weight of weights) {
        line[to] = (line[to] ?? 0) + red * weight;
        line[to + 1] = (line[to + 1] ?? 0) + green * weight;
        line[to + 2] = (line[to + 2] ?? 0) + blue * weight;
        to += 3;
      }
    }
  };

  return {
    push(rows) {
      const rowBytes = width * 4;
      for (let start = 0; start + rowBytes <= rows.length; start += rowBytes, row++) {
        const span = down[row];
        if (span === undefined) return;
        addLine(rows, start);
        for (const [i, weight] of span.weights.entries()) {
          let to = (span.first + i) * outWidth * 3;
          for (const value of line) {
            sums[to] = (sums[to] ?? 0) + value * weight;
            to++;
          }
        }
      }
    },
    result: () => ({ width: outWidth, height: outHeight, rgb: Uint8Array.from(sums, (value) => Math.round(value)) }),
  };
}
