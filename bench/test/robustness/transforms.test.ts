import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import sharp from "sharp";
import { quickTransforms, transforms } from "../../src/robustness/transforms.ts";

const photograph = (name: string): Buffer =>
  readFileSync(new URL(`../../../fixtures/photographs/${name}.jpg`, import.meta.url));

/** Small, so that the test stays quick; the transforms make no difference by size. */
const small = (name: string): Promise<Buffer> => sharp(photograph(name)).resize(300).jpeg().toBuffer();

let picture: Buffer;
let others: readonly Buffer[];
before(async () => {
  picture = await small("two-dogs");
  others = await Promise.all(["cups", "kite", "facade"].map(small));
});

const thumbnail = (file: Buffer): Promise<Buffer> =>
  sharp(file).resize(32, 32, { fit: "fill" }).toColourspace("srgb").removeAlpha().raw().toBuffer();

/** Mean difference in levels of two thumbnails of the whole. */
const difference = (one: Buffer, other: Buffer): number =>
  one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length;

describe("the transforms", () => {
  it("have a name each, which begins with the family and ends with the parameter", () => {
    assert.equal(new Set(transforms.map(({ name }) => name)).size, transforms.length);
    for (const { name, family, parameter } of transforms) {
      assert.ok(name.startsWith(`${family}.`));
      if (parameter !== undefined) assert.equal(name, `${family}.${parameter}`);
    }
  });

  it("are in the quick run by one of every family that matters", () => {
    const families = new Set(quickTransforms.map(({ family }) => family));
    for (const family of ["jpeg", "crop", "rotate", "screenshot", "photo-of-screen", "collage", "combination"])
      assert.ok(families.has(family), family);
    assert.equal(quickTransforms.length, 41);
  });

  it("give a picture that can be decoded, is not the one that came in, and is the same for the same seed", async () => {
    for (const transform of quickTransforms) {
      const [made, again] = await Promise.all([
        transform.apply(picture, 5, others),
        transform.apply(picture, 5, others),
      ]);
      assert.ok(made.equals(again), `${transform.name} gives the same bytes`);
      assert.ok(!made.equals(picture), `${transform.name} changes the bytes`);
      const { width, height } = await sharp(made).metadata();
      assert.ok(width >= 16 && height >= 16, transform.name);
      assert.equal((await thumbnail(made)).length, 32 * 32 * 3, transform.name);
    }
  });

  it("change what they say: a turn moves pixels, a low quality hardly does", async () => {
    const original = await thumbnail(picture);
    const changeBy = async (name: string): Promise<number> => {
      const transform = transforms.find((candidate) => candidate.name === name);
      assert.ok(transform);
      return difference(original, await thumbnail(await transform.apply(picture, 5, others)));
    };
    assert.ok((await changeBy("jpeg.80")) < 6);
    assert.ok((await changeBy("resize.50")) < 6);
    assert.ok((await changeBy("perspective.1")) < 12);
    for (const name of ["rotate.180", "mirror.plain", "negative.plain", "crop.50", "screenshot.chat", "collage.4"])
      assert.ok((await changeBy(name)) > 15, name);
  });

  it("differ by seed where chance plays a part", async () => {
    for (const name of ["crop.25", "emoji.3", "perspective.6", "collage.4"]) {
      const transform = transforms.find((candidate) => candidate.name === name);
      assert.ok(transform);
      const [one, other] = await Promise.all([
        transform.apply(picture, 1, others),
        transform.apply(picture, 2, others),
      ]);
      assert.ok(!one.equals(other), name);
    }
  });
});
