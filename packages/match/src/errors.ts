/** What can be wrong with a snapshot, and an index that finds no room for more. */
export type MatchErrorCode =
  | "snapshot_magic"
  | "snapshot_version"
  | "snapshot_length"
  | "snapshot_checksum"
  | "snapshot_content"
  | "memory_full"
  | "reader_behind";

const SENTENCES: Readonly<Record<MatchErrorCode, string>> = {
  snapshot_magic: "these bytes are not a snapshot of an index",
  snapshot_version: "the snapshot was written by another version",
  snapshot_length: "the snapshot is cut off or too long",
  snapshot_checksum: "the snapshot is damaged",
  snapshot_content: "the snapshot is whole, but contradicts itself",
  memory_full: "there is no memory left for more hashes",
  reader_behind: "the reader has yet to be told of the latest changes",
};

/** The one error class of this package for what is nobody's misuse; misuse throws TypeError or RangeError. */
export class MatchError extends Error {
  override readonly name = "MatchError";
  readonly code: MatchErrorCode;

  constructor(code: MatchErrorCode) {
    super(SENTENCES[code]);
    this.code = code;
  }
}
