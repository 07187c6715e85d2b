/** What the page and the worker of suggestions say to each other. */
import type { Region } from "../types.ts";
import type { PictureLimits } from "./decode.ts";

export type SuggestionKind = "head" | "text" | "screen" | "qr_code";

export interface Suggestion {
  readonly kind: SuggestionKind;
  /** Ready to be covered: of a face, the whole head; of writing, a line; of a laptop, all of it. */
  readonly region: Region;
  /** 0 to 1. */
  readonly confidence: number;
}

export interface SuggestTask {
  readonly file: Blob;
  readonly look: readonly SuggestionKind[];
  readonly limits: PictureLimits;
}

export interface Suggestions {
  /** Of the upright picture. */
  readonly width: number;
  readonly height: number;
  readonly suggestions: readonly Suggestion[];
}
