/** What of a catalogue was searched, for which changes of the bank: counted in the database, all of one moment. */
import type { Database } from "@recourse/bank";
import type { CataloguePart, LookBackStatement } from "@recourse/protocol";

const PAGE = 1_000;

interface SummaryRow {
  readonly contents: string | null;
  readonly hashes: string | null;
  readonly head: string;
  readonly least: string | null;
  readonly behind: string;
  readonly failed: string;
  readonly in_parts: string | null;
}

interface StatementPartRow {
  readonly id: string;
  readonly type: CataloguePart["type"];
  readonly hashes: number;
  readonly sequence: string;
  readonly searched_at: Date | null;
  readonly failure: string | null;
}

/** The statement for this partner's catalogue, with the parts after the one numbered `after`. */
export const readStatement = (
  database: Database,
  partnerId: number,
  after: number,
  now: Date,
): Promise<LookBackStatement> =>
  database.transaction(async (client) => {
    await client.query("set transaction isolation level repeatable read, read only");
    const summary = await client.query<SummaryRow>(
      `select catalogues.contents, catalogues.hashes, feed_head.sequence as head, parts.*
       from feed_head
       left join catalogues on catalogues.partner_id = $1
       cross join lateral (
         select min(sequence) as least, count(*) filter (where sequence < feed_head.sequence) as behind,
           count(*) filter (where failure is not null) as failed, sum(hashes) as in_parts
         from catalogue_parts where partner_id = $1
       ) parts`,
      [partnerId],
    );
    const page = await client.query<StatementPartRow>(
      `select id, type, hashes, sequence, searched_at, failure from catalogue_parts
       where partner_id = $1 and id > $2 order by id limit ${PAGE + 1}`,
      [partnerId, after],
    );
    const row = summary.rows[0];
    const head = Number(row?.head ?? 0);
    const hashes = Number(row?.hashes ?? 0);
    // A bank that was set back: what was asked then can't count for what comes now under the same numbers.
    const least = Math.min(head, Number(row?.least ?? head));
    const failed = Number(row?.failed ?? 0);
    const unaccounted = hashes - Number(row?.in_parts ?? 0);
    const parts = page.rows.slice(0, PAGE).map((part) => ({
      part: part.id,
      type: part.type,
      hashes: part.hashes,
      searchedSequence: Number(part.sequence),
      ...(part.searched_at === null ? {} : { searchedAt: part.searched_at.toISOString() }),
      ...(part.failure === null ? {} : { failure: part.failure }),
    }));
    const next = page.rows.length > PAGE ? parts.at(-1)?.part : undefined;
    return {
      at: now.toISOString(),
      contents: Number(row?.contents ?? 0),
      hashes,
      headSequence: head,
      searchedSequence: least,
      complete: least === head && failed === 0 && unaccounted === 0,
      partsBehind: Number(row?.behind ?? 0),
      partsFailed: failed,
      unaccountedHashes: Math.max(0, unaccounted),
      parts,
      ...(next === undefined ? {} : { next }),
    };
  });
