/**
 * Puts small parts together and writes those anew of which much was removed, so that a catalogue of any origin is read
 * in large pieces and removed hashes don't stay. Only the look-back does this, between its steps: nobody else changes
 * which parts there are, except that new ones come.
 */
import type { Database, Queryable } from "@recourse/bank";
import type { ColumnStore, FarColumnStore } from "./column-store.ts";
import { type Columns, hashCountOf, joinColumns } from "./columns.ts";
import { FAR_HASHES, insertParts, type Part, PART_COLUMNS, type PartLocation, partOf } from "./parts.ts";

/** What the parts of all catalogues lie in. */
export interface TidyPlace {
  readonly database: Database;
  readonly stores: Readonly<Record<PartLocation, ColumnStore | undefined>>;
  readonly far: FarColumnStore | undefined;
}

/** Hashes of a full part. 2.3 MB: large enough to be read at full speed, small enough to be written in one statement. */
const FULL_PART = 65_536;
/** Where they lie in ClickHouse: 44 MB to write anew, and ten thousand parts for ten billion hashes. */
const FULL_FAR_PART = 1_048_576;
/** Fewer small parts than this stay as they are. */
const MIN_PARTS = 16;
/** A part is written anew when an eighth of it is gone, or an hour after the first was removed. */
const REMOVED_SHARE = 1 / 8;
const REMOVED_MS = 60 * 60 * 1000;
/** Parts put together in one go; the rest next time. */
const MAX_JOINS = 64;

interface TidyPart extends Part {
  readonly sequence: number;
  readonly first: number;
  readonly last: number;
  readonly isWorn: boolean;
  readonly isDamaged: boolean;
}

type TidyRow = Parameters<typeof partOf>[0] & {
  readonly sequence: string;
  readonly first_number: string;
  readonly last_number: string;
  readonly removed: number;
  readonly removed_since: Date | null;
  readonly failure: string | null;
};

const readAll = async ({ database, far }: TidyPlace, now: Date): Promise<readonly TidyPart[]> => {
  const result = await database.query<TidyRow>(
    `select ${PART_COLUMNS}, sequence, first_number, last_number, removed, removed_since, failure
     from catalogue_parts order by partner_id, type, first_number, id`,
  );
  return result.rows.map((row) => ({
    ...partOf(row),
    sequence: Number(row.sequence),
    first: Number(row.first_number),
    last: Number(row.last_number),
    isWorn:
      // In the other place than it would be written to now.
      (row.location === "clickhouse") !== (far !== undefined && row.hashes >= FAR_HASHES) ||
      (row.removed_since !== null &&
        (row.removed >= row.hashes * REMOVED_SHARE || now.getTime() - row.removed_since.getTime() >= REMOVED_MS)),
    isDamaged: row.failure !== null,
  }));
};

/** Neighbours of one catalogue and type that stand at the same number, together no more than a full part. */
const joinsOf = (parts: readonly TidyPart[], fullPart: number): readonly (readonly TidyPart[])[] => {
  const joins: TidyPart[][] = [];
  let run: TidyPart[] = [];
  let hashes = 0;
  const end = (isFull: boolean): void => {
    if (run.length >= MIN_PARTS || (isFull && run.length > 1) || run.some(({ isWorn }) => isWorn)) joins.push(run);
    run = [];
    hashes = 0;
  };
  for (const part of parts) {
    if (part.isDamaged) continue;
    const [first] = run;
    const fits =
      first === undefined ||
      (first.partnerId === part.partnerId && first.type === part.type && first.sequence === part.sequence);
    if (!fits) end(false);
    else if (hashes + part.hashes > fullPart) end(true);
    run.push(part);
    hashes += part.hashes;
  }
  end(false);
  return joins.filter((join) => join.length > 1 || join.some(({ isWorn }) => isWorn));
};

/** Remembers, in the transaction that makes these parts superfluous, that their rows elsewhere are to be deleted. */
const noteDiscarded = async (client: Queryable, parts: readonly Part[]): Promise<void> => {
  const ids = parts.filter(({ location }) => location === "clickhouse").map(({ id }) => id);
  if (ids.length === 0) return;
  await client.query(
    "insert into catalogue_discarded (part) select unnest($1::bigint[]) on conflict (part) do nothing",
    [ids],
  );
};

/** Deletes what is remembered so; forgotten only once it is deleted. */
const discard = async ({ database, far }: TidyPlace): Promise<void> => {
  if (far === undefined) return;
  const { rows } = await database.query<{ part: string }>("select part from catalogue_discarded limit 1000");
  if (rows.length === 0) return;
  const ids = rows.map(({ part }) => Number(part));
  await far.discard(ids);
  await database.query("delete from catalogue_discarded where part = any($1::bigint[])", [ids]);
};

/** Finds rows whose writer was killed before the database knew of them, for the next tidying to delete. */
export const findOrphans = async (database: Database, far: FarColumnStore): Promise<void> => {
  const old = await far.oldParts();
  if (old.length === 0) return;
  await database.query(
    `insert into catalogue_discarded (part)
     select old.id from unnest($1::bigint[]) as old (id)
     where not exists (select 1 from catalogue_parts parts where parts.id = old.id)
     on conflict (part) do nothing`,
    [old],
  );
};

/** Writes parts as one, without what was removed. False when one of them can't be read: the look-back will find that. */
const join = async ({ database, stores, far }: TidyPlace, parts: readonly TidyPart[]): Promise<boolean> => {
  const [first] = parts;
  if (first === undefined) return false;
  const { partnerId, type, sequence } = first;
  const read = new Map<number, Columns>();
  for (const location of ["database", "clickhouse"] as const) {
    const some = parts.filter((part) => part.location === location);
    if (some.length === 0) continue;
    for (const [id, columns] of (await stores[location]?.read(some)) ?? []) read.set(id, columns);
  }
  const pieces = parts.map(({ id }) => read.get(id)).filter((columns) => columns !== undefined);
  if (pieces.length < parts.length) return false;
  const before = parts.reduce((sum, { hashes }) => sum + hashes, 0);
  await database.transaction(async (client) => {
    // Nothing is removed while this is held.
    await client.query("select 1 from catalogues where partner_id = $1 for update", [partnerId]);
    const old = await client.query<{ removed: number; searched_at: Date | null }>(
      "delete from catalogue_parts where id = any($1::bigint[]) and sequence = $2 returning removed, searched_at",
      [parts.map(({ id }) => id), sequence],
    );
    if (old.rows.length !== parts.length) throw new Error("parts of a catalogue changed while they were put together");
    let isLiving = (_number: number): boolean => true;
    if (old.rows.some(({ removed }) => removed > 0)) {
      const living = await client.query<{ number: string }>(
        "select number from catalogue_contents where partner_id = $1 and number between $2 and $3",
        [partnerId, first.first, parts.at(-1)?.last ?? first.last],
      );
      const numbers = new Set(living.rows.map(({ number }) => Number(number)));
      isLiving = (number) => numbers.has(number);
    }
    const columns = joinColumns(type, pieces, isLiving);
    const dates = old.rows.flatMap(({ searched_at: at }) => (at === null ? [] : [at.getTime()]));
    const searchedAt = dates.length < old.rows.length ? null : new Date(Math.min(...dates));
    if (columns !== null) await insertParts(client, partnerId, [{ type, columns, sequence, searchedAt }], far);
    await noteDiscarded(client, parts);
    const dropped = before - (columns === null ? 0 : hashCountOf(columns));
    if (dropped > 0) {
      await client.query("update catalogues set hashes = hashes - $2 where partner_id = $1", [partnerId, dropped]);
    }
  });
  return true;
};

/** A damaged part goes once nothing that is registered lies in it: all of it was registered anew, or removed. */
const dropDamaged = async ({ database }: TidyPlace, part: TidyPart): Promise<boolean> =>
  database.transaction(async (client) => {
    await client.query("select 1 from catalogues where partner_id = $1 for update", [part.partnerId]);
    const gone = await client.query(
      `delete from catalogue_parts where id = $1 and not exists (
         select 1 from catalogue_contents where partner_id = $2 and number between $3 and $4
       )`,
      [part.id, part.partnerId, part.first, part.last],
    );
    if (gone.rowCount !== 1) return false;
    await noteDiscarded(client, [part]);
    await client.query("update catalogues set hashes = hashes - $2 where partner_id = $1", [
      part.partnerId,
      part.hashes,
    ]);
    return true;
  });

/** Does some of what is to be done; `ids` are the parts there were before. Throws BankError. */
export const tidyParts = async (
  place: TidyPlace,
  now: Date,
): Promise<{ readonly changed: boolean; readonly ids: ReadonlySet<number> }> => {
  const parts = await readAll(place, now);
  const fullPart = place.far === undefined ? FULL_PART : FULL_FAR_PART;
  let changed = false;
  for (const part of parts) if (part.isDamaged && (await dropDamaged(place, part))) changed = true;
  for (const some of joinsOf(parts, fullPart).slice(0, MAX_JOINS)) if (await join(place, some)) changed = true;
  await discard(place);
  return { changed, ids: new Set(parts.map(({ id }) => id)) };
};
