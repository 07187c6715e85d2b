/** Codes of this package's own that reach no wire and no screen: how a call can be wrong. */
export const REDACT_MISUSE_CODES = [
  "pixels_invalid",
  "region_invalid",
  "regions_too_complex",
  "colour_invalid",
  "crop_invalid",
  "track_invalid",
] as const;
export type RedactMisuseCode = (typeof REDACT_MISUSE_CODES)[number];

/** Thrown for misuse, before any pixel is changed. The message is the code and holds nothing of the picture. */
export class RedactError extends Error {
  readonly code: RedactMisuseCode;

  constructor(code: RedactMisuseCode) {
    super(code);
    this.name = "RedactError";
    this.code = code;
  }
}
