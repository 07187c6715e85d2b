import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { filesOf, type Manifest, readManifest } from "../gates/gate.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Declared {
  readonly name: string;
  readonly pin: string;
  readonly where: string;
}

const manifests = filesOf(root)
  .filter((file) => /^(?:(?:packages|apps)\/[^/]+\/|bench\/)?package\.json$/u.test(file))
  .map((file) => ({ where: file, manifest: readManifest(join(root, file)) }));
const ours = new Set(manifests.map(({ manifest }) => manifest.name));
const declared: readonly Declared[] = manifests.flatMap(({ where, manifest }) =>
  Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }).map(
    ([name, pin]) => ({ name, pin, where }),
  ),
);
const foreign = declared.filter(({ name }) => !ours.has(name));

/** The rows of the tables of docs/dependencies.md: name and version from the first two columns. */
const listed = readFileSync(join(root, "docs/dependencies.md"), "utf8")
  .split("\n")
  .map((line) => /^\| `([^`]+)` \| ([^ |]+) \|/u.exec(line))
  .filter((row) => row !== null)
  .map((row) => ({ name: row[1] ?? "", version: row[2] ?? "" }));

test("there is something to look at", () => {
  assert.ok(manifests.length >= 9);
  assert.ok(foreign.length >= 20);
});

test("every dependency is in docs/dependencies.md with its version, once, and nothing else is", () => {
  // An alias is listed under the name it has here, with the version it stands for.
  const versions = new Map(foreign.map(({ name, pin }) => [name, pin.replace(/^npm:.+@/u, "")]));
  const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
  const expected = [...versions].map(([name, version]) => ({ name, version }));
  assert.deepEqual(listed.toSorted(byName), expected.toSorted(byName));
});

test("every pin is exact, and one dependency has one version", () => {
  const loose = declared.filter(({ pin }) => !/^(?:npm:(?:@[^/]+\/)?[^@]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/u.test(pin));
  assert.deepEqual(loose, []);
  for (const { name } of foreign) {
    const pins = new Set(foreign.filter((other) => other.name === name).map(({ pin }) => pin));
    assert.equal(pins.size, 1, `${name} has ${[...pins].join(" and ")}`);
  }
});

interface Installed extends Manifest {
  readonly licenses?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Every package.json that npm put somewhere below node_modules, links to our own packages left out. */
const installed = (folder: string): readonly { readonly path: string; readonly manifest: Installed }[] => {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.name.startsWith("@")) return installed(path);
      try {
        const manifest = readManifest(join(path, "package.json")) as Installed;
        return [{ path, manifest }, ...installed(join(path, "node_modules"))];
      } catch {
        return [];
      }
    });
};

const packages = manifests.flatMap(({ where }) => installed(join(root, where, "../node_modules")));

test("no installed package has an AGPL licence, and each states one", () => {
  assert.ok(packages.length >= 150, `only ${packages.length} packages seen`);
  const licence = ({ manifest }: (typeof packages)[number]): string =>
    JSON.stringify(manifest.license ?? manifest.licenses ?? "");
  assert.deepEqual(
    packages.filter((one) => /agpl|affero|SSPL|BUSL|UNLICENSED/iu.test(licence(one))).map(({ path }) => path),
    [],
  );
});

test("no installed package runs a script at installation unless package.json allows it by name", () => {
  const allowed = readManifest(join(root, "package.json")).allowScripts ?? {};
  const runs = packages.filter(({ path, manifest }) => {
    const scripts = manifest.scripts ?? {};
    if (["preinstall", "install", "postinstall"].some((name) => scripts[name] !== undefined)) return true;
    // npm builds what has a binding.gyp even without a script.
    try {
      return readdirSync(path).includes("binding.gyp");
    } catch {
      return false;
    }
  });
  const names = [...new Set(runs.map(({ manifest }) => manifest.name))];
  assert.ok(names.includes("node"), "the check does not see the package known to run a script");
  assert.deepEqual(
    names.filter((name) => allowed[name] !== true),
    [],
  );
});
