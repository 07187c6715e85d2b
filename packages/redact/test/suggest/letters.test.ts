/** What of a detector's lines stays: strokes of two tones in a slender place, found in two sizes. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Greys, likelyLines } from "../../src/suggest/letters.ts";
import type { Line } from "../../src/suggest/writing.ts";

const [WIDTH, HEIGHT] = [800, 600];

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
const lineAt = ({ x, y, width, height }: Place): Line => ({
  points: [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ],
  confidence: 0.9,
});
const paint = (toneAt: (x: number, y: number) => number): Greys => ({
  width: WIDTH,
  height: HEIGHT,
  values: Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => toneAt(at % WIDTH, Math.floor(at / WIDTH))),
});
/** Upright strokes, as wide as the gaps between them. */
const strokes = (ink: number, ground: number, everyPx: number) =>
  paint((x) => (x % everyPx < everyPx / 2 ? ink : ground));

const PLACE = { x: 200, y: 200, width: 200, height: 30 };
const LINE = lineAt(PLACE);

describe("likely lines", () => {
  it("strokes in a slender place that was found twice stay, light on dark and dark on light, also upright", () => {
    assert.deepEqual(likelyLines([LINE], [LINE], strokes(20, 230, 16)), [LINE]);
    assert.deepEqual(likelyLines([LINE], [LINE], strokes(230, 20, 16)), [LINE]);
    const shifted = lineAt({ ...PLACE, x: 230 });
    assert.deepEqual(likelyLines([LINE], [shifted], strokes(20, 230, 16)), [LINE]);
    const upright = lineAt({ x: 200, y: 200, width: 30, height: 200 });
    const rows = paint((_, y) => (y % 16 < 8 ? 20 : 230));
    assert.deepEqual(likelyLines([upright], [upright], rows), [upright]);
  });

  it("what was found in one size only, or elsewhere in the other, goes", () => {
    const greys = strokes(20, 230, 16);
    assert.deepEqual(likelyLines([LINE], [], greys), []);
    assert.deepEqual(likelyLines([LINE], [lineAt({ ...PLACE, y: 260 })], greys), []);
    assert.deepEqual(likelyLines([LINE], [lineAt({ x: 0, y: 0, width: WIDTH, height: HEIGHT })], greys), []);
  });

  it("what is thick, square, pale, shaded or without strokes goes", () => {
    const thick = lineAt({ x: 100, y: 100, width: 400, height: 90 });
    assert.deepEqual(likelyLines([thick], [thick], strokes(20, 230, 16)), []);
    const square = lineAt({ x: 200, y: 200, width: 40, height: 30 });
    assert.deepEqual(likelyLines([square], [square], strokes(20, 230, 16)), []);
    assert.deepEqual(likelyLines([LINE], [LINE], strokes(100, 120, 16)), []);
    assert.deepEqual(likelyLines([LINE], [LINE], strokes(20, 230, 400)), []);
    assert.deepEqual(
      likelyLines(
        [LINE],
        [LINE],
        paint(() => 90),
      ),
      [],
    );
    // As fur or leaves: brightness around a middle, the sum of eight dice.
    let state = 7;
    const die = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
    const noise = paint(() => (die() + die() + die() + die() + die() + die() + die() + die()) / 8);
    assert.deepEqual(likelyLines([LINE], [LINE], noise), []);
  });

  it("places beyond the edge, and rectangles without area, are no trouble", () => {
    const beyond = lineAt({ x: -50, y: -10, width: 200, height: 30 });
    assert.deepEqual(likelyLines([beyond], [beyond], strokes(20, 230, 16)).length <= 1, true);
    const none = lineAt({ x: 10, y: 10, width: 0, height: 0 });
    assert.deepEqual(likelyLines([none], [none], strokes(20, 230, 16)), []);
  });
});
