/** From a detector's answers to screens. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { screensOf, splitModel } from "../../src/suggest/screens.ts";
import { ANCHORS, inputOf, type Thing, thingsOf } from "../../src/suggest/ssd.ts";

const LAPTOP = 3;
const PERSON = 4;
const MONITOR = 10;
const KINDS = 24;

const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6;

/** Nothing anywhere, with 20 below zero before the logistic function, but what is put in. */
function answers(put: readonly { anchor: number; kind: number; logit: number; place?: readonly number[] }[]): {
  readonly places: Float32Array;
  readonly kinds: Float32Array;
} {
  const places = new Float32Array(ANCHORS.length * 4);
  const kinds = new Float32Array(ANCHORS.length * KINDS).fill(-20);
  for (const { anchor, kind, logit, place } of put) {
    kinds[anchor * KINDS + kind] = logit;
    places.set(place ?? [0, 0, 0, 0], anchor * 4);
  }
  return { places, kinds };
}

describe("answers of a single-shot detector", () => {
  it("has anchors on six grids, three a cell on the finest, six on the others", () => {
    assert.equal(ANCHORS.length, 19 * 19 * 3 + (10 * 10 + 5 * 5 + 3 * 3 + 2 * 2 + 1) * 6);
    const [first, second] = ANCHORS;
    assert.ok(first !== undefined && second !== undefined);
    assert.ok(close(first.x, 0.5 / 19) && close(first.y, 0.5 / 19) && close(first.width, 0.1));
    assert.ok(close(second.width, 0.2 * Math.SQRT2) && close(second.height, 0.2 / Math.SQRT2));
    const [row, coarse, last] = [ANCHORS[19 * 3], ANCHORS[19 * 19 * 3], ANCHORS.at(-1)];
    assert.ok(row !== undefined && close(row.x, 0.5 / 19) && close(row.y, 1.5 / 19));
    assert.ok(coarse !== undefined && close(coarse.x, 0.05) && close(coarse.width, 0.35));
    // The coarsest grid's sixth lies between its scale, 0.95, and all of the view.
    assert.ok(last !== undefined && close(last.x, 0.5) && close(last.width, Math.sqrt(0.95)));
  });

  it("moves and stretches the anchor of each thing that is sure enough, and of no other kind", () => {
    const anchor = 19 * 19 * 3;
    const { x, y, width, height } = ANCHORS[anchor]!;
    const seen = answers([
      { anchor, kind: LAPTOP, logit: 0, place: [10, 20, 5 * Math.LN2, -5 * Math.LN2] },
      { anchor: 7, kind: MONITOR, logit: -3 },
      { anchor: 9, kind: PERSON, logit: 9 },
    ]);
    const [thing, ...others] = thingsOf(seen, [LAPTOP, MONITOR], 0.15);
    assert.equal(others.length, 0);
    assert.ok(thing !== undefined && thing.kind === LAPTOP && thing.confidence === 0.5);
    assert.ok(close(thing.width, width / 2) && close(thing.height, height * 2));
    assert.ok(Math.abs(thing.x + thing.width / 2 - (x + 2 * width)) < 1e-6);
    assert.ok(Math.abs(thing.y + thing.height / 2 - (y + height)) < 1e-6);
  });

  it("is given colours from -1 to 1, without what a pixel says of transparency", () => {
    const pixels = Uint8ClampedArray.of(0, 255, 51, 255, 204, 102, 153, 0);
    const expected = [-1, 1, -0.6, 0.6, -0.2, 0.2];
    assert.deepEqual(
      Array.from(inputOf(pixels), (value) => Number(value.toFixed(5))),
      expected,
    );
  });

  it("refuses answers of another length, kinds that are not there and numbers that are none", () => {
    const { places, kinds } = answers([]);
    assert.throws(() => thingsOf({ places: places.subarray(4), kinds }, [LAPTOP], 0.2), RangeError);
    assert.throws(() => thingsOf({ places, kinds: kinds.subarray(1) }, [LAPTOP], 0.2), RangeError);
    assert.throws(() => thingsOf({ places, kinds }, [KINDS], 0.2), RangeError);
    const endless = answers([{ anchor: 1, kind: LAPTOP, logit: 3, place: [0, 0, 5000, 0] }]);
    assert.throws(() => thingsOf(endless, [LAPTOP], 0.2), RangeError);
    const none = answers([{ anchor: 1, kind: LAPTOP, logit: NaN }]);
    assert.throws(() => thingsOf(none, [LAPTOP], 0.2), RangeError);
  });
});

describe("screens in a picture", () => {
  const [width, height] = [1000, 500];
  const whole = { x: 0, y: 0, width, height };
  const left = { x: 0, y: 0, width: 600, height: 300 };
  const thing = (x: number, y: number, across: number, down: number, confidence = 0.5, kind = LAPTOP): Thing => ({
    x,
    y,
    width: across,
    height: down,
    kind,
    confidence,
  });
  const found = (things: readonly Thing[], view = whole): readonly unknown[] =>
    screensOf([{ view, things }], width, height).map(({ x, y, width: across, height: down }) =>
      [x, y, across, down].map(Math.round),
    );

  it("puts things of a part where they are in the picture, with a margin, and never beyond its edge", () => {
    assert.deepEqual(found([thing(0.1, 0.2, 0.5, 0.5)]), [[80, 90, 540, 270]]);
    assert.deepEqual(found([thing(0.1, 0.2, 0.5, 0.5)], left), [[48, 54, 324, 162]]);
    assert.deepEqual(found([thing(-0.2, -0.2, 0.5, 0.6)]), [[0, 0, 312, 208]]);
  });

  it("leaves out what a part's own edge cuts: it goes on beside it; what the picture's edge cuts stays", () => {
    assert.deepEqual(found([thing(0.7, 0.3, 0.31, 0.4)], left), []);
    assert.deepEqual(found([thing(0.3, 0.7, 0.4, 0.31)], left), []);
    assert.equal(found([thing(-0.01, 0.3, 0.4, 0.4)], left).length, 1);
    assert.equal(found([thing(0.7, 0.3, 0.31, 0.4)]).length, 1);
  });

  it("wants more certainty in a part than in all of the picture, and knows two kinds only", () => {
    const unsure = thing(0.3, 0.3, 0.3, 0.3, 0.17);
    assert.equal(found([unsure]).length, 1);
    assert.equal(found([unsure], left).length, 0);
    assert.equal(found([thing(0.3, 0.3, 0.3, 0.3, 0.9, PERSON)]).length, 0);
    assert.equal(found([thing(0.3, 0.3, 0.3, 0.3, 0.9, MONITOR)]).length, 1);
  });

  it("of boxes of one thing keeps the surest, and a larger one that is less sure; nothing as large as the picture", () => {
    const surest = thing(0.3, 0.3, 0.3, 0.3, 0.9);
    assert.equal(found([thing(0.31, 0.3, 0.3, 0.3, 0.4), surest]).length, 1);
    assert.equal(found([thing(0.35, 0.35, 0.1, 0.1, 0.4), surest]).length, 1);
    assert.equal(found([thing(0.1, 0.1, 0.8, 0.8, 0.4), surest]).length, 2);
    assert.equal(found([thing(0.61, 0.3, 0.3, 0.3, 0.4), surest]).length, 2);
    assert.equal(found([thing(0, 0, 1, 0.99, 0.9)]).length, 0);
  });

  it("takes the model from behind the names of its kinds, and none with other names", () => {
    const names = ["???", "Bicycle", "Boot", "Laptop", "Person", "", "", "", "", "", "Computer monitor", "Box\n"];
    const file = (list: readonly string[]): Uint8Array => Buffer.from(`${list.join("\n")}\0\0\0\0TFL3model`, "latin1");
    assert.equal(Buffer.from(splitModel(file(names))).toString("latin1"), "\0\0\0\0TFL3model");
    assert.throws(() => splitModel(file(names.with(3, "Person"))), RangeError);
    assert.throws(() => splitModel(Buffer.from(names.join("\n"))), RangeError);
    assert.throws(() => splitModel(new Uint8Array()), RangeError);
  });
});
