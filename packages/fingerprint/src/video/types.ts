/** What a video's fingerprint is, and how reading one can fail. Plain data: it survives JSON and structured clone. */
import type { LocalHashes, PdqResult } from "../types.ts";
import type { VpdqFrame } from "./vpdq.ts";

/** Pixels of a frame as they are hashed: upright, made smaller, RGB rows without padding. */
export interface FramePicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** A kept frame. The side that is known holds `pdq` and `mirrored`; a query asks with `pdq` and `windows`. */
export interface VideoFrameHash extends VpdqFrame {
  /** PDQ of the frame with left and right swapped: 64 lower-case hex digits. */
  readonly mirrored: string;
  /** Hashes of the frame's windows (its borders trimmed, for example), where the caller gave a function for them. */
  readonly windows?: readonly { readonly pdq: string; readonly quality: number }[];
}

/** What the caller's function found on one of the video's distinct frames. */
export interface LocalFrame<Local> {
  readonly timestampSec: number;
  readonly local: Local;
}

/** Functions of the caller that look at frames' pixels. They must not keep the picture: its buffer is used again. */
export interface FrameExtras<Local> {
  /** Windows of a frame that a query asks with beside the frame itself. Called on every kept frame. */
  readonly queryWindows?: (picture: FramePicture) => readonly PdqResult[];
  /** Called on frames that differ from all such frames before, LOCAL_FRAMES at most. */
  readonly localHashes?: (picture: FramePicture) => Local;
}

export interface VideoFingerprint<Local = LocalHashes> {
  /** MIME type found from the bytes: video/mp4, video/quicktime, video/webm or video/x-matroska. */
  readonly media: string;
  readonly codec: VideoCodec;
  readonly sizeBytes: number;
  /** 64 lower-case hex digits, of the file's bytes. */
  readonly sha256: string;
  /** 32 lower-case hex digits, of the file's bytes. */
  readonly md5: string;
  /** Of the upright picture in pixels, before any shrinking. */
  readonly width: number;
  readonly height: number;
  /** What was read, not what the file claims: the last frame looked at and the usual step after it. */
  readonly durationSec: number;
  /** Ascending in time. */
  readonly frames: readonly VideoFrameHash[];
  /** Only there when `localHashes` was given. */
  readonly localFrames?: readonly LocalFrame<Local>[];
  /**
   * False if the file is damaged or cut off, claims more than it holds, or is longer than the limit: the frames are
   * those of the `durationSec` that could be read.
   */
  readonly complete: boolean;
}

export const VIDEO_CODECS = ["h264", "hevc", "vp8", "vp9", "av1"] as const;
export type VideoCodec = (typeof VIDEO_CODECS)[number];

/** Each code has its sentence in docs/errors.md. */
export type VideoErrorCode =
  | "empty_file"
  | "file_unreadable"
  | "file_too_large"
  | "too_many_pixels"
  | "not_a_video"
  | "sound_only"
  | "unsupported_format"
  | "video_damaged"
  | "decoder_missing"
  | "decode_timeout"
  | "pixels_blocked"
  | "cancelled";

export type VideoOutcome<Local = LocalHashes> =
  | { readonly ok: true; readonly fingerprint: VideoFingerprint<Local> }
  | { readonly ok: false; readonly code: VideoErrorCode };

export interface VideoLimits {
  /** Size of the file; it is never held in memory as a whole. */
  readonly bytes: number;
  /** Pixels of one frame. */
  readonly pixels: number;
  /** What lies beyond is not read, and the fingerprint says `complete: false`. */
  readonly durationSec: number;
  /** Time for one file, in milliseconds. */
  readonly timeoutMs: number;
  /** Time without a new frame, in milliseconds. */
  readonly stallMs: number;
}

export const DEFAULT_VIDEO_LIMITS: VideoLimits = {
  bytes: 32 * 1024 ** 3,
  // 8K video and a little more; a decoder holds up to 17 such frames.
  pixels: 36_000_000,
  durationSec: 6 * 3600,
  timeoutMs: 60 * 60_000,
  stallMs: 30_000,
};

/** The one error the video doors throw inside themselves; callers only ever see its code in an outcome. */
export class VideoFailure extends Error {
  readonly code: VideoErrorCode;

  constructor(code: VideoErrorCode, cause?: unknown) {
    super(code, { cause });
    this.name = "VideoFailure";
    this.code = code;
  }
}

/** Turns a failure into its outcome; anything else is a defect and is thrown on. */
export async function videoOutcomeOf<Local>(run: () => Promise<VideoFingerprint<Local>>): Promise<VideoOutcome<Local>> {
  try {
    return { ok: true, fingerprint: await run() };
  } catch (error) {
    if (error instanceof VideoFailure) return { ok: false, code: error.code };
    throw error;
  }
}
