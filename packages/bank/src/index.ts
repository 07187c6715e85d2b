/** The public face of @recourse/bank. */
export { type Bank, createBank } from "./bank.ts";
export type { CaseAccess, NewCase } from "./cases.ts";
export { type Database, type DatabaseOptions, openDatabase, type Queryable } from "./database.ts";
export { BankError } from "./errors.ts";
export type { FeedEntry, FeedHead, FeedPage } from "./feed.ts";
export { createFeedChecksum, type FeedChecksum, itemChecksum } from "./feed-checksum.ts";
export { decodeEntry, encodeEntry, itemNumberOf } from "./feed-record.ts";
export type { FeedReader, FollowFeed, FollowOptions } from "./follow-feed.ts";
export { migrate } from "./migrate.ts";
export {
  type ListedPartner,
  makeKey,
  matchId,
  type NewMatch,
  type Partner,
  partnerKeyName,
  type PartnerRole,
} from "./partners.ts";
