/**
 * FFmpeg's two programs as child processes. They are the system's own: no native code of theirs is in our process, a
 * crash or hang ends the child alone, and the system's updates reach them. docs/adr/0006-video.md says why.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { VideoContainer } from "../../video/container.ts";
import { VideoFailure } from "../../video/types.ts";

export interface VideoPrograms {
  /** Name in PATH, or path. */
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

export const DEFAULT_PROGRAMS: VideoPrograms = { ffmpeg: "ffmpeg", ffprobe: "ffprobe" };

/** One allocation of a decoder at most: a frame of 16 bits a sample within the limit on pixels, with room. */
const MAX_ALLOCATION_BYTES = 256 * 1024 * 1024;

/**
 * What both programs are told of the input. The container is the one found from the bytes, so no playlist or other
 * demuxer that opens further files is ever guessed; the protocols leave no network.
 */
export function inputArguments(path: string, container: VideoContainer): string[] {
  return [
    ["-v", "error", "-hide_banner"],
    ["-max_alloc", String(MAX_ALLOCATION_BYTES), "-threads", "1"],
    ["-protocol_whitelist", "file,pipe"],
    ["-f", container === "mp4" || container === "mov" ? "mov" : "matroska", "-i", `file:${path}`],
  ].flat();
}

export type Program = ChildProcessByStdio<null, Readable, Readable>;

/** Starts a program; resolves once it runs. Its environment holds no more than it needs to be found. */
export async function startProgram(program: string, args: readonly string[], extraPipes: 0 | 1 = 0): Promise<Program> {
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe", ...(extraPipes === 1 ? (["pipe"] as const) : [])],
    // Without AV_LOG_FORCE_COLOR, FFREPORT (which would write a log with names) and the like.
    env: { PATH: process.env["PATH"], SystemRoot: process.env["SystemRoot"] },
    windowsHide: true,
    // The cast: with these three entries first, the streams are there; the overloads know tuples of three only.
  }) as Program;
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => reject(new VideoFailure("decoder_missing", error)));
  });
  // A write or kill that fails later: the exit says what there is to say.
  child.on("error", () => {});
  return child;
}

/** Resolves to the exit code, null if the program was ended by a signal. To be asked right after the start. */
export const exitOf = (child: Program): Promise<number | null> =>
  new Promise((resolve) => child.once("close", (code) => resolve(code)));
