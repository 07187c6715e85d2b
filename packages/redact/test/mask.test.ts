/** What regions are: enclosed areas, degenerate shapes, bounds, and what is refused. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LIMITS, type Point, RedactError, redactPixels, type Redaction, type Region } from "../src/index.ts";
import { painted } from "./pictures.ts";

const picture = painted(100, 80);

/** How many pixels are covered, and whether each of the places is. */
function covered(
  redaction: Redaction,
  places: readonly (readonly [number, number])[] = [],
): readonly (number | boolean)[] {
  const fill = { red: 1, green: 254, blue: 3 };
  const { picture: output, coveredPixels } = redactPixels(picture, { paddingPx: 0, fill, ...redaction });
  const isFilled = (x: number, y: number): boolean =>
    output.data.subarray((y * 100 + x) * 4, (y * 100 + x) * 4 + 3).join() === "1,254,3";
  return [coveredPixels, ...places.map(([x, y]) => isFilled(x, y))];
}

const polygon = (...points: readonly (readonly [number, number])[]): Region => ({
  kind: "polygon",
  points: points.map(([x, y]): Point => ({ x, y })),
});

describe("regions", () => {
  it("a polygon covers all it encloses, where winding rules see a hole", () => {
    // A loop one way, then the other way: the middle has winding number 0 and is enclosed.
    const loops = polygon(
      [10, 10],
      [60, 10],
      [60, 60],
      [10, 60],
      [10, 10],
      [40, 40],
      [40, 75],
      [90, 75],
      [90, 40],
      [40, 40],
    );
    assert.deepEqual(
      covered({ cover: [loops] }, [
        [50, 50],
        [20, 20],
        [80, 70],
        [95, 20],
      ]).slice(1),
      [true, true, true, false],
    );
    // The same ring read to keep: the doubtful middle goes.
    const star = polygon([50, 2], [75, 78], [5, 30], [95, 30], [25, 78]);
    assert.equal(covered({ cover: [star] }, [[50, 40]])[1], true, "the star's middle is enclosed");
    assert.equal(covered({ cover: [], keep: [star] }, [[50, 40]])[1], true, "and is not surely inside");
    assert.equal(covered({ cover: [], keep: [star] }, [[50, 20]])[1], false, "its tips are");
  });

  it("an outline that leaves the picture still encloses what it did", () => {
    const around = polygon([-500, 20], [50, -300], [600, 20], [600, 60], [50, 400], [-500, 60]);
    assert.equal(covered({ cover: [around] })[0], 100 * 80);
    const right = polygon([70, -1000], [1000, -1000], [1000, 1000], [70, 1000]);
    // One pixel more than the 30 columns inside, for the outline touches it.
    assert.deepEqual(
      covered({ cover: [right] }, [
        [69, 5],
        [68, 5],
        [99, 79],
      ]),
      [31 * 80, true, false, true],
    );
    // Passing by outside of the picture encloses nothing in it.
    assert.equal(covered({ cover: [polygon([150, -50], [200, 40], [150, 130], [180, 40])] })[0], 0);
  });

  it("regions without extent cover what they touch, and with padding what is around", () => {
    const dot: Region = { kind: "rectangle", x: 20, y: 20, width: 0, height: 0 };
    assert.deepEqual(covered({ cover: [dot] }, [[20, 20]]), [1, true]);
    assert.deepEqual(
      covered({ cover: [dot], paddingPx: 2 }, [
        [18, 18],
        [21, 21],
      ]),
      [16, true, true],
    );
    for (const region of [
      polygon([20.5, 20.5]),
      polygon([20.5, 20.5], [60.5, 20.5]),
      { kind: "stroke", points: [{ x: 20.5, y: 20.5 }], radiusPx: 0 } as const,
      { kind: "ellipse", x: 20.5, y: 20.5, width: 0, height: 0 } as const,
    ] satisfies readonly Region[]) {
      assert.equal(covered({ cover: [region] }, [[20, 20]])[1], true, region.kind);
    }
  });

  it("regions outside of the picture cover nothing, and the result says so", () => {
    assert.deepEqual(covered({ cover: [{ kind: "rectangle", x: 500, y: 0, width: 9, height: 9 }] }), [0]);
    assert.deepEqual(covered({ cover: [{ kind: "ellipse", x: -90, y: -90, width: 9, height: 9 }] }), [0]);
  });

  it("a region's own padding comes before the call's", () => {
    const region: Region = { kind: "rectangle", x: 40, y: 40, width: 10, height: 10, paddingPx: 0 };
    assert.deepEqual(covered({ cover: [region], paddingPx: 20 }), [100]);
  });

  it("is refused before anything is changed: wrong numbers, sizes that lie, too much work", () => {
    const box = { x: 0, y: 0, width: 5, height: 5 };
    const wrong: readonly (readonly [string, Redaction])[] = [
      ["region_invalid", { cover: [{ kind: "rectangle", ...box, x: Number.NaN }] }],
      ["region_invalid", { cover: [{ kind: "rectangle", ...box, width: -1 }] }],
      ["region_invalid", { cover: [{ kind: "ellipse", ...box, height: Infinity }] }],
      ["region_invalid", { cover: [{ kind: "polygon", points: [] }] }],
      ["region_invalid", { cover: [{ kind: "stroke", points: [{ x: 1, y: 1e9 }], radiusPx: 1 }] }],
      ["region_invalid", { cover: [{ kind: "other", ...box } as unknown as Region] }],
      ["region_invalid", { cover: [], paddingPx: -1 }],
      ["colour_invalid", { cover: [], fill: { red: 256, green: 0, blue: 0 } }],
      ["colour_invalid", { cover: [], background: { red: 0.5, green: 0, blue: 0 } }],
      ["crop_invalid", { cover: [], crop: { ...box, x: 100 } }],
      ["crop_invalid", { cover: [], crop: { ...box, x: 3.2, width: 0.5 } }],
      [
        "regions_too_complex",
        { cover: Array.from({ length: LIMITS.regions + 1 }, () => ({ kind: "rectangle", ...box })) },
      ],
      [
        "regions_too_complex",
        { cover: [{ kind: "stroke", points: Array.from({ length: 200_000 }, () => ({ x: 9, y: 9 })), radiusPx: 1e6 }] },
      ],
    ];
    for (const [code, redaction] of wrong) {
      assert.throws(
        () => redactPixels(picture, redaction),
        (error) => error instanceof RedactError && error.code === code && error.message === code,
        code,
      );
    }
    for (const [width, height, length] of [
      [100, 80, 4],
      [0, 80, 0],
      [1.5, 2, 12],
      [1e5, 1e5, 0],
    ] as const) {
      assert.throws(() => redactPixels({ width, height, data: new Uint8Array(length) }, { cover: [] }), {
        code: "pixels_invalid",
      });
    }
  });
});
