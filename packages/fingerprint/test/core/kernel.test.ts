/** The PDQ kernel against the plain implementation, bit for bit; both kernels against their own source. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { committedKernel, generateKernel } from "../../../../tools/kernel.ts";
import { KERNELS } from "../../scripts/build-kernel.ts";
import { hashPixels } from "../../src/core/hash-pixels.ts";
import { kernelAvailable, kernelSpectrum } from "../../src/core/kernel.ts";
import { plainSpectrum } from "../../src/core/plain.ts";
import type { Pixels } from "../../src/core/spectrum.ts";
import { randomFrom } from "../pictures.ts";

function noise(width: number, height: number, channels: 1 | 3 | 4, seed: number): Pixels {
  const random = randomFrom(seed);
  const data = Uint8Array.from({ length: width * height * channels }, () => random() * 256);
  return { data, width, height, channels };
}

/** Floats by their bits, so that -0 and 0 are different and a NaN equals itself. */
const bits = (floats: Float32Array): Uint32Array => new Uint32Array(floats.buffer.slice(0));

describe("kernels", () => {
  for (const kernel of KERNELS) {
    it(`${kernel.source}: committed as its source compiles`, () => {
      const message = "run npm run build:kernel --workspace @recourse/fingerprint";
      assert.equal(committedKernel(kernel), generateKernel(kernel), message);
    });
  }
});

describe("PDQ kernel", () => {
  it("can be used here", () => assert.ok(kernelAvailable()));

  it("gives the plain implementation's floats for any size and number of channels", () => {
    const side = fc.oneof(fc.integer({ min: 5, max: 140 }), fc.integer({ min: 5, max: 700 }));
    fc.assert(
      fc.property(side, side, fc.constantFrom(1, 3, 4), fc.nat(), (width, height, channels, seed) => {
        const pixels = noise(width, height, channels, seed);
        const plain = plainSpectrum(pixels);
        const kernel = kernelSpectrum(pixels);
        assert.ok(kernel !== null);
        assert.deepEqual(bits(kernel.coefficients), bits(plain.coefficients));
        assert.equal(kernel.quality, plain.quality);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it("gives the same result again after pictures of other sizes: nothing is left over in its memory", () => {
    const small = noise(64, 5, 3, 1);
    const before = kernelSpectrum(small);
    kernelSpectrum(noise(900, 700, 4, 2));
    assert.deepEqual(kernelSpectrum(small), before);
  });

  it("leaves a picture beyond its memory to the plain implementation", () => {
    const wide = noise(1_000_000, 5, 1, 3);
    assert.equal(kernelSpectrum(wide), null);
    assert.match(hashPixels(wide.data, wide.width, wide.height, 1).pdq, /^[0-9a-f]{64}$/);
  });

  it("does not look at alpha, and reads grey as three equal channels", () => {
    const rgba = noise(100, 80, 4, 4);
    const opaque = rgba.data.map((value, at) => (at % 4 === 3 ? 255 : value));
    assert.deepEqual(hashPixels(opaque, 100, 80, 4), hashPixels(rgba.data, 100, 80, 4));
    const grey = noise(100, 80, 1, 5);
    const rgb = Uint8Array.from({ length: grey.data.length * 3 }, (_, at) => grey.data[Math.floor(at / 3)]!);
    assert.deepEqual(hashPixels(grey.data, 100, 80, 1), hashPixels(rgb, 100, 80, 3));
  });

  it("refuses sizes that do not agree", () => {
    assert.throws(() => hashPixels(new Uint8Array(10), 2, 2, 3), RangeError);
    assert.throws(() => hashPixels(new Uint8Array(0), 0, 2, 3), RangeError);
    assert.throws(() => hashPixels(new Uint8Array(8), 2.5, 2, 1), RangeError);
    // The cast: callers without types can do this.
    assert.throws(() => hashPixels(new Uint8Array(8), 2, 2, 2 as 1), RangeError);
  });
});
