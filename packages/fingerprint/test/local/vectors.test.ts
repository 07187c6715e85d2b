/** The vectors of fixtures/local-vectors through the kernel: no bit differs. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { findFeatures } from "../../src/local/kernel.ts";
import { QUERY_KEY_POINTS, STRETCHED_KEY_POINTS } from "../../src/local/numbers.ts";
import { VECTORS, VECTOR_PICTURES, type Vector, vectorOf } from "./vectors.ts";

const vectors = readFileSync(join(VECTORS, "expected.jsonl"), "utf8")
  .trim()
  .split("\n")
  // The cast states what the file's README says of it.
  .map((line) => JSON.parse(line) as Vector);

describe("vectors of the local hashes", () => {
  it("are of all pictures", () =>
    assert.deepEqual(
      vectors.map(({ name }) => name),
      Object.keys(VECTOR_PICTURES),
    ));

  for (const vector of vectors) {
    it(`${vector.name}: ${vector.features} features`, async () => {
      const picture = await VECTOR_PICTURES[vector.name]!();
      const { rgb, width, height } = picture;
      const features = findFeatures(rgb, width, height, QUERY_KEY_POINTS, STRETCHED_KEY_POINTS);
      assert.ok(features !== null, "there is a kernel");
      assert.deepEqual(vectorOf(vector.name, picture, features), vector);
    });
  }
});
