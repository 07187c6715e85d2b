/**
 * Carries a bank's feed from its database into the stream: each entry once, in order, whatever is killed in between.
 *
 * Each message names the number of the message it comes behind, and the stream refuses it behind any other; and each
 * entry takes one place. So what one publisher left on its way when another began stands for the same entry, or comes to
 * nothing; an answer that was lost does no harm, and where one goes on is what the stream itself ends with. A lock in the
 * database keeps more than one from trying.
 *
 * The stream is a copy. One that ends too early gets what is missing; one that holds other entries than this bank has,
 * or not as many messages as it should, is begun anew.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Bank } from "../bank.ts";
import type { FeedEntry, FeedHead } from "../feed.ts";
import type { FeedConnection } from "./connection.ts";
import type { StreamOptions } from "./stream.ts";
import { createStreamWriter, StreamDiffers, type StreamWriter } from "./writer.ts";

export type PublisherEvent =
  | { readonly event: "feed_stream_connected" | "feed_stream_lost" }
  /** The stream was not this bank's, or something in it was missing; gates go on with what they have meanwhile. */
  | { readonly event: "feed_stream_begun_anew" };

export interface PublisherOptions extends StreamOptions {
  readonly bank: Pick<Bank, "followFeed" | "holdLock" | "readFeed" | "feedHead" | "feedCounts" | "oldWithdrawals">;
  readonly connection: FeedConnection;
  readonly onEvent?: (event: PublisherEvent) => void;
  /** Withdrawals that the stream keeps at least; at most it has twice as many. */
  readonly keptWithdrawals?: number;
  /** How often the stream is looked at while nothing changes. */
  readonly pollMs?: number;
  /** How often all there is gets counted. */
  readonly countEveryMs?: number;
}

export interface FeedPublisher {
  close(): Promise<void>;
}

/** Names the one publisher of a bank among the locks of its database. */
const PUBLISHER_LOCK = 7_308_004;
const LOCK_RETRY_MS = 1_000;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 5_000;
/** A gate that was away for longer than a hundred thousand withdrawals reads the bank anew. */
const KEPT_WITHDRAWALS = 100_000;
const COUNT_EVERY_MS = 600_000;
/** A head is published anew although nothing changed: a gate that is ahead of it learns that the bank was set back. */
const BEAT_EVERY_MS = 30_000;
const PAGE = 500;

/** Publishes until closed, whenever no other publisher of the same database does. */
export const publishFeed = (options: PublisherOptions): FeedPublisher => {
  const { bank, pollMs = 1_000, countEveryMs = COUNT_EVERY_MS, keptWithdrawals = KEPT_WITHDRAWALS } = options;
  const stopping = new AbortController();
  const wait = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
  let connected = false;
  const setConnected = (value: boolean): void => {
    if (connected === value) return;
    connected = value;
    options.onEvent?.({ event: value ? "feed_stream_connected" : "feed_stream_lost" });
  };

  /** Follows the database into the stream until `signal`, or until something fails. */
  const carry = async (writer: StreamWriter, signal: AbortSignal): Promise<void> => {
    const failed = Promise.withResolvers<void>();
    let isOver = false;
    const end = (error?: unknown): void => {
      isOver = true;
      if (error === undefined) failed.resolve();
      else failed.reject(error);
    };
    failed.promise.catch(() => {}); // awaited below
    let working: Promise<void> = Promise.resolve();
    let latest: FeedHead | undefined;
    let standing: Promise<void> | undefined;
    let beatAt = 0;
    let countedAt: number | undefined;

    const inTurn = (work: () => Promise<void>): Promise<void> => {
      const turn = working.then(async () => {
        if (isOver) throw new Error("over");
        await work();
      });
      working = turn.catch((error: unknown) => end(error));
      return turn;
    };

    const take = async (entries: readonly FeedEntry[]): Promise<void> => {
      await inTurn(() => writer.write(entries));
    };

    /** Past the turns: what counts for a second must not hold up what is withdrawn in it. */
    const count = async (): Promise<void> => {
      const counts = await bank.feedCounts(writer.horizonSequence).catch(() => undefined);
      if (counts === undefined || isOver) return;
      await inTurn(async () => {
        if (await writer.compare(counts)) countedAt = performance.now();
      });
    };

    const stand = async (head: FeedHead): Promise<void> => {
      // Something was written since it was told.
      if (writer.sequence !== head.sequence) return;
      const now = performance.now();
      if (writer.headSequence !== head.sequence || now - beatAt >= BEAT_EVERY_MS) {
        await writer.writeHead(head);
        beatAt = now;
      } else await writer.look();
      if (writer.withdrawals > 2 * keptWithdrawals) await writer.forgetWithdrawals(keptWithdrawals, head);
    };

    const standAtLatest = async (): Promise<void> => {
      for (let head = latest; head !== undefined && !isOver; head = latest) {
        latest = undefined;
        const told = head;
        await inTurn(() => stand(told));
        if (countedAt === undefined || performance.now() - countedAt >= countEveryMs) await count();
      }
    };

    const reader = bank.followFeed({
      after: writer.sequence,
      bankId: writer.bankId,
      pageSize: PAGE,
      pollMs,
      onEntries: take,
      onHead(head) {
        latest = head;
        standing ??= standAtLatest()
          .catch(() => {}) // told by the turn that failed
          .finally(() => {
            standing = undefined;
          });
      },
      onReplaced: () => end(),
    });
    const stop = (): void => end();
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    try {
      await failed.promise;
    } finally {
      signal.removeEventListener("abort", stop);
      isOver = true;
      await reader.close();
      await standing;
      await working;
    }
  };

  /** While the lock is held. */
  const publish = async (signal: AbortSignal): Promise<void> => {
    let retryMs = RETRY_MIN_MS;
    let isDoubted = false;
    while (!signal.aborted) {
      try {
        const { manager, publisher } = await options.connection.open();
        const writer = await createStreamWriter({ ...options, keptWithdrawals, manager, publisher, isDoubted });
        if (writer.isNew) options.onEvent?.({ event: "feed_stream_begun_anew" });
        isDoubted = false;
        setConnected(true);
        await carry(writer, signal);
        retryMs = RETRY_MIN_MS;
      } catch (error) {
        isDoubted = error instanceof StreamDiffers;
        if (!isDoubted) setConnected(false);
        await wait(retryMs);
        retryMs = Math.min(2 * retryMs, RETRY_MAX_MS);
      }
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const lost = new AbortController();
      const signal = AbortSignal.any([stopping.signal, lost.signal]);
      const lock = await bank.holdLock(PUBLISHER_LOCK, 0, () => lost.abort()).catch(() => undefined);
      if (lock !== undefined) {
        await publish(signal);
        await lock.release();
      }
      await wait(LOCK_RETRY_MS);
    }
  };
  const running = run();

  return {
    async close() {
      stopping.abort();
      await running;
    },
  };
};
