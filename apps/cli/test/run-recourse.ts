/** The real program, run as anybody runs it. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

export const launcher = fileURLToPath(new URL("../bin/recourse.mjs", import.meta.url));
export const vectors = fileURLToPath(new URL("../../../fixtures/pdq-vectors/", import.meta.url));
export const photographs = fileURLToPath(new URL("../../../fixtures/photographs/", import.meta.url));
export const videos = fileURLToPath(new URL("../../../fixtures/videos/", import.meta.url));
/** 256 random bits, or as many bytes as are asked for. */
export const hex = (bytes = 32): string => randomBytes(bytes).toString("hex");
export const lines = (text: string): readonly string[] => text.split("\n").filter((line) => line !== "");

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string | Buffer;
  readonly node?: string;
}

/** Started, with everything piped; the working folder holds nothing of ours. */
export const start = (words: readonly string[], options: RunOptions = {}) =>
  spawn(options.node ?? process.execPath, [launcher, ...words], {
    env: { ...process.env, ...options.env },
    cwd: tmpdir(),
  });

/** Not `spawnSync`: a server of this process may have to answer meanwhile. */
export const run = (words: readonly string[], options: RunOptions = {}): Promise<Run> =>
  new Promise((resolve, reject) => {
    const child = start(words, options);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
