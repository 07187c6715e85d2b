/** A platform's own bank: hashes it adds itself, in force at its gate like any other item, with or without a hub. */
import { randomUUID } from "node:crypto";
import { mediaOf, type OwnItem, type Signal } from "@recourse/protocol";
import type { Database } from "./database.ts";
import { BankError } from "./errors.ts";
import { appendToFeed } from "./feed.ts";
import {
  assertSignals,
  digestSignals,
  insertSignals,
  type SignalRow,
  SIGNALS_AS_JSON,
  signalFromRow,
} from "./signal-rows.ts";

const OWN_BANK = "(select id from banks where kind = 'own' order by id limit 1)";

/** Adds one item; every call makes a new one. Throws `signal_invalid`. */
export const addOwnItem = async (database: Database, signals: readonly Signal[], now: Date): Promise<OwnItem> => {
  const items = await addOwnItems(database, [signals], now);
  const [item] = items;
  if (item === undefined) throw new BankError("signal_invalid");
  return item;
};

/** Adds many items in one transaction. */
export const addOwnItems = async (
  database: Database,
  signalSets: readonly (readonly Signal[])[],
  now: Date,
): Promise<readonly OwnItem[]> => {
  for (const signals of signalSets) {
    if (signals.length === 0) throw new BankError("signal_invalid");
    assertSignals(signals);
  }
  const items = signalSets.map((signals) => ({ itemId: randomUUID(), signals: [...signals] }));
  return database.transaction(async (client) => {
    await client.query(
      `insert into items (id, bank_id, media, signals_digest, signal_count, added_at)
       select item.id, ${OWN_BANK}, item.media, item.digest, item.count, $4
       from unnest($1::uuid[], $2::bytea[], $3::int[], $5::text[]) as item (id, digest, count, media)`,
      [
        items.map((item) => item.itemId),
        items.map((item) => digestSignals(item.signals)),
        items.map((item) => item.signals.length),
        now,
        items.map((item) => mediaOf(item.signals)),
      ],
    );
    await insertSignals(client, items);
    await appendToFeed(
      client,
      "add",
      items.map((item) => item.itemId),
      now,
    );
    return items.map((item) => ({ item: item.itemId, signals: item.signals, addedAt: now.toISOString() }));
  });
};

/** Takes an item out again. Throws `item_unknown` when it is not an active item of the own bank. */
export const removeOwnItem = (database: Database, itemId: string, now: Date): Promise<void> =>
  database.transaction(async (client) => {
    const gone = await client.query(
      `update items set withdrawn_at = $2, signals_digest = '' where id = $1 and bank_id = ${OWN_BANK} and withdrawn_at is null`,
      [itemId, now],
    );
    if (gone.rowCount !== 1) throw new BankError("item_unknown");
    await client.query("delete from signals where item_id = $1", [itemId]);
    await appendToFeed(client, "withdraw", [itemId], now);
  });

interface OwnItemRow {
  readonly id: string;
  readonly number: number;
  readonly added_at: Date;
  readonly signals: readonly SignalRow[] | null;
}

const OWN_COLUMNS = `items.id, items.number, items.added_at,
  (select ${SIGNALS_AS_JSON} from signals where signals.item_id = items.id) as signals`;
const IS_OWN = `items.bank_id = ${OWN_BANK} and items.withdrawn_at is null`;

/** Signals in one page, whatever the limit on items: a video has thousands. */
const PAGE_SIGNALS = 20_000;

const asOwnItem = (row: OwnItemRow): OwnItem => ({
  item: row.id,
  signals: (row.signals ?? []).map(signalFromRow),
  addedAt: row.added_at.toISOString(),
});

/** Active items in the order they were added; `next` is what to pass as `after` for more, absent at the end. */
export const listOwnItems = async (
  database: Database,
  page: { readonly after?: number; readonly limit?: number } = {},
): Promise<{ readonly items: readonly OwnItem[]; readonly next?: number }> => {
  const limit = page.limit ?? 1000;
  const result = await database.query<OwnItemRow & { readonly more: boolean }>(
    `with page as (
       select id, number, signal_count from items where ${IS_OWN} and number > $1 order by number limit $2::int + 1
     ), measured as (
       select *, sum(signal_count) over (order by number) - signal_count as before, row_number() over (order by number) as at
       from page
     ), chosen as (
       select * from measured where before < ${PAGE_SIGNALS} and at <= $2
     )
     select ${OWN_COLUMNS}, (select count(*) from chosen) < (select count(*) from page) as more
     from items where items.id in (select id from chosen) order by items.number`,
    [page.after ?? 0, limit],
  );
  const last = result.rows.at(-1);
  const items = result.rows.map(asOwnItem);
  return last?.more === true ? { items, next: last.number } : { items };
};

/** Active own items that hold exactly this PDQ, MD5 or SHA-256 (lower-case hex). */
export const findOwnItems = async (database: Database, value: string): Promise<readonly OwnItem[]> => {
  const result = await database.query<OwnItemRow>(
    `select ${OWN_COLUMNS} from items where ${IS_OWN} and exists (
       select 1 from signals where signals.item_id = items.id and value = decode($1, 'hex')
         and type in ('pdq', 'md5', 'sha256')
     ) order by items.number`,
    [value],
  );
  return result.rows.map(asOwnItem);
};
