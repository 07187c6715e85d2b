/** The public face of @recourse/fingerprint: the pure core. Files are read behind `./node` and `./browser`. */
export { hashPixels, hashPixelsOnce } from "./core/hash-pixels.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export { type FingerprintSignal, bankSignals, querySignals } from "./signals.ts";
export {
  DIHEDRAL_KINDS,
  type Dihedral,
  type DihedralKind,
  type Fingerprint,
  type FingerprintErrorCode,
  type FingerprintOutcome,
  type FrameResult,
  type PdqResult,
} from "./types.ts";
