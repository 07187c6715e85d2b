/**
 * Tiers: who may import whom. The rules are in .dependency-cruiser.json; that an import is declared in the package's
 * own package.json is checked here, because all workspaces lie side by side and resolve either way.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { atLeast, type Gate, type Manifest, workspacesOf } from "./gate.ts";

/** What cruise.ts prints. */
interface Cruise {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly {
      readonly module: string;
      readonly resolved: string;
      readonly couldNotResolve: boolean;
    }[];
  }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

// A process of its own, because dependency-cruiser reads from the current folder and needs a hook on its imports.
const cruise = (root: string): Promise<Cruise> =>
  new Promise((resolve, reject) => {
    const program = fileURLToPath(new URL("cruise.ts", import.meta.url));
    execFile(process.execPath, [program], { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`dependency-cruiser did not run: ${stderr}`, { cause: error }));
      else resolve(JSON.parse(stdout) as Cruise);
    });
  });

const packageOf = (specifier: string): string => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/** Code that is not shipped may use development dependencies, its own or those of the root. */
const SHIPPED = /^(?:packages|apps)\/[^/]+\/(?:src|bin)\//u;
/** What a bundler puts into the page is installed for the build only. */
const BUNDLED = /^apps\/web\//u;

const undeclared = (modules: Cruise["modules"], workspaces: ReadonlyMap<string, Manifest>): readonly string[] => {
  const findings: string[] = [];
  const root = workspaces.get("");
  for (const { source, dependencies } of modules) {
    const folder = /^(?:(?:packages|apps)\/[^/]+|bench)(?=\/)/u.exec(source)?.[0] ?? "";
    const own = workspaces.get(folder);
    for (const { module, resolved } of dependencies) {
      if (module.startsWith(".") || module.startsWith("/") || isBuiltin(module)) continue;
      const name = packageOf(module);
      const declared =
        name === own?.name ||
        own?.dependencies?.[name] !== undefined ||
        ((!SHIPPED.test(source) || BUNDLED.test(source)) && own?.devDependencies?.[name] !== undefined) ||
        (!SHIPPED.test(source) && (root?.devDependencies?.[name] ?? root?.dependencies?.[name]) !== undefined);
      if (!declared) findings.push(`${source}: imports ${module}, which its package.json does not name`);
      else if (resolved.startsWith("..")) findings.push(`${source}: ${module} lies outside of this tree`);
    }
  }
  return findings;
};

export const tiers: Gate = async (root) => {
  const { modules, summary } = await cruise(root);
  const own = modules.filter(({ source }) => /^(?:packages|apps|bench|tools)\/(?!.*node_modules)/u.test(source));
  const blind =
    atLeast(own.length, 100, "modules") ?? atLeast(own.flatMap((m) => m.dependencies).length, 200, "imports");
  if (blind !== undefined) return blind;
  const findings = [
    ...summary.violations.map(({ rule, from, to }) => `${from}: imports ${to} (${rule.name})`),
    ...undeclared(own, workspacesOf(root)),
    ...apart(root),
  ];
  return { ok: findings.length === 0, seen: `${own.length} modules`, findings: [...new Set(findings)].join("\n") };
};

/** A package.json that declares what the tiers forbid, even where no module imports it yet. */
const apart = (root: string): readonly string[] => {
  const findings: string[] = [];
  const apps = new Map<string, string>();
  for (const [folder, { name }] of workspacesOf(root)) if (folder.startsWith("apps/")) apps.set(name, folder);
  for (const [folder] of workspacesOf(root)) {
    if (!folder.startsWith("packages/")) continue;
    const text = readFileSync(join(root, folder, "package.json"), "utf8");
    for (const name of apps.keys()) if (text.includes(`"${name}":`)) findings.push(`${folder}: names the app ${name}`);
  }
  return findings;
};
