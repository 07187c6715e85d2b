/** Asks a worker to open or cover a picture; each time a worker of its own, ended with its answer. */
import type { CoverFailure, CoverOutcome, CoverTask, OpenOutcome } from "./cover-messages.ts";

/** A picture of 50 million pixels takes a slow phone less. */
const TIMEOUT_MS = 90_000;

const ask = <Outcome>(task: CoverTask, signal: AbortSignal): Promise<Outcome | CoverFailure> =>
  new Promise((resolve) => {
    const worker = new Worker(new URL("./cover.worker.ts", import.meta.url), { type: "module" });
    const end = (outcome: Outcome | CoverFailure): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      worker.terminate();
      resolve(outcome);
    };
    const onAbort = (): void => end({ ok: false, code: "cancelled" });
    const timer = setTimeout(() => end({ ok: false, code: "decode_timeout" }), TIMEOUT_MS);
    signal.addEventListener("abort", onAbort);
    worker.onmessage = ({ data }: MessageEvent<Outcome>) => end(data);
    worker.onerror = () => end({ ok: false, code: "image_damaged" });
    worker.postMessage(task);
    if (signal.aborted) onAbort();
  });

/** Never rejects. The preview is the caller's to close. */
export const openPicture = (file: Blob, signal: AbortSignal): Promise<OpenOutcome> =>
  ask<OpenOutcome>({ work: "open", file }, signal);

/** Never rejects. What comes back still has to be cleaned like any file. */
export const coverPicture = (
  file: Blob,
  redaction: Extract<CoverTask, { work: "cover" }>["redaction"],
  signal: AbortSignal,
): Promise<CoverOutcome> => ask<CoverOutcome>({ work: "cover", file, redaction }, signal);
