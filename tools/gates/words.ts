/** Words: what no committed file may hold, and the word we do not use for a person. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { atLeast, filesOf, type Gate } from "./gate.ts";

interface Rule {
  readonly pattern: RegExp;
  readonly why: string;
  readonly where: RegExp;
}

/** In pieces, so that this file does not name them either. */
const REGISTRY_HOSTS = [
  ["registry", "npmjs"],
  ["registry", "yarnpkg"],
  ["npmmirror", "com"],
  ["files", "pythonhosted"],
  ["pypi", "org"],
  ["deb", "debian", "org"],
  ["proxy", "golang", "org"],
];

const RULES: readonly Rule[] = [
  {
    pattern: new RegExp(REGISTRY_HOSTS.map((words) => words.join("\\.")).join("|"), "u"),
    why: "names the host of a package registry: each machine has its own",
    where: /./u,
  },
  {
    // Not after a letter, a digit or a dot: those are parts of addresses and relative paths.
    pattern: /(?<![\w.}])\/(?:work|root|home\/\w+|Users\/\w+)\/\w/u,
    why: "names a path of somebody's machine",
    where: /./u,
  },
  {
    pattern: /victim|víctima|الضحية|ضحايا/iu,
    why: 'we say "person"',
    where: /^(?:packages|apps|bench)\//u,
  },
];

const TEXT = /\.(?:[cm]?[jt]sx?|json|jsonc|jsonl|md|css|html|sql|sh|py|svg|txt|ya?ml)$|^\.ci\/run$|\/?\.[a-z]+rc$/u;
// This file, the planted violations and the test of the messages have to name what they look for.
const EXEMPT = /^(?:tools\/(?:gates\/words|planted\/)|apps\/web\/test\/messages\.test\.ts$)/u;

export const words: Gate = (root) => {
  const files = filesOf(root).filter((file) => TEXT.test(file) && !EXEMPT.test(file));
  const blind = atLeast(files.length, 100, "files");
  if (blind !== undefined) return Promise.resolve(blind);
  const findings: string[] = [];
  for (const file of files) {
    const rules = RULES.filter((rule) => rule.where.test(file));
    for (const [at, line] of readFileSync(join(root, file), "utf8").split("\n").entries()) {
      for (const rule of rules) if (rule.pattern.test(line)) findings.push(`${file}:${at + 1} ${rule.why}`);
    }
  }
  return Promise.resolve({ ok: findings.length === 0, seen: `${files.length} files`, findings: findings.join("\n") });
};
