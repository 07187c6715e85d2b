/** Writing a file so that there is either all of it or none, and what was there before stays until the last moment. */
import { randomBytes } from "node:crypto";
import { chmod, open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandFailure } from "./failure.ts";

export interface ReplaceOptions {
  /** Permissions of the new file; only the owner may read it if they are not given. */
  readonly mode?: number;
  /** False: throws `output_exists` if something stands there. */
  readonly overwrite: boolean;
}

const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && "code" in error && codes.includes(String(error.code));

/** Takes a name that is free, so that a rename, which would not ask, can't write over anything. */
const takeName = async (path: string): Promise<void> => {
  const taken = await open(path, "wx", 0o600).catch((error: unknown) => {
    throw new CommandFailure(hasCode(error, "EEXIST") ? "output_exists" : "output_unwritable", 3);
  });
  await taken.close();
};

/**
 * Runs `write` on a new file beside `path`, and puts it in place if it answers true. Otherwise, and if it throws,
 * nothing is left. Throws `output_unwritable` where the folder does not take it.
 */
export const replaceFile = async (
  path: string,
  { mode = 0o600, overwrite }: ReplaceOptions,
  write: (handle: FileHandle) => Promise<boolean>,
): Promise<void> => {
  const beside = join(dirname(path), `.recourse-${randomBytes(9).toString("base64url")}.tmp`);
  const unwritable = (): never => {
    throw new CommandFailure("output_unwritable", 3);
  };
  const handle = await open(beside, "wx", 0o600).catch(unwritable);
  try {
    let good: boolean;
    try {
      good = await write(handle);
      if (good) await handle.sync();
    } catch (error) {
      // No room on the disk, in somebody's share of it, or in a file: nothing that was read is to blame.
      if (hasCode(error, "ENOSPC", "EDQUOT", "EFBIG")) unwritable();
      throw error;
    } finally {
      await handle.close();
    }
    if (!good) return;
    // Sticks and memory cards know neither permissions nor a second name for a file, hence no link here.
    if (mode !== 0o600) await chmod(beside, mode).catch(() => {});
    if (!overwrite) await takeName(path);
    await rename(beside, path).catch(async () => {
      if (!overwrite) await rm(path, { force: true });
      unwritable();
    });
  } finally {
    await rm(beside, { force: true });
  }
};
