/** The system's FFmpeg, where it is there: tests that need it skip themselves by name, except where CI must have it. */
import { execFileSync, spawnSync } from "node:child_process";

/** False if FFmpeg is there, else why the test is skipped. */
export const noFfmpeg: string | false =
  spawnSync("ffmpeg", ["-version"]).status === 0 ? false : "FFmpeg is not installed";

/** Runs ffmpeg quietly, overwriting its output. */
export function runFfmpeg(...args: readonly string[]): void {
  execFileSync("ffmpeg", ["-v", "error", "-y", ...args], { stdio: ["ignore", "ignore", "inherit"] });
}
