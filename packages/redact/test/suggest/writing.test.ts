/** From the detector's map to lines: what is drawn into a map comes back as the rectangle around it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hullOf, linesOf, type WritingMap } from "../../src/suggest/writing.ts";

interface Drawn {
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly across: number;
  readonly degrees: number;
  readonly likely?: number;
}

const [WIDTH, HEIGHT] = [400, 300];

const mapOf = (drawn: readonly Drawn[]): WritingMap => {
  const likely = new Float32Array(WIDTH * HEIGHT);
  for (const { x, y, length, across, degrees, likely: value = 0.9 } of drawn) {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    for (let at = 0; at < likely.length; at++) {
      const [dx, dy] = [(at % WIDTH) + 0.5 - x, Math.floor(at / WIDTH) + 0.5 - y];
      if (Math.abs(dx * cos + dy * sin) < length / 2 && Math.abs(dy * cos - dx * sin) < across / 2) likely[at] = value;
    }
  }
  return { width: WIDTH, height: HEIGHT, likely };
};

describe("lines of writing", () => {
  it("a turned line comes back with its length, thickness and slope, larger all around", () => {
    for (const degrees of [0, 7, -20, 45, 90]) {
      const [line, ...others] = linesOf(mapOf([{ x: 200, y: 150, length: 160, across: 20, degrees }]));
      assert.ok(line !== undefined && others.length === 0);
      const [a, b, c] = line.points;
      assert.ok(a !== undefined && b !== undefined && c !== undefined);
      const sides = [Math.hypot(b.x - a.x, b.y - a.y), Math.hypot(c.x - b.x, c.y - b.y)].toSorted((p, q) => q - p);
      const more = 2 * ((1.8 * 160 * 20) / (2 * (160 + 20)));
      assert.ok(Math.abs(sides[0]! - 160 - more) < 5, `${degrees}: ${String(sides)}`);
      assert.ok(Math.abs(sides[1]! - 20 - more) < 5, `${degrees}: ${String(sides)}`);
      const [x, y] = [0, 1].map((axis) => line.points.reduce((sum, at) => sum + (axis === 0 ? at.x : at.y), 0) / 4);
      assert.ok(Math.abs(x! - 200) < 1.5 && Math.abs(y! - 150) < 1.5);
    }
  });

  it("two lines stay two, the surest first; specks, what is unlikely, and an empty map are nothing", () => {
    const found = linesOf(
      mapOf([
        { x: 200, y: 60, length: 120, across: 12, degrees: 0, likely: 0.8 },
        { x: 200, y: 120, length: 120, across: 12, degrees: 0, likely: 0.95 },
        { x: 60, y: 250, length: 2, across: 2, degrees: 0 },
        { x: 300, y: 250, length: 80, across: 14, degrees: 0, likely: 0.4 },
      ]),
    );
    assert.deepEqual(
      found.map(({ confidence }) => Math.round(confidence * 100)),
      [95, 80],
    );
    assert.deepEqual(linesOf(mapOf([])), []);
  });

  it("a map that is likely everywhere, and one of specks only, end soon and with few lines", () => {
    const all = linesOf({ width: 1280, height: 1280, likely: new Float32Array(1280 * 1280).fill(1) });
    assert.equal(all.length, 1);
    const specks = Float32Array.from({ length: 1280 * 1280 }, (_, at) =>
      at % 12 < 6 && Math.floor(at / 1280) % 12 < 6 ? 1 : 0,
    );
    assert.ok(linesOf({ width: 1280, height: 1280, likely: specks }).length <= 200);
  });

  it("a hull has the corners only", () => {
    const square = [
      { x: 0, y: 0 },
      { x: 4, y: 0 },
      { x: 4, y: 4 },
      { x: 0, y: 4 },
    ];
    const inside = [
      { x: 2, y: 2 },
      { x: 1, y: 3 },
      { x: 2, y: 0 },
    ];
    const hull = hullOf([...square, ...inside]);
    assert.equal(hull.length, 4);
    assert.deepEqual(new Set(hull.map(({ x, y }) => `${x},${y}`)), new Set(square.map(({ x, y }) => `${x},${y}`)));
  });
});
