/** What the page and a video's worker say to each other. */
import type { Keyframe, RegionTrack } from "../tracks/tracks.ts";
import type { Rectangle, Redaction } from "../types.ts";

export interface VideoLimits {
  /** Size of the file; it is read in pieces. */
  readonly bytes: number;
  /** Pixels of one frame. */
  readonly pixels: number;
}

/** What may be said of a video's frames; `soft` would flicker. */
export interface VideoRedaction extends Pick<Redaction, "fill" | "paddingPx"> {
  readonly decoration?: "none" | "stripes";
  readonly tracks: readonly RegionTrack[];
  /** Voices identify too: the sound is only kept if it is said. */
  readonly sound: "remove" | "keep";
}

export type VideoTask =
  | { readonly kind: "redact"; readonly file: Blob; readonly limits: VideoLimits; readonly redaction: VideoRedaction }
  | {
      readonly kind: "follow";
      readonly file: Blob;
      readonly limits: VideoLimits;
      readonly box: Rectangle;
      readonly fromSec: number;
      readonly untilSec: number;
    };

export interface RedactedVideo {
  /** Encoded anew from the redacted frames. Dates and names of the writing program are in it: pass it through scrub. */
  readonly file: Blob;
  readonly type: "video/mp4" | "video/webm";
  readonly width: number;
  readonly height: number;
  /** False also where the video had none, or none that this browser can write. */
  readonly hasSound: boolean;
  readonly frames: number;
}

export interface FollowedRegion {
  /** Rectangles, one for each frame from the beginning on. */
  readonly keyframes: readonly Keyframe[];
  /** The lowest of all frames, 0 to 1. */
  readonly confidence: number;
  /** Time of the first frame in which it was lost; left out if it was followed to the end. */
  readonly lostAtSec?: number;
}
