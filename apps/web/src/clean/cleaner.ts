/** The page's side of the cleaning workers: a file at a time each, stopped at once when asked or when stuck. */
import type {
  CleanCopy,
  CleanFailure,
  CleanProblemCode,
  CleanTask,
  Inspected,
  WorkerAnswer,
} from "./worker-messages.ts";

export interface CleanOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

export interface Cleaner {
  /** Never reject: every end has a code. A file whose turn has not come waits. */
  inspect(file: Blob, options: CleanOptions): Promise<Inspected | CleanFailure>;
  clean(file: Blob, options: CleanOptions): Promise<CleanCopy | CleanFailure>;
  close(): void;
}

/** Without a sign of life for so long, a worker is taken to be stuck and ended. */
const SILENCE_MS = 45_000;

type Outcome = Inspected | CleanCopy | CleanFailure;

interface Job {
  readonly task: CleanTask;
  readonly options: CleanOptions;
  readonly finish: (outcome: Outcome) => void;
}

/** Makes a cleaner; its workers start when they are first needed. */
export const createCleaner = (): Cleaner => {
  const size = Math.max(1, Math.min(2, (navigator.hardwareConcurrency || 2) - 1));
  const idle: Worker[] = [];
  const waiting: Job[] = [];
  const running = new Set<AbortController>();
  let isClosed = false;

  const failed = (code: CleanProblemCode): CleanFailure => ({ ok: false, code });

  const run = ({ task, options, finish }: Job): void => {
    const worker = idle.pop() ?? new Worker(new URL("./clean.worker.ts", import.meta.url), { type: "module" });
    const closing = new AbortController();
    running.add(closing);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (outcome: Outcome, isWorkerGood: boolean): void => {
      if (!running.delete(closing)) return;
      clearTimeout(timer);
      options.signal.removeEventListener("abort", onAbort);
      if (isWorkerGood && !isClosed) idle.push(worker);
      else worker.terminate();
      finish(outcome);
      startWaiting();
    };
    const onAbort = (): void => end(failed("cancelled"), false);
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => end(failed("decode_timeout"), false), SILENCE_MS);
    };
    options.signal.addEventListener("abort", onAbort);
    closing.signal.addEventListener("abort", onAbort);
    worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
      if (!running.has(closing)) return;
      if (data.kind === "progress") {
        watch();
        options.onProgress(data.fraction);
      } else end(data.outcome, true);
    };
    // A worker that could not be loaded or has thrown: nothing is known of the file.
    worker.onerror = () => end(failed("scrub_doubtful"), false);
    watch();
    worker.postMessage(task);
  };

  const startWaiting = (): void => {
    while (running.size < size) {
      const job = waiting.shift();
      if (job === undefined) return;
      if (job.options.signal.aborted || isClosed) job.finish(failed("cancelled"));
      else run(job);
    }
  };

  const ask = (task: CleanTask, options: CleanOptions): Promise<Outcome> =>
    new Promise((resolve) => {
      waiting.push({ task, options, finish: resolve });
      startWaiting();
    });

  return {
    // The worker answers each kind of work with its own outcome.
    inspect: (file, options) => ask({ work: "inspect", file }, options) as Promise<Inspected | CleanFailure>,
    clean: (file, options) => ask({ work: "clean", file }, options) as Promise<CleanCopy | CleanFailure>,
    close() {
      isClosed = true;
      for (const closing of running) closing.abort();
      for (const worker of idle) worker.terminate();
      startWaiting();
    },
  };
};
