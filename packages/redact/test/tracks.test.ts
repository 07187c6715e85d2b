/** Regions over time. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { checkTracks, type Region, regionsAt, type RegionTrack } from "../src/index.ts";

const box = (x: number, width = 10): Region => ({ kind: "rectangle", x, y: 5, width, height: 20 });
const track: RegionTrack = {
  keyframes: [
    { timeSec: 1, region: box(0) },
    { timeSec: 2, region: box(100, 20) },
    { timeSec: 4, region: box(0, 20) },
  ],
};

it("goes straight from key frame to key frame, and stays where it is before and after", () => {
  checkTracks([track]);
  const at = (timeSec: number): readonly Region[] => regionsAt([track], timeSec);
  assert.deepEqual(at(0), [box(0)]);
  assert.deepEqual(at(1), [box(0)]);
  assert.deepEqual(at(1.25), [box(25, 12.5)]);
  assert.deepEqual(at(2), [box(100, 20)]);
  assert.deepEqual(at(3), [box(50, 20)]);
  assert.deepEqual(at(99), [box(0, 20)]);
});

it("covers only from and until the times it is told", () => {
  const some: RegionTrack = { keyframes: [{ timeSec: 0, region: box(3) }], fromSec: 1, untilSec: 2 };
  assert.deepEqual(
    [0.99, 1, 1.99, 2].map((timeSec) => regionsAt([some], timeSec).length),
    [0, 1, 1, 0],
  );
});

it("moves the points of polygons and strokes, radius and padding", () => {
  const stroke = (x: number, radiusPx: number, paddingPx: number): Region => ({
    kind: "stroke",
    points: [
      { x, y: 0 },
      { x: x + 5, y: 9 },
    ],
    radiusPx,
    paddingPx,
  });
  const keyframes = [
    { timeSec: 0, region: stroke(0, 4, 2) },
    { timeSec: 10, region: stroke(50, 8, 6) },
  ];
  assert.deepEqual(regionsAt([{ keyframes }], 5), [stroke(25, 6, 4)]);
});

it("refuses what is no track", () => {
  const point = { kind: "polygon", points: [{ x: 1, y: 1 }] } as const;
  for (const keyframes of [
    [],
    [{ timeSec: Number.NaN, region: box(1) }],
    [
      { timeSec: 1, region: box(1) },
      { timeSec: 1, region: box(2) },
    ],
    [
      { timeSec: 1, region: box(1) },
      { timeSec: 2, region: point },
    ],
    [
      { timeSec: 1, region: point },
      { timeSec: 2, region: { ...point, points: [...point.points, { x: 3, y: 3 }] } },
    ],
  ] satisfies readonly RegionTrack["keyframes"][]) {
    assert.throws(() => checkTracks([{ keyframes }]), { code: "track_invalid" });
  }
});
