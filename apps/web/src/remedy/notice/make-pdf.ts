/** Asks a worker of its own, ended with its answer, to make a letter's PDF. */
import type { Facts, Notice } from "@recourse/remedy";
import type { PdfOutcome } from "@recourse/remedy/pdf";

export interface PdfTask {
  readonly notice: Notice;
  readonly signature: Facts["signature"];
}

export type PdfAnswer = PdfOutcome | { readonly ok: false; readonly code: "cancelled" | "pdf_failed" };

/** Never rejects. However long it takes, the page goes on meanwhile, and `signal` ends it. */
export const makePdf = (task: PdfTask, signal: AbortSignal): Promise<PdfAnswer> =>
  new Promise((resolve) => {
    const worker = new Worker(new URL("./pdf.worker.ts", import.meta.url), { type: "module" });
    const end = (answer: PdfAnswer): void => {
      signal.removeEventListener("abort", onAbort);
      worker.terminate();
      resolve(answer);
    };
    const onAbort = (): void => end({ ok: false, code: "cancelled" });
    signal.addEventListener("abort", onAbort);
    worker.onmessage = ({ data }: MessageEvent<PdfAnswer>) => end(data);
    // Its own file may not load either.
    worker.onerror = () => end({ ok: false, code: "pdf_failed" });
    worker.onmessageerror = () => end({ ok: false, code: "pdf_failed" });
    worker.postMessage(task);
    if (signal.aborted) onAbort();
  });
