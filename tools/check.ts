/**
 * `npm run check [-- GATE...]`: runs the gates of the repository, a line each, and what is wrong below.
 * Exit code 0 when all hold, 1 when one does not, 2 for a gate nobody knows.
 */
import { fileURLToPath } from "node:url";
import { deadCode } from "./gates/dead-code.ts";
import { format } from "./gates/format.ts";
import type { Gate } from "./gates/gate.ts";
import { lint } from "./gates/lint.ts";
import { tiers } from "./gates/tiers.ts";
import { types } from "./gates/types.ts";
import { words } from "./gates/words.ts";

const GATES: ReadonlyMap<string, Gate> = new Map([
  ["types", types],
  ["lint", lint],
  ["format", format],
  ["tiers", tiers],
  ["dead-code", deadCode],
  ["words", words],
]);

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/u, "");
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !GATES.has(name));
if (unknown.length > 0) {
  console.error(`no gate named ${unknown.join(", ")}; there are ${[...GATES.keys()].join(", ")}`);
  process.exit(2);
}

let failed = 0;
for (const [name, gate] of GATES) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const startMs = performance.now();
  const { ok, seen, findings } = await gate(root);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`${ok ? "ok  " : "FAIL"} ${name.padEnd(10)} ${seconds.padStart(5)} s${ok ? `  ${seen}` : ""}`);
  if (!ok) {
    failed += 1;
    console.log(findings.replace(/^/gmu, "     "));
  }
}
process.exitCode = failed === 0 ? 0 : 1;
