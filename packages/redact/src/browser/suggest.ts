/** What in a picture one may want to cover. Never the last word: what was not found is for the person's own eyes. */
import type { Outcome } from "./codes.ts";
import { DEFAULT_PICTURE_LIMITS, type PictureLimits } from "./decode.ts";
import type { SuggestionKind, Suggestions, SuggestTask } from "./suggest-messages.ts";
import { work, type WorkOptions } from "./work.ts";

export interface SuggestOptions extends WorkOptions {
  /** Heads and QR codes if left out. With `qr_code` alone, no model is loaded. */
  readonly look?: readonly SuggestionKind[];
  readonly limits?: Partial<PictureLimits>;
}

/**
 * Suggests regions of a picture, on the device, with files of the page's own origin that are loaded now and not
 * before. It finds where faces are, never whose. Every end has a code.
 */
export function suggestRegions(
  file: Blob,
  { look = ["head", "qr_code"], limits, ...options }: SuggestOptions = {},
): Promise<Outcome<Suggestions>> {
  const task: SuggestTask = { file, look, limits: { ...DEFAULT_PICTURE_LIMITS, ...limits } };
  const start = (): Worker => new Worker(new URL("./suggest-worker.ts", import.meta.url), { type: "module" });
  return work(start, task, "image_damaged", options);
}
