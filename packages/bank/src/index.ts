/** The public face of @recourse/bank. */
export { type Bank, createBank } from "./bank.ts";
export type { CaseAccess, NewCase } from "./cases.ts";
export { type Database, type DatabaseOptions, openDatabase } from "./database.ts";
export { BankError } from "./errors.ts";
export type { FeedEntry, FeedReader, FeedReaderOptions } from "./feed.ts";
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
