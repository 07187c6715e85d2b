/** One worker thread for the decoders that can't be stopped otherwise; tasks wait for each other. */
import { Worker } from "node:worker_threads";
import type { WorkerAnswer, WorkerTask } from "./decode-worker.ts";
import { FingerprintFailure } from "../failure.ts";

/** A thread without work is ended after this time, which gives back what WebAssembly's memory grew to. */
const IDLE_MS = 5_000;

let worker: Worker | null = null;
let idleTimer: NodeJS.Timeout | null = null;
let queue: Promise<unknown> = Promise.resolve();

/** Decodes in the thread. Throws FingerprintFailure; on timeout or abort the thread is ended and replaced. */
export function decodeInThread(
  task: WorkerTask,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Extract<WorkerAnswer, { ok: true }>> {
  const turn = queue.then(() => runOne(task, timeoutMs, signal));
  queue = turn.catch(() => undefined);
  return turn;
}

function retire(): void {
  if (idleTimer !== null) clearTimeout(idleTimer);
  idleTimer = null;
  void worker?.terminate();
  worker = null;
}

function startWorker(): Worker {
  // stdout and stderr stay unread: libheif prints its own messages there.
  const made = new Worker(new URL("./decode-worker.ts", import.meta.url), { stdout: true, stderr: true });
  made.unref();
  return made;
}

async function runOne(
  task: WorkerTask,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Extract<WorkerAnswer, { ok: true }>> {
  if (signal?.aborted) throw new FingerprintFailure("cancelled");
  if (idleTimer !== null) clearTimeout(idleTimer);
  const current = (worker ??= startWorker());
  current.ref();
  const answer = await new Promise<WorkerAnswer>((resolve) => {
    const finish = (result: WorkerAnswer, keep: boolean): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      current.off("message", onMessage).off("error", onEnd).off("exit", onEnd);
      if (!keep) retire();
      resolve(result);
    };
    const onMessage = (result: WorkerAnswer): void => finish(result, true);
    // A decoder that runs out of memory takes its thread along.
    const onEnd = (): void => finish({ ok: false, code: "image_damaged" }, false);
    const onAbort = (): void => finish({ ok: false, code: "cancelled" }, false);
    const timer = setTimeout(() => finish({ ok: false, code: "decode_timeout" }, false), timeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    current.on("message", onMessage).on("error", onEnd).on("exit", onEnd);
    current.postMessage(task);
  });
  if (worker !== null) {
    worker.unref();
    idleTimer = setTimeout(retire, IDLE_MS).unref();
  }
  if (!answer.ok) throw new FingerprintFailure(answer.code);
  return answer;
}
