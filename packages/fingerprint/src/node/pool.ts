/**
 * Fingerprints in threads of their own, for a server: averaging and hashing a large picture takes up to seconds of
 * computing, in which the thread that answers requests would answer nobody.
 *
 * Threads start when they are needed and end when they have been idle for a while, so a server at rest holds none. One
 * that takes too long or dies is replaced; its file ends with a code, no other file is harmed.
 */
import { Worker } from "node:worker_threads";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import type { FingerprintErrorCode, FingerprintOutcome, Wanted } from "../types.ts";
import type { PoolTask } from "./pool-worker.ts";

export interface FingerprintPoolOptions extends Wanted {
  /** Files worked on at once; more wait their turn. */
  readonly workers?: number;
  readonly limits?: Partial<Limits>;
}

export interface FingerprintPool {
  /** Like `fingerprintBytes`; the bytes are copied. Never rejects because of what the bytes are. */
  fingerprint(bytes: Uint8Array): Promise<FingerprintOutcome>;
  /** Ends the threads; files still waiting or worked on end as `cancelled`. */
  close(): Promise<void>;
}

interface Job {
  readonly bytes: Uint8Array;
  readonly resolve: (outcome: FingerprintOutcome) => void;
}

const IDLE_MS = 30_000;
/** What the inner time limits need to end by themselves, before the thread is ended from outside. */
const GRACE_MS = 5_000;
/** Far above what the limits on pixels allow a thread to need; a thread beyond it is ended, not the process. */
const HEAP_LIMIT_MB = 512;

const failed = (code: FingerprintErrorCode): FingerprintOutcome => ({ ok: false, code });

export const createFingerprintPool = (options: FingerprintPoolOptions = {}): FingerprintPool => {
  const { workers = 2, limits = {}, purpose = "bank", stronger = false } = options;
  const timeoutMs = (limits.timeoutMs ?? DEFAULT_LIMITS.timeoutMs) + GRACE_MS;
  const waiting: Job[] = [];
  /** Idle threads, each with the timer that ends it. */
  const idle = new Map<Worker, NodeJS.Timeout>();
  const running = new Map<Worker, (outcome: FingerprintOutcome) => void>();
  let closed = false;

  const rest = (worker: Worker): void => {
    const timer = setTimeout(() => {
      idle.delete(worker);
      void worker.terminate();
    }, IDLE_MS);
    timer.unref();
    idle.set(worker, timer);
  };

  const takeWorker = (): Worker => {
    for (const [worker, timer] of idle) {
      clearTimeout(timer);
      idle.delete(worker);
      return worker;
    }
    const worker = new Worker(new URL("./pool-worker.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB },
    });
    worker.unref();
    // An idle thread that dies is simply not there the next time.
    worker.on("error", () => {});
    worker.on("exit", () => {
      clearTimeout(idle.get(worker));
      idle.delete(worker);
    });
    return worker;
  };

  const run = (job: Job): void => {
    const worker = takeWorker();
    const finish = (outcome: FingerprintOutcome, keep: boolean): void => {
      if (!running.delete(worker)) return;
      clearTimeout(watchdog);
      worker.off("message", onMessage).off("exit", onExit);
      if (keep && !closed) rest(worker);
      else void worker.terminate();
      job.resolve(outcome);
      startWaiting();
    };
    const onMessage = (outcome: FingerprintOutcome): void => finish(outcome, true);
    const onExit = (): void => finish(failed("image_damaged"), false);
    const watchdog = setTimeout(() => finish(failed("decode_timeout"), false), timeoutMs);
    running.set(worker, (outcome) => finish(outcome, false));
    worker.once("message", onMessage).once("exit", onExit);
    const bytes = new Uint8Array(job.bytes);
    worker.postMessage({ bytes, limits, wanted: { purpose, stronger } } satisfies PoolTask, [bytes.buffer]);
  };

  const startWaiting = (): void => {
    while (!closed && running.size < workers) {
      const job = waiting.shift();
      if (job === undefined) return;
      run(job);
    }
  };

  return {
    fingerprint: (bytes) =>
      new Promise((resolve) => {
        if (closed) {
          resolve(failed("cancelled"));
          return;
        }
        waiting.push({ bytes, resolve });
        startWaiting();
      }),
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) job.resolve(failed("cancelled"));
      running.forEach((stop) => stop(failed("cancelled")));
      const ended = [...idle].map(([worker, timer]) => {
        clearTimeout(timer);
        return worker.terminate();
      });
      await Promise.all(ended);
    },
  };
};
