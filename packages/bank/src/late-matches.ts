/**
 * Matches found after their check was answered, for the platform to fetch: each partner its own, in the order they were
 * recorded, for some days. What is kept is what any match keeps, and the random id of the check.
 */
import type { LateMatches, Match, SignalType } from "@recourse/protocol";
import type { Database, Queryable } from "./database.ts";

/** What is kept of a late match beside the match. */
export interface LateFinding {
  /** UUID, random: as the platform was given it in the answer. */
  readonly checkId: string;
  readonly votes: number;
  /** 0 to 1. */
  readonly score: number;
}

/** Of a match that was recorded, what is needed here. */
interface RecordedMatch {
  readonly id: string;
  readonly partnerId: number;
  readonly distanceBits: number;
  readonly late?: LateFinding;
}

const PAGE = 500;
/** Beyond either, the oldest of a partner go first. The person's notice of the match stays. */
const KEPT_DAYS = 7;
const KEPT_ROWS = 10_000;
/** First half of the name of a lock; the second is the partner's number. */
const LATE_LOCK = 7_308_003;

/**
 * Adds those of the matches that are late, and lets go of old ones. To be called in the transaction that records them,
 * after they are there; one whose item was gone, and that is not there, is passed over.
 */
export const insertLateMatches = async (
  client: Queryable,
  matches: readonly RecordedMatch[],
  now: Date,
): Promise<void> => {
  const late = matches.flatMap((match) => (match.late === undefined ? [] : [{ ...match, ...match.late }]));
  if (late.length === 0) return;
  // In one order, so that two gates never wait for each other.
  const partners = [...new Set(late.map((match) => match.partnerId))].toSorted((a, b) => a - b);
  // Numbers of one partner are given in the order of commits, so that no reader passes one by that is yet to come.
  for (const partner of partners) await client.query("select pg_advisory_xact_lock($1, $2)", [LATE_LOCK, partner]);
  await client.query(
    `insert into late_matches (partner_id, check_id, match_id, distance_bits, votes, score, at)
     select found.partner_id, found.check_id, found.match_id, found.distance_bits, found.votes, found.score, $7
     from unnest($1::int[], $2::uuid[], $3::uuid[], $4::smallint[], $5::int[], $6::real[]) with ordinality
       as found (partner_id, check_id, match_id, distance_bits, votes, score, position)
     join matches on matches.id = found.match_id and matches.partner_id = found.partner_id
     order by found.position
     on conflict (check_id, match_id) do nothing`,
    [
      late.map((match) => match.partnerId),
      late.map((match) => match.checkId),
      late.map((match) => match.id),
      late.map((match) => match.distanceBits),
      late.map((match) => match.votes),
      late.map((match) => match.score),
      now,
    ],
  );
  await client.query(`delete from late_matches where at < $1::timestamptz - interval '${KEPT_DAYS} days'`, [now]);
  for (const partner of partners) {
    await client.query(
      `delete from late_matches where partner_id = $1 and number <= (
         select number from late_matches where partner_id = $1 order by number desc offset ${KEPT_ROWS} limit 1
       )`,
      [partner],
    );
  }
};

interface LateRow {
  readonly number: string;
  readonly check_id: string;
  readonly match_id: string;
  readonly item_id: string;
  readonly bank: string;
  readonly distance_bits: number;
  readonly votes: number;
  readonly score: number;
  readonly at: Date;
}

/** Late matches are what the local hashes found; nothing else is asked for after an answer. */
const LATE_TYPE: SignalType = "pdq-local";

const matchOf = (row: LateRow): Match => ({
  id: row.match_id,
  item: row.item_id,
  signalType: LATE_TYPE,
  distance: row.distance_bits,
  bank: row.bank,
  // Stored in four bytes: 0.8 comes back as 0.800000011920929.
  score: Math.round(row.score * 1e6) / 1e6,
  votes: row.votes,
});

/**
 * A page of this partner's late matches after `after`; of nobody else's. An item that was withdrawn meanwhile is passed
 * over: nothing shall be blocked for it any more.
 */
export const listLateMatches = async (
  database: Database,
  partnerId: number,
  after: number,
  now: Date,
): Promise<LateMatches> => {
  const result = await database.query<LateRow>(
    `select late_matches.number, late_matches.check_id, late_matches.match_id, matches.item_id, banks.name as bank,
       late_matches.distance_bits, late_matches.votes, late_matches.score, late_matches.at
     from late_matches
     join matches on matches.id = late_matches.match_id
     join items on items.id = matches.item_id and items.withdrawn_at is null
     join banks on banks.id = items.bank_id
     where late_matches.partner_id = $1 and late_matches.number > $2
       and late_matches.at >= $3::timestamptz - interval '${KEPT_DAYS} days'
     order by late_matches.number limit ${PAGE}`,
    [partnerId, after, now],
  );
  return {
    matches: result.rows.map((row) => ({ checkId: row.check_id, match: matchOf(row), at: row.at.toISOString() })),
    next: result.rows.at(-1)?.number ?? String(after),
  };
};
