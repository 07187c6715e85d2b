/**
 * Cases and their items: opened without a name, reached by number and key, withdrawn at any time. The server never
 * holds a key, only the hash of a token that the device derives from it (see the protocol's hub.ts).
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { CASE_LIMITS, type CaseItem, type CaseStatus, type NewItem } from "@recourse/protocol";
import type { Database, Queryable } from "./database.ts";
import { BankError } from "./errors.ts";
import { appendToFeed } from "./feed.ts";
import { assertSignals, digestSignals, insertSignals } from "./signal-rows.ts";

export interface CaseAccess {
  readonly caseNumber: string;
  /** 64 hex digits; what the device derives from the case key. */
  readonly caseToken: string;
}

export interface NewCase {
  readonly caseNumber: string;
  /** 64 hex digits: SHA-256 of the token. */
  readonly accessVerifier: string;
  readonly recoveryVerifiers: readonly string[];
}

/** SHA-256 of a token's text: what the database keeps of it. */
export const verifierOf = (token: string): Buffer => createHash("sha256").update(token, "utf8").digest();

interface CaseRow {
  readonly id: string;
  readonly access_verifier: Buffer;
  readonly opened_at: Date;
  readonly withdrawn_at: Date | null;
}

/** Compared against when no case has the number, so that both refusals take the same way. */
const NOBODY = Buffer.alloc(32);

/**
 * The row of the case that number and token open. Throws `case_access_denied`, the same for a wrong number and a
 * wrong key. `lock` holds the row against other writers to the end of the transaction.
 */
const openRow = async (client: Queryable, access: CaseAccess, lock: boolean): Promise<CaseRow> => {
  const result = await client.query<CaseRow>(
    `select id, access_verifier, opened_at, withdrawn_at from cases where case_number = $1 ${lock ? "for update" : ""}`,
    [access.caseNumber],
  );
  const row = result.rows[0];
  const opens = timingSafeEqual(row?.access_verifier ?? NOBODY, verifierOf(access.caseToken));
  if (row === undefined || !opens) throw new BankError("case_access_denied");
  return row;
};

interface ItemRow {
  readonly id: string;
  readonly media: CaseItem["media"];
  readonly added_at: Date;
  readonly withdrawn_at: Date | null;
  readonly signal_count: number;
  readonly platforms: number;
  readonly blocked: number;
  readonly names: readonly string[];
}

const readStatus = async (client: Queryable, row: CaseRow, caseNumber: string): Promise<CaseStatus> => {
  const items = await client.query<ItemRow>(
    `select items.id, items.media, items.added_at, items.withdrawn_at, items.signal_count,
       count(distinct matches.partner_id)::int as platforms,
       (count(distinct matches.partner_id) filter (where matches.opinion = 'blocked'))::int as blocked,
       coalesce(array_agg(distinct partners.name) filter (where partners.discloses_name), '{}') as names
     from items
     left join matches on matches.item_id = items.id and matches.opinion is distinct from 'false_match'
     left join partners on partners.id = matches.partner_id
     where items.case_id = $1
     group by items.id
     order by items.number`,
    [row.id],
  );
  const codes = await client.query<{ left: number }>(
    "select count(*)::int as left from recovery_codes where case_id = $1 and used_at is null",
    [row.id],
  );
  return {
    caseNumber,
    state: row.withdrawn_at === null ? "open" : "withdrawn",
    openedAt: row.opened_at.toISOString(),
    items: items.rows.map((item) => ({
      itemId: item.id,
      media: item.media,
      state: item.withdrawn_at === null ? "active" : "withdrawn",
      addedAt: item.added_at.toISOString(),
      ...(item.withdrawn_at === null ? {} : { withdrawnAt: item.withdrawn_at.toISOString() }),
      signalCount: item.signal_count,
      found: { platforms: item.platforms, blocked: item.blocked, names: [...item.names] },
    })),
    recoveryCodesLeft: codes.rows[0]?.left ?? 0,
  };
};

/** Opens a case. Throws `case_number_taken`, except when the same device repeats the same request. */
export const openCase = (database: Database, request: NewCase, now: Date): Promise<{ readonly openedAt: Date }> =>
  database.transaction(async (client) => {
    const verifier = Buffer.from(request.accessVerifier, "hex");
    const inserted = await client.query<{ id: string; opened_at: Date }>(
      `insert into cases (case_number, access_verifier, opened_at) values ($1, $2, $3)
       on conflict (case_number) do nothing returning id, opened_at`,
      [request.caseNumber, verifier, now],
    );
    const row = inserted.rows[0];
    if (row === undefined) {
      const existing = await client.query<CaseRow>(
        "select access_verifier, opened_at from cases where case_number = $1",
        [request.caseNumber],
      );
      const same = existing.rows[0];
      if (same === undefined || !timingSafeEqual(same.access_verifier, verifier)) {
        throw new BankError("case_number_taken");
      }
      return { openedAt: same.opened_at };
    }
    await client.query(
      "insert into recovery_codes (case_id, verifier) select $1, decode(code, 'hex') from unnest($2::text[]) as code on conflict do nothing",
      [row.id, request.recoveryVerifiers],
    );
    return { openedAt: row.opened_at };
  });

/** What the person sees of the case. */
export const caseStatus = (database: Database, access: CaseAccess): Promise<CaseStatus> =>
  database.transaction(async (client) => {
    // One snapshot for all statements, so that counts belong together.
    await client.query("set transaction isolation level repeatable read, read only");
    return readStatus(client, await openRow(client, access, false), access.caseNumber);
  });

/**
 * Adds items to a case and, in the same transaction, to the feed. An item that is there already with the same signals
 * is left as it is. Throws `item_conflict` when it is there with others, `case_full`, `case_withdrawn`.
 */
export const addCaseItems = async (
  database: Database,
  access: CaseAccess,
  items: readonly NewItem[],
  now: Date,
): Promise<CaseStatus> => {
  for (const { signals } of items) {
    // An item without signals could not be told from one that was withdrawn since.
    if (signals.length === 0) throw new BankError("signal_invalid");
    assertSignals(signals);
  }
  return database.transaction(async (client) => {
    const row = await openRow(client, access, true);
    if (row.withdrawn_at !== null) throw new BankError("case_withdrawn");
    const fresh: NewItem[] = [];
    for (const item of new Map(items.map((each) => [each.itemId, each])).values()) {
      const inserted = await client.query(
        `insert into items (id, bank_id, case_id, media, signals_digest, signal_count, added_at)
         select $1, banks.id, $2, $3, $4, $5, $6 from banks where banks.kind = 'network' order by banks.id limit 1
         on conflict (id) do nothing`,
        [item.itemId, row.id, item.media, digestSignals(item.signals), item.signals.length, now],
      );
      if (inserted.rowCount === 1) {
        fresh.push(item);
        continue;
      }
      const known = await client.query(
        "select 1 from items where id = $1 and case_id = $2 and media = $3 and (signals_digest = $4 or withdrawn_at is not null)",
        [item.itemId, row.id, item.media, digestSignals(item.signals)],
      );
      if (known.rowCount !== 1) throw new BankError("item_conflict");
    }
    const held = await client.query<{ count: number }>("select count(*)::int as count from items where case_id = $1", [
      row.id,
    ]);
    if ((held.rows[0]?.count ?? 0) > CASE_LIMITS.itemsPerCase) throw new BankError("case_full");
    await insertSignals(client, fresh);
    const status = await readStatus(client, row, access.caseNumber);
    await appendToFeed(
      client,
      "add",
      fresh.map((item) => item.itemId),
      now,
    );
    return status;
  });
};

/**
 * Withdraws items, or the whole case when `itemIds` is left out: their signals are deleted and the feed says so.
 * Withdrawing twice succeeds. Throws `item_unknown` when an item is not of this case; then nothing is withdrawn.
 */
export const withdraw = (
  database: Database,
  access: CaseAccess,
  itemIds: readonly string[] | undefined,
  now: Date,
): Promise<CaseStatus> =>
  database.transaction(async (client) => {
    const row = await openRow(client, access, true);
    if (itemIds !== undefined) {
      const wanted = new Set(itemIds);
      const own = await client.query("select 1 from items where case_id = $1 and id = any($2::uuid[])", [
        row.id,
        [...wanted],
      ]);
      if (own.rowCount !== wanted.size) throw new BankError("item_unknown");
    }
    const gone = await client.query<{ id: string }>(
      `update items set withdrawn_at = $2, signals_digest = ''
       where case_id = $1 and withdrawn_at is null and ($3::uuid[] is null or id = any($3::uuid[])) returning id`,
      [row.id, now, itemIds ?? null],
    );
    const goneIds = gone.rows.map((item) => item.id);
    await client.query("delete from signals where item_id = any($1::uuid[])", [goneIds]);
    const withdrawnAt = row.withdrawn_at ?? (itemIds === undefined ? now : null);
    await client.query("update cases set withdrawn_at = $2 where id = $1", [row.id, withdrawnAt]);
    const status = await readStatus(client, { ...row, withdrawn_at: withdrawnAt }, access.caseNumber);
    await appendToFeed(client, "withdraw", goneIds, now);
    return status;
  });

/**
 * Uses up a recovery code and puts a new key in the place of the lost one. Asking again with the same code and the same
 * new key succeeds: whoever lost the answer to the first time would otherwise have lost both keys. Throws
 * `case_access_denied`.
 */
export const recoverCase = (
  database: Database,
  request: { readonly caseNumber: string; readonly recoveryToken: string; readonly newAccessVerifier: string },
  now: Date,
): Promise<CaseStatus> =>
  database.transaction(async (client) => {
    const newVerifier = Buffer.from(request.newAccessVerifier, "hex");
    const found = await client.query<CaseRow & { readonly used_at: Date | null }>(
      `select cases.id, access_verifier, opened_at, withdrawn_at, used_at
       from cases join recovery_codes on recovery_codes.case_id = cases.id
       where case_number = $1 and verifier = $2 for update`,
      [request.caseNumber, verifierOf(request.recoveryToken)],
    );
    const row = found.rows[0];
    if (row === undefined) throw new BankError("case_access_denied");
    if (row.used_at !== null) {
      if (!timingSafeEqual(row.access_verifier, newVerifier)) throw new BankError("case_access_denied");
      return readStatus(client, row, request.caseNumber);
    }
    await client.query("update recovery_codes set used_at = $3 where case_id = $1 and verifier = $2", [
      row.id,
      verifierOf(request.recoveryToken),
      now,
    ]);
    await client.query("update cases set access_verifier = $2 where id = $1", [row.id, newVerifier]);
    return readStatus(client, row, request.caseNumber);
  });
