import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ERRORS, errorBody, isErrorCode } from "../src/index.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Rows of docs/errors.md: | `code` | status | sentence | what to do | */
const rows = readFileSync(join(root, "docs/errors.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("docs/errors.md and the code have the same codes, statuses and sentences, in the same order", () => {
  const documented = rows.map((cells) => ({
    code: cells[1]?.replaceAll("`", ""),
    status: Number(cells[2]),
    message: cells[3],
  }));
  const coded = Object.entries(ERRORS).map(([code, { status, message }]) => ({ code, status, message }));
  assert.ok(coded.length > 30);
  assert.deepEqual(documented, coded);
});

test("docs/errors.md says for every code what to do", () => {
  for (const cells of rows) {
    assert.equal(cells.length, 6, cells.join("|"));
    assert.ok((cells[4]?.length ?? 0) > 10, `nothing to do for ${cells[1]}`);
  }
});

test("sentences are sentences, without quotes, addresses or placeholders", () => {
  for (const [code, { message }] of Object.entries(ERRORS)) {
    assert.match(message, /^[A-Z].*\.$/u, code);
    assert.doesNotMatch(message, /["`{}<>]|:\/\/|\$\{/u, code);
  }
});

test("the body of an error is its code and sentence and nothing else", () => {
  for (const code of Object.keys(ERRORS)) {
    assert.ok(isErrorCode(code));
    assert.deepEqual(errorBody(code), { error: { code, message: ERRORS[code].message } });
  }
  assert.equal(isErrorCode("toString"), false);
  assert.equal(isErrorCode(""), false);
});

test("every code that the source gives to an error exists", () => {
  const files = globSync(["{packages,apps}/*/{src,bin}/**/*.{ts,tsx,mjs}"], {
    cwd: root,
    exclude: (name) => name.includes("node_modules"),
  });
  assert.ok(files.length > 50);
  const used = new Map<string, string>();
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    const uses = text.matchAll(/(?:errorBody\(|\bcode: |new \w+Error\(|\bfail(?:ure)?\(|\brefuse\()\s*"([^"]+)"/gu);
    // Codes of Node, PostgreSQL and Fastify are in capitals or digits; of languages two letters long.
    for (const [, code] of uses) if (code !== undefined && /^[a-z]{3,}(?:_[a-z]+)*$/u.test(code)) used.set(code, file);
  }
  assert.ok(used.size > 10, `only ${used.size} uses seen`);
  for (const [code, file] of used) {
    if (isErrorCode(code)) continue;
    // A package may have codes of its own, which never reach a wire: listed in its errors.ts, or as members of a union
    // beside where they are used.
    const own = join(root, file.split("/src/")[0] ?? "", "src/errors.ts");
    const isListed = existsSync(own) && readFileSync(own, "utf8").includes(`"${code}"`);
    const isInUnion = globSync(join(dirname(file), "*.ts"), { cwd: root }).some((beside) =>
      readFileSync(join(root, beside), "utf8").includes(`| "${code}"`),
    );
    assert.ok(isListed || isInUnion, `${file} uses ${code}`);
  }
});
