/** The browser door: files to fingerprints in workers of the page. Nothing leaves the page. */
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import type { FingerprintOutcome, Wanted } from "../types.ts";
import type { FingerprintTask, WorkerMessage } from "./messages.ts";

export { type BrowserVideoOptions, fingerprintVideo } from "./video.ts";
export type { VideoSeconds } from "./video-messages.ts";
export type { Limits } from "../limits.ts";
export type { Fingerprint, FingerprintErrorCode, FingerprintOutcome } from "../types.ts";
export type { VideoErrorCode, VideoFingerprint, VideoOutcome } from "../video/types.ts";

export interface FingerprinterOptions {
  /** Files worked on at once; more wait. By default one less than the processor's threads, 1 or 2. */
  readonly workers?: number;
  /** What is read at most; what is left out is as in DEFAULT_LIMITS. `timeoutMs` counts from the last progress. */
  readonly limits?: Partial<Limits>;
}

export interface FingerprintFileOptions extends Wanted {
  /** Stops the work: the outcome is then `cancelled`. */
  readonly signal?: AbortSignal;
  /** Called with 0 to 1, ascending, while the file is worked on. */
  readonly onProgress?: (fraction: number) => void;
}

export interface Fingerprinter {
  /** Never rejects: every end has a code. A file whose turn has not come waits. */
  fingerprint(file: Blob, options?: FingerprintFileOptions): Promise<FingerprintOutcome>;
  /** Ends the workers; files still waiting or worked on end as `cancelled`. */
  close(): void;
}

interface Job {
  readonly file: Blob;
  readonly options: FingerprintFileOptions;
  readonly resolve: (outcome: FingerprintOutcome) => void;
  /** Ends the job early; only there while a worker has it. */
  stop?: (outcome: FingerprintOutcome) => void;
}

/** Phones slow down under load: a picture may take three times as long as a server gives it. */
const BROWSER_TIMEOUT_MS = 60_000;

const failed = (code: Extract<FingerprintOutcome, { ok: false }>["code"]): FingerprintOutcome => ({ ok: false, code });

/** Makes a fingerprinter; its workers start when they are first needed. */
export function createFingerprinter(options: FingerprinterOptions = {}): Fingerprinter {
  const limits: Limits = { ...DEFAULT_LIMITS, timeoutMs: BROWSER_TIMEOUT_MS, ...options.limits };
  const size = Math.max(1, options.workers ?? Math.min(2, (navigator.hardwareConcurrency || 2) - 1));
  const idle: Worker[] = [];
  const waiting: Job[] = [];
  const running = new Set<Job>();
  let closed = false;

  const startWaiting = (): void => {
    while (running.size < size) {
      const job = waiting.shift();
      if (job === undefined) return;
      run(job);
    }
  };

  const run = (job: Job): void => {
    running.add(job);
    const worker = idle.pop() ?? new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    let watchdog: ReturnType<typeof setTimeout>;
    let started = false;
    const finish = (outcome: FingerprintOutcome, keep: boolean): void => {
      clearTimeout(watchdog);
      worker.onmessage = null;
      worker.onerror = null;
      worker.onmessageerror = null;
      // A worker that was stopped in its work is in an unknown state: it is ended, and the next job gets a new one.
      if (keep && !closed) idle.push(worker);
      else worker.terminate();
      running.delete(job);
      job.resolve(outcome);
      startWaiting();
    };
    const watch = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => finish(failed("decode_timeout"), false), limits.timeoutMs);
    };
    job.stop = (outcome) => finish(outcome, false);
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      started = true;
      if (data.type === "done") return finish(data.outcome, true);
      watch();
      job.options.onProgress?.(data.fraction);
    };
    // Before the first sign of life the worker itself could not be loaded; after it, the picture was too much for it.
    worker.onerror = (event) => {
      event.preventDefault();
      finish(failed(started ? "image_damaged" : "file_unreadable"), false);
    };
    worker.onmessageerror = () => finish(failed("file_unreadable"), false);
    watch();
    const { purpose = "bank", stronger = false } = job.options;
    worker.postMessage({ file: job.file, limits, wanted: { purpose, stronger } } satisfies FingerprintTask);
  };

  const cancel = (job: Job): void => {
    const at = waiting.indexOf(job);
    if (at >= 0) {
      waiting.splice(at, 1);
      job.resolve(failed("cancelled"));
    } else {
      job.stop?.(failed("cancelled"));
    }
  };

  return {
    async fingerprint(file, fileOptions = {}) {
      const { signal } = fileOptions;
      if (closed || signal?.aborted) return failed("cancelled");
      let onAbort = (): void => undefined;
      const outcome = await new Promise<FingerprintOutcome>((resolve) => {
        const job: Job = { file, options: fileOptions, resolve };
        onAbort = () => cancel(job);
        signal?.addEventListener("abort", onAbort, { once: true });
        waiting.push(job);
        startWaiting();
      });
      signal?.removeEventListener("abort", onAbort);
      return outcome;
    },
    close() {
      closed = true;
      for (const job of [...waiting, ...running]) cancel(job);
      for (const worker of idle.splice(0)) worker.terminate();
    },
  };
}
