/**
 * Each gate is shown violations in a copy of the tree and has to name each of them; before that, the same gate has to
 * say nothing of those places. Run by `.ci/run`, not by `npm test`: it takes about a minute.
 */
import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { deadCode } from "../gates/dead-code.ts";
import { format } from "../gates/format.ts";
import { filesOf, type Gate, workspacesOf } from "../gates/gate.ts";
import { lint } from "../gates/lint.ts";
import { tiers } from "../gates/tiers.ts";
import { types } from "../gates/types.ts";
import { words } from "../gates/words.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const copy = mkdtempSync(join(tmpdir(), "recourse-planted-"));
after(() => rmSync(copy, { recursive: true, force: true }));

for (const file of filesOf(root)) {
  if (file.startsWith("fixtures/")) continue;
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  cpSync(join(root, file), join(copy, file));
}
// Installed packages are linked, ours to the copy, so that nothing planted reaches the tree itself.
for (const folder of workspacesOf(root).keys()) {
  const installed = join(root, folder, "node_modules");
  if (!existsSync(installed)) continue;
  mkdirSync(join(copy, folder, "node_modules"));
  for (const name of readdirSync(installed)) {
    if (name === "@recourse" || name === ".package-lock.json") continue;
    symlinkSync(join(installed, name), join(copy, folder, "node_modules", name));
  }
}
mkdirSync(join(copy, "node_modules/@recourse"));
for (const [folder, { name }] of workspacesOf(root)) {
  if (name.startsWith("@recourse/")) {
    const link = join(copy, "node_modules", name);
    symlinkSync(relative(dirname(link), join(copy, folder)), link);
  }
}

interface Planted {
  readonly what: string;
  readonly gate: Gate;
  /** File to write, or to append to when it exists. */
  readonly file: string;
  readonly text: string;
  /** What the gate has to say, beside the file's name. */
  readonly says: RegExp;
}

/** The other half of a circle. */
const CIRCLE = {
  gate: tiers,
  file: "packages/match/src/planted-too.ts",
  text: 'import "./planted-18.ts";\n',
  what: "",
  says: /./u,
};

const PLANTED: readonly Planted[] = [
  {
    what: "a type error",
    gate: types,
    file: "packages/match/src/planted-1.ts",
    text: "export const planted: number = String(1);\n",
    says: /TS2322/u,
  },
  {
    what: "the page's document in tier 0",
    gate: types,
    file: "packages/protocol/src/planted-2.ts",
    text: "export const planted = (): string => document.title;\n",
    says: /TS2584|TS2304/u,
  },
  {
    what: "Node's process in tier 0",
    gate: types,
    file: "packages/fingerprint/src/planted-3.ts",
    text: "export const planted = (): number => process.pid;\n",
    says: /TS2580|TS2591|TS2304/u,
  },
  {
    what: "the console in tier 0",
    gate: types,
    file: "packages/match/src/planted-4.ts",
    text: 'export const planted = (): void => console.log("planted");\n',
    says: /TS2584|TS2304/u,
  },
  {
    what: "a file no tsconfig takes",
    gate: types,
    file: "packages/match/planted-5.ts",
    text: "export const planted = 1;\n",
    says: /no tsconfig takes this file/u,
  },
  {
    what: "any",
    gate: lint,
    file: "packages/gate/src/planted-6.ts",
    text: "export const planted = (x: any): string => String(x);\n",
    says: /no-explicit-any/u,
  },
  {
    what: "a promise nobody waits for, which only types show",
    gate: lint,
    file: "packages/bank/src/planted-7.ts",
    text: "const later = async (): Promise<void> => {};\nexport const planted = (): void => {\n  later();\n};\n",
    says: /no-floating-promises/u,
  },
  {
    what: "a picture without text",
    gate: lint,
    file: "apps/web/src/planted-8.tsx",
    text: 'export const Planted = () => <img src="/planted.png" />;\n',
    says: /jsx-a11y\(alt-text\)/u,
  },
  {
    what: "a hook called in a condition",
    gate: lint,
    file: "apps/web/src/planted-9.tsx",
    text: 'import { useState } from "react";\nexport const usePlanted = (on: boolean) => {\n  if (on) return useState(1);\n  return undefined;\n};\n',
    says: /rules-of-hooks/u,
  },
  {
    what: "the console in a server",
    gate: lint,
    file: "apps/server/src/planted-10.ts",
    text: 'export const planted = (): void => console.log("planted");\n',
    says: /no-console/u,
  },
  {
    what: "another format",
    gate: format,
    file: "packages/match/src/planted-11.ts",
    text: "export const planted = { a:1 }\n",
    says: /Format issues/u,
  },
  {
    what: "a tier-0 package that imports a tier-1 one",
    gate: tiers,
    file: "packages/protocol/src/planted-12.ts",
    text: 'export { createBank } from "@recourse/bank";\n',
    says: /tier-0-imports-no-other-package/u,
  },
  {
    what: "a tier-0 package that imports another, by path and as a type",
    gate: tiers,
    file: "packages/match/src/planted-13.ts",
    text: 'export type { ErrorCode } from "../../protocol/src/index.ts";\n',
    says: /tier-0-imports-no-other-package/u,
  },
  {
    what: "a tier-1 package that imports a tier-2 one",
    gate: tiers,
    file: "packages/bank/src/planted-14.ts",
    text: 'import "@recourse/gate";\n',
    says: /tier-1-imports-only-tier-0/u,
  },
  {
    what: "a package that imports an app",
    gate: tiers,
    file: "packages/gate/src/planted-15.ts",
    text: 'import "../../../apps/server/src/index.ts";\n',
    says: /package-imports-no-app/u,
  },
  {
    what: "shipped code that imports what tests and scripts share",
    gate: tiers,
    file: "packages/match/src/planted-23.ts",
    text: 'import "../../../tools/spent.ts";\n',
    says: /shipped-code-imports-no-tool/u,
  },
  {
    what: "an app that imports another",
    gate: tiers,
    file: "apps/web/src/planted-16.ts",
    text: 'import "../../cli/src/main.ts";\n',
    says: /app-imports-no-app/u,
  },
  {
    what: "a sibling its package.json does not name",
    gate: tiers,
    file: "packages/bank/src/planted-17.ts",
    text: 'import "@recourse/match";\n',
    says: /imports @recourse\/match, which its package\.json does not name/u,
  },
  {
    what: "two files that import each other",
    gate: tiers,
    file: "packages/match/src/planted-18.ts",
    text: 'import "./planted-too.ts";\n',
    says: /no-circle/u,
  },
  {
    what: "a package without a tier",
    gate: tiers,
    file: "packages/planted/src/planted-19.ts",
    text: 'import "node:fs";\n',
    says: /package-has-a-tier/u,
  },
  {
    what: "a file nothing reaches",
    gate: deadCode,
    file: "packages/bank/src/planted-20.ts",
    text: "export const planted = 1;\n",
    says: /Unused files/u,
  },
  {
    what: "an export nothing uses",
    gate: deadCode,
    file: "packages/bank/src/errors.ts",
    text: "\nexport const planted = 1;\n",
    says: /Unused exports[\s\S]*planted/u,
  },
  {
    what: "the word we don't use",
    gate: words,
    file: "apps/web/src/planted-21.ts",
    text: 'export const planted = "the victim";\n',
    says: /we say "person"/u,
  },
  {
    what: "the host of a registry",
    gate: words,
    file: "docs/planted-22.md",
    text: `From ${["registry", "npmjs", "org"].join(".")}.\n`,
    says: /registry/u,
  },
  {
    what: "a path of somebody's machine",
    gate: words,
    file: "docs/planted-23.md",
    text: "In /home/somebody/recourse.\n",
    says: /machine/u,
  },
];

/** Writes all that is planted for a gate and returns what takes it away again. */
const plant = (some: readonly Planted[]): (() => void) => {
  const undo = some.map(({ file, text }) => {
    const path = join(copy, file);
    const previous = existsSync(path) ? readFileSync(path, "utf8") : undefined;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, (previous ?? "") + text);
    return () => (previous === undefined ? rmSync(path) : writeFileSync(path, previous));
  });
  return () => undo.forEach((take) => take());
};

for (const gate of [types, lint, format, tiers, deadCode, words]) {
  const some = PLANTED.filter((planted) => planted.gate === gate);
  suite(gate.name, () => {
    let clean = "";
    let findings = "";
    before(async () => {
      ({ findings: clean } = await gate(copy));
      const takeAway = plant([...some, CIRCLE]);
      const result = await gate(copy);
      takeAway();
      assert.equal(result.ok, false);
      findings = result.findings;
    });
    test("says nothing of it before", () => {
      assert.deepEqual(
        clean.split("\n").filter((line) => /planted[-"']|\bplanted$/u.test(line)),
        [],
      );
    });
    for (const { what, file, says } of some) {
      test(what, () => {
        const about = findings.split("\n").filter((line) => line.includes(file));
        assert.notDeepEqual(about, [], `${file} is not named in:\n${findings}`);
        // knip names the kind once, above its files; the formatter says it once, below.
        assert.match(gate === deadCode || gate === format ? findings : about.join("\n"), says);
      });
    }
  });
}
