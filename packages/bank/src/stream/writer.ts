/** Writing into the stream, by one who knows what it ends with. Any failure makes a writer useless: a new one looks again. */
import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import { JetStreamApiError } from "@nats-io/jetstream";
import { headers, type MsgHdrs } from "@nats-io/transport-node";
import type { Bank } from "../bank.ts";
import { BankError } from "../errors.ts";
import type { FeedEntry, FeedHead } from "../feed.ts";
import type { FeedCounts } from "../feed-counts.ts";
import { encodeEntry } from "../feed-record.ts";
import {
  ALL_SUBJECTS,
  additionSubject,
  BEGIN_SUBJECT,
  decodeMessage,
  encodeBegin,
  encodeHead,
  HEAD_SUBJECT,
  type Horizon,
  sequenceOf,
  STREAM_NAME,
  type StreamHead,
  subjectOf,
  WITHDRAWALS,
} from "./layout.ts";
import { lastOf, nextOf, placeAfter, readBegin, readHead } from "./places.ts";
import { ensureStream, type StreamOptions, type StreamState, streamState } from "./stream.ts";

/** The stream is not what this bank's feed makes of it. */
export class StreamDiffers extends Error {
  override readonly name = "StreamDiffers";
  constructor() {
    super("the stream differs from the bank");
  }
}

export interface StreamWriter {
  readonly bankId: string;
  /** Everything up to this number of the feed is in the stream. */
  readonly sequence: number;
  /** The number of the head that stands in the stream, if one does. */
  readonly headSequence: number | undefined;
  /** Withdrawals up to this number of the feed are not in the stream. */
  readonly horizonSequence: number;
  /** Withdrawals that stand in the stream; known once they were counted. */
  readonly withdrawals: number;
  /** Whether the stream was begun anew for this writer. */
  readonly isNew: boolean;
  /** Appends what follows `sequence`, and erases what it withdraws. */
  write(entries: readonly FeedEntry[]): Promise<void>;
  writeHead(head: FeedHead): Promise<void>;
  /** Throws when the stream is not as it was left; StreamDiffers when something in it is gone. */
  look(): Promise<void>;
  /** Compares with what the bank has; false when something changed meanwhile. Throws like `look`. */
  compare(counts: FeedCounts): Promise<boolean>;
  /** Takes out all withdrawals but the latest so many. */
  forgetWithdrawals(kept: number, head: FeedHead): Promise<void>;
}

export interface WriterOptions extends StreamOptions {
  readonly bank: Pick<Bank, "readFeed" | "feedHead" | "oldWithdrawals">;
  readonly manager: JetStreamManager;
  readonly publisher: JetStreamClient;
  readonly keptWithdrawals: number;
  /** Whether it was found to differ: then it is begun anew, whatever it ends with. */
  readonly isDoubted: boolean;
}

const NO_SUCH_MESSAGE = 10043;
const ERASED_AT_ONCE = 32;

interface Standing {
  readonly sequence: number;
  readonly lastItemId: string | null;
  readonly head: StreamHead | undefined;
  readonly horizon: Horizon;
}

/** What the stream holds of this bank; undefined where it is another's, or can't be gone on with. */
const readStanding = async (
  { bank, manager }: WriterOptions,
  state: StreamState,
  bankHead: FeedHead,
): Promise<Standing | undefined> => {
  const begin = await readBegin(manager);
  if (begin === undefined || begin.record.bankId !== bankHead.bankId) return undefined;
  const head = (await readHead(manager))?.record;
  const last = await nextOf(manager, ALL_SUBJECTS, state.lastAt);
  const message = last === null ? undefined : decodeMessage(last.subject, last.data);
  if (message === undefined) return undefined;
  const sequence = sequenceOf(message);
  const horizon = head?.horizon ?? begin.record.horizon;
  const lastItemId =
    message.kind === "entry" ? message.entry.itemId : message.kind === "head" ? message.head.lastItemId : null;
  if (sequence > bankHead.sequence) return undefined;
  if (sequence > 0) {
    // A bank that was set back has gone on to other items, and their ids are random.
    const [same] = (await bank.readFeed(sequence - 1, 1)).entries;
    if (same?.sequence !== sequence || same.itemId !== lastItemId) return undefined;
  }
  return { sequence, lastItemId, head, horizon };
};

/** Overwrites the addition of this item, if the stream has it; whether it had. */
const erase = async (manager: JetStreamManager, itemNumber: number): Promise<boolean> => {
  const addition = await lastOf(manager, additionSubject(itemNumber));
  if (addition === null) return false;
  try {
    await manager.streams.deleteMessage(STREAM_NAME, addition.seq, true);
    return true;
  } catch (error) {
    // Somebody else was faster.
    if (error instanceof JetStreamApiError && error.code === NO_SUCH_MESSAGE) return false;
    throw error;
  }
};

/** What was withdrawn behind the last head may not have been erased any more. */
const eraseWithdrawn = async (manager: JetStreamManager, fromAt: number): Promise<void> => {
  for (let at = fromAt; ;) {
    const found = await nextOf(manager, WITHDRAWALS, at);
    if (found === null) return;
    const message = decodeMessage(found.subject, found.data);
    if (message.kind === "entry") await erase(manager, message.entry.itemNumber);
    at = found.seq + 1;
  }
};

const rollUp = (): MsgHdrs => {
  const rolled = headers();
  rolled.set("Nats-Rollup", "all");
  return rolled;
};

/** Looks at the stream, which is made or begun anew if need be. */
export const createStreamWriter = async (options: WriterOptions): Promise<StreamWriter> => {
  const { bank, manager, publisher } = options;
  const state = await ensureStream(manager, options);
  const { bankId } = await bank.feedHead();
  let lastAt = state.lastAt;
  let isNew = false;

  const append = async (subject: string, content: Uint8Array | string, hdrs?: MsgHdrs): Promise<void> => {
    const expect = { lastSequence: lastAt };
    lastAt += 1;
    await publisher.publish(subject, content, { expect, ...(hdrs && { headers: hdrs }) });
  };

  const beginAnew = async (): Promise<Standing> => {
    const horizon = await bank.oldWithdrawals(options.keptWithdrawals);
    // One step for the servers: what was there is gone, and this is the first.
    await append(BEGIN_SUBJECT, encodeBegin({ bankId, horizon }), rollUp());
    isNew = state.lastAt > 0;
    return { sequence: 0, lastItemId: null, head: undefined, horizon };
  };

  const found = options.isDoubted ? undefined : await readStanding(options, state, await bank.feedHead());
  const standing = found ?? (await beginAnew());
  let { sequence, lastItemId, head, horizon } = standing;
  if (found !== undefined) {
    await eraseWithdrawn(manager, head === undefined ? state.firstAt : await placeAfter(manager, head.sequence));
    if (horizon.sequence > 0) {
      await manager.streams.purge(STREAM_NAME, {
        filter: WITHDRAWALS,
        seq: await placeAfter(manager, horizon.sequence),
      });
    }
  }
  /** How many there are; undefined until they were counted. */
  let messages: number | undefined;
  let withdrawals = 0;

  const writeHead = async ({ sequence: at, checksum }: FeedHead): Promise<void> => {
    if (at !== sequence) throw new StreamDiffers();
    const beat = Math.max((head?.beat ?? 0) + 1, Date.now());
    const next: StreamHead = { bankId, sequence, checksum, horizon, beat, lastItemId };
    await append(HEAD_SUBJECT, encodeHead(next));
    if (head === undefined && messages !== undefined) messages += 1;
    head = next;
  };

  /** Somebody else wrote, or the servers lost the end: both are seen from what there is now. */
  const assertOurs = (now: StreamState): void => {
    if (now.lastAt !== lastAt) throw new BankError("feed_unavailable");
  };

  return {
    bankId,
    isNew,
    get sequence() {
      return sequence;
    },
    get headSequence() {
      return head?.sequence;
    },
    get horizonSequence() {
      return horizon.sequence;
    },
    get withdrawals() {
      return withdrawals;
    },
    async write(entries) {
      const fresh = entries.filter((entry) => entry.sequence > sequence);
      // Each takes its place, what was withdrawn since too: a message of another writer, which read the bank at another
      // moment, then stands for the same entry wherever it comes between.
      const wanted = fresh.filter((entry) => entry.operation === "add" || entry.sequence > horizon.sequence);
      // All on their way at once; the first that fails makes all behind it fail too.
      const written = await Promise.allSettled(wanted.map((entry) => append(subjectOf(entry), encodeEntry(entry))));
      for (const each of written) if (each.status === "rejected") throw each.reason;
      const withdrawn = wanted.filter(({ operation }) => operation === "withdraw");
      const gone = [
        ...new Set(wanted.filter(({ signals }) => signals.length === 0).map(({ itemNumber }) => itemNumber)),
      ];
      let erased = 0;
      for (let from = 0; from < gone.length; from += ERASED_AT_ONCE) {
        const some = gone.slice(from, from + ERASED_AT_ONCE);
        erased += (await Promise.all(some.map((itemNumber) => erase(manager, itemNumber)))).filter(Boolean).length;
      }
      if (messages !== undefined) messages += wanted.length - erased;
      withdrawals += withdrawn.length;
      const last = fresh.at(-1);
      if (last !== undefined) ({ sequence, itemId: lastItemId } = last);
    },
    writeHead,
    async look() {
      const now = await streamState(manager);
      assertOurs(now);
      if (messages !== undefined && now.messages !== messages) throw new StreamDiffers();
    },
    async compare(counts) {
      if (counts.sequence !== sequence || head?.sequence !== sequence) return false;
      const now = await streamState(manager);
      assertOurs(now);
      // The beginning, the head, and what the feed makes of what is in force.
      const expected = 2 + counts.inForce + counts.withdrawalsAfter;
      if (now.messages !== expected) throw new StreamDiffers();
      messages = expected;
      withdrawals = counts.withdrawalsAfter;
      return true;
    },
    async forgetWithdrawals(kept, bankHead) {
      horizon = await bank.oldWithdrawals(kept);
      // Said before it is done: whoever reads on from there knows what can be missing.
      await writeHead(bankHead);
      const seq = await placeAfter(manager, horizon.sequence);
      const { purged } = await manager.streams.purge(STREAM_NAME, { filter: WITHDRAWALS, seq });
      withdrawals -= purged;
      if (messages !== undefined) messages -= purged;
    },
  };
};
