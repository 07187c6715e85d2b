/** How much of the feed whoever carries it elsewhere has to hold; all of one moment. */
import type { Database } from "./database.ts";
import { BankError } from "./errors.ts";

export interface FeedCounts {
  /** The head's number at that moment. */
  readonly sequence: number;
  /** Items in force, with at least one signal. */
  readonly inForce: number;
  /** Withdrawals with a greater number than the one asked about. */
  readonly withdrawalsAfter: number;
}

/** Goes through all items: a second for some millions of them. */
export const feedCounts = async (database: Database, after: number): Promise<FeedCounts> => {
  const result = await database.query<{ sequence: string; in_force: string; withdrawals: string }>(
    `select sequence, (select count(*) from items where checksum is not null) as in_force,
       (select count(*) from feed where operation = 'withdraw' and feed.sequence > $1) as withdrawals
     from feed_head`,
    [after],
  );
  const row = result.rows[0];
  if (row === undefined) throw new BankError("internal");
  return {
    sequence: Number(row.sequence),
    inForce: Number(row.in_force),
    withdrawalsAfter: Number(row.withdrawals),
  };
};

export interface OldWithdrawals {
  /** The number of the last of them; 0 if there are none. */
  readonly sequence: number;
  readonly withdrawals: number;
}

/** The withdrawals there are but for the latest `kept`, of which there is at least one. */
export const oldWithdrawals = async (database: Database, kept: number): Promise<OldWithdrawals> => {
  const result = await database.query<{ sequence: string; withdrawals: string }>(
    `with last_old as (
       select sequence from feed where operation = 'withdraw' order by sequence desc offset $1 limit 1
     )
     select sequence, (
       select count(*) from feed where operation = 'withdraw' and feed.sequence <= last_old.sequence
     ) as withdrawals
     from last_old`,
    [kept],
  );
  const row = result.rows[0];
  return { sequence: Number(row?.sequence ?? "0"), withdrawals: Number(row?.withdrawals ?? "0") };
};
