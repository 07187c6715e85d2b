/** The Node door: files and bytes to fingerprints. */
export { type FingerprintOptions, fingerprintBytes } from "./fingerprint-bytes.ts";
export { fingerprintFile } from "./fingerprint-file.ts";
export { createFingerprintPool, type FingerprintPool, type FingerprintPoolOptions } from "./pool.ts";
export type { Limits } from "../limits.ts";
export type { Fingerprint, FingerprintErrorCode, FingerprintOutcome } from "../types.ts";
