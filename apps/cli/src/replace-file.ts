/** Writing a file so that there is either all of it or none, and what was there before stays until the last moment. */
import { randomBytes } from "node:crypto";
import { chmod, link, open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandFailure } from "./failure.ts";

export interface ReplaceOptions {
  /** Permissions of the new file; only the owner may read it if they are not given. */
  readonly mode?: number;
  /** False: throws `output_exists` if something stands there. */
  readonly overwrite: boolean;
}

const isExisting = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EEXIST";

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
    } finally {
      await handle.close();
    }
    if (!good) return;
    if (mode !== 0o600) await chmod(beside, mode);
    if (overwrite) await rename(beside, path).catch(unwritable);
    else {
      // A link fails where something stands, which a rename does not.
      await link(beside, path).catch((error: unknown) => {
        if (isExisting(error)) throw new CommandFailure("output_exists", 3);
        throw new CommandFailure("output_unwritable", 3);
      });
    }
  } finally {
    await rm(beside, { force: true });
  }
};
