/** What the page and its cleaning workers say to each other. Files and their copies go by reference. */
import type { HiddenMedia, InspectOutcome, ScrubErrorCode, StripOutcome } from "@recourse/scrub";

export interface CleanTask {
  readonly work: "inspect" | "clean";
  readonly file: Blob;
}

/**
 * Beside what scrub says: the file can't be read any more, it took too long, the person stopped it; a PDF asks for a
 * password, or has too many pages or bytes to be drawn.
 */
export type CleanProblemCode =
  | ScrubErrorCode
  | "file_unreadable"
  | "decode_timeout"
  | "cancelled"
  | "pdf_locked"
  | "pdf_too_long";

export type PixelComparison = "same" | "different" | "not_compared";

export interface Inspected {
  readonly ok: true;
  readonly report: Extract<InspectOutcome, { ok: true }>;
  readonly hidden: readonly HiddenMedia[];
}

export interface CleanCopy {
  readonly ok: true;
  readonly report: Extract<StripOutcome, { ok: true }>;
  readonly file: Blob;
  /** Of the copy, for an archive. */
  readonly crc32: number;
  /** Of a PDF: how many pages were drawn anew, as pictures. */
  readonly drawnPages?: number;
  /** Decoded pixels of original and copy. */
  readonly pixels: PixelComparison;
  /** Findings in the copy when it was looked at once more. Anything but 0 and it isn't offered. */
  readonly left: 0;
}

export interface CleanFailure {
  readonly ok: false;
  readonly code: CleanProblemCode;
}

export type WorkerAnswer =
  | { readonly kind: "progress"; readonly fraction: number }
  | { readonly kind: "inspected"; readonly outcome: Inspected | CleanFailure }
  | { readonly kind: "cleaned"; readonly outcome: CleanCopy | CleanFailure };
