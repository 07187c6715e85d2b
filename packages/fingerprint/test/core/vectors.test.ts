/** The reference's vectors (fixtures/pdq-vectors), through both implementations. Differing bits are counted. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import sharp from "sharp";
import { dihedralOf, hashOf } from "../../src/core/bits.ts";
import { hexDistanceBits } from "../../src/core/distance.ts";
import { hashFrame, hashPixels, hashPixelsOnce } from "../../src/core/hash-pixels.ts";
import { kernelSpectrum } from "../../src/core/kernel.ts";
import { plainSpectrum } from "../../src/core/plain.ts";
import type { Pixels, Spectrum } from "../../src/core/spectrum.ts";
import { DIHEDRAL_KINDS, type Dihedral } from "../../src/types.ts";

const folder = join(import.meta.dirname, "../../../../fixtures/pdq-vectors");

interface Vector {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly pdq: string;
  readonly quality: number;
  readonly dihedral: Dihedral;
  readonly dihedralQuality: number;
}

const vectors = readFileSync(join(folder, "expected.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line): Vector => JSON.parse(line));

async function pixelsOf({ name, width, height }: Vector): Promise<Pixels> {
  const { data, info } = await sharp(join(folder, `${name}.png`))
    .raw()
    .toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height, info.channels], [width, height, 3], name);
  return { data, width, height, channels: 3 };
}

const implementations: Readonly<Record<string, (pixels: Pixels) => Spectrum | null>> = {
  plain: plainSpectrum,
  kernel: kernelSpectrum,
};

describe("PDQ reference vectors", () => {
  it("are all there", () => assert.equal(vectors.length, 96));

  for (const [name, spectrum] of Object.entries(implementations)) {
    it(`${name}: no bit differs, in the single hash and in eight turned ones`, async (t) => {
      let differing = 0;
      let hashes = 0;
      for (const vector of vectors) {
        if (vector.width < 5 || vector.height < 5) continue; // hashPixels answers these itself: below
        const found = spectrum(await pixelsOf(vector));
        assert.ok(found !== null, "there is an implementation");
        differing += hexDistanceBits(hashOf(found.coefficients), vector.pdq);
        const dihedral = dihedralOf(found.coefficients);
        for (const kind of DIHEDRAL_KINDS) differing += hexDistanceBits(dihedral[kind], vector.dihedral[kind]);
        assert.equal(found.quality, vector.quality, vector.name);
        assert.equal(found.quality, vector.dihedralQuality, vector.name);
        hashes += 9;
      }
      t.diagnostic(`${differing} differing bits in ${hashes} hashes of 256`);
      assert.equal(differing, 0);
    });
  }

  it("hashPixels, hashFrame and hashPixelsOnce give the vectors' values, those under 5 pixels included", async () => {
    for (const vector of vectors) {
      const { data, width, height } = await pixelsOf(vector);
      const { pdq, quality, dihedral } = vector;
      assert.deepEqual(hashPixels(data, width, height, 3), { pdq, quality, dihedral }, vector.name);
      const frame = { pdq, quality, mirrored: dihedral.flipY };
      assert.deepEqual(hashFrame(data, width, height), frame, vector.name);
      const once = hashPixelsOnce(data, width, height, 3);
      assert.deepEqual([once.pdq, once.quality], [pdq, quality], vector.name);
    }
  });
});
