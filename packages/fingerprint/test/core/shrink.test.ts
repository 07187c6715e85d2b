import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { boxWindow } from "../../src/core/box-filter.ts";
import { hashPixels } from "../../src/core/hash-pixels.ts";
import { createAreaShrink, hashedSize } from "../../src/core/shrink.ts";
import { leavesRgb, randomFrom } from "../pictures.ts";

/** The definition, pixel by pixel, in exact integers: how much of each input pixel lies in each output pixel. */
function areaAverage(rows: Uint8Array, width: number, height: number, channels: number, white: boolean): Uint8Array {
  const out = hashedSize(width, height);
  const overlap = (i: number, size: number, o: number, outSize: number): number =>
    Math.max(0, Math.min((i + 1) * outSize, (o + 1) * size) - Math.max(i * outSize, o * size));
  const result: number[] = [];
  for (let y = 0; y < out.height; y++) {
    for (let x = 0; x < out.width; x++) {
      const sums = [0, 0, 0];
      for (
        let row = Math.floor((y * height) / out.height);
        row < Math.min(height, Math.ceil(((y + 1) * height) / out.height));
        row++
      ) {
        for (
          let column = Math.floor((x * width) / out.width);
          column < Math.min(width, Math.ceil(((x + 1) * width) / out.width));
          column++
        ) {
          const at = (row * width + column) * channels;
          const weight = overlap(row, height, y, out.height) * overlap(column, width, x, out.width);
          const alpha = channels === 4 && white ? rows[at + 3]! : 255;
          for (let c = 0; c < 3; c++) {
            sums[c]! += weight * Math.floor((rows[at + c]! * alpha + 255 * (255 - alpha) + 127) / 255);
          }
        }
      }
      for (const sum of sums) result.push(Math.floor((sum + Math.floor((width * height) / 2)) / (width * height)));
    }
  }
  return Uint8Array.from(result);
}

function noise(width: number, height: number, channels: number, seed: number, opaqueRows: number): Uint8Array {
  const random = randomFrom(seed);
  return Uint8Array.from({ length: width * height * channels }, (_, at) =>
    channels === 4 && at % 4 === 3 && at < opaqueRows * width * 4 ? 255 : random() * 256,
  );
}

function shrinkInPortions(rows: Uint8Array, width: number, height: number, channels: 3 | 4, portion: number) {
  const shrink = createAreaShrink(width, height, channels);
  for (let row = 0; row < height; row += portion) {
    shrink.push(rows.subarray(row * width * channels, (row + portion) * width * channels));
  }
  return shrink.result();
}

describe("hashedSize", () => {
  it("is the picture's own under 1024", () => {
    assert.deepEqual(hashedSize(1023, 9000), { width: 1023, height: 9000 });
  });

  it("is what JPEG decoders can scale to for 12 megapixels", () => {
    assert.deepEqual(hashedSize(4032, 3024), { width: 639, height: 383 });
    assert.deepEqual(hashedSize(3024, 4032), { width: 383, height: 639 });
  });

  it("has odd sides and odd windows, is 383 at least, and divides by 15.1 at most", () => {
    const side = fc.integer({ min: 1024, max: 40_000 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const size = hashedSize(width, height);
        for (const [from, to] of [
          [width, size.width],
          [height, size.height],
        ] as const) {
          assert.ok(to % 2 === 1 && boxWindow(to) % 2 === 1 && to >= 383, `${from} to ${to}`);
          assert.ok(from / to >= 2 && from / to < (9 * 640) / 383, `${from} to ${to}`);
        }
      }),
    );
  });
});

describe("createAreaShrink", () => {
  it("averages by area, in whatever portions the rows come", () => {
    for (const [width, height] of [
      [1024, 1024],
      [1031, 1100],
      [1925, 1921],
    ] as const) {
      const rows = noise(width, height, 3, width, 0);
      const expected = areaAverage(rows, width, height, 3, false);
      for (const portion of [1, 7, 256, height]) {
        const { rgb, onWhite } = shrinkInPortions(rows, width, height, 3, portion);
        assert.ok(Buffer.compare(rgb, expected) === 0, `${width}x${height} by ${portion}`);
        assert.equal(onWhite, null);
      }
    }
  });

  it("lays the picture on white from the first transparent pixel on", () => {
    const [width, height] = [1030, 1026];
    for (const opaqueRows of [0, 500, 1025, height]) {
      const rows = noise(width, height, 4, 9, opaqueRows);
      const { rgb, onWhite } = shrinkInPortions(rows, width, height, 4, 100);
      assert.ok(Buffer.compare(rgb, areaAverage(rows, width, height, 4, false)) === 0);
      if (opaqueRows === height) assert.equal(onWhite, null);
      else assert.ok(onWhite !== null && Buffer.compare(onWhite, areaAverage(rows, width, height, 4, true)) === 0);
    }
  });

  it("copies small pictures", () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(side, side, fc.constantFrom(3, 4), fc.nat(), side, (width, height, channels, seed, portion) => {
        const rows = noise(width, height, channels, seed, 0);
        const { rgb } = shrinkInPortions(rows, width, height, channels, portion);
        assert.deepEqual(rgb, areaAverage(rows, width, height, channels, false));
      }),
      { seed: 1 },
    );
  });

  it("a mirrored large picture has exactly the hash that was derived for it", async () => {
    const [width, height] = [1400, 1100];
    const rows = await leavesRgb(width, height, 3);
    const mirrored = new Uint8Array(rows.length);
    for (let at = 0; at < rows.length; at += 3) {
      const x = (at / 3) % width;
      mirrored.set(rows.subarray(at, at + 3), at + (width - 1 - 2 * x) * 3);
    }
    const hash = (data: Uint8Array) => {
      const { rgb, ...size } = shrinkInPortions(data, width, height, 3, height);
      return hashPixels(rgb, size.width, size.height, 3);
    };
    assert.equal(hash(mirrored).pdq, hash(rows).dihedral.flipY);
  });
});
