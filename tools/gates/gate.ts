/** What a gate is: one question about the tree, answered with yes or with what is wrong. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

export interface GateResult {
  readonly ok: boolean;
  /** A few words for the line of a gate that passes: how much was looked at. */
  readonly seen: string;
  /** What is wrong, with file names relative to the root; empty when ok. */
  readonly findings: string;
}

/** Looks at the tree whose root folder is given. Never changes it. */
export type Gate = (root: string) => Promise<GateResult>;

/** A gate that looked at less than this looked at nothing: a tool that finds no files passes without a word. */
export const atLeast = (count: number, least: number, what: string): GateResult | undefined =>
  count >= least
    ? undefined
    : { ok: false, seen: "", findings: `only ${count} ${what} seen, at least ${least} expected: the gate is blind` };

export interface ProgramResult {
  readonly exitCode: number;
  /** Standard output, then standard error. */
  readonly output: string;
}

/** Runs a JavaScript program of a package installed at the root under this Node. Resolves whatever the exit code is. */
export const runPackageProgram = (
  root: string,
  packageName: string,
  program: string,
  args: readonly string[],
): Promise<ProgramResult> => {
  const path = join(root, "node_modules", packageName, program);
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [path, ...args],
      { cwd: root, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" } },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== "number") reject(error);
        else resolve({ exitCode: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr });
      },
    );
  });
};

const SKIPPED = new Set(["node_modules", ".git", "dist", "data"]);

/** Every file of the tree that is ours, relative to the root with `/`, in a stable order. */
export const filesOf = (root: string): readonly string[] => {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (SKIPPED.has(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) found.push(relative(root, path).replaceAll(sep, "/"));
    }
  };
  walk(root);
  return found.toSorted();
};

/** A package.json as far as the gates read it. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly license?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

export const readManifest = (path: string): Manifest => JSON.parse(readFileSync(path, "utf8")) as Manifest;

/** Folders of the workspaces, relative to the root, each with its manifest; the root itself is "". */
export const workspacesOf = (root: string): ReadonlyMap<string, Manifest> =>
  new Map(
    filesOf(root)
      .filter((file) => /^(?:(?:packages|apps)\/[^/]+\/|bench\/)?package\.json$/u.test(file))
      .map((file) => [file.slice(0, -"package.json".length).replace(/\/$/u, ""), readManifest(join(root, file))]),
  );
