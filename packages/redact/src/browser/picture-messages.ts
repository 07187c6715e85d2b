/** What the page and a picture's worker say to each other. */
import type { Redaction } from "../types.ts";
import type { PictureLimits } from "./decode.ts";

export type PictureType = "image/jpeg" | "image/png" | "image/webp";

export interface PictureTask {
  readonly file: Blob;
  readonly redaction: Redaction;
  readonly type: PictureType;
  readonly quality: number;
  readonly limits: PictureLimits;
}

export interface RedactedPicture {
  /** Encoded anew from the redacted pixels and nothing else. */
  readonly file: Blob;
  readonly type: PictureType;
  readonly width: number;
  readonly height: number;
  /** See `Redacted`. */
  readonly coveredPixels: number;
}
