/** The public face of @recourse/match. */
export { MatchError, type MatchErrorCode } from "./errors.ts";
export type { HammingIndex, Hit } from "./hamming-index.ts";
export { distanceBits, hashFromHex, hashToHex } from "./hash.ts";
export { createScanIndex, restoreScanIndex } from "./scan-index.ts";
