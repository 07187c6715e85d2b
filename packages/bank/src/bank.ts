/**
 * The bank: one object over one database, with the clock taken in as an argument. Everything it answers as done is
 * committed; everything it throws as BankError has left no trace.
 */
import type { CaseStatus, LateMatches, NewItem, Opinion, OwnItem, Signal } from "@recourse/protocol";
import { addCaseItems, type CaseAccess, caseStatus, type NewCase, openCase, recoverCase, withdraw } from "./cases.ts";
import type { Database } from "./database.ts";
import { auditFeed, type FeedHead, type FeedPage, feedHead, readFeed } from "./feed.ts";
import { type FeedCounts, feedCounts, type OldWithdrawals, oldWithdrawals } from "./feed-counts.ts";
import { type FeedReader, type FeedReaderOptions, followFeed } from "./follow-feed.ts";
import { holdLock } from "./lock.ts";
import { listLateMatches } from "./late-matches.ts";
import { addOwnItem, addOwnItems, findOwnItems, listOwnItems, removeOwnItem } from "./own-bank.ts";
import {
  addPartner,
  type ListedPartner,
  listPartners,
  nameOnlyGate,
  type NewMatch,
  type NewPartner,
  type Partner,
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

  readFeed(after: number, limit: number): Promise<FeedPage>;
  feedHead(): Promise<FeedHead>;
  /** The head, and its checksum computed anew from all signals in force: seconds for each million items. */
  auditFeed(): Promise<FeedHead & { readonly recomputed: string }>;
  /** What is in force, and the withdrawals behind this number. */
  feedCounts(after: number): Promise<FeedCounts>;
  /** The withdrawals there are but for the latest so many. */
  oldWithdrawals(kept: number): Promise<OldWithdrawals>;
  followFeed(options: Omit<FeedReaderOptions, "database">): FeedReader;

  addPartner(partner: NewPartner): Promise<Partner>;
  nameOnlyGate(name: string, disclosesName: boolean): Promise<void>;
  listPartners(): Promise<readonly ListedPartner[]>;
  recordMatches(matches: readonly NewMatch[]): Promise<void>;
  /** Late matches of this partner that come after the number `after`, in the order they were recorded. */
  listLateMatches(partnerId: number, after: number): Promise<LateMatches>;
  recordOpinion(partnerId: number, matchId: string, opinion: Opinion): Promise<void>;

  /** Throws `database_unavailable` unless the database answers. */
  ping(): Promise<void>;
  /**
   * Holds a lock of this number until released or until this process is gone; when the database was away meanwhile, it
   * is taken again. Throws `data_in_use` when another process holds it and goes on holding it for `waitMs`. `onTaken`
   * is told when another process took it while the database was away.
   */
  holdLock(number: number, waitMs: number, onTaken: () => void): Promise<{ release(): Promise<void> }>;
}

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
  auditFeed: () => auditFeed(database),
  feedCounts: (after) => feedCounts(database, after),
  oldWithdrawals: (kept) => oldWithdrawals(database, kept),
  followFeed: (options) => followFeed({ ...options, database }),
  addPartner: (partner) => addPartner(database, partner, now()),
  nameOnlyGate: (name, disclosesName) => nameOnlyGate(database, name, disclosesName),
  listPartners: () => listPartners(database),
  recordMatches: (matches) => recordMatches(database, matches, now()),
  listLateMatches: (partnerId, after) => listLateMatches(database, partnerId, after, now()),
  recordOpinion: (partnerId, matchId, opinion) => recordOpinion(database, partnerId, matchId, opinion, now()),
  async ping() {
    await database.query("select 1");
  },
  holdLock: (number, waitMs, onTaken) => holdLock(database, number, waitMs, onTaken),
});
