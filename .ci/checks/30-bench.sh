# The bench runs to its end and prints figures in the agreed form; their values are not judged here.
set -euo pipefail
[ -f bench/src/main.ts ] || { echo "no bench yet"; exit 0; }
out=$(mktemp)
# One group of each kind. Left out is what takes minutes: ten million hashes, a million over HTTP, videos, heads, devices
# and recognition in full; docs and bench/README.md name the runs their figures come from.
npm run --silent bench -- --json fingerprint.core512 match.100k match.ring_add lookback.kernel gate.start.100k gate.add_to server.start \
  scrub.png. web. | tee "$out"
# Recognition, on few photographs: the whole takes half an hour.
npm run --silent bench -- --json --quick robust.crop robust.furniture.screenshots | tee -a "$out"
./node_modules/.bin/node --input-type=module - "$out" <<'JS'
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
const lines = readFileSync(process.argv[2], "utf8").split("\n").filter((line) => line !== "");
assert.ok(lines.length > 0, "no figures");
for (const line of lines) {
  const { figure, value, unit, n, machine, versions } = JSON.parse(line);
  assert.match(figure, /^[a-z]+\.[a-zA-Z0-9_.-]+$/u);
  assert.equal(typeof value, "number");
  assert.equal(typeof unit, "string");
  assert.ok(n >= 1 && machine !== undefined && versions !== undefined, figure);
}
console.log(`${lines.length} figures`);
JS
