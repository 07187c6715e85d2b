/** `recourse scrub FILE... (-o OUT | --in-place | --out-dir DIR)`: copies without what they give away. */
import { randomBytes } from "node:crypto";
import { mkdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { strip, type StripOutcome } from "@recourse/scrub";
import { fileSink } from "@recourse/scrub/node";
import { cancellable } from "../cancel.ts";
import { CommandFailure, type ExitStatus } from "../failure.ts";
import { findFiles, STDIN } from "../find-files.ts";
import { failureCode, withSource } from "../open-source.ts";
import { type Progress, startProgress } from "../progress.ts";
import { replaceFile } from "../replace-file.ts";
import { reportUnread } from "../report-unread.ts";

/** Where the cleaned copies go. */
export type Target =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "in-place" }
  | { readonly kind: "folder"; readonly path: string; readonly neutralNames: boolean };

export interface ScrubOptions {
  readonly target: Target;
  readonly keepGainMap: boolean;
  readonly json: boolean;
}

interface Job {
  readonly file: string;
  readonly output: string;
  readonly overwrite: boolean;
  readonly mode?: number;
}

/** As any other program would create a file here. */
const PUBLIC_MODE = 0o666 & ~process.umask();

/** A file found below a folder keeps its place below it; one that was named itself goes to the top. */
const placeOf = (file: string, paths: readonly string[]): string => {
  const above = paths.find((path) => path !== file && resolve(file).startsWith(resolve(path) + sep));
  return above === undefined ? basename(file) : relative(resolve(above), resolve(file));
};

const planJob = async (file: string, paths: readonly string[], target: Target): Promise<Job> => {
  if (target.kind === "in-place") {
    if (file === STDIN) throw new CommandFailure("usage", 2, "--in-place needs files");
    // Where the file is a link, what it leads to is replaced, and the link stays.
    const real = await realpath(file).catch(() => {
      throw new CommandFailure("file_unreadable", 3);
    });
    const { mode } = await stat(real);
    return { file, output: real, overwrite: true, mode: mode & 0o777 };
  }
  if (target.kind === "file") return { file, output: target.path, overwrite: true, mode: PUBLIC_MODE };
  const place = file === STDIN ? "stdin" : placeOf(file, paths);
  const name = target.neutralNames ? `${randomBytes(9).toString("hex")}${extname(place).toLowerCase()}` : place;
  const output = join(target.path, name);
  await mkdir(dirname(output), { recursive: true }).catch(() => {
    throw new CommandFailure("output_unwritable", 3);
  });
  return { file, output, overwrite: false, mode: PUBLIC_MODE };
};

/** Refuses to write over the very file that is read, by whatever name: only `--in-place` does that. */
const keepApart = async ({ file, output }: Job, target: Target): Promise<void> => {
  if (target.kind === "in-place" || file === STDIN) return;
  const [from, to] = await Promise.all([file, output].map((path) => stat(path).catch(() => undefined)));
  if (from !== undefined && to !== undefined && from.dev === to.dev && from.ino === to.ino) {
    throw new CommandFailure("output_exists", 3);
  }
};

const scrubOne = async (
  job: Job,
  options: ScrubOptions,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<StripOutcome> => {
  await keepApart(job, options.target);
  return withSource(job.file, signal, async (source) => {
    let outcome: StripOutcome | undefined;
    await replaceFile(job.output, job, async (handle) => {
      outcome = await strip(source, fileSink(handle), { signal, onProgress, keepGainMap: options.keepGainMap });
      return outcome.ok;
    });
    if (outcome === undefined) throw new CommandFailure("output_unwritable", 3);
    return outcome;
  });
};

const report = (job: Job, outcome: StripOutcome & { readonly ok: true }, json: boolean): void => {
  const { removed, kept, sizeBytes } = outcome;
  const { file, output } = job;
  if (json) console.log(JSON.stringify({ file, output, removed, kept, sizeBytes }));
  else {
    const things = removed.length === 1 ? "1 thing" : `${removed.length} things`;
    const stays = kept.length === 0 ? "" : `; kept ${kept.join(", ")}`;
    console.log(`${file}: ${things} removed${stays} -> ${output}`);
  }
};

/** Exit status: 3 when a file was refused or could not be read or written; of such a file there is no output. */
export const runScrub = (paths: readonly string[], options: ScrubOptions): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    const files = await findFiles(paths);
    if (options.target.kind === "file" && files.length !== 1) {
      throw new CommandFailure("usage", 2, "-o takes one file; use --out-dir for more");
    }
    const progress: Progress = startProgress(options.json && process.stdout.isTTY ? 0 : files.length);
    let failed = 0;
    for (const [index, file] of files.entries()) {
      if (signal.aborted) break;
      try {
        const job = await planJob(file, paths, options.target);
        const outcome = await scrubOne(job, options, signal, (fraction) => progress.within(index, fraction));
        progress.clear();
        if (outcome.ok) report(job, outcome, options.json);
        else {
          failed += 1;
          reportUnread(file, outcome.code, options.json, outcome.reason);
        }
      } catch (error) {
        progress.clear();
        if (error instanceof CommandFailure && error.exitStatus === 2) throw error;
        const code = failureCode(error, signal);
        if (code === "cancelled") break;
        failed += 1;
        reportUnread(file, code, options.json);
      }
      progress.step(index);
    }
    progress.clear();
    return failed > 0 ? 3 : 0;
  });
