/** What the page and the worker that covers say to each other. */
import type { FingerprintErrorCode } from "@recourse/fingerprint/browser";
import type { Redaction } from "@recourse/redact";

export type CoverTask =
  | { readonly work: "open"; readonly file: Blob }
  | { readonly work: "cover"; readonly file: Blob; readonly redaction: Redaction };

export type CoverProblemCode = Extract<
  FingerprintErrorCode,
  "file_unreadable" | "too_many_pixels" | "unsupported_format" | "image_damaged" | "decode_timeout" | "cancelled"
>;

export type CoverFailure = { readonly ok: false; readonly code: CoverProblemCode };

/** The picture, smaller, to be marked in; `width` and `height` are those of the picture itself, upright. */
export type OpenOutcome =
  | { readonly ok: true; readonly preview: ImageBitmap; readonly width: number; readonly height: number }
  | CoverFailure;

export type CoverOutcome = { readonly ok: true; readonly file: Blob; readonly coveredPixels: number } | CoverFailure;
