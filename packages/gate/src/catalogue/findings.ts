/** Content that is an item of the bank: written down as a match of the partner, listed for it a page at a time. */
import { matchId, type Database, type Queryable } from "@recourse/bank";
import type { CatalogueFindings, SignalType } from "@recourse/protocol";

export interface NewFinding {
  readonly partnerId: number;
  readonly contentNumber: number;
  readonly itemId: string;
  readonly signalType: SignalType;
  readonly distanceBits: number;
}

const PAGE = 500;
/** First half of the name of a lock; the second is the partner's number. */
const FINDINGS_LOCK = 7_308_004;
/** Rows in one statement. */
const ROWS = 5_000;

/** The same for the same content and item, however often it is found. */
const idOf = ({ partnerId, itemId, contentNumber }: NewFinding): string =>
  matchId(partnerId, itemId, `catalogue:${contentNumber}`);

/**
 * Holds the findings of these partners to the end of the transaction. Whoever removes content or findings, or writes
 * findings down, does so before it touches a row of contents or findings: these are touched in any order, and two that
 * do so at once would wait for each other.
 */
export const holdFindings = async (client: Queryable, partnerIds: Iterable<number>): Promise<void> => {
  // In one order, so that two never wait for each other.
  for (const partner of [...new Set(partnerIds)].toSorted((a, b) => a - b)) {
    await client.query("select pg_advisory_xact_lock($1, $2)", [FINDINGS_LOCK, partner]);
  }
};

/**
 * Writes findings down, in the transaction that says that they were searched for. What was removed from the catalogue or
 * withdrawn from the bank meanwhile is passed over; what is there already becomes nearer where it is.
 */
export const insertFindings = async (client: Queryable, findings: readonly NewFinding[], now: Date): Promise<void> => {
  const nearest = new Map<string, NewFinding>();
  for (const finding of findings) {
    const id = idOf(finding);
    const known = nearest.get(id);
    if (known === undefined || finding.distanceBits < known.distanceBits) nearest.set(id, finding);
  }
  if (nearest.size === 0) return;
  // Also so that no reader passes a number by that is yet to come.
  await holdFindings(
    client,
    findings.map(({ partnerId }) => partnerId),
  );
  const rows = [...nearest].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (let from = 0; from < rows.length; from += ROWS) {
    const some = rows.slice(from, from + ROWS);
    const values = [
      some.map(([id]) => id),
      some.map(([, finding]) => finding.partnerId),
      some.map(([, finding]) => finding.contentNumber),
      some.map(([, finding]) => finding.itemId),
      some.map(([, finding]) => finding.signalType),
      some.map(([, finding]) => finding.distanceBits),
      now,
    ];
    await client.query(
      `with found as (
         select * from unnest($1::uuid[], $2::int[], $3::bigint[], $4::uuid[], $5::text[], $6::smallint[])
           as found (id, partner_id, content_number, item_id, signal_type, distance_bits)
       ), living as (
         -- Held until the end, so that a removal of the content that comes now sees the finding.
         select contents.partner_id, contents.number from catalogue_contents contents
         where (contents.partner_id, contents.number) in (select partner_id, content_number from found)
         for key share
       ), present as (
         select found.* from found
         join living on living.partner_id = found.partner_id and living.number = found.content_number
         join items on items.id = found.item_id and items.withdrawn_at is null
       ), matched as (
         insert into matches (id, partner_id, item_id, signal_type, distance_bits, first_at, last_at)
         select id, partner_id, item_id, signal_type, distance_bits, $7, $7 from present order by id
         on conflict (id) do update
           set signal_type = excluded.signal_type, distance_bits = excluded.distance_bits, last_at = excluded.last_at
           where excluded.distance_bits < matches.distance_bits
       )
       insert into catalogue_findings (partner_id, content_number, match_id, at)
       select partner_id, content_number, id, $7 from present order by partner_id, content_number, id
       on conflict (match_id) do nothing`,
      values,
    );
  }
};

/** Forgets what was found of items that were withdrawn; the person's own notice of the match stays. */
export const forgetItems = async (client: Queryable, itemIds: readonly string[]): Promise<void> => {
  if (itemIds.length === 0) return;
  const partners = await client.query<{ partner_id: number }>(
    `select distinct found.partner_id from catalogue_findings found
     join matches on matches.id = found.match_id where matches.item_id = any($1::uuid[])`,
    [itemIds],
  );
  await holdFindings(
    client,
    partners.rows.map((row) => row.partner_id),
  );
  await client.query(
    `delete from catalogue_findings using matches
     where matches.id = catalogue_findings.match_id and matches.item_id = any($1::uuid[])`,
    [itemIds],
  );
};

interface FindingRow {
  readonly number: string;
  readonly match_id: string;
  readonly content_id: string;
  readonly item_id: string;
  readonly bank: string;
  readonly signal_type: SignalType;
  readonly distance_bits: number;
  readonly at: Date;
}

/**
 * A page of this partner's findings after the number `after`; of nobody else's. An item that was withdrawn meanwhile is
 * passed over: nothing shall be taken down for it any more.
 */
export const listFindings = async (
  database: Database,
  partnerId: number,
  after: number,
): Promise<CatalogueFindings> => {
  const result = await database.query<FindingRow>(
    `select found.number, found.match_id, contents.content_id, matches.item_id, banks.name as bank,
       matches.signal_type, matches.distance_bits, found.at
     from catalogue_findings found
     join matches on matches.id = found.match_id
     join items on items.id = matches.item_id and items.withdrawn_at is null
     join banks on banks.id = items.bank_id
     join catalogue_contents contents
       on contents.partner_id = found.partner_id and contents.number = found.content_number
     where found.partner_id = $1 and found.number > $2
     order by found.number limit ${PAGE}`,
    [partnerId, after],
  );
  return {
    findings: result.rows.map((row) => ({
      match: row.match_id,
      content: row.content_id,
      item: row.item_id,
      bank: row.bank,
      signalType: row.signal_type,
      distance: row.distance_bits,
      at: row.at.toISOString(),
    })),
    next: result.rows.at(-1)?.number ?? String(after),
  };
};
