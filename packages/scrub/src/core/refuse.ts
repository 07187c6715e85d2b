/** How a parser stops: whatever is doubtful ends as a refusal, with nothing written. */
import type { Format, Refusal, ScrubErrorCode } from "../types.ts";

/** Thrown inside a parser only; `inspect` and `strip` answer it as a value. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly code: ScrubErrorCode;

  /** `reason` is about the format, never about content. */
  constructor(code: ScrubErrorCode, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** Cut off, or its own numbers contradict each other. */
export const damaged = (reason: string): Refused => new Refused("scrub_damaged", reason);

/** Something that may matter for how it looks and isn't understood. */
export const doubtful = (reason: string): Refused => new Refused("scrub_doubtful", reason);

/** A kind of file, or of content, that is not cleaned here. */
export const unsupported = (reason: string): Refused => new Refused("scrub_unsupported", reason);

export const asRefusal = (error: Refused, format: Format): Refusal => ({
  ok: false,
  code: error.code,
  reason: error.message,
  format,
});
