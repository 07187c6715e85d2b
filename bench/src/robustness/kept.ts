/**
 * What a run has made so far, in a folder that is named with `--keep`: a run that was ended goes on from there, and
 * another verdict can be tried without hashing everything again. Nothing tells which code made an entry: whoever changes
 * the hashes or the edits empties the folder.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";

/** What was kept under this name, else what `make` makes, which is kept. Without a folder nothing is kept. */
export async function keptOr<T>(folder: string | undefined, name: string, make: () => Promise<T>): Promise<T> {
  if (folder === undefined) return make();
  const file = join(folder, name);
  // The cast is the folder's contract: one name, one kind of entry.
  if (existsSync(file)) return deserialize(readFileSync(file)) as T;
  const made = await make();
  mkdirSync(dirname(file), { recursive: true });
  // Whole or not at all, should the run be ended just now.
  writeFileSync(`${file}.part`, serialize(made));
  renameSync(`${file}.part`, file);
  return made;
}
