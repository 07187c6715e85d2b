/** Lint: oxlint with the rules of .oxlintrc.json, those that need types included. */
import { atLeast, type Gate, runPackageProgram } from "./gate.ts";

interface Report {
  readonly number_of_files: number;
  readonly diagnostics: readonly {
    readonly message: string;
    readonly code?: string;
    readonly filename: string;
    readonly labels?: readonly { readonly span?: { readonly line?: number } }[];
  }[];
}

export const lint: Gate = async (root) => {
  const { output } = await runPackageProgram(root, "oxlint", "bin/oxlint", ["--format", "json", "."]);
  const end = output.lastIndexOf("}");
  let report: Report;
  try {
    report = JSON.parse(output.slice(output.indexOf("{"), end + 1)) as Report;
  } catch {
    return { ok: false, seen: "", findings: output };
  }
  const blind = atLeast(report.number_of_files, 100, "files");
  if (blind !== undefined) return blind;
  const findings = report.diagnostics.map(
    ({ code, filename, labels, message }) => `${filename}:${labels?.[0]?.span?.line ?? 1} ${code ?? ""} ${message}`,
  );
  return {
    ok: findings.length === 0,
    seen: `${report.number_of_files} files`,
    findings: findings.toSorted().join("\n"),
  };
};
