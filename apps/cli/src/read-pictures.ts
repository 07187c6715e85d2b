/** Fingerprints many files, two at a time, handing out the outcomes in the order they were asked for. */
import { fingerprintBytes, fingerprintFile, type FingerprintOutcome } from "@recourse/fingerprint/node";
import { CommandFailure } from "./failure.ts";
import { STDIN } from "./find-files.ts";
import { startProgress } from "./progress.ts";
import { readStandardInput } from "./read-bytes.ts";

const AT_ONCE = 2;

const readOne = async (file: string): Promise<FingerprintOutcome> => {
  if (file !== STDIN) return fingerprintFile(file);
  try {
    return await fingerprintBytes(await readStandardInput());
  } catch (error) {
    const tooLarge = error instanceof CommandFailure && error.code === "file_too_large";
    return { ok: false, code: tooLarge ? "file_too_large" : "file_unreadable" };
  }
};

/**
 * Calls `onOutcome` once for each file, in order, as soon as it and all before it are done. `plainOutput` says that
 * what is printed is for a program: where that goes to a terminal, there is no bar between its lines.
 */
export const readPictures = async (
  files: readonly string[],
  plainOutput: boolean,
  onOutcome: (file: string, outcome: FingerprintOutcome) => void | Promise<void>,
): Promise<void> => {
  const progress = startProgress(plainOutput && process.stdout.isTTY ? 0 : files.length);
  try {
    const running: Promise<FingerprintOutcome>[] = [];
    for (const [index, file] of files.entries()) {
      for (let next = running.length; next < Math.min(index + AT_ONCE, files.length); next += 1) {
        running.push(readOne(files[next] ?? file));
      }
      const outcome = await running[index];
      if (outcome === undefined) break;
      progress.clear();
      await onOutcome(file, outcome);
      progress.step();
    }
  } finally {
    progress.clear();
  }
};
