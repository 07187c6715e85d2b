/** The numbers in docs/local-hashes.md against those in the code. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { TAPS } from "../../src/local/numbers.ts";

const packageDir = join(import.meta.dirname, "../..");
const text = readFileSync(join(packageDir, "../../docs/local-hashes.md"), "utf8");

interface Row {
  readonly name: string;
  readonly value: number;
  readonly file: string;
}
const rows: readonly Row[] = [...text.matchAll(/^\| `(\w+)` \| ([\d.]+) \| (\S+\.ts) \|/gmu)].map(
  ([, name, value, file]) => ({ name: name!, value: Number(value), file: file! }),
);

/** Numbers that a source gives a name: `const NAME = 1;`. The kernel's sizes in memory have the type usize. */
function namedNumbers(file: string): Map<string, number> {
  const source = readFileSync(join(packageDir, file), "utf8");
  const found = source.matchAll(/^(?:export )?const ([A-Z_]+)(?:: [if]\d+)? = ([\d._]+);/gmu);
  return new Map([...found].map(([, name, value]) => [name!, Number(value!.replaceAll("_", ""))]));
}

describe("docs/local-hashes.md", () => {
  for (const { name, value, file } of rows) {
    it(`${name} is ${value} in ${file}`, () => assert.equal(namedNumbers(file).get(name), value));
  }

  it("leaves out no number of the hashes", () => {
    const files = ["kernel/local.ts", "src/local/numbers.ts", "src/local/furniture.ts"];
    for (const file of files) {
      const told = rows.filter((row) => row.file === file).map(({ name }) => name);
      const radii = /^R\d$/u;
      const names = [...namedNumbers(file).keys()].filter((name) => !radii.test(name));
      assert.deepEqual(told.toSorted(), names.toSorted(), file);
    }
  });

  it("tap rows: of the radii told, symmetrical ones sum to one, and follow the sigmas told", () => {
    assert.deepEqual(
      TAPS.map((row) => row.length - 1),
      [4, 4, 4, 5, 7, 8],
    );
    const sigmas = [1.5199, 1.2263, 1.545, 1.9466, 2.4525, 3.09];
    for (const [i, row] of TAPS.entries()) {
      const sum = row.reduce((total, tap, k) => total + tap * (k === 0 ? 1 : 2), 0);
      assert.ok(Math.abs(sum - 1) < 1e-6, `row ${i}`);
      const gauss = row.map((_, k) => Math.exp(-(k * k) / (2 * sigmas[i]! ** 2)));
      const whole = gauss.reduce((total, tap, k) => total + tap * (k === 0 ? 1 : 2), 0);
      for (const [k, tap] of row.entries()) assert.ok(Math.abs(tap - gauss[k]! / whole) < 1e-4, `row ${i}, tap ${k}`);
    }
  });
});
