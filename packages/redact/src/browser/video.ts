/** Videos in a page: a file and regions over time to a new file. Nothing leaves the page. */
import { checkRedaction, checkRegion } from "../check.ts";
import { RedactError } from "../errors.ts";
import { checkTracks } from "../tracks/tracks.ts";
import type { Rectangle } from "../types.ts";
import type { Outcome } from "./codes.ts";
import type { FollowedRegion, RedactedVideo, VideoLimits, VideoRedaction, VideoTask } from "./video-messages.ts";
import { work, type WorkOptions } from "./work.ts";

export interface VideoOptions extends WorkOptions {
  readonly limits?: Partial<VideoLimits>;
}

export interface FollowOptions extends VideoOptions {
  /** Time of the frame in which `box` is right, in the video's own time, which may begin later than 0. */
  readonly fromSec: number;
  /** To the end if left out. */
  readonly untilSec?: number;
}

export const DEFAULT_VIDEO_LIMITS: VideoLimits = { bytes: 8 * 1024 ** 3, pixels: 36_000_000 };

const start = (): Worker => new Worker(new URL("./video-worker.ts", import.meta.url), { type: "module" });

/**
 * Redacts a video: every frame decoded, covered, encoded anew, as MP4 where the browser writes H.264, else as WebM.
 * Only the main picture track and, if wanted, the main sound track are in the output. Every end has a code; rejects
 * with RedactError only if `redaction` is none.
 */
export async function redactVideo(
  file: Blob,
  redaction: VideoRedaction,
  { limits, ...options }: VideoOptions = {},
): Promise<Outcome<RedactedVideo>> {
  checkTracks(redaction.tracks);
  checkRedaction({ cover: [], ...redaction });
  const task: VideoTask = { kind: "redact", file, redaction, limits: { ...DEFAULT_VIDEO_LIMITS, ...limits } };
  return work(start, task, "video_damaged", options);
}

/**
 * Follows what is in a rectangle from one time on, and stops where it is lost: `lostAtSec`. What comes back are key
 * frames for a track, to be looked at by a person before anything is shared.
 */
export async function followRegion(
  file: Blob,
  box: Rectangle,
  { fromSec, untilSec = Number.MAX_VALUE, limits, ...options }: FollowOptions,
): Promise<Outcome<FollowedRegion>> {
  checkRegion({ kind: "rectangle", ...box });
  if (!Number.isFinite(fromSec) || Number.isNaN(untilSec)) throw new RedactError("track_invalid");
  const all: VideoLimits = { ...DEFAULT_VIDEO_LIMITS, ...limits };
  const task: VideoTask = { kind: "follow", file, box, fromSec, untilSec, limits: all };
  return work(start, task, "video_damaged", options);
}
