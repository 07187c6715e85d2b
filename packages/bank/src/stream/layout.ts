/**
 * What stands in the stream that carries a bank's feed over NATS JetStream. It is the feed *compacted*: of what is no
 * longer in force, nothing is left but the withdrawal.
 *
 * | subject | message | how many |
 * |---|---|---|
 * | `recourse.feed.begin` | of which bank this is, as JSON | the first |
 * | `recourse.feed.add.N` | the entry that added item number N (feed-record.ts); erased when N is withdrawn | one for each item in force |
 * | `recourse.feed.withdraw.N` | the entry that withdrew it | one for each of the latest withdrawals |
 * | `recourse.feed.head` | where the bank stood when everything up to there was in the stream, as JSON | the last |
 *
 * In the order of the stream, sequence numbers of the feed only grow. What they leave out are additions of items that
 * were withdrawn since, and at or before the *horizon* withdrawals too.
 */
import { BankError } from "../errors.ts";
import type { FeedEntry, FeedHead } from "../feed.ts";
import { decodeEntry } from "../feed-record.ts";

export const STREAM_NAME = "RECOURSE_FEED";
const PREFIX = "recourse.feed.";
export const ALL_SUBJECTS = `${PREFIX}>`;
export const BEGIN_SUBJECT = `${PREFIX}begin`;
export const HEAD_SUBJECT = `${PREFIX}head`;
export const WITHDRAWALS = `${PREFIX}withdraw.>`;
export const additionSubject = (itemNumber: number): string => `${PREFIX}add.${itemNumber}`;
export const subjectOf = ({ operation, itemNumber }: FeedEntry): string => `${PREFIX}${operation}.${itemNumber}`;

/** Up to where withdrawals were taken out of the stream. */
export interface Horizon {
  /** The last sequence number at which one was; 0 if none was. */
  readonly sequence: number;
  /** How many withdrawals there had been in the bank at that number. */
  readonly withdrawals: number;
}

export interface StreamBegin {
  readonly bankId: string;
  readonly horizon: Horizon;
}

export interface StreamHead extends FeedHead {
  readonly horizon: Horizon;
  /** Grows with each head that is published: tells one that was read before from a newer one of the same number. */
  readonly beat: number;
  /** The item of the entry with this sequence number; null where there was none yet. */
  readonly lastItemId: string | null;
}

const VERSION = 1;

export const encodeBegin = (begin: StreamBegin): string => JSON.stringify({ version: VERSION, ...begin });
export const encodeHead = (head: StreamHead): string => JSON.stringify({ version: VERSION, ...head });

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CHECKSUM = /^[0-9a-f]{32}$/;
const RECORD_BYTES = 1_024;

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const parse = (bytes: Uint8Array): Fields | undefined => {
  if (bytes.length > RECORD_BYTES) return undefined;
  try {
    const fields = fieldsOf(JSON.parse(new TextDecoder().decode(bytes)));
    return fields["version"] === VERSION ? fields : undefined;
  } catch {
    return undefined;
  }
};

const beginOf = (fields: Fields): StreamBegin | undefined => {
  const { bankId } = fields;
  const { sequence, withdrawals } = fieldsOf(fields["horizon"]);
  if (typeof bankId !== "string" || !UUID.test(bankId) || !isCount(sequence) || !isCount(withdrawals)) return undefined;
  return { bankId, horizon: { sequence, withdrawals } };
};

/** Undefined for what is no such record of a version known here. */
export const decodeBegin = (bytes: Uint8Array): StreamBegin | undefined => {
  const fields = parse(bytes);
  return fields === undefined ? undefined : beginOf(fields);
};

/** Undefined for what is no such record of a version known here. */
export const decodeHead = (bytes: Uint8Array): StreamHead | undefined => {
  const fields = parse(bytes);
  const begin = fields === undefined ? undefined : beginOf(fields);
  if (fields === undefined || begin === undefined) return undefined;
  const { sequence, checksum, beat, lastItemId } = fields;
  if (!isCount(sequence) || !isCount(beat) || typeof checksum !== "string" || !CHECKSUM.test(checksum))
    return undefined;
  if (lastItemId !== null && (typeof lastItemId !== "string" || !UUID.test(lastItemId))) return undefined;
  return { ...begin, sequence, checksum, beat, lastItemId };
};

export type StreamMessage =
  | { readonly kind: "begin"; readonly begin: StreamBegin }
  | { readonly kind: "head"; readonly head: StreamHead }
  | { readonly kind: "entry"; readonly entry: FeedEntry };

/** Throws BankError `feed_unavailable` for what a publisher of this version never writes. */
export const decodeMessage = (subject: string, bytes: Uint8Array): StreamMessage => {
  if (subject === BEGIN_SUBJECT) {
    const begin = decodeBegin(bytes);
    if (begin !== undefined) return { kind: "begin", begin };
  } else if (subject === HEAD_SUBJECT) {
    const head = decodeHead(bytes);
    if (head !== undefined) return { kind: "head", head };
  } else {
    const entry = decodeEntry(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (entry !== undefined && subjectOf(entry) === subject) return { kind: "entry", entry };
  }
  throw new BankError("feed_unavailable");
};

/** Where in the feed a message stands. */
export const sequenceOf = (message: StreamMessage): number => {
  switch (message.kind) {
    case "begin":
      return 0;
    case "head":
      return message.head.sequence;
    case "entry":
      return message.entry.sequence;
  }
};
