/** Pictures in a page: a file and regions to a new file. Nothing leaves the page. */
import { checkRedaction } from "../check.ts";
import type { Redaction } from "../types.ts";
import type { Outcome } from "./codes.ts";
import { DEFAULT_PICTURE_LIMITS, type PictureLimits } from "./decode.ts";
import type { PictureTask, PictureType, RedactedPicture } from "./picture-messages.ts";
import { work, type WorkOptions } from "./work.ts";

export interface PictureOptions extends WorkOptions {
  /** JPEG if left out. WebP can't be written by every browser: `encode_unsupported` then. */
  readonly type?: PictureType;
  /** 0 to 1, of JPEG and WebP; 0.92 if left out. */
  readonly quality?: number;
  readonly limits?: Partial<PictureLimits>;
}

/**
 * Redacts a picture. The output is encoded from the redacted pixels alone: no thumbnail, no gain map, no layer, no
 * transparency, no metadata, sRGB. Every end has a code; rejects with RedactError only if `redaction` is none.
 */
export async function redactPicture(
  file: Blob,
  redaction: Redaction,
  { type = "image/jpeg", quality = 0.92, limits, ...options }: PictureOptions = {},
): Promise<Outcome<RedactedPicture>> {
  checkRedaction(redaction);
  const task: PictureTask = { file, redaction, type, quality, limits: { ...DEFAULT_PICTURE_LIMITS, ...limits } };
  const start = (): Worker => new Worker(new URL("./picture-worker.ts", import.meta.url), { type: "module" });
  return work(start, task, "image_damaged", options);
}
