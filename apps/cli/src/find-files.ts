/** From the words of a command line to files: folders are walked, in the order of names. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Standard input, where a file is expected. */
export const STDIN = "-";

/** Files below a folder. A folder that can't be read stands for itself; what is no file (a socket, say) is passed over. */
const filesBelow = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [folder];
  const files: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(path)));
    else if (entry.isFile()) files.push(path);
    // Links to files are followed; links to folders are not, for they may lead in a circle.
    else if (entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isFile() === true) files.push(path);
  }
  return files;
};

/** Files in order; a path that isn't there stays in the list, so that its failure is reported in its place. */
export const findFiles = async (paths: readonly string[]): Promise<readonly string[]> => {
  const files: string[] = [];
  for (const path of paths) {
    const entry = path === STDIN ? undefined : await stat(path).catch(() => undefined);
    if (entry?.isDirectory() === true) files.push(...(await filesBelow(path)));
    else files.push(path);
  }
  return files;
};
