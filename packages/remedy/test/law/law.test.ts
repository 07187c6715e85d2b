import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Value from "typebox/value";
import { GENERATED, LAW_FOLDER, lawFiles } from "../../scripts/write-law.ts";
import { Regime } from "../../src/law/schema.ts";
import { allRegimes, findRegime, freshness } from "../../src/index.ts";

const DAY_MS = 86_400_000;

test("each file of law/ is a regime, named after its id", () => {
  assert.ok(lawFiles().length >= 34);
  for (const name of lawFiles()) {
    const file: unknown = JSON.parse(readFileSync(join(LAW_FOLDER, name), "utf8"));
    assert.deepEqual([...Value.Errors(Regime, file)], [], name);
    assert.ok(Value.Check(Regime, file));
    assert.equal(`${file.id}.json`, name);
  }
});

test("the generated index and page are those of the files", () => {
  for (const { path, text } of GENERATED) {
    assert.equal(readFileSync(path, "utf8"), text(), "run: npm run law --workspace @recourse/remedy");
  }
});

test("every claim names a source that the regime has, and only what is from memory has none to be read", () => {
  for (const regime of allRegimes()) {
    const claims = [
      ...regime.elements,
      ...regime.notes,
      ...regime.escalation,
      ...(regime.enacted === null ? [] : [regime.enacted]),
      regime.inForce,
      regime.whoMaySend,
      regime.channel,
      regime.deadline,
      regime.copies,
      regime.identity,
      regime.perjury,
      regime.fits,
    ];
    for (const { source, verified, says } of claims) {
      assert.ok(source in regime.sources, `${regime.id}: ${says}`);
      assert.equal(source === "memory", verified === "M", `${regime.id}: ${says}`);
    }
    assert.equal(new Set(regime.elements.map(({ id }) => id)).size, regime.elements.length, regime.id);
    assert.ok(["criminal", "civil"].includes(regime.kind) === (regime.elements.length === 0), regime.id);
  }
});

test("what was checked too long ago is stale, to the day", () => {
  const regime = findRegime("us-take-it-down");
  assert.ok(regime !== undefined);
  const checked = Date.parse("2026-11-22T00:00:00Z");
  assert.deepEqual(freshness(regime, checked + 180 * DAY_MS), { verifiedOn: "2026-11-22", stale: false });
  assert.deepEqual(freshness(regime, checked + 180 * DAY_MS + 1), { verifiedOn: "2026-11-22", stale: true });
  assert.equal(findRegime("toString"), undefined);
});
