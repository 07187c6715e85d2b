/** The public face of @recourse/match. */
export {
  COLUMN_BYTES,
  type ColumnQuestion,
  type ColumnScan,
  createColumnScan,
  MAX_COLUMN_QUERIES,
} from "./column-scan.ts";
export type { ByteSource } from "./byte-source.ts";
export { MatchError, type MatchErrorCode } from "./errors.ts";
export type { HammingIndex, Hit, VoteAnswer, VoteOptions, VotePair, Votes } from "./hamming-index.ts";
export { distanceBits, hashFromHex, hashToHex } from "./hash.ts";
export { createRingIndex, loadRingIndex, restoreRingIndex, type RingIndex, type RingOptions } from "./ring-index.ts";
export { openRingReader, type RingReader } from "./ring-reader.ts";
export type { ReaderHandle, ReaderPort } from "./ring/share.ts";
export { createScanIndex, restoreScanIndex } from "./scan-index.ts";
