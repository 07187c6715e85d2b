/**
 * Follows a bank's feed as the stream carries it, by the same rules as from the database (follow-feed.ts). What the
 * stream tells, its head confirms or not: everything lost, late, twice or out of its order ends as a checksum that
 * differs, or never comes to stand beside one.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import { BankError } from "../errors.ts";
import type { FeedEntry } from "../feed.ts";
import type { FeedReader, FollowOptions } from "../follow-feed.ts";
import type { Connected, FeedConnection } from "./connection.ts";
import { ALL_SUBJECTS, decodeMessage, type Horizon, STREAM_NAME, type StreamHead } from "./layout.ts";
import { nextOf, placeAfter, readHead } from "./places.ts";

export interface StreamReaderOptions extends FollowOptions {
  readonly connection: FeedConnection;
  /** How often the head is asked for, past the messages that come by themselves. */
  readonly pollMs?: number;
  /** Entries handed over at once. */
  readonly pageSize?: number;
}

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 3_000;
/** Fetched ahead: sixteen of the largest items there can be. */
const AHEAD_BYTES = 8 * 1024 * 1024;
/** Polls that show something new which did not come by itself, until the way it should have come is made anew. */
const SILENT_POLLS = 3;
/** How long `catchUp` waits while nothing comes. */
const STALL_MS = 10_000;

type Messages = AsyncIterable<JsMsg> & { stop(): void };

/** Follows the feed until closed. */
export const followStream = (options: StreamReaderOptions): FeedReader => {
  const { connection, pollMs = 1_000, pageSize = 500 } = options;
  const stopping = new AbortController();
  let sequence = options.after;
  let { bankId } = options;
  /** Everything up to this head was handed over. */
  let settledAt = -1;
  /** And with nothing behind it: what it says was compared. */
  let confirmedAt = -1;
  let beat: number | undefined;
  let replaced = false;
  let connected = false;
  /** Goes up with everything that comes. */
  let arrived = 0;
  let session: Messages | undefined;
  let waiting: PromiseWithResolvers<void> = Promise.withResolvers();
  /** Of the stream that is read from its beginning, until that is behind us. */
  let goneBefore: Horizon | undefined;

  const isOver = (): boolean => stopping.signal.aborted || replaced;
  const wait = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => {});

  const setConnected = (value: boolean): void => {
    if (connected === value) return;
    connected = value;
    options.onConnection?.(value);
  };

  const wake = (): void => {
    waiting.resolve();
    waiting = Promise.withResolvers();
  };

  const replace = (reason: "replaced" | "behind"): void => {
    if (isOver()) return;
    replaced = true;
    session?.stop();
    options.onReplaced?.(reason);
    wake();
  };

  /**
   * Whether what a head says can be a later state of what was read. One that is older than another that was seen proves
   * nothing: the stream may have lost its end, which the hub writes again.
   */
  const isLaterState = (head: StreamHead): boolean => {
    bankId ??= head.bankId;
    const isNew = beat !== undefined && head.beat > beat;
    beat = Math.max(beat ?? 0, head.beat);
    return head.bankId === bankId && (head.sequence >= sequence || !isNew);
  };

  const pass = (through: number): void => {
    if (goneBefore !== undefined && through >= goneBefore.sequence) {
      options.onPassed?.(Math.max(sequence, goneBefore.sequence), 2 * goneBefore.withdrawals);
      sequence = Math.max(sequence, goneBefore.sequence);
      goneBefore = undefined;
    }
    if (through <= sequence) return;
    options.onPassed?.(through, 0);
    sequence = through;
  };

  /** Hands over entries in their order; where numbers are missing between them, they are passed. */
  const handOver = async (entries: readonly FeedEntry[]): Promise<void> => {
    let run: FeedEntry[] = [];
    let last = sequence;
    const giveRun = async (): Promise<void> => {
      const given = run;
      run = [];
      if (given.length === 0) return;
      await options.onEntries(given);
      sequence = last;
    };
    for (const entry of entries) {
      if (entry.sequence <= last) continue;
      if (entry.sequence !== last + 1 || (goneBefore !== undefined && entry.sequence > goneBefore.sequence)) {
        await giveRun();
        pass(entry.sequence - 1);
      }
      run.push(entry);
      last = entry.sequence;
    }
    await giveRun();
  };

  /**
   * At a head. One that has messages behind it is not what the stream says now: additions that those withdraw are erased
   * already, and were not seen on the way here; its checksum is another's then, and proves nothing.
   */
  const stand = (head: StreamHead, isLast: boolean): void => {
    if (!isLaterState(head)) {
      replace("replaced");
      return;
    }
    if (head.sequence < sequence) return;
    pass(head.sequence);
    settledAt = head.sequence;
    options.onEnd?.();
    const { bankId: id, checksum } = head;
    if (isLast) {
      confirmedAt = head.sequence;
      options.onHead?.({ bankId: id, sequence: head.sequence, checksum });
    }
    wake();
  };

  const read = async (messages: Messages): Promise<void> => {
    let page: FeedEntry[] = [];
    for await (const message of messages) {
      if (isOver()) return;
      arrived += 1;
      const decoded = decodeMessage(message.subject, message.data);
      if (decoded.kind === "entry") page.push(decoded.entry);
      const isEnd = message.info.pending === 0 || page.length >= pageSize || decoded.kind !== "entry";
      if (isEnd && page.length > 0) {
        const full = page;
        page = [];
        await handOver(full);
      }
      if (decoded.kind === "head") stand(decoded.head, message.info.pending === 0);
      if (decoded.kind === "begin" && decoded.begin.bankId !== bankId) replace("replaced");
    }
  };

  /** Asks for the head now and then; ends the session when messages should come and none do. */
  const watch = async (manager: Connected["manager"], messages: Messages, done: AbortSignal): Promise<void> => {
    let silent = 0;
    let seen = arrived;
    while (!done.aborted) {
      await sleep(pollMs, undefined, { signal: done, ref: false }).catch(() => {});
      if (done.aborted) return;
      try {
        const head = (await readHead(manager))?.record;
        setConnected(true);
        if (head !== undefined && !isLaterState(head)) replace("replaced");
        const isMissed = head === undefined || head.sequence !== confirmedAt;
        silent = isMissed && seen === arrived ? silent + 1 : 0;
      } catch {
        setConnected(false);
        silent += 1;
      }
      seen = arrived;
      if (silent >= SILENT_POLLS) {
        messages.stop();
        return;
      }
    }
  };

  /** From where we are to the end, and on from there. Ends when the way has to be made anew; throws when there is none. */
  const follow = async (): Promise<void> => {
    const { manager, publisher } = await connection.open();
    const head = (await readHead(manager))?.record;
    if (head === undefined) throw new BankError("feed_unavailable");
    setConnected(true);
    if (!isLaterState(head)) return replace("replaced");
    if (head.sequence < sequence) return wait(pollMs);
    if (sequence > 0 && sequence < head.horizon.sequence) return replace("behind");
    goneBefore = sequence === 0 && head.horizon.sequence > 0 ? head.horizon : undefined;
    // Asked for before anything that comes later is behind us.
    const from = await placeAfter(manager, sequence);
    if (head.sequence === sequence) stand(head, (await nextOf(manager, ALL_SUBJECTS, from)) === null);
    const consumer = await publisher.consumers.get(STREAM_NAME, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
    });
    const messages = await consumer.consume({ max_bytes: AHEAD_BYTES });
    if (isOver()) return messages.stop();
    session = messages;
    const done = new AbortController();
    const watching = watch(manager, messages, done.signal);
    try {
      await read(messages);
    } finally {
      done.abort();
      messages.stop();
      session = undefined;
      await watching;
      await consumer.delete().catch(() => {});
    }
  };

  const run = async (): Promise<void> => {
    let retryMs = RETRY_MIN_MS;
    while (!isOver()) {
      const before = arrived;
      try {
        await follow();
      } catch {
        setConnected(false);
      }
      if (isOver()) return;
      retryMs = arrived === before ? Math.min(2 * retryMs, RETRY_MAX_MS) : RETRY_MIN_MS;
      await wait(retryMs);
    }
  };
  const running = run();

  return {
    async catchUp() {
      const { manager } = await connection.open();
      const head = await readHead(manager).catch((error: unknown) => {
        throw new BankError("feed_unavailable", error);
      });
      if (head === undefined) throw new BankError("feed_unavailable");
      let seen = arrived;
      while (settledAt < head.record.sequence && !isOver()) {
        const stalled = new AbortController();
        const isStalled = sleep(STALL_MS, true, { signal: stalled.signal, ref: false }).catch(() => false);
        const isLate = await Promise.race([waiting.promise.then(() => false), isStalled]);
        stalled.abort();
        if (isLate && arrived === seen) throw new BankError("feed_unavailable");
        seen = arrived;
      }
    },
    async close() {
      stopping.abort();
      session?.stop();
      wake();
      await running;
    },
  };
};
