/**
 * The feed: every add and withdrawal in one gap-free order. A writer appends inside the transaction of the change
 * itself; a reader asks for what comes after the last sequence number it has, and so misses nothing and sees nothing
 * twice, whatever happened to the notifications in between.
 */
import type { Signal } from "@recourse/protocol";
import type { Database, Queryable } from "./database.ts";
import { type SignalRow, SIGNALS_AS_JSON, signalFromRow } from "./signal-rows.ts";

export const FEED_CHANNEL = "recourse_feed";

export interface FeedEntry {
  readonly sequence: number;
  readonly operation: "add" | "withdraw";
  readonly itemId: string;
  /** The item as an unsigned 32-bit number, for an index. */
  readonly itemNumber: number;
  readonly bank: string;
  /** Empty for a withdrawal, and for an add whose item was withdrawn since. */
  readonly signals: readonly Signal[];
}

/**
 * Appends one entry per item and wakes the readers at commit. Call it last in a transaction: from here to the commit
 * all other writers wait.
 */
export const appendToFeed = async (
  client: Queryable,
  operation: FeedEntry["operation"],
  itemIds: readonly string[],
  at: Date,
): Promise<void> => {
  if (itemIds.length === 0) return;
  await client.query(
    `with head as (
       update feed_head set sequence = sequence + $1::int returning sequence
     ), written as (
       insert into feed (sequence, operation, item_id, at)
       select head.sequence - $1::int + item.position, $2, item.id, $4
       from head, unnest($3::uuid[]) with ordinality as item (id, position)
     )
     select pg_notify('${FEED_CHANNEL}', head.sequence::text) from head`,
    [itemIds.length, operation, itemIds, at],
  );
};

interface FeedRow {
  readonly sequence: string;
  readonly operation: FeedEntry["operation"];
  readonly item_id: string;
  readonly number: number;
  readonly bank: string;
  readonly signals: readonly SignalRow[] | null;
}

/** Signals in one page: about 10 MB on the wire, whatever items come one after the other. */
const PAGE_SIGNALS = 50_000;

/**
 * Entries after `after`, in order, at most `limit`, and fewer where they hold many signals; at least one if there is
 * any. An empty answer means the reader has everything.
 */
export const readFeed = async (database: Database, after: number, limit: number): Promise<readonly FeedEntry[]> => {
  const result = await database.query<FeedRow>(
    `with page as (
       select feed.sequence, feed.operation, feed.item_id, items.number, items.bank_id,
         case when feed.operation = 'add' and items.withdrawn_at is null then items.signal_count else 0 end as size
       from (select * from feed where sequence > $1 order by sequence limit $2) as feed
       join items on items.id = feed.item_id
     ), measured as (
       select *, sum(size) over (order by sequence) - size as before from page
     )
     select measured.sequence, measured.operation, measured.item_id, measured.number, banks.name as bank, found.signals
     from measured
     join banks on banks.id = measured.bank_id
     left join lateral (
       select ${SIGNALS_AS_JSON} as signals
       from signals where measured.operation = 'add' and signals.item_id = measured.item_id
     ) as found on true
     where measured.before < ${PAGE_SIGNALS}
     order by measured.sequence`,
    [after, limit],
  );
  return result.rows.map((row) => ({
    sequence: Number(row.sequence),
    operation: row.operation,
    itemId: row.item_id,
    itemNumber: row.number,
    bank: row.bank,
    signals: (row.signals ?? []).map(signalFromRow),
  }));
};

/** The last sequence number given out. */
export const feedHead = async (database: Database): Promise<number> => {
  const result = await database.query<{ sequence: string }>("select sequence from feed_head");
  return Number(result.rows[0]?.sequence ?? 0);
};

export interface FeedReader {
  /** Reads what there is now; resolves when the reader has everything up to the head it saw. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

export interface FeedReaderOptions {
  readonly database: Database;
  /** The reader starts behind this sequence number. */
  readonly after: number;
  /** Called in order, once for each page. A throw leaves the page unread; it is offered again. */
  readonly onEntries: (entries: readonly FeedEntry[]) => void | Promise<void>;
  /** Told when the connection to the bank is lost or found again. */
  readonly onConnection?: (connected: boolean) => void;
  /** How long at most a lost notification may go unnoticed. */
  readonly pollMs?: number;
  readonly pageSize?: number;
}

const RECONNECT_MIN_MS = 100;
const RECONNECT_MAX_MS = 3_000;

/** Follows the feed until closed: woken by notifications, with a slow poll behind them for the one that gets lost. */
export const followFeed = (options: FeedReaderOptions): FeedReader => {
  const { database, pollMs = 1_000, pageSize = 500 } = options;
  let sequence = options.after;
  let closed = false;
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

  const readAll = async (): Promise<void> => {
    do {
      readAgain = false;
      for (;;) {
        const entries = await readFeed(database, sequence, pageSize);
        const last = entries.at(-1);
        if (last === undefined) break;
        await options.onEntries(entries);
        sequence = last.sequence;
      }
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
    if (closed) return;
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
