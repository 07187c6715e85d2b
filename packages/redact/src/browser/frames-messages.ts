/** What the page and the worker that shows a video's frames say to each other. */
import type { DoorErrorCode } from "./codes.ts";
import type { VideoLimits } from "./video-messages.ts";

export type FramesTask =
  | { readonly kind: "open"; readonly file: Blob; readonly limits: VideoLimits; readonly longestPx: number }
  /** The last frame that begins at this time or before; the first one, if none does. */
  | { readonly kind: "at"; readonly timeSec: number }
  /** The frame after the one that was shown last. */
  | { readonly kind: "next" };

export interface VideoFacts {
  /** Of the upright frame. */
  readonly width: number;
  readonly height: number;
  /** When the first frame begins and the last one ends. */
  readonly startSec: number;
  readonly endSec: number;
  readonly hasSound: boolean;
}

export interface ShownFrame {
  /** Upright, smaller where the frame is large. The receiver's to close. */
  readonly bitmap: ImageBitmap;
  readonly timeSec: number;
  readonly durationSec: number;
}

export type FramesAnswer =
  | { readonly kind: "opened"; readonly facts: VideoFacts }
  /** Null: there is no further frame. */
  | { readonly kind: "frame"; readonly frame: ShownFrame | null }
  | { readonly kind: "failed"; readonly code: DoorErrorCode };
