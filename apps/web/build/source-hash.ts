/** One hash over everything the built page is made from, so that a build is made when, and only when, it is needed. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** Folders and files below the repository's root that the page is made from. */
const SOURCES = [
  "apps/web/build",
  "apps/web/index.html",
  "apps/web/package.json",
  "apps/web/public",
  "apps/web/src",
  "packages/fingerprint/src",
  "packages/protocol/src",
  "packages/redact/src",
  "packages/remedy/law",
  "packages/remedy/services",
  "packages/remedy/src",
  "packages/remedy/support",
  "packages/scrub/src",
  "package-lock.json",
];

const filesBelow = async (root: string, path: string): Promise<readonly string[]> => {
  const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [join(root, path)];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

/** Hex digits; the same as long as no source changes. `root` is a repository's. */
export const hashSources = async (root = repository): Promise<string> => {
  const files = (await Promise.all(SOURCES.map((path) => filesBelow(root, path)))).flat().toSorted();
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file.slice(root.length)}\n`).update(await readFile(file));
  return hash.digest("hex");
};
