/** What the page and the worker that opens pictures say to each other. */
import type { DoorErrorCode } from "@recourse/redact/browser";

export interface OpenTask {
  readonly file: Blob;
}

/** The picture, smaller, to be marked in; `width` and `height` are those of the picture itself, upright. */
export type OpenOutcome =
  | { readonly ok: true; readonly preview: ImageBitmap; readonly width: number; readonly height: number }
  | { readonly ok: false; readonly code: DoorErrorCode };
