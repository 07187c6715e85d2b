/** What the page and a video's worker say to each other. */
import type { VideoPurpose } from "../video/size.ts";
import type { VideoLimits, VideoOutcome } from "../video/types.ts";

/** Seconds of the video. */
export interface VideoSeconds {
  /** Read so far. */
  readonly done: number;
  /** What the file says it has; left out if it does not say. */
  readonly total?: number;
}

export interface VideoTask {
  readonly file: Blob;
  readonly limits: VideoLimits;
  readonly purpose: VideoPurpose;
  readonly stronger: boolean;
}

export type VideoWorkerMessage =
  /** 0 to 1; also the sign of life that the page's watchdog waits for. */
  | { readonly type: "progress"; readonly fraction: number; readonly seconds?: VideoSeconds }
  | { readonly type: "done"; readonly outcome: VideoOutcome };
