/** What is said about a file. */

/** Formats that are recognised by their first bytes. Not all of them can be cleaned: see the README. */
export type Format =
  | "jpeg"
  | "png"
  | "webp"
  | "gif"
  | "mp4"
  | "mov"
  | "3gp"
  | "heic"
  | "heif"
  | "avif"
  | "tiff"
  | "mkv"
  | "webm"
  | "bmp"
  | "svg"
  | "pdf"
  | "jxl"
  | "unknown";

/**
 * What a finding reveals: `location` where somebody was, `time` when, `device` which device, `editing` who or what
 * edited, `hidden_media` pictures and videos that do not show, `author` who made it and what they wrote, `other` what
 * is not needed to show the picture and not understood.
 */
export const FINDING_KINDS = ["location", "time", "device", "editing", "hidden_media", "author", "other"] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** `high` leads to a person or place by itself, `medium` together with other things, `low` hardly. */
export type Severity = "high" | "medium" | "low";

export interface Finding {
  readonly kind: FindingKind;
  /** The place within the file: "APP1 Exif, GPS", "chunk tEXt", "after the end". */
  readonly where: string;
  /** What it is, as standards name it: "GPSPosition", "Make". */
  readonly name: string;
  /** Decoded for people, at most 200 characters: decimal degrees, ISO dates, text; a size for what is binary. */
  readonly value: string;
  readonly severity: Severity;
}

/** Each code has its sentence in docs/errors.md. */
export type ScrubErrorCode =
  | "empty_file"
  | "scrub_unknown_format"
  | "scrub_unsupported"
  | "scrub_damaged"
  | "scrub_doubtful"
  | "scrub_incomplete";

export interface Refusal {
  readonly ok: false;
  readonly code: ScrubErrorCode;
  /** Why, in words about the format only: nothing of the file's content. */
  readonly reason: string;
  readonly format: Format;
}

export type InspectOutcome =
  | {
      readonly ok: true;
      readonly format: Format;
      readonly findings: readonly Finding[];
      /** Bytes behind the end of what the format says is the picture or video. */
      readonly trailingBytes: number;
    }
  | Refusal;

export type StripOutcome =
  | {
      readonly ok: true;
      readonly format: Format;
      /** What was found and is gone. */
      readonly removed: readonly Finding[];
      /** What was kept beside the picture itself, because it would not look the same without: "orientation". */
      readonly kept: readonly string[];
      readonly sizeBytes: number;
    }
  | Refusal;

export interface StripOptions {
  /**
   * Keeps the picture by which a JPEG looks brighter on HDR screens, itself cleaned, where it says how to apply it by ISO
   * 21496-1 or Ultra HDR. Else, and of other formats, it goes, and `kept` says so.
   */
  readonly keepGainMap?: boolean;
  /** Told now and then how much is done, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  /** Checked between pieces of work; its reason is thrown. */
  readonly signal?: { throwIfAborted(): void };
}
