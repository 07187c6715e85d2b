/** Puts a finished build in its place, so that whoever reads that place never sees half of one. */
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

const filesBelow = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
};

/**
 * Moves every file of `from` (left empty) to `to`, each in one step, and takes out of `to` what is not among them.
 * The files of `last` are moved after all others: what they name is there already. Two processes may publish the same
 * build at once. Both folders must be on one disk.
 */
export const publishFolder = async (from: string, to: string, last: readonly string[]): Promise<void> => {
  const names = await filesBelow(from);
  const ordered = [...names.filter((name) => !last.includes(name)), ...last.filter((name) => names.includes(name))];
  for (const name of ordered) {
    await mkdir(dirname(join(to, name)), { recursive: true });
    await rename(join(from, name), join(to, name));
  }
  const stale = (await filesBelow(to)).filter((name) => !names.includes(name));
  await Promise.all(stale.map((name) => rm(join(to, name), { force: true })));
};
