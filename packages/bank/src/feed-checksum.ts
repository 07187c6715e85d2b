/**
 * The checksum of what is in force: 128 bits, the exclusive or of one part for each item, so that neither the order nor
 * the way there matters. An item's part is the first half of SHA-256 over its id and its signals; the database computes
 * the same from its rows (migrations/0004-feed-checksum.sql).
 *
 * Two sides with the same sequence number and the same checksum hold the same items with the same signals, but for a
 * chance of 2^-128: an item too many or too few, one with other signals, or one taken for another shows. It is made
 * against accidents. Whoever may choose items freely could choose some whose parts cancel out.
 */
import { createHash } from "node:crypto";
import type { Signal } from "@recourse/protocol";

/** Bytes of a checksum and of a part. */
const CHECKSUM_BYTES = 16;

/** The columns of a signal's row, as the view `item_checksums` joins them. */
const lineOf = (signal: Signal): string => {
  const quality = "quality" in signal ? (signal.quality ?? "") : "";
  const kind = "kind" in signal ? (signal.kind ?? "") : "";
  const version = "version" in signal ? signal.version : "";
  const timestampMs = "timestampMs" in signal ? signal.timestampMs : 0;
  return `${signal.type}:${signal.value}:${quality}:${kind}:${version}:${timestampMs}`;
};

/** An item's part, as 16 characters of 8 bits: a string of them takes a third of an array's memory. */
export const itemChecksum = (itemId: string, signals: readonly Signal[]): string =>
  createHash("sha256")
    .update(`recourse item v1:${itemId}\n${signals.map(lineOf).toSorted().join("\n")}`)
    .digest()
    .toString("latin1", 0, CHECKSUM_BYTES);

export interface FeedChecksum {
  /** Takes an item's part in; a second time takes it out. */
  toggle(part: string): void;
  /** 32 lower-case hex digits; all 0 when nothing is in force. */
  readonly hex: string;
}

export const createFeedChecksum = (): FeedChecksum => {
  const bytes = Buffer.alloc(CHECKSUM_BYTES);
  return {
    toggle(part) {
      for (let at = 0; at < CHECKSUM_BYTES; at += 1) bytes[at] = (bytes[at] ?? 0) ^ part.charCodeAt(at);
    },
    get hex() {
      return bytes.toString("hex");
    },
  };
};

/** From the text of a column of 128 bits. */
export const checksumFromBits = (bits: string): string =>
  BigInt(`0b${bits}`)
    .toString(16)
    .padStart(2 * CHECKSUM_BYTES, "0");
