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
import { createColumnScan } from "@recourse/match";
import { createColumnCache } from "./column-cache.ts";
import type { Columns } from "./columns.ts";
import { forgetItems, insertFindings, type NewFinding } from "./findings.ts";
import { type Part, PART_COLUMNS, partOf } from "./parts.ts";
import { batchOf, type ItemBatch } from "./questions.ts";
import { scanPart } from "./scan-part.ts";
import { tidyParts } from "./tidy-parts.ts";

/** What the look-back tells whoever runs it; never a value of a signal or an id of a content. */
export type LookBackEvent =
  | { readonly event: "catalogue_part_damaged"; readonly part: number }
  | { readonly event: "look_back_failed" };

export interface LookBack {
  /** Takes some parts one batch of items further; false when all are where the bank is. Throws BankError. */
  step(): Promise<boolean>;
}

export interface LookBackOptions {
  readonly database: Database;
  /** Columns kept in memory; 36 bytes a hash. */
  readonly memoryBytes?: number | undefined;
  readonly onEvent?: ((event: LookBackEvent) => void) | undefined;
  readonly now?: () => Date;
}

export const CATALOGUE_MEMORY_BYTES = 512 * 1024 * 1024;

/** Entries of the feed that are read for one step; how many are asked for together, their hashes decide. */
const MAX_ENTRIES = 1_024;
/** Hashes whose findings and progress are committed together. */
const HASHES_PER_COMMIT = 1_048_576;
/** Findings that are collected before they are written down. */
const FINDINGS_PER_COMMIT = 50_000;
const RETRY_MS = 10 * 60 * 1000;
/** Small parts are put together after so many steps, and when there is nothing else to do. */
const TIDY_EVERY = 8;

interface Group {
  readonly sequence: number;
}

export const createLookBack = (options: LookBackOptions): LookBack => {
  const { database, memoryBytes = CATALOGUE_MEMORY_BYTES, onEvent = () => {}, now = () => new Date() } = options;
  const bank: Bank = createBank(database);
  const cache = createColumnCache(database, memoryBytes);
  const scan = createColumnScan();
  let steps = 0;

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
        `update catalogue_parts set sequence = $3, searched_at = $4, failure = null, retry_at = null
         where id = any($1::bigint[]) and sequence = $2`,
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

  /** Compares some parts with a batch and moves those on that could be read. */
  const search = async (parts: readonly Part[], from: number, batch: ItemBatch): Promise<void> => {
    // What nothing is asked of need not be read.
    const asked = parts.filter(({ type }) => batch.questions.has(type));
    const read = await cache.read(asked);
    const done = parts.filter(({ id, type }) => !batch.questions.has(type) || read.has(id));
    let findings: NewFinding[] = [];
    for (const [type, question] of batch.questions) {
      const ofType = asked.flatMap((part): (readonly [Part, Columns])[] => {
        const columns = part.type === type ? read.get(part.id) : undefined;
        return columns === undefined ? [] : [[part, columns]];
      });
      if (ofType.length === 0) continue;
      scan.ask(question.question);
      for (const [part, columns] of ofType) {
        for (const some of scanPart(scan, question, columns, part.partnerId)) {
          findings.push(...some);
          if (findings.length < FINDINGS_PER_COMMIT) continue;
          await writeFindings(findings);
          findings = [];
        }
      }
    }
    await commit(
      done.map(({ id }) => id),
      from,
      batch.sequence,
      findings,
    );
    for (const part of asked) if (!read.has(part.id)) await noteDamaged(part);
  };

  const searchGroup = async (from: number): Promise<void> => {
    const { entries } = await bank.readFeed(from, MAX_ENTRIES);
    if (entries.length === 0) return;
    const batch = batchOf(entries);
    await database.transaction((client) => forgetItems(client, batch.withdrawn));
    let slice: Part[] = [];
    let hashes = 0;
    for (const part of await readGroupParts(from)) {
      slice.push(part);
      hashes += part.hashes;
      if (hashes < HASHES_PER_COMMIT) continue;
      await search(slice, from, batch);
      slice = [];
      hashes = 0;
    }
    if (slice.length > 0) await search(slice, from, batch);
  };

  return {
    async step() {
      steps += 1;
      const groups = await readGroups();
      if (groups.length === 0 || steps % TIDY_EVERY === 0) {
        const { changed, ids } = await tidyParts(database, now());
        cache.retain(ids);
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
