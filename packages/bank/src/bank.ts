/**
 * The bank: one object over one database, with the clock taken in as an argument. Everything it answers as done is
 * committed; everything it throws as BankError has left no trace.
 */
import type { CaseStatus, NewItem, Opinion, OwnItem, Signal } from "@recourse/protocol";
import { addCaseItems, type CaseAccess, caseStatus, type NewCase, openCase, recoverCase, withdraw } from "./cases.ts";
import type { Database } from "./database.ts";
import { BankError } from "./errors.ts";
import { type FeedEntry, type FeedReader, type FeedReaderOptions, feedHead, followFeed, readFeed } from "./feed.ts";
import { addOwnItem, addOwnItems, findOwnItems, listOwnItems, removeOwnItem } from "./own-bank.ts";
import {
  addPartner,
  countPartners,
  findPartner,
  type NewMatch,
  type Partner,
  type PartnerRole,
  recordMatches,
  recordOpinion,
} from "./partners.ts";

export interface Bank {
  openCase(request: NewCase): Promise<{ readonly openedAt: Date }>;
  caseStatus(access: CaseAccess): Promise<CaseStatus>;
  addCaseItems(access: CaseAccess, items: readonly NewItem[]): Promise<CaseStatus>;
  withdraw(access: CaseAccess, itemIds?: readonly string[]): Promise<CaseStatus>;
  recoverCase(request: {
    readonly caseNumber: string;
    readonly recoveryToken: string;
    readonly newAccessVerifier: string;
  }): Promise<CaseStatus>;

  addOwnItem(signals: readonly Signal[]): Promise<OwnItem>;
  addOwnItems(signalSets: readonly (readonly Signal[])[]): Promise<readonly OwnItem[]>;
  removeOwnItem(itemId: string): Promise<void>;
  listOwnItems(page?: {
    readonly after?: number;
    readonly limit?: number;
  }): Promise<{ readonly items: readonly OwnItem[]; readonly next?: number }>;
  findOwnItems(value: string): Promise<readonly OwnItem[]>;

  readFeed(after: number, limit: number): Promise<readonly FeedEntry[]>;
  feedHead(): Promise<number>;
  followFeed(options: Omit<FeedReaderOptions, "database">): FeedReader;

  addPartner(partner: {
    readonly name: string;
    readonly role: PartnerRole;
    readonly key: string;
    readonly disclosesName?: boolean;
  }): Promise<Partner>;
  findPartner(key: string): Promise<Partner | undefined>;
  countPartners(role: PartnerRole): Promise<number>;
  recordMatches(matches: readonly NewMatch[]): Promise<void>;
  recordOpinion(partnerId: number, matchId: string, opinion: Opinion): Promise<void>;

  /** Throws `database_unavailable` unless the database answers. */
  ping(): Promise<void>;
  /**
   * Holds a lock of this name until released or until this process is gone. Throws `data_in_use` when another
   * process holds it and goes on holding it for `waitMs`.
   */
  holdLock(number: number, waitMs: number): Promise<{ release(): Promise<void> }>;
}

const LOCK_RETRY_MS = 100;

/** `now` gives the time that is written into rows. */
export const createBank = (database: Database, now: () => Date = () => new Date()): Bank => ({
  openCase: (request) => openCase(database, request, now()),
  caseStatus: (access) => caseStatus(database, access),
  addCaseItems: (access, items) => addCaseItems(database, access, items, now()),
  withdraw: (access, itemIds) => withdraw(database, access, itemIds, now()),
  recoverCase: (request) => recoverCase(database, request, now()),
  addOwnItem: (signals) => addOwnItem(database, signals, now()),
  addOwnItems: (signalSets) => addOwnItems(database, signalSets, now()),
  removeOwnItem: (itemId) => removeOwnItem(database, itemId, now()),
  listOwnItems: (page) => listOwnItems(database, page),
  findOwnItems: (value) => findOwnItems(database, value),
  readFeed: (after, limit) => readFeed(database, after, limit),
  feedHead: () => feedHead(database),
  followFeed: (options) => followFeed({ ...options, database }),
  addPartner: (partner) => addPartner(database, partner, now()),
  findPartner: (key) => findPartner(database, key),
  countPartners: (role) => countPartners(database, role),
  recordMatches: (matches) => recordMatches(database, matches, now()),
  recordOpinion: (partnerId, matchId, opinion) => recordOpinion(database, partnerId, matchId, opinion, now()),
  async ping() {
    await database.query("select 1");
  },
  async holdLock(number, waitMs) {
    const client = await database.connect();
    const until = Date.now() + waitMs;
    for (;;) {
      const answer = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [number]);
      if (answer.rows[0]?.held === true) break;
      if (Date.now() >= until) {
        await client.end();
        throw new BankError("data_in_use");
      }
      await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
    }
    return { release: () => client.end() };
  },
});
