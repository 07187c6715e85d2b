/** The public face of @recourse/redact: the pure core. Files are decoded and encoded behind `./browser`. */
export { REDACT_MISUSE_CODES, RedactError, type RedactMisuseCode } from "./errors.ts";
export { DEFAULT_PADDING_PX, LIMITS } from "./limits.ts";
export { redactInPlace, redactPixels } from "./redact.ts";
export { createTracker, type Followed, type Luma } from "./tracks/tracker.ts";
export { checkTracks, type Keyframe, regionsAt, type RegionTrack } from "./tracks/tracks.ts";
export type { Colour, Decoration, OwnPixels, Pixels, Point, Rectangle, Redacted, Redaction, Region } from "./types.ts";
