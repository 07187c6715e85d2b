/**
 * Following a feed: the one way in which changes reach a gate, whatever carries them. Here straight from the bank's
 * database: woken by notifications, with a slow poll behind them for the one that gets lost.
 */
import type { Database } from "./database.ts";
import { FEED_CHANNEL, type FeedEntry, type FeedHead, readFeed } from "./feed.ts";

export interface FeedReader {
  /** Reads what there is now; resolves when the reader has everything up to the head it saw. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

export interface FollowOptions {
  /** The reader starts behind this sequence number. */
  readonly after: number;
  /** The bank that `after` is a number of, as its head names it; left out, it is whatever bank is found. */
  readonly bankId?: string | undefined;
  /** Called in order, once for each page. A throw leaves the page unread; it is offered again. */
  readonly onEntries: (entries: readonly FeedEntry[]) => void | Promise<void>;
  /**
   * Everything up to and with this number was handed over but for entries that this way of reading no longer has:
   * additions of items that were withdrawn since, or what should not be missing. Of these, `settled` are additions and
   * withdrawals of items that came and went before anything of them was read. Never called by the database's reader.
   */
  readonly onPassed?: (sequence: number, settled: number) => void;
  /** Exactly what was in force at this head has been handed over, nothing less and nothing more. */
  readonly onHead?: (head: FeedHead) => void;
  /** Everything that this way of reading has was handed over. Called at each head too, before `onHead`. */
  readonly onEnd?: () => void;
  /**
   * Nothing more is read, for it would not go on from `after`: it is another bank or one that was set back (`replaced`),
   * or withdrawals behind `after` are no longer there to be read (`behind`; never from the database's reader).
   */
  readonly onReplaced?: (reason: "replaced" | "behind") => void;
  /** Told when the connection is lost or found again. */
  readonly onConnection?: (connected: boolean) => void;
}

/** A way in which a feed can be followed. */
export type FollowFeed = (options: FollowOptions) => FeedReader;

export interface FeedReaderOptions extends FollowOptions {
  readonly database: Database;
  /** How long at most a lost notification may go unnoticed. */
  readonly pollMs?: number;
  readonly pageSize?: number;
}

const RECONNECT_MIN_MS = 100;
const RECONNECT_MAX_MS = 3_000;

/** Follows the feed until closed. */
export const followFeed = (options: FeedReaderOptions): FeedReader => {
  const { database, pollMs = 1_000, pageSize = 500 } = options;
  let sequence = options.after;
  let { bankId } = options;
  let closed = false;
  let replaced = false;
  let connected = false;
  let listener: Awaited<ReturnType<Database["connect"]>> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let backoffMs = RECONNECT_MIN_MS;
  let reading: Promise<void> | undefined;
  let readAgain = false;

  const setConnected = (value: boolean): void => {
    if (connected === value) return;
    connected = value;
    options.onConnection?.(value);
  };

  /** Whether there is more. */
  const readPage = async (): Promise<boolean> => {
    const { entries, head } = await readFeed(database, sequence, pageSize);
    if (replaced) return false;
    bankId ??= head.bankId;
    if (head.bankId !== bankId || head.sequence < sequence) {
      replaced = true;
      options.onReplaced?.("replaced");
      return false;
    }
    const last = entries.at(-1);
    if (last !== undefined) {
      await options.onEntries(entries);
      sequence = last.sequence;
    }
    if (sequence < head.sequence) return true;
    options.onEnd?.();
    options.onHead?.(head);
    return false;
  };

  const readAll = async (): Promise<void> => {
    do {
      readAgain = false;
      while (await readPage());
    } while (readAgain);
  };

  /** One read at a time; a wish that comes during one is served by the same loop. */
  const read = (): Promise<void> => {
    if (reading === undefined) {
      reading = readAll().finally(() => {
        reading = undefined;
      });
    } else {
      readAgain = true;
    }
    return reading;
  };

  const dropListener = (): void => {
    const old = listener;
    listener = undefined;
    old?.removeAllListeners("end");
    old?.end().catch(() => {});
  };

  const listen = async (): Promise<void> => {
    const client = await database.connect();
    client.on("notification", () => {
      read().catch(() => schedule(0));
    });
    client.on("end", () => {
      if (listener === client) {
        listener = undefined;
        setConnected(false);
        schedule(0);
      }
    });
    await client.query(`listen ${FEED_CHANNEL}`);
    if (closed) {
      await client.end();
      return;
    }
    listener = client;
  };

  const tick = async (): Promise<void> => {
    try {
      if (listener === undefined) await listen();
      await read();
      setConnected(true);
      backoffMs = RECONNECT_MIN_MS;
      schedule(pollMs);
    } catch {
      setConnected(false);
      dropListener();
      schedule(backoffMs);
      backoffMs = Math.min(backoffMs * 2, RECONNECT_MAX_MS);
    }
  };

  const schedule = (delayMs: number): void => {
    clearTimeout(timer);
    if (closed || replaced) return;
    timer = setTimeout(() => void tick(), delayMs);
  };

  schedule(0);
  return {
    catchUp: read,
    async close() {
      closed = true;
      clearTimeout(timer);
      dropListener();
      await reading?.catch(() => {});
    },
  };
};
