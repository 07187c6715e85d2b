/** The test page: hands the chosen file to the browser door; the test calls what is put on `window`. */
import {
  type FingerprintOutcome,
  type VideoOutcome,
  createFingerprinter,
  fingerprintVideo,
} from "../../../src/browser/index.ts";

const input = document.querySelector("input")!;
const options = { workers: 1 };
let fingerprinter = createFingerprinter(options);

const api = {
  progress: [] as number[],
  /** Fingerprints the chosen file; `cancelAt` stops at the first progress of that fraction or more. */
  async run(cancelAt = 2): Promise<FingerprintOutcome> {
    api.progress = [];
    const abort = new AbortController();
    return fingerprinter.fingerprint(input.files![0]!, {
      signal: abort.signal,
      onProgress(fraction) {
        api.progress.push(fraction);
        if (fraction >= cancelAt) abort.abort();
      },
    });
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
