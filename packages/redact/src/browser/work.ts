/**
 * One task, one worker, then it is gone: what it held of a picture goes with it. The page's side here, the worker's in
 * `answer`.
 */
import { DoorFailure, type DoorErrorCode, type Outcome } from "./codes.ts";

export interface WorkOptions {
  /** Stops the work: the outcome is then `cancelled`. */
  readonly signal?: AbortSignal;
  /** Called with 0 to 1, ascending. */
  readonly onProgress?: (fraction: number) => void;
}

type Message<T> =
  | { readonly type: "progress"; readonly fraction: number }
  | { readonly type: "done"; readonly outcome: Outcome<T> };

/** Without progress for so long, a task is given up. Phones slow down under load. */
const STALL_MS = 60_000;

/** Never rejects. `damaged` is what a worker that breaks down after its first sign of life means. */
export function work<T>(
  start: () => Worker,
  task: object,
  damaged: DoorErrorCode,
  { signal, onProgress }: WorkOptions,
): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve({ ok: false, code: "cancelled" });
    const worker = start();
    let started = false;
    let last = 0;
    const finish = (outcome: Outcome<T>): void => {
      clearTimeout(stall);
      signal?.removeEventListener("abort", onAbort);
      worker.onmessage = null;
      worker.onerror = null;
      worker.terminate();
      resolve(outcome);
    };
    const fail = (code: DoorErrorCode): void => finish({ ok: false, code });
    const onAbort = (): void => fail("cancelled");
    const watch = (): ReturnType<typeof setTimeout> => setTimeout(() => fail("decode_timeout"), STALL_MS);
    let stall = watch();
    signal?.addEventListener("abort", onAbort, { once: true });
    worker.onmessage = ({ data }: MessageEvent<Message<T>>) => {
      if (data.type === "done") return finish(data.outcome);
      started = true;
      clearTimeout(stall);
      stall = watch();
      last = Math.max(last, data.fraction);
      onProgress?.(last);
    };
    // Before the first sign of life the worker itself could not be loaded.
    worker.onerror = (event) => {
      event.preventDefault();
      fail(started ? damaged : "file_unreadable");
    };
    worker.onmessageerror = () => fail("file_unreadable");
    worker.postMessage(task);
  });
}

/** The part of a worker's global scope that is used; the DOM's own types describe a page's. */
interface WorkerScope {
  addEventListener(type: "message", listener: (event: MessageEvent<never>) => void): void;
  postMessage(message: Message<unknown>): void;
}

/** In a worker: does the one task that comes, and tells its outcome. */
export function answer(
  damaged: DoorErrorCode,
  carryOut: (task: never, progress: (fraction: number) => void) => Promise<unknown>,
): void {
  // The cast: this runs in a worker, whose scope has these two.
  const scope = globalThis as unknown as WorkerScope;
  const progress = (fraction: number): void => scope.postMessage({ type: "progress", fraction });
  scope.addEventListener("message", ({ data }) => {
    progress(0);
    carryOut(data, progress).then(
      (value) => scope.postMessage({ type: "done", outcome: { ok: true, value } }),
      (error: unknown) => {
        const code = error instanceof DoorFailure ? error.code : damaged;
        scope.postMessage({ type: "done", outcome: { ok: false, code } });
      },
    );
  });
}
