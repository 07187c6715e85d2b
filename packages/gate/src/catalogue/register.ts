/**
 * Writing to a catalogue: a batch of lines in one transaction. Whatever it answers as added is kept, in a part that the
 * look-back will compare with the bank; sending the same again changes nothing.
 */
import { hash } from "node:crypto";
import type { Database, Queryable } from "@recourse/bank";
import { CATALOGUE_TYPES, type CatalogueEntry, type CatalogueSignal, type SignalType } from "@recourse/protocol";
import type { FarColumnStore } from "./column-store.ts";
import { createColumnWriter, MAX_CONTENT_NUMBER } from "./columns.ts";
import { CatalogueError } from "./errors.ts";
import { holdFindings, insertFindings } from "./findings.ts";
import { insertParts, type NewPart } from "./parts.ts";

/**
 * What became of an entry. `conflict`: the id is there with other signals, or another id with the same key of 128 bits
 * is there (a chance below one in 10^18 among ten billion; whoever makes such ids on purpose harms only their own catalogue).
 */
export type EntryOutcome = "added" | "unchanged" | "conflict" | "removed" | "absent";

/** What was found of a content before it is registered. */
export interface Probed {
  /** Everything in force that came with this number of the feed or before it was asked. */
  readonly sequence: number;
  readonly found: readonly {
    readonly itemId: string;
    readonly signalType: SignalType;
    readonly distanceBits: number;
  }[];
}

export interface BatchOptions {
  /** A stream of lines that is to be remembered, and how far it has come with this batch. */
  readonly upload?: { readonly id: string; readonly lines: number } | undefined;
  /** Where large parts go, if not into the database. */
  readonly far?: FarColumnStore | undefined;
  /** For a batch of a single entry; without it the look-back searches for what is added. */
  readonly probed?: Probed | undefined;
}

export interface BatchAnswer {
  /** Of each entry. */
  readonly outcomes: readonly EntryOutcome[];
  /** Whether what was added counts as compared with what was probed, and what that found is written down. */
  readonly searched: boolean;
}

/** Uploads are remembered so long, and so many of a partner. */
const UPLOAD_DAYS = 7;
const UPLOADS_KEPT = 1_000;

interface Known {
  readonly number: number;
  readonly digest: string;
  readonly key: string;
}

/** What an id is found by in the database: 128 bits, made as in migration 0007. */
const keyOf = (partnerId: number, content: string): string =>
  hash("sha256", `${partnerId}:${content}`, "hex").slice(0, 32);

const digestOf = (signals: readonly CatalogueSignal[]): string => {
  const lines = signals.map(
    (signal) => `${signal.type}:${signal.value}:${"quality" in signal ? String(signal.quality) : ""}`,
  );
  const text = lines.length === 1 ? (lines[0] ?? "") : [...new Set(lines)].toSorted().join("\n");
  return hash("sha256", text, "hex").slice(0, 32);
};

/** What is to be done with a batch, worked out without touching anything. */
class Plan {
  readonly outcomes: EntryOutcome[] = [];
  readonly added = new Map<string, { readonly known: Known; readonly signals: readonly CatalogueSignal[] }>();
  /** Numbers of what goes. */
  readonly removed = new Set<number>();
  /** By id, of all ids of the batch. */
  readonly #keys: ReadonlyMap<string, string>;
  /** By id. */
  readonly #known: Map<string, Known>;
  /** The id that has a key. */
  readonly #idOfKey: Map<string, string>;
  readonly #isDamaged: (number: number) => boolean;
  #lastNumber: number;

  constructor(
    keys: ReadonlyMap<string, string>,
    known: Map<string, Known>,
    isDamaged: (number: number) => boolean,
    lastNumber: number,
  ) {
    this.#keys = keys;
    this.#known = known;
    this.#idOfKey = new Map([...known].map(([content, { key }]) => [key, content]));
    this.#isDamaged = isDamaged;
    this.#lastNumber = lastNumber;
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  take({ content, signals }: CatalogueEntry): void {
    const known = this.#known.get(content);
    if (signals === undefined) {
      if (known !== undefined) this.#forget(content, known);
      this.outcomes.push(known === undefined ? "absent" : "removed");
      return;
    }
    const digest = digestOf(signals);
    if (known !== undefined) {
      if (known.digest !== digest || !this.#isDamaged(known.number)) {
        this.outcomes.push(known.digest === digest ? "unchanged" : "conflict");
        return;
      }
      // Its hashes can't be read any more: they are written anew.
      this.#forget(content, known);
    }
    const key = known?.key ?? this.#keys.get(content);
    if (key === undefined || this.#idOfKey.has(key)) {
      this.outcomes.push("conflict");
      return;
    }
    if (this.#lastNumber >= MAX_CONTENT_NUMBER) throw new CatalogueError("catalogue_full");
    this.#lastNumber += 1;
    const fresh = { number: this.#lastNumber, digest, key };
    this.#known.set(content, fresh);
    this.#idOfKey.set(key, content);
    this.added.set(content, { known: fresh, signals });
    this.outcomes.push("added");
  }

  /** Forgets an id that is there, as if it had been removed before. */
  #forget(content: string, known: Known): void {
    this.#known.delete(content);
    this.#idOfKey.delete(known.key);
    if (!this.added.delete(content)) this.removed.add(known.number);
  }
}

/**
 * Many values as one text, a line each: neither an id nor anything else here holds a control character. An array of the
 * driver's is quoted value by value and read so again, which took a fifth of the time of a batch.
 */
const linesOf = (values: readonly (string | number)[]): string => values.join("\n");

const readKnown = async (
  client: Queryable,
  partnerId: number,
  keys: ReadonlyMap<string, string>,
): Promise<Map<string, Known>> => {
  const result = await client.query<{ content_id: string; number: string; digest: string; key: string }>(
    `select content_id, number, translate(signals_digest::text, '-', '') as digest,
       translate(content_key::text, '-', '') as key
     from catalogue_contents where partner_id = $1 and content_key = any(string_to_array($2, chr(10))::uuid[])`,
    [partnerId, linesOf([...keys.values()])],
  );
  // By the id that is written there, whatever id its key was asked for.
  return new Map(
    result.rows.map(({ content_id: content, number, digest, key }) => [
      content,
      { number: Number(number), digest, key },
    ]),
  );
};

/** Ranges of numbers whose hashes can't be read any more. */
const readDamaged = async (client: Queryable, partnerId: number): Promise<(number: number) => boolean> => {
  const result = await client.query<{ first_number: string; last_number: string }>(
    "select first_number, last_number from catalogue_parts where partner_id = $1 and failure is not null",
    [partnerId],
  );
  const ranges = result.rows.map((row) => [Number(row.first_number), Number(row.last_number)] as const);
  return (number) => ranges.some(([first, last]) => number >= first && number <= last);
};

const partsOf = (plan: Plan, probed: Probed | undefined, now: Date): readonly NewPart[] => {
  const parts: NewPart[] = [];
  for (const type of CATALOGUE_TYPES) {
    let count = 0;
    for (const { signals } of plan.added.values()) for (const signal of signals) count += signal.type === type ? 1 : 0;
    if (count === 0) continue;
    const writer = createColumnWriter(type, count);
    for (const { known, signals } of plan.added.values()) {
      const values = new Set<string>();
      for (const signal of signals) {
        if (signal.type !== type || values.has(signal.value)) continue;
        values.add(signal.value);
        writer.add(known.number, signal.value);
      }
    }
    parts.push({
      type,
      columns: writer.columns(),
      sequence: probed?.sequence ?? 0,
      searchedAt: probed === undefined ? null : now,
    });
  }
  return parts;
};

const insertContents = async (client: Queryable, partnerId: number, plan: Plan): Promise<void> => {
  if (plan.added.size === 0) return;
  const rows = [...plan.added];
  await client.query(
    `insert into catalogue_contents (partner_id, content_key, content_id, number, signals_digest)
     select $1, * from unnest(
       string_to_array($2, chr(10))::uuid[], string_to_array($3, chr(10)), string_to_array($4, chr(10))::bigint[],
       string_to_array($5, chr(10))::uuid[]
     )`,
    [
      partnerId,
      linesOf(rows.map(([, { known }]) => known.key)),
      linesOf(rows.map(([content]) => content)),
      linesOf(rows.map(([, { known }]) => known.number)),
      linesOf(rows.map(([, { known }]) => known.digest)),
    ],
  );
};

const deleteContents = async (client: Queryable, partnerId: number, plan: Plan, now: Date): Promise<void> => {
  if (plan.removed.size === 0) return;
  const numbers = [...plan.removed];
  await holdFindings(client, [partnerId]);
  await client.query("delete from catalogue_contents where partner_id = $1 and number = any($2::bigint[])", [
    partnerId,
    numbers,
  ]);
  await client.query("delete from catalogue_findings where partner_id = $1 and content_number = any($2::bigint[])", [
    partnerId,
    numbers,
  ]);
  // Their hashes go when the part is written anew. Rows are locked in the order in which the look-back locks them.
  await client.query(
    `with gone as (
       select parts.id, count(*) from unnest($2::bigint[]) as gone (number)
       join catalogue_parts parts
         on parts.partner_id = $1 and gone.number between parts.first_number and parts.last_number
       group by parts.id
     ), held as (
       select id from catalogue_parts where id in (select id from gone) order by id for update
     )
     update catalogue_parts part set removed = part.removed + gone.count,
       removed_since = coalesce(part.removed_since, $3)
     from gone, held where gone.id = part.id and held.id = part.id`,
    [partnerId, numbers, now],
  );
};

const noteUpload = async (
  client: Queryable,
  partnerId: number,
  upload: { readonly id: string; readonly lines: number },
  now: Date,
): Promise<void> => {
  const result = await client.query<{ is_new: boolean }>(
    `insert into catalogue_uploads (partner_id, id, lines, updated_at) values ($1, $2, $3, $4)
     on conflict (partner_id, id) do update
       set lines = greatest(catalogue_uploads.lines, excluded.lines), updated_at = excluded.updated_at
     returning xmax = 0 as is_new`,
    [partnerId, upload.id, upload.lines, now],
  );
  if (result.rows[0]?.is_new !== true) return;
  await client.query(
    `delete from catalogue_uploads where partner_id = $1 and (
       updated_at < $2::timestamptz - interval '${UPLOAD_DAYS} days'
       or id in (select id from catalogue_uploads where partner_id = $1 order by updated_at desc offset ${UPLOADS_KEPT})
     )`,
    [partnerId, now],
  );
};

/**
 * Registers and removes, in the order of the entries; answers what became of each. Throws CatalogueError `catalogue_full` and
 * BankError `database_unavailable`, having done nothing.
 */
export const writeBatch = (
  database: Database,
  partnerId: number,
  entries: readonly CatalogueEntry[],
  options: BatchOptions,
  now: Date,
): Promise<BatchAnswer> =>
  database.transaction(async (client) => {
    await client.query("insert into catalogues (partner_id) values ($1) on conflict do nothing", [partnerId]);
    const held = await client.query<{ last_number: string }>(
      "select last_number from catalogues where partner_id = $1 for update",
      [partnerId],
    );
    const keys = new Map(entries.map(({ content }) => [content, keyOf(partnerId, content)]));
    const plan = new Plan(
      keys,
      await readKnown(client, partnerId, keys),
      await readDamaged(client, partnerId),
      Number(held.rows[0]?.last_number ?? 0),
    );
    for (const entry of entries) plan.take(entry);
    const probed = await checkProbed(client, options.probed);
    const parts = partsOf(plan, probed, now);
    await deleteContents(client, partnerId, plan, now);
    await insertContents(client, partnerId, plan);
    await insertParts(client, partnerId, parts, options.far);
    const hashes = parts.reduce((sum, { columns }) => sum + columns.numbers.length / 4, 0);
    await client.query(
      `update catalogues set last_number = $2, contents = contents + $3, hashes = hashes + $4 where partner_id = $1`,
      [partnerId, plan.lastNumber, plan.added.size - plan.removed.size, hashes],
    );
    if (parts.length > 0) await client.query("select pg_notify('recourse_catalogue', '')");
    if (options.upload !== undefined) await noteUpload(client, partnerId, options.upload, now);
    if (probed !== undefined) {
      const findings = [...plan.added.values()].flatMap(({ known }) =>
        probed.found.map((each) => ({ ...each, partnerId, contentNumber: known.number })),
      );
      await insertFindings(client, findings, now);
    }
    return { outcomes: plan.outcomes, searched: probed !== undefined && plan.added.size > 0 };
  });

/** A bank that was set back gives numbers of the feed anew: what was asked up to one of them is then not known. */
const checkProbed = async (client: Queryable, probed: Probed | undefined): Promise<Probed | undefined> => {
  if (probed === undefined) return undefined;
  const head = await client.query<{ sequence: string }>("select sequence from feed_head");
  return probed.sequence <= Number(head.rows[0]?.sequence ?? 0) ? probed : undefined;
};

/** How far a stream of lines has come; 0 for one that is not known. */
export const uploadedLines = async (database: Database, partnerId: number, uploadId: string): Promise<number> => {
  const result = await database.query<{ lines: string }>(
    "select lines from catalogue_uploads where partner_id = $1 and id = $2",
    [partnerId, uploadId],
  );
  return Number(result.rows[0]?.lines ?? 0);
};
