/** The eight hashes from one DCT against the hashes of pictures that are really turned and mirrored. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hexDistanceBits } from "../../src/core/distance.ts";
import { hashPixels } from "../../src/core/hash-pixels.ts";
import { DIHEDRAL_KINDS, type DihedralKind } from "../../src/types.ts";
import { leavesRgb } from "../pictures.ts";

interface Rgb {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** For each kind, where the turned picture's pixel (x, y) lies in the original of width w and height h. */
const SOURCE: Readonly<
  Record<DihedralKind, (x: number, y: number, w: number, h: number) => readonly [number, number]>
> = {
  original: (x, y) => [x, y],
  rot90: (x, y, w) => [w - 1 - y, x], // counter-clockwise: the right edge becomes the top
  rot180: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  rot270: (x, y, _w, h) => [y, h - 1 - x],
  flipX: (x, y, _w, h) => [x, h - 1 - y],
  flipY: (x, y, w) => [w - 1 - x, y],
  flipPlus1: (x, y) => [y, x],
  flipMinus1: (x, y, w, h) => [w - 1 - y, h - 1 - x],
};
const SWAPS: ReadonlySet<DihedralKind> = new Set(["rot90", "rot270", "flipPlus1", "flipMinus1"]);

function turn({ data, width, height }: Rgb, kind: DihedralKind): Rgb {
  const [toWidth, toHeight] = SWAPS.has(kind) ? [height, width] : [width, height];
  const out = new Uint8Array(data.length);
  for (let y = 0; y < toHeight; y++) {
    for (let x = 0; x < toWidth; x++) {
      const [fromX, fromY] = SOURCE[kind](x, y, width, height);
      out.set(data.subarray((fromY * width + fromX) * 3, (fromY * width + fromX) * 3 + 3), (y * toWidth + x) * 3);
    }
  }
  return { data: out, width: toWidth, height: toHeight };
}

const SIZES = [
  [640, 640],
  [640, 384],
  [640, 480],
  [512, 512],
  [333, 517],
  [1000, 750],
] as const;

/**
 * Measured over these pictures: 0 bits where sides and windows are odd (then the samples mirror onto each other), at
 * most 8 at odd multiples of 128, 16 at other sizes. The match radius is 31; the reference's own files give 18.
 */
const BOUND_BITS = 18;

describe("dihedral hashes", () => {
  for (const [width, height] of SIZES) {
    it(`${width}x${height}: near the hash of the really turned picture`, async (t) => {
      const picture = { data: await leavesRgb(width, height, width + height), width, height };
      const { dihedral } = hashPixels(picture.data, width, height, 3);
      const distances = DIHEDRAL_KINDS.map((kind) => {
        const turned = turn(picture, kind);
        return hexDistanceBits(hashPixels(turned.data, turned.width, turned.height, 3).pdq, dihedral[kind]);
      });
      t.diagnostic(`bits, in the order of DIHEDRAL_KINDS: ${distances.join(" ")}`);
      const symmetrical = width % 2 === 1 && height % 2 === 1;
      assert.ok(Math.max(...distances) <= (symmetrical ? 0 : BOUND_BITS), distances.join(" "));
      assert.equal(distances[0], 0);
    });
  }

  it("turning twice composes: the hashes of a turned picture are those of the original, in another order", async () => {
    const picture = { data: await leavesRgb(333, 333, 7), width: 333, height: 333 };
    for (const first of DIHEDRAL_KINDS) {
      const turned = turn(picture, first);
      const hashes = hashPixels(turned.data, turned.width, turned.height, 3).dihedral;
      for (const second of DIHEDRAL_KINDS) {
        const twice = turn(turned, second);
        const same = DIHEDRAL_KINDS.find((kind) => Buffer.compare(turn(picture, kind).data, twice.data) === 0);
        assert.ok(same, "the eight are a group");
        assert.equal(
          hashes[second],
          hashPixels(picture.data, 333, 333, 3).dihedral[same],
          `${first}, ${second}: ${same}`,
        );
      }
    }
  });
});
