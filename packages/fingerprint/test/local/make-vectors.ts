/**
 * Writes fixtures/local-vectors/expected.jsonl from the plain implementation. The vectors are what other implementations
 * are held to: they are written once for a version of the hashes, and never to make a test pass.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { QUERY_KEY_POINTS, STRETCHED_KEY_POINTS } from "../../src/local/numbers.ts";
import { plainFeatures } from "./plain.ts";
import { VECTORS, VECTOR_PICTURES, vectorOf } from "./vectors.ts";

const lines: string[] = [];
for (const [name, make] of Object.entries(VECTOR_PICTURES)) {
  const picture = await make();
  const features = plainFeatures(picture.rgb, picture.width, picture.height, QUERY_KEY_POINTS, STRETCHED_KEY_POINTS);
  lines.push(`${JSON.stringify(vectorOf(name, picture, features))}\n`);
}
writeFileSync(join(VECTORS, "expected.jsonl"), lines.join(""));
