/** Types: every tsconfig of the tree, and no TypeScript file that none of them takes. */
import { relative, sep } from "node:path";
import { atLeast, filesOf, type Gate, runPackageProgram } from "./gate.ts";

const PROJECT = /^(?:(?:packages|apps)\/[^/]+|bench|tools)\/tsconfig[^/]*\.json$/u;
// The kernels are AssemblyScript, compiled by its own compiler.
const NOT_TYPESCRIPT = /^packages\/(?:fingerprint|match|scrub)\/kernel\//u;

export const types: Gate = async (root) => {
  const files = filesOf(root);
  const projects = files.filter((file) => PROJECT.test(file));
  const blind = atLeast(projects.length, 10, "projects");
  if (blind !== undefined) return blind;

  const findings: string[] = [];
  const taken = new Set<string>();
  for (const project of projects) {
    const { exitCode, output } = await runPackageProgram(root, "typescript", "bin/tsc", [
      "-p",
      project,
      "--listFiles",
      "--pretty",
      "false",
    ]);
    const listed = output
      .split("\n")
      .filter((line) => /^(?:\/|[A-Za-z]:[\\/])\S*\.(?:m?tsx?|json|d\.cts)$/u.test(line));
    for (const file of listed) taken.add(relative(root, file).replaceAll(sep, "/"));
    if (exitCode !== 0) {
      const shown = output.split("\n").filter((line) => line !== "" && !listed.includes(line));
      findings.push(`${project}:`, ...shown);
    }
  }
  const untaken = files.filter(
    (file) => /\.tsx?$/u.test(file) && !file.endsWith(".d.ts") && !NOT_TYPESCRIPT.test(file) && !taken.has(file),
  );
  findings.push(...untaken.map((file) => `${file}: no tsconfig takes this file`));
  return { ok: findings.length === 0, seen: `${projects.length} projects`, findings: findings.join("\n") };
};
