import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createBoxShrink, shrinkFactor } from "../../src/core/shrink.ts";
import { randomFrom } from "../pictures.ts";

/** The definition, pixel by pixel. */
function boxAverage(rows: Uint8Array, width: number, height: number, factor: number, channels: number, white: boolean) {
  const out: number[] = [];
  for (let y = 0; y + factor <= height; y += factor) {
    for (let x = 0; x + factor <= width; x += factor) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let i = 0; i < factor; i++) {
          for (let j = 0; j < factor; j++) {
            const at = ((y + i) * width + x + j) * channels;
            const alpha = channels === 4 ? rows[at + 3]! : 255;
            const value = rows[at + c]!;
            sum += white ? Math.round((value * alpha + 255 * (255 - alpha)) / 255) : value;
          }
        }
        out.push(Math.floor((sum + factor ** 2 / 2) / factor ** 2));
      }
    }
  }
  return Uint8Array.from(out);
}

describe("shrink", () => {
  it("takes the largest power of two that keeps both sides at or above 512", () => {
    const cases = [
      [511, 4000, 1],
      [1023, 4000, 1],
      [1024, 1024, 2],
      [2047, 3000, 2],
      [4000, 3000, 4],
      [4096, 4095, 4],
      [4096, 4096, 8],
      [20000, 20000, 8],
    ] as const;
    for (const [width, height, factor] of cases) assert.equal(shrinkFactor(width, height), factor, `${width}x${height}`);
  });

  it("averages boxes, in whatever portions the rows come, with and without transparency", () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        ...([size, size, fc.constantFrom(1, 2, 4, 8), fc.constantFrom(3, 4), fc.nat(), size, fc.boolean()] as const),
        (width, height, factor, channels, seed, portion, opaque) => {
          const random = randomFrom(seed);
          const rows = Uint8Array.from({ length: width * height * channels }, (_, at) =>
            // Transparency begins half way down, so that the copy of what came before is tested.
            channels === 4 && at % 4 === 3 && (opaque || at < (width * height * 4) / 2) ? 255 : random() * 256,
          );
          const shrink = createBoxShrink(width, height, factor, channels);
          for (let row = 0; row < height; row += portion) {
            shrink.push(rows.subarray(row * width * channels, (row + portion) * width * channels));
          }
          const { rgb, onWhite, ...result } = shrink.result();
          assert.deepEqual(result, { width: Math.floor(width / factor), height: Math.floor(height / factor) });
          assert.deepEqual(rgb, boxAverage(rows, width, height, factor, channels, false));
          if (channels === 3 || opaque) assert.equal(onWhite, null);
          if (onWhite !== null) assert.deepEqual(onWhite, boxAverage(rows, width, height, factor, channels, true));
        },
      ),
      { seed: 1 },
    );
  });
});
