/** The public face of @recourse/fingerprint: the pure core. Files are read behind `./node` and `./browser`. */
export { hashPixels, hashPixelsOnce } from "./core/hash-pixels.ts";
export { VPDQ_ERROR_CODES, type VpdqErrorCode } from "./errors.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export { type PictureComparison, comparePictures } from "./compare-pictures.ts";
export { isFurniture } from "./local/furniture.ts";
export { areVaried, type LocalVerdict, judgeVotes, type VoteCount } from "./local/votes.ts";
export { spreadOf } from "./local/places.ts";
export { type FingerprintSignal, type PdqKind, bankSet, bankSignals, querySet, querySignals } from "./signals.ts";
export {
  DIHEDRAL_KINDS,
  type Dihedral,
  type DihedralKind,
  type Fingerprint,
  type FingerprintErrorCode,
  type FingerprintOutcome,
  type FrameResult,
  type LocalHashes,
  type PdqResult,
  type Purpose,
  type Wanted,
  type WindowKind,
  type WindowResult,
} from "./types.ts";
export { type CompareOptions, type VideoComparison, compareVideos } from "./video/compare-videos.ts";
export {
  comparePictureWithVideo,
  compareVideoFingerprints,
  type VideoFingerprintComparison,
} from "./video/compare-fingerprints.ts";
export { isVideoFile } from "./video/container.ts";
export { type FrameSignal, videoQuerySignals, type VideoSignal, videoSignals } from "./video/signals.ts";
export type { VideoPurpose } from "./video/size.ts";
export type { ComparableFrame } from "./video/stretches.ts";
export {
  DEFAULT_VIDEO_LIMITS,
  type FramePicture,
  type LocalFrame,
  type VideoErrorCode,
  type VideoFingerprint,
  type VideoFrameHash,
  type VideoLimits,
  type VideoOutcome,
} from "./video/types.ts";
export {
  everySecond,
  readVpdqSignal,
  readVpdqText,
  type VpdqFrame,
  type VpdqOutcome,
  writeVpdqSignal,
  writeVpdqText,
} from "./video/vpdq.ts";
