/** Files of the command line as sources: read in place, whatever their size; standard input is held in memory. */
import { bytesSource, type Source } from "@recourse/scrub";
import { openFileSource } from "@recourse/scrub/node";
import { CommandFailure } from "./failure.ts";
import { STDIN } from "./find-files.ts";
import { readStandardInput } from "./read-bytes.ts";

/** Calls `work` with the file open. Throws `file_unreadable` when it can't be opened or read to its end. */
export const withSource = async <T>(
  file: string,
  signal: AbortSignal,
  work: (source: Source) => Promise<T>,
): Promise<T> => {
  if (file === STDIN) return work(bytesSource(await readStandardInput(signal)));
  const source = await openFileSource(file).catch(() => {
    throw new CommandFailure("file_unreadable", 3);
  });
  try {
    return await work(source);
  } finally {
    await source.close();
  }
};

/** The code of whatever stopped the work on one file. Rethrows what nobody foresaw. */
export const failureCode = (error: unknown, signal: AbortSignal): CommandFailure["code"] => {
  if (signal.aborted) return "cancelled";
  if (error instanceof CommandFailure) return error.code;
  // Node's own codes: a file that vanished, a disk that does not answer.
  if (error instanceof Error && "code" in error && typeof error.code === "string" && /^E[A-Z]+$/u.test(error.code)) {
    return "file_unreadable";
  }
  throw error;
};
