/**
 * What fingerprinting a video costs: processor time of our process and of ffmpeg's together, against ffmpeg decoding
 * every frame and doing nothing with it. Needs the system's ffmpeg, and Linux for the time of child processes.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VideoPurpose } from "@recourse/fingerprint";
import { fingerprintVideoFile } from "@recourse/fingerprint/node";
import type { Benchmarks, Figure } from "./figure.ts";
import { median } from "./measure.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/videos");
const ffmpeg = (...args: readonly string[]): void =>
  void execFileSync("ffmpeg", ["-v", "error", "-y", ...args], { stdio: ["ignore", "ignore", "inherit"] });

/** Linux counts in hundredths of a second (sysconf _SC_CLK_TCK). */
const TICK_MS = 10;

/** Processor time of ended child processes, in milliseconds: fields 16 and 17 of proc(5)'s stat. */
function childrenMs(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  // Behind the name in brackets, which may hold anything, comes field 3.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

/** Processor time of this process and of children that end meanwhile, in milliseconds. */
async function cpuMs(work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage();
  const childrenBefore = childrenMs();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 + childrenMs() - childrenBefore;
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "recourse-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function read(path: string, purpose: VideoPurpose): Promise<void> {
  const outcome = await fingerprintVideoFile(path, { purpose });
  if (!outcome.ok) throw new Error(outcome.code);
}

const SECONDS = 40;
const RUNS = 5;

function speed(): Promise<readonly Figure[]> {
  return withFolder(async (folder) => {
    const path = join(folder, "720p30.mp4");
    // Real motion, made larger, with noise in place of the detail that lacks: 2 Mbit/s at x264's usual settings.
    const film = join(fixtures, "big-buck-bunny.mp4");
    const larger = "scale=1280:720,noise=alls=5:allf=t,fps=30";
    const encode = ["-vf", larger, "-c:v", "libx264", "-crf", "25"];
    ffmpeg("-stream_loop", "-1", "-i", film, "-t", String(SECONDS), ...encode, path);
    const decodeOnly = (): void => ffmpeg("-threads", "1", "-i", path, "-f", "null", "-");
    const times: Record<VideoPurpose | "peer", number[]> = { bank: [], query: [], peer: [] };
    for (let run = -1; run < RUNS; run++) {
      for (const purpose of ["bank", "query"] as const) {
        const ms = await cpuMs(() => read(path, purpose));
        if (run >= 0) times[purpose].push(ms);
      }
      const ms = await cpuMs(decodeOnly);
      if (run >= 0) times.peer.push(ms);
    }
    const timesRealTime = (some: readonly number[]): number => (SECONDS * 1000) / median(some);
    const peer = { peer: "ffmpeg, every frame decoded, nothing else", peerValue: timesRealTime(times.peer) };
    return [
      { figure: "video.node720p.speed", value: timesRealTime(times.bank), unit: "x", n: RUNS, ...peer },
      { figure: "video.node720p_query.speed", value: timesRealTime(times.query), unit: "x", n: RUNS, ...peer },
    ];
  });
}

const LONG_SEC = 1800;

/** How much larger our own process gets at most while it reads half an hour in which everything moves. */
function longMemory(): Promise<readonly Figure[]> {
  return withFolder(async (folder) => {
    const path = join(folder, "long.mp4");
    ffmpeg("-stream_loop", "-1", "-i", join(fixtures, "macro.mp4"), "-t", String(LONG_SEC), "-c", "copy", path);
    await read(join(fixtures, "macro.mp4"), "query");
    const before = process.memoryUsage.rss();
    let most = before;
    const outcome = await fingerprintVideoFile(path, {
      purpose: "query",
      onProgress: () => (most = Math.max(most, process.memoryUsage.rss())),
    });
    if (!outcome.ok) throw new Error(outcome.code);
    return [{ figure: "video.long.memory_mb", value: (most - before) / 1e6, unit: "MB", n: 1 }];
  });
}

export const figures: Benchmarks = { "video.node720p": speed, "video.long.memory_mb": longMemory };
