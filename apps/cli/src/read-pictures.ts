/** Fingerprints many files, two at a time, handing out the outcomes in the order they were asked for. */
import { buffer } from "node:stream/consumers";
import { fingerprintBytes, fingerprintFile, type FingerprintOutcome } from "@recourse/fingerprint/node";
import { STDIN } from "./find-files.ts";
import { startProgress } from "./progress.ts";

const AT_ONCE = 2;

const readOne = async (file: string): Promise<FingerprintOutcome> =>
  file === STDIN ? fingerprintBytes(await buffer(process.stdin)) : fingerprintFile(file);

/** Calls `onOutcome` once for each file, in order, as soon as it and all before it are done. */
export const readPictures = async (
  files: readonly string[],
  onOutcome: (file: string, outcome: FingerprintOutcome) => void | Promise<void>,
): Promise<void> => {
  const progress = startProgress(files.length);
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
