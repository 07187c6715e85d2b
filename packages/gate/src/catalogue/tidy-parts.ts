/**
 * Puts small parts together and writes those anew of which much was removed, so that a catalogue of any origin is read
 * in large pieces and removed hashes don't stay. Only the look-back does this, between its steps: nobody else changes
 * which parts there are, except that new ones come.
 */
import type { Database } from "@recourse/bank";
import { hashCountOf, joinColumns } from "./columns.ts";
import { insertParts, type Part, PART_COLUMNS, partOf, readParts } from "./parts.ts";

/** Hashes of a full part. 2.3 MB: large enough to be read at full speed, small enough to be written in one statement. */
const FULL_PART = 65_536;
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

const readAll = async (database: Database, now: Date): Promise<readonly TidyPart[]> => {
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
      row.removed_since !== null &&
      (row.removed >= row.hashes * REMOVED_SHARE || now.getTime() - row.removed_since.getTime() >= REMOVED_MS),
    isDamaged: row.failure !== null,
  }));
};

/** Neighbours of one catalogue and type that stand at the same number, together no more than a full part. */
const joinsOf = (parts: readonly TidyPart[]): readonly (readonly TidyPart[])[] => {
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
    else if (hashes + part.hashes > FULL_PART) end(true);
    run.push(part);
    hashes += part.hashes;
  }
  end(false);
  return joins.filter((join) => join.length > 1 || join.some(({ isWorn }) => isWorn));
};

/** Writes parts as one, without what was removed. False when one of them can't be read: the look-back will find that. */
const join = async (database: Database, parts: readonly TidyPart[]): Promise<boolean> => {
  const [first] = parts;
  if (first === undefined) return false;
  const { partnerId, type, sequence } = first;
  const read = await readParts(database, parts);
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
    if (columns !== null) await insertParts(client, partnerId, [{ type, columns, sequence, searchedAt }]);
    const dropped = before - (columns === null ? 0 : hashCountOf(columns));
    if (dropped > 0) {
      await client.query("update catalogues set hashes = hashes - $2 where partner_id = $1", [partnerId, dropped]);
    }
  });
  return true;
};

/** A damaged part goes once nothing that is registered lies in it: all of it was registered anew, or removed. */
const dropDamaged = async (database: Database, part: TidyPart): Promise<boolean> =>
  database.transaction(async (client) => {
    await client.query("select 1 from catalogues where partner_id = $1 for update", [part.partnerId]);
    const gone = await client.query(
      `delete from catalogue_parts where id = $1 and not exists (
         select 1 from catalogue_contents where partner_id = $2 and number between $3 and $4
       )`,
      [part.id, part.partnerId, part.first, part.last],
    );
    if (gone.rowCount !== 1) return false;
    await client.query("update catalogues set hashes = hashes - $2 where partner_id = $1", [
      part.partnerId,
      part.hashes,
    ]);
    return true;
  });

/** Does some of what is to be done; `ids` are the parts there were before. Throws BankError. */
export const tidyParts = async (
  database: Database,
  now: Date,
): Promise<{ readonly changed: boolean; readonly ids: ReadonlySet<number> }> => {
  const parts = await readAll(database, now);
  let changed = false;
  for (const part of parts) if (part.isDamaged && (await dropDamaged(database, part))) changed = true;
  for (const some of joinsOf(parts).slice(0, MAX_JOINS)) if (await join(database, some)) changed = true;
  return { changed, ids: new Set(parts.map(({ id }) => id)) };
};
