/** The public face of @recourse/scrub. Files of Node are read and written behind `./node`. */
export { findHidden, type HiddenMedia } from "./hidden/find-hidden.ts";
export { type PicturePage, picturesToPdf, type PicturesToPdfOutcome } from "./pictures-to-pdf.ts";
export { inspect, strip, SUPPORTED_FORMATS } from "./scrub.ts";
export { blobSource, type BlobLike, bytesSource, type Sink, type Source } from "./source.ts";
export {
  type Finding,
  FINDING_KINDS,
  type FindingKind,
  type Format,
  type InspectOutcome,
  type Refusal,
  type ScrubErrorCode,
  type Severity,
  type StripOptions,
  type StripOutcome,
} from "./types.ts";
