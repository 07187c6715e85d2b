/** From the words of a command line to files: folders are walked, in the order of names. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Standard input, where a file is expected. */
export const STDIN = "-";

/** Files in order; a path that isn't there stays in the list, so that its failure is reported in its place. */
export const findFiles = async (paths: readonly string[]): Promise<readonly string[]> => {
  const files: string[] = [];
  for (const path of paths) {
    const entry = path === STDIN ? undefined : await stat(path).catch(() => undefined);
    if (entry?.isDirectory() !== true) {
      files.push(path);
      continue;
    }
    const inside = await readdir(path, { recursive: true, withFileTypes: true });
    const names = inside.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    files.push(...names.toSorted());
  }
  return files;
};
