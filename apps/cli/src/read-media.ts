/** Fingerprints many pictures and videos, two at a time, handing out the outcomes in the order they were asked for. */
import type { Fingerprint, Purpose, VideoFingerprint } from "@recourse/fingerprint";
import {
  fingerprintBytes,
  fingerprintFile,
  fingerprintVideoBytes,
  fingerprintVideoFile,
} from "@recourse/fingerprint/node";
import type { ErrorCode } from "@recourse/protocol";
import { CommandFailure } from "./failure.ts";
import { STDIN } from "./find-files.ts";
import { startProgress } from "./progress.ts";
import { readStandardInput } from "./read-bytes.ts";

export type MediaOutcome =
  | { readonly ok: true; readonly media: "image"; readonly fingerprint: Fingerprint }
  | { readonly ok: true; readonly media: "video"; readonly fingerprint: VideoFingerprint }
  | { readonly ok: false; readonly code: ErrorCode };

export interface ReadOptions {
  /** "both" makes a query's fingerprint of a video. */
  readonly purpose: Purpose;
  readonly stronger: boolean;
  readonly signal: AbortSignal;
}

const AT_ONCE = 2;

/** A file's kind is found from its bytes; what is no video is a picture, or nothing that can be read. */
export const readOne = async (
  file: string,
  { purpose, stronger, signal }: ReadOptions,
  onProgress?: (fraction: number) => void,
): Promise<MediaOutcome> => {
  const forPicture = { purpose, stronger, signal };
  const forVideo = {
    purpose: purpose === "both" ? ("query" as const) : purpose,
    stronger,
    signal,
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  let bytes: Uint8Array | undefined;
  if (file === STDIN) {
    try {
      bytes = await readStandardInput(signal);
    } catch (error) {
      const code = error instanceof CommandFailure ? error.code : "file_unreadable";
      return { ok: false, code: signal.aborted ? "cancelled" : code };
    }
  }
  const video = await (bytes === undefined
    ? fingerprintVideoFile(file, forVideo)
    : fingerprintVideoBytes(bytes, forVideo));
  if (video.ok) return { ok: true, media: "video", fingerprint: video.fingerprint };
  if (video.code !== "not_a_video") return { ok: false, code: video.code };
  const picture = await (bytes === undefined ? fingerprintFile(file, forPicture) : fingerprintBytes(bytes, forPicture));
  return picture.ok
    ? { ok: true, media: "image", fingerprint: picture.fingerprint }
    : { ok: false, code: picture.code };
};

/**
 * Calls `onOutcome` once for each file, in order, as soon as it and all before it are done; not for those that were
 * stopped. `plainOutput` says that what is printed is for a program: where that goes to a terminal, there is no bar
 * between its lines.
 */
export const readMedia = async (
  files: readonly string[],
  options: ReadOptions & { readonly plainOutput: boolean },
  onOutcome: (file: string, outcome: MediaOutcome) => void | Promise<void>,
): Promise<void> => {
  const progress = startProgress(options.plainOutput && process.stdout.isTTY ? 0 : files.length);
  const running: Promise<MediaOutcome>[] = [];
  try {
    for (const [index, file] of files.entries()) {
      for (let next = running.length; next < Math.min(index + AT_ONCE, files.length); next += 1) {
        running.push(readOne(files[next] ?? file, options, (fraction) => progress.within(next, fraction)));
      }
      const outcome = await running[index];
      if (outcome === undefined || options.signal.aborted) break;
      progress.clear();
      await onOutcome(file, outcome);
      progress.step(index);
    }
  } finally {
    // What was stopped ends in order: its processes are gone and its temporary files removed.
    await Promise.allSettled(running);
    progress.clear();
  }
};
