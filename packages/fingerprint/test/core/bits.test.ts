import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { hashOf, lowerMedian } from "../../src/core/bits.ts";
import { hexDistanceBits } from "../../src/core/distance.ts";

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const coefficients = fc.float32Array({ minLength: 256, maxLength: 256, noNaN: true, noDefaultInfinity: true });
const hex = fc.stringMatching(/^[0-9a-f]{64}$/);

describe("bits", () => {
  it("lowerMedian is the 128th smallest of 256", () => {
    fc.assert(
      fc.property(coefficients, (values) => {
        // Adding 0 makes -0 a plain 0: they are equal, whichever comes first.
        assert.equal(lowerMedian(values.slice()) + 0, values.slice().sort()[127]! + 0);
      }),
    );
  });

  it("lowerMedian ends on values that are all equal", () => {
    fc.assert(fc.property(float, (value) => assert.equal(lowerMedian(new Float32Array(256).fill(value)), value)));
  });

  it("bit k is coefficient k over the median, printed from the highest down; ties give 0", () => {
    const values = new Float32Array(256);
    assert.equal(hashOf(values), "0".repeat(64));
    values[0] = 1;
    assert.equal(hashOf(values), `${"0".repeat(63)}1`);
    values[0] = 0;
    values[255] = 1;
    assert.equal(hashOf(values), `8${"0".repeat(63)}`);
  });

  it("sets at most half of the bits", () => {
    fc.assert(fc.property(coefficients, (values) => hexDistanceBits(hashOf(values), "0".repeat(64)) <= 128));
  });

  it("distance is symmetrical, 0 to itself, and never more by a detour", () => {
    fc.assert(
      fc.property(hex, hex, hex, (a, b, c) => {
        assert.equal(hexDistanceBits(a, b), hexDistanceBits(b, a));
        assert.equal(hexDistanceBits(a, a), 0);
        assert.ok(hexDistanceBits(a, c) <= hexDistanceBits(a, b) + hexDistanceBits(b, c));
      }),
    );
    assert.equal(hexDistanceBits("f".repeat(64), "0".repeat(64)), 256);
    assert.throws(() => hexDistanceBits("00", "00"), RangeError);
  });
});
