/**
 * The feed: every add and withdrawal in one gap-free order. A writer appends inside the transaction of the change
 * itself; a reader asks for what comes after the last sequence number it has, and so misses nothing and sees nothing
 * twice, whatever happened to the notifications in between.
 */
import type { Signal } from "@recourse/protocol";
import type { Database, Queryable } from "./database.ts";
import { BankError } from "./errors.ts";
import { checksumFromBits } from "./feed-checksum.ts";
import { type SignalRow, SIGNALS_AS_JSON, signalFromRow } from "./signal-rows.ts";

export const FEED_CHANNEL = "recourse_feed";

/** Ten million items and more; the usual limits of a statement are not for it. */
const AUDIT_TIMEOUT_MS = 60 * 60 * 1000;

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

/** Where a bank's feed stands. */
export interface FeedHead {
  /** Tells this bank's feed from any other's; a UUID. */
  readonly bankId: string;
  /** The last sequence number given out. */
  readonly sequence: number;
  /** Of what is in force at it: 32 hex digits (feed-checksum.ts). */
  readonly checksum: string;
}

/** Entries and the head, both of one moment. */
export interface FeedPage {
  readonly entries: readonly FeedEntry[];
  readonly head: FeedHead;
}

/**
 * Appends one entry per item, keeps the checksum, and wakes the readers at commit. Call it last in a transaction, when
 * the signals of what is added are there: from here to the commit all other writers wait.
 */
export const appendToFeed = async (
  client: Queryable,
  operation: FeedEntry["operation"],
  itemIds: readonly string[],
  at: Date,
): Promise<void> => {
  if (itemIds.length === 0) return;
  if (operation === "add") {
    // From the rows, not from what was sent: so that what the readers get is what was summed up.
    await client.query(
      `update items set checksum = item_checksums.checksum from item_checksums
       where item_checksums.id = any($1::uuid[]) and items.id = item_checksums.id`,
      [itemIds],
    );
  }
  await client.query(
    `with changed as (
       select bit_xor(checksum) as checksum from items where id = any($3::uuid[])
     ), cleared as (
       update items set checksum = null where $2 = 'withdraw' and id = any($3::uuid[])
     ), head as (
       update feed_head set sequence = feed_head.sequence + $1::int,
         checksum = feed_head.checksum # coalesce(changed.checksum, 0::bit(128))
       from changed returning feed_head.sequence
     ), written as (
       insert into feed (sequence, operation, item_id, at)
       select head.sequence - $1::int + item.position, $2, item.id, $4
       from head, unnest($3::uuid[]) with ordinality as item (id, position)
     )
     select pg_notify('${FEED_CHANNEL}', head.sequence::text) from head`,
    [itemIds.length, operation, itemIds, at],
  );
};

interface HeadColumns {
  readonly bank_id: string;
  readonly head: string;
  readonly checksum: string;
}

const HEAD_COLUMNS = "bank_identity.id as bank_id, feed_head.sequence as head, feed_head.checksum::text as checksum";

const headOf = (row: HeadColumns | undefined): FeedHead => {
  if (row === undefined) throw new BankError("internal");
  return { bankId: row.bank_id, sequence: Number(row.head), checksum: checksumFromBits(row.checksum) };
};

/** Where the feed stands now. */
export const feedHead = async (database: Database): Promise<FeedHead> => {
  const result = await database.query<HeadColumns>(`select ${HEAD_COLUMNS} from feed_head cross join bank_identity`);
  return headOf(result.rows[0]);
};

/**
 * Computes the checksum anew from the signals of all items in force, which takes some seconds for each million, and
 * answers it beside the one that is kept with the head. They differ if the rows were changed past this program.
 */
export const auditFeed = async (database: Database): Promise<FeedHead & { readonly recomputed: string }> => {
  const result = await database.transaction(async (client) => {
    await client.query("set transaction isolation level repeatable read, read only");
    await client.query(`set local statement_timeout = ${AUDIT_TIMEOUT_MS}`);
    const query = {
      text: `select ${HEAD_COLUMNS}, (
          select coalesce(bit_xor(item_checksums.checksum), 0::bit(128))::text from item_checksums
        ) as recomputed
        from feed_head cross join bank_identity`,
      query_timeout: AUDIT_TIMEOUT_MS,
    };
    return client.query<HeadColumns & { readonly recomputed: string }>(query);
  });
  const row = result.rows[0];
  return { ...headOf(row), recomputed: checksumFromBits(row?.recomputed ?? "0") };
};

/** A row of the page, or the head alone where the page is empty. */
interface FeedRow extends HeadColumns {
  readonly sequence: string | null;
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
 * any. The reader has everything once the last entry's number is the head's.
 */
export const readFeed = async (database: Database, after: number, limit: number): Promise<FeedPage> => {
  const result = await database.query<FeedRow>(
    `with page as (
       select feed.sequence, feed.operation, feed.item_id, items.number, items.bank_id,
         case when feed.operation = 'add' and items.withdrawn_at is null then items.signal_count else 0 end as size
       from (select * from feed where sequence > $1 order by sequence limit $2) as feed
       join items on items.id = feed.item_id
     ), measured as (
       select *, sum(size) over (order by sequence) - size as before from page
     ), entries as (
       select measured.sequence, measured.operation, measured.item_id, measured.number, banks.name as bank,
         found.signals
       from measured
       join banks on banks.id = measured.bank_id
       left join lateral (
         select ${SIGNALS_AS_JSON} as signals
         from signals where measured.operation = 'add' and signals.item_id = measured.item_id
       ) as found on true
       where measured.before < ${PAGE_SIGNALS}
     )
     select ${HEAD_COLUMNS}, entries.*
     from feed_head cross join bank_identity left join entries on true
     order by entries.sequence`,
    [after, limit],
  );
  const entries = result.rows.flatMap((row): FeedEntry[] =>
    row.sequence === null
      ? []
      : [
          {
            sequence: Number(row.sequence),
            operation: row.operation,
            itemId: row.item_id,
            itemNumber: row.number,
            bank: row.bank,
            signals: (row.signals ?? []).map(signalFromRow),
          },
        ],
  );
  return { entries, head: headOf(result.rows[0]) };
};
