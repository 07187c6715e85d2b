/** As many threads as cores; jobs go to whichever is free. They keep the process alive only while they work. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Job, JobResult, Shared } from "./jobs.ts";

interface Answer {
  readonly id: number;
  readonly result?: JobResult;
  readonly failure?: string;
}

export interface Threads {
  /** What all of them hold from now on. */
  share(shared: Shared): void;
  /** The results in the order of the jobs. The first failure fails all. */
  run(jobs: readonly Job[]): Promise<readonly JobResult[]>;
}

export function startThreads(): Threads {
  const workers = Array.from({ length: Math.max(1, availableParallelism()) }, () => {
    const worker = new Worker(new URL("worker.ts", import.meta.url));
    worker.unref();
    return worker;
  });
  return {
    share: (shared) => {
      for (const worker of workers) worker.postMessage({ shared });
    },
    run: async (jobs) => {
      const results: JobResult[] = [];
      let next = 0;
      await Promise.all(
        workers.map(async (worker) => {
          worker.ref();
          try {
            while (next < jobs.length) {
              const id = next++;
              results[id] = await ask(worker, id, jobs[id]!);
            }
          } finally {
            worker.unref();
          }
        }),
      );
      return results;
    },
  };
}

const ask = (worker: Worker, id: number, job: Job): Promise<JobResult> =>
  new Promise((resolve, reject) => {
    const finish = (): void => {
      worker.off("message", listen);
      worker.off("error", fail);
    };
    const fail = (error: unknown): void => {
      finish();
      reject(error instanceof Error ? error : new Error("a thread failed"));
    };
    const listen = ({ result, failure }: Answer): void => {
      if (result === undefined) return fail(new Error(failure));
      finish();
      resolve(result);
    };
    worker.on("message", listen);
    worker.on("error", fail);
    worker.postMessage({ id, job });
  });
