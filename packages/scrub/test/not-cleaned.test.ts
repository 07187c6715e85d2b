import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesSource, inspect } from "../src/index.ts";
import { planted, stripBytes } from "./files.ts";

const cases = [
  [
    "svg",
    `<svg xmlns="http://www.w3.org/2000/svg"><title>${planted.toString("latin1")}</title></svg>`,
    /^an SVG .*screenshot.*PNG/u,
  ],
  ["svg", `<?xml version="1.0"?>\n<!-- ${planted.toString("latin1")} --><svg/>`, /^an SVG .*screenshot.*PNG/u],
] as const;

for (const [format, text, reason] of cases) {
  test(`${format} is refused with what to do, and nothing is written: ${text.slice(0, 8).trim()}`, async () => {
    const file = Buffer.from(text, "latin1");
    const { outcome, bytes } = await stripBytes(file);
    for (const refusal of [outcome, await inspect(bytesSource(file))]) {
      assert.ok(!refusal.ok);
      assert.equal(refusal.code, "scrub_unsupported");
      assert.equal(refusal.format, format);
      assert.match(refusal.reason, reason);
      assert.ok(!refusal.reason.includes(planted.toString("latin1")));
    }
    assert.equal(bytes.length, 0);
  });
}
