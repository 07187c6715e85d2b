/** Figures of starting and resting: `server.*`. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Benchmarks, Figure } from "./figure.ts";
import { median } from "./measure.ts";
import { readTreeMemory } from "./process-use.ts";
import { buildPage, startServerProcess, withFolder } from "./server-process.ts";

const FIRST_STARTS = 3;
const LATER_STARTS = 5;
const REST_MS = 10_000;

const startAndRest = async (): Promise<readonly Figure[]> => {
  await buildPage();
  const firstMs: number[] = [];
  const laterMs: number[] = [];
  const restMb: number[] = [];
  for (let round = 0; round < FIRST_STARTS; round += 1) {
    await withFolder(async (folder) => {
      const first = await startServerProcess(folder);
      firstMs.push(first.startMs);
      try {
        await sleep(REST_MS);
        const memory = await readTreeMemory(first.pid);
        // PostgreSQL must be among them, or the sum says nothing.
        if (memory.processes < 3) throw new Error("the database's processes were not found");
        restMb.push(memory.megabytes);
      } finally {
        await first.stop();
      }
      if (round > 0) return;
      for (let start = 0; start < LATER_STARTS; start += 1) {
        const later = await startServerProcess(folder);
        laterMs.push(later.startMs);
        await later.stop();
      }
    });
  }
  return [
    { figure: "server.first_start_s", value: median(firstMs) / 1000, unit: "s", n: firstMs.length },
    { figure: "server.start_s", value: median(laterMs) / 1000, unit: "s", n: laterMs.length },
    { figure: "server.idle_rss_mb", value: median(restMb), unit: "MB", n: restMb.length },
  ];
};

export const figures: Benchmarks = { "server.": startAndRest };
