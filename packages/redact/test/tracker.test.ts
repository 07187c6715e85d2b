/** Following on made films, whose truth is known. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { createTracker, type Luma } from "../src/index.ts";
import { seeded } from "./pictures.ts";

const [WIDTH, HEIGHT, SIDE] = [320, 180, 40];

function texture(width: number, height: number, seed: number): Uint8Array {
  const random = seeded(seed);
  const coarse = Array.from({ length: 1200 }, () => random() * 200);
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return (coarse[Math.floor(y / 8) * 40 + Math.floor(x / 8)] ?? 0) + random() * 30;
  });
}
const ground = texture(WIDTH, HEIGHT, 1);
const thing = texture(SIDE, SIDE, 2);

/** A frame with the thing at this place, brighter by so much; without it if `left` is null. */
function frame(left: number | null, top = 0, brighter = 0): Luma {
  const data = new Uint8Array(ground);
  for (let y = 0; left !== null && y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++)
      data[(Math.round(top) + y) * WIDTH + Math.round(left) + x] = thing[y * SIDE + x]! + brighter;
  }
  return { width: WIDTH, height: HEIGHT, data };
}

it("stays within two pixels of a thing that moves, speeds up and grows brighter", () => {
  const place = (at: number): readonly [number, number] => [20 + at * 2 + at ** 2 / 20, 60 + 30 * Math.sin(at / 8)];
  const tracker = createTracker(frame(...place(0)), { x: 20, y: 60, width: SIDE, height: SIDE });
  for (let at = 1; at < 45; at++) {
    const followed = tracker.next(frame(...place(at), at / 2));
    assert.ok(!followed.lost, `lost at ${at} with ${followed.confidence}`);
    const [x, y] = place(at);
    const { box } = followed;
    assert.ok(
      Math.hypot(box.x + box.width / 2 - x - 20, box.y + box.height / 2 - y - 20) < 2,
      `${at}: ${JSON.stringify(box)}`,
    );
    assert.ok(followed.confidence > 0.6);
  }
});

it("is lost when the thing is gone, instead of covering something else", () => {
  const tracker = createTracker(frame(100, 60), { x: 100, y: 60, width: SIDE, height: SIDE });
  assert.equal(tracker.next(frame(103, 60)).lost, false);
  const followed = tracker.next(frame(null));
  assert.ok(followed.lost && followed.confidence < 0.4, String(followed.confidence));
});

it("does not follow what looks the same everywhere", () => {
  const flat: Luma = { width: 100, height: 100, data: new Uint8Array(10_000).fill(90) };
  assert.deepEqual(createTracker(flat, { x: 10, y: 10, width: 20, height: 20 }).next(flat), {
    lost: true,
    confidence: 0,
  });
});

it("gives the same for the same frames", () => {
  const run = (): unknown => {
    const tracker = createTracker(frame(50, 50), { x: 50, y: 50, width: SIDE, height: SIDE });
    return [53, 57, 60].map((x) => tracker.next(frame(x, 50)));
  };
  assert.deepEqual(run(), run());
});
