/**
 * The look-back in a thread of its own: comparing millions of hashes takes seconds of computing, in which the thread
 * that answers checks would answer nobody.
 */
import { Worker } from "node:worker_threads";
import type { ClickHouseAddress } from "./clickhouse/connect.ts";
import type { LookBackEvent } from "./look-back.ts";
import type { LookBackLoop } from "./look-back-loop.ts";

export interface LookBackThreadData {
  readonly connectionString: string;
  readonly memoryBytes: number | undefined;
  /** Where ClickHouse is, if columns lie there. */
  readonly clickHouse?: ClickHouseAddress | undefined;
}

export interface LookBackThreadOptions extends LookBackThreadData {
  readonly onEvent: (event: LookBackEvent) => void;
}

const RESTART_MS = 5_000;
/** What a step needs at most to end by itself; then the thread is ended, and what it did not commit is done again. */
const CLOSE_MS = 10_000;

/** Starts the thread; one that dies is replaced. */
export const startLookBackThread = (options: LookBackThreadOptions): LookBackLoop => {
  const { connectionString, memoryBytes, clickHouse, onEvent } = options;
  let closed = false;
  let restart: NodeJS.Timeout | undefined;
  let worker: Worker | undefined;

  const start = (): void => {
    const data: LookBackThreadData = { connectionString, memoryBytes, clickHouse };
    const fresh = new Worker(new URL("./look-back-worker.ts", import.meta.url), { workerData: data });
    worker = fresh;
    fresh.on("message", (event: LookBackEvent) => onEvent(event));
    fresh.on("error", () => onEvent({ event: "look_back_failed", code: "internal" }));
    fresh.on("exit", () => {
      if (closed || worker !== fresh) return;
      worker = undefined;
      restart = setTimeout(start, RESTART_MS);
      restart.unref();
    });
  };

  start();
  return {
    async close() {
      closed = true;
      clearTimeout(restart);
      const last = worker;
      if (last === undefined) return;
      const ended = new Promise<void>((resolve) => {
        last.once("exit", () => resolve());
      });
      last.postMessage("close");
      const late = setTimeout(() => void last.terminate(), CLOSE_MS);
      await ended;
      clearTimeout(late);
    },
  };
};
