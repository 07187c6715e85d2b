/** The test page: hands the chosen file to the browser door; the test calls what is put on `window`. */
import {
  type FingerprintOutcome,
  type VideoOutcome,
  createFingerprinter,
  fingerprintVideo,
} from "../../../src/browser/index.ts";
import type { Wanted } from "../../../src/types.ts";

const input = document.querySelector("input")!;
const options = { workers: 1 };
let fingerprinter = createFingerprinter(options);

const api = {
  progress: [] as number[],
  /** Fingerprints the chosen file; `cancelAt` stops at the first progress of that fraction or more. */
  async run(cancelAt = 2, wanted: Wanted = {}): Promise<FingerprintOutcome> {
    api.progress = [];
    const abort = new AbortController();
    return fingerprinter.fingerprint(input.files![0]!, {
      ...wanted,
      signal: abort.signal,
      onProgress(fraction) {
        api.progress.push(fraction);
        if (fraction >= cancelAt) abort.abort();
      },
    });
  },
  /** Fingerprints the chosen file as a person's device does for a bank, and watches how long the page was held up. */
  async runForBank(): Promise<{
    readonly outcome: FingerprintOutcome;
    readonly ms: number;
    readonly longestTaskMs: number;
  }> {
    let longestTaskMs = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration);
    });
    observer.observe({ entryTypes: ["longtask"] });
    const start = performance.now();
    const outcome = await fingerprinter.fingerprint(input.files![0]!, { purpose: "bank", stronger: true });
    const ms = performance.now() - start;
    // Long tasks are told of a moment later.
    await new Promise((later) => setTimeout(later, 100));
    observer.disconnect();
    return { outcome, ms, longestTaskMs };
  },
  /** Fingerprints the chosen video; `cancelAt` as above. */
  async runVideo(cancelAt = 2): Promise<VideoOutcome> {
    api.progress = [];
    const abort = new AbortController();
    return fingerprintVideo(input.files![0]!, {
      signal: abort.signal,
      onProgress(fraction) {
        api.progress.push(fraction);
        if (fraction >= cancelAt) abort.abort();
      },
    });
  },
  restart(limits: Partial<import("../../../src/browser/index.ts").Limits>): void {
    fingerprinter.close();
    fingerprinter = createFingerprinter({ ...options, limits });
  },
};

declare global {
  interface Window {
    door: typeof api;
  }
}
window.door = api;
