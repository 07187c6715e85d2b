/** What the page and its workers say to each other. */
import type { Limits } from "../limits.ts";
import type { FingerprintOutcome, Wanted } from "../types.ts";

export interface FingerprintTask {
  readonly file: Blob;
  readonly limits: Limits;
  readonly wanted: Wanted;
}

export type WorkerMessage =
  /** 0 to 1; also the sign of life that the page's watchdog waits for. */
  | { readonly type: "progress"; readonly fraction: number }
  | { readonly type: "done"; readonly outcome: FingerprintOutcome };
