import assert from "node:assert/strict";
import { it } from "node:test";
import { DCT_MATRIX, dctEntry } from "../../src/core/dct.ts";

it("no DCT entry depends on how an engine rounds its cosine", () => {
  const step = new Float32Array(1);
  const bits = new Int32Array(step.buffer);
  for (let i = 0; i < 16; i++) {
    for (let j = 0; j < 64; j++) {
      const exact = dctEntry(i, j);
      step[0] = DCT_MATRIX[i * 64 + j]!;
      const rounded = step[0]!;
      bits[0] = bits[0]! + (Math.abs(exact) > Math.abs(rounded) ? 1 : -1);
      // Distance to the boundary between this float32 and the next, in units of the double's own precision: a
      // platform's cosine is off by one or two of those.
      const boundary = (rounded + step[0]!) / 2;
      assert.ok(Math.abs(exact - boundary) > 64 * Number.EPSILON * Math.abs(exact), `entry ${i}, ${j}`);
    }
  }
});
