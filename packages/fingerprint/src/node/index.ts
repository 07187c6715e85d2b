/** The Node door: files and bytes to fingerprints. */
export { type FingerprintOptions, fingerprintBytes } from "./fingerprint-bytes.ts";
export { fingerprintFile } from "./fingerprint-file.ts";
export { createFingerprintPool, type FingerprintPool, type FingerprintPoolOptions } from "./pool.ts";
export { fingerprintVideoBytes, fingerprintVideoFile, type VideoOptions } from "./video/fingerprint-video.ts";
export type { VideoPrograms } from "./video/programs.ts";
export type { Limits } from "../limits.ts";
export type { Fingerprint, FingerprintErrorCode, FingerprintOutcome } from "../types.ts";
