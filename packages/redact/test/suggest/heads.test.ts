/** From faces to heads. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { distinctFaces, headOf, sharedArea, viewsOf } from "../../src/suggest/heads.ts";

it("a head is more than its face, on every side", () => {
  const face = { x: 100, y: 100, width: 40, height: 50 };
  const head = headOf(face);
  assert.ok(head.x < face.x && head.y < face.y);
  assert.ok(head.x + head.width > face.x + face.width && head.y + head.height > face.y + face.height);
  assert.equal(sharedArea(face, head), 40 * 50);
});

it("of boxes of one face the surest stays, faces side by side both", () => {
  const face = { x: 0, y: 0, width: 10, height: 10, confidence: 0.6 };
  const surer = { ...face, x: 2, confidence: 0.9 };
  const within = { x: 3, y: 3, width: 4, height: 4, confidence: 0.5 };
  const beside = { ...face, x: 8, confidence: 0.4 };
  assert.deepEqual(distinctFaces([face, within, surer, beside]), [surer, beside]);
});

it("views hold every pixel of a large picture twice: in all of it and in a tile", () => {
  assert.deepEqual(viewsOf(500, 400), [{ x: 0, y: 0, width: 500, height: 400 }]);
  const views = viewsOf(4000, 3000);
  assert.equal(views.length, 5);
  for (let x = 5; x < 4000; x += 97) {
    for (let y = 5; y < 3000; y += 89) {
      const holding = views.filter((v) => x >= v.x && x < v.x + v.width && y >= v.y && y < v.y + v.height);
      assert.ok(holding.length >= 2, `${x}, ${y}`);
    }
  }
});
