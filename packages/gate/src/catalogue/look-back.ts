/**
 * The look-back: compares every part of every catalogue with every item of the bank, and knows at any moment which it
 * has compared with which.
 *
 * Each part has a number of the feed: it was compared with every item in force that came with that number or before it.
 * A new part starts at 0 (or where it was asked for before it was written), a step takes the parts that stand at one
 * number some entries further, and the number is moved in the same transaction that writes down what was found. So it
 * does not matter which came first, the item or the content, nor where a process is killed: whatever was not committed
 * is compared again, and a finding has one id however often it is found.
 */
import { type Bank, createBank, type Database } from "@recourse/bank";
import { type ColumnScan, createColumnScan } from "@recourse/match";
import type { ErrorCode } from "@recourse/protocol";
import type { ColumnStore, FarColumnStore } from "./column-store.ts";
import { createDatabaseColumns } from "./database-columns.ts";
import { forgetItems, insertFindings, type NewFinding } from "./findings.ts";
import { type Part, PART_COLUMNS, type PartLocation, partOf } from "./parts.ts";
import { batchOf, type ItemBatch } from "./questions.ts";
import { findOrphans, tidyParts } from "./tidy-parts.ts";

/** What the look-back tells whoever runs it; never a value of a signal or an id of a content. */
export type LookBackEvent =
  | { readonly event: "catalogue_part_damaged"; readonly part: number }
  /** A step failed, and is done again: what it did not commit counts as not compared. `internal` for what is no BankError. */
  | { readonly event: "look_back_failed"; readonly code: ErrorCode };

export interface LookBack {
  /** Takes some parts one batch of items further; false when all are where the bank is. Throws BankError. */
  step(): Promise<boolean>;
}

export interface LookBackOptions {
  readonly database: Database;
  /** Columns of the database kept in memory; 36 bytes a hash. */
  readonly memoryBytes?: number | undefined;
  /** Where columns of parts lie that are not in the database. */
  readonly far?: ((scan: ColumnScan) => FarColumnStore) | undefined;
  readonly onEvent?: ((event: LookBackEvent) => void) | undefined;
  readonly now?: () => Date;
}

export const CATALOGUE_MEMORY_BYTES = 512 * 1024 * 1024;

/** Entries of the feed that are read for one step; how many are asked for together, their hashes decide. */
const MAX_ENTRIES = 1_024;
/** In this order, so that what is in the database is searched whatever becomes of the other. */
const LOCATIONS: readonly PartLocation[] = ["database", "clickhouse"];
/** Findings that are collected before they are written down. */
const FINDINGS_PER_COMMIT = 50_000;
const RETRY_MS = 10 * 60 * 1000;
/** Small parts are put together after so many steps, and when there is nothing else to do. */
const TIDY_EVERY = 8;
const SWEEP_MS = 24 * 60 * 60 * 1000;

interface Group {
  readonly sequence: number;
}

export const createLookBack = (options: LookBackOptions): LookBack => {
  const { database, memoryBytes = CATALOGUE_MEMORY_BYTES, onEvent = () => {}, now = () => new Date() } = options;
  const bank: Bank = createBank(database);
  const scan = createColumnScan();
  const near = createDatabaseColumns(database, scan, memoryBytes);
  const far = options.far?.(scan);
  const stores: Readonly<Record<PartLocation, ColumnStore | undefined>> = { database: near, clickhouse: far };
  let steps = 0;
  /** When rows without a part were last looked for. */
  let sweptAt = -Infinity;

  /** The numbers at which parts stand that are behind the head, least first. */
  const readGroups = async (): Promise<readonly Group[]> => {
    const result = await database.query<{ sequence: string }>(
      `select distinct parts.sequence from catalogue_parts parts, feed_head
       where parts.sequence < feed_head.sequence and (parts.retry_at is null or parts.retry_at <= $1)
       order by parts.sequence`,
      [now()],
    );
    return result.rows.map((row) => ({ sequence: Number(row.sequence) }));
  };

  const readGroupParts = async (sequence: number): Promise<readonly Part[]> => {
    const result = await database.query<Parameters<typeof partOf>[0]>(
      `select ${PART_COLUMNS} from catalogue_parts
       where sequence = $1 and (retry_at is null or retry_at <= $2) order by id`,
      [sequence, now()],
    );
    return result.rows.map(partOf);
  };

  const writeFindings = (findings: readonly NewFinding[]): Promise<void> =>
    database.transaction((client) => insertFindings(client, findings, now()));

  /** Moves parts on, with what was last found in them. */
  const commit = (ids: readonly number[], from: number, to: number, findings: readonly NewFinding[]): Promise<void> =>
    database.transaction(async (client) => {
      await insertFindings(client, findings, now());
      await client.query(
        `with held as (
           select id from catalogue_parts where id = any($1::bigint[]) and sequence = $2 order by id for update
         )
         update catalogue_parts part set sequence = $3, searched_at = $4, failure = null, retry_at = null
         from held where held.id = part.id`,
        [ids, from, to, now()],
      );
    });

  const noteDamaged = async (part: Part): Promise<void> => {
    await database.query("update catalogue_parts set failure = 'catalogue_part_damaged', retry_at = $2 where id = $1", [
      part.id,
      new Date(now().getTime() + RETRY_MS),
    ]);
    onEvent({ event: "catalogue_part_damaged", part: part.id });
  };

  /** Compares some parts of one location with a batch and moves those on that could be read. */
  const search = async (
    store: ColumnStore | undefined,
    parts: readonly Part[],
    from: number,
    batch: ItemBatch,
  ): Promise<void> => {
    // What nothing is asked of need not be read.
    const asked = parts.filter(({ type }) => batch.questions.has(type));
    const searched = new Set<number>();
    let findings: NewFinding[] = [];
    const take = async (some: readonly NewFinding[]): Promise<void> => {
      findings.push(...some);
      if (findings.length < FINDINGS_PER_COMMIT) return;
      await writeFindings(findings);
      findings = [];
    };
    for (const [type, question] of batch.questions) {
      const ofType = asked.filter((part) => part.type === type);
      if (ofType.length === 0 || store === undefined) continue;
      for (const id of await store.search(ofType, question, take)) searched.add(id);
    }
    const done = parts.filter(({ id, type }) => !batch.questions.has(type) || searched.has(id));
    await commit(
      done.map(({ id }) => id),
      from,
      batch.sequence,
      findings,
    );
    for (const part of asked) if (!searched.has(part.id)) await noteDamaged(part);
  };

  const searchGroup = async (from: number): Promise<void> => {
    const { entries } = await bank.readFeed(from, MAX_ENTRIES);
    if (entries.length === 0) return;
    const batch = batchOf(entries);
    await database.transaction((client) => forgetItems(client, batch.withdrawn));
    const all = await readGroupParts(from);
    for (const location of LOCATIONS) {
      const store = stores[location];
      let slice: Part[] = [];
      let hashes = 0;
      for (const part of all) {
        if (part.location !== location) continue;
        slice.push(part);
        hashes += part.hashes;
        if (hashes < (store?.hashesPerCommit ?? Infinity)) continue;
        await search(store, slice, from, batch);
        slice = [];
        hashes = 0;
      }
      if (slice.length > 0) await search(store, slice, from, batch);
    }
  };

  return {
    async step() {
      steps += 1;
      const groups = await readGroups();
      if (groups.length === 0 || steps % TIDY_EVERY === 0) {
        if (far !== undefined && now().getTime() - sweptAt >= SWEEP_MS) {
          await findOrphans(database, far);
          sweptAt = now().getTime();
        }
        const { changed, ids } = await tidyParts({ database, stores, far }, now());
        near.retain(ids);
        if (groups.length === 0) return changed;
      }
      // By turns the parts that are nearest to the bank, so that a new item is soon looked for in nearly everything, and
      // those that are furthest behind, so that they catch up whatever comes in meanwhile.
      const group = steps % 2 === 0 ? groups.at(0) : groups.at(-1);
      if (group !== undefined) await searchGroup(group.sequence);
      return true;
    },
  };
};
