/** What the page and a video's worker say to each other. */
import type { VideoPurpose } from "../video/size.ts";
import type { VideoLimits, VideoOutcome } from "../video/types.ts";

export interface VideoTask {
  readonly file: Blob;
  readonly limits: VideoLimits;
  readonly purpose: VideoPurpose;
}

export type VideoWorkerMessage =
  /** 0 to 1; also the sign of life that the page's watchdog waits for. */
  { readonly type: "progress"; readonly fraction: number } | { readonly type: "done"; readonly outcome: VideoOutcome };
