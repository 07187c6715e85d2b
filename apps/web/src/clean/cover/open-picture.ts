/** Asks a worker of its own, ended with its answer, to open a picture. */
import type { OpenOutcome, OpenTask } from "./open-messages.ts";

/** A picture of 50 million pixels takes a slow phone less. */
const TIMEOUT_MS = 60_000;

/** Never rejects. The preview is the caller's to close. */
export const openPicture = (file: Blob, signal: AbortSignal): Promise<OpenOutcome> =>
  new Promise((resolve) => {
    const worker = new Worker(new URL("./open-picture.worker.ts", import.meta.url), { type: "module" });
    const end = (outcome: OpenOutcome): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      worker.terminate();
      resolve(outcome);
    };
    const onAbort = (): void => end({ ok: false, code: "cancelled" });
    const timer = setTimeout(() => end({ ok: false, code: "decode_timeout" }), TIMEOUT_MS);
    signal.addEventListener("abort", onAbort);
    worker.onmessage = ({ data }: MessageEvent<OpenOutcome>) => end(data);
    worker.onerror = () => end({ ok: false, code: "image_damaged" });
    const task: OpenTask = { file };
    worker.postMessage(task);
    if (signal.aborted) onAbort();
  });
