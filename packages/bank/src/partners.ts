/** Partners and their keys, the matches they record and the opinions they send back. */
import { createHash, randomBytes } from "node:crypto";
import type { Opinion, SignalType } from "@recourse/protocol";
import type { Database } from "./database.ts";
import { BankError } from "./errors.ts";
import { insertLateMatches, type LateFinding } from "./late-matches.ts";

export type PartnerRole = "gate" | "admin";

export interface Partner {
  readonly id: number;
  readonly role: PartnerRole;
}

/** What is stored of a key, and looked for. */
const hashKey = (key: string): Buffer => createHash("sha256").update(`recourse partner key v1:${key}`, "utf8").digest();

/** A new random key: 256 bits in base64url behind a prefix that secret scanners can find. */
export const makeKey = (role: PartnerRole): string => `rc_${role}_${randomBytes(32).toString("base64url")}`;

/** The name under which `listPartners` lists the partner with this key. */
export const partnerKeyName = (key: string): string => hashKey(key).toString("hex");

export interface NewPartner {
  readonly name: string;
  readonly role: PartnerRole;
  readonly key: string;
  readonly disclosesName?: boolean;
}

/**
 * Adds a partner with this key. A key that is known keeps its partner, role and revocation, and takes the name and its
 * disclosure as they are given now.
 */
export const addPartner = async (database: Database, partner: NewPartner, now: Date): Promise<Partner> => {
  const result = await database.query<{ id: number; role: PartnerRole }>(
    `insert into partners (name, role, key_hash, discloses_name, created_at) values ($1, $2, $3, $4, $5)
     on conflict (key_hash) do update set name = excluded.name, discloses_name = excluded.discloses_name
     returning id, role`,
    [partner.name, partner.role, hashKey(partner.key), partner.disclosesName ?? false, now],
  );
  const row = result.rows[0];
  if (row === undefined) throw new BankError("internal");
  return row;
};

/** Names the only gate partner there is, or takes its name back; with several, each has its own key to say so with. */
export const nameOnlyGate = async (database: Database, name: string, disclosesName: boolean): Promise<void> => {
  await database.query(
    `update partners set name = $1, discloses_name = $2
     where role = 'gate' and (select count(*) from partners where role = 'gate') = 1`,
    [name, disclosesName],
  );
};

export interface ListedPartner extends Partner {
  /** As `partnerKeyName` gives it for the key. */
  readonly keyName: string;
}

/** Every partner in force. */
export const listPartners = async (database: Database): Promise<readonly ListedPartner[]> => {
  const result = await database.query<{ id: number; role: PartnerRole; key_name: string }>(
    "select id, role, encode(key_hash, 'hex') as key_name from partners where revoked_at is null",
  );
  return result.rows.map(({ id, role, key_name: keyName }) => ({ id, role, keyName }));
};

export interface NewMatch {
  /** UUID, from `matchId`. */
  readonly id: string;
  readonly partnerId: number;
  readonly itemId: string;
  readonly signalType: SignalType;
  readonly distanceBits: number;
  /** Given when the check was answered before this was found. */
  readonly late?: LateFinding;
}

/**
 * The id of a match, the same whenever the same partner asks the same again about the same item. `query` is hashed
 * in and can't be read back from it: what a platform asked with is not kept.
 */
export const matchId = (partnerId: number, itemId: string, query: string): string => {
  const bytes = createHash("sha256").update(`recourse match v1:${partnerId}:${itemId}:${query}`).digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80; // RFC 9562, section 5.8: version 8, made by the vendor's own rule
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
};

/** Records matches; one that is there already, or that comes twice, counts one time more. Items that are gone meanwhile are passed over. */
export const recordMatches = async (database: Database, matches: readonly NewMatch[], now: Date): Promise<void> => {
  if (matches.length === 0) return;
  // Mostly none is late: one statement is one way to the database and back, a transaction of it three.
  if (matches.every(({ late }) => late === undefined)) return insertMatches(database, matches, now);
  await database.transaction(async (client) => {
    await insertMatches(client, matches, now);
    await insertLateMatches(client, matches, now);
  });
};

/** A connection in a transaction, or the database itself. */
interface Statements {
  query(text: string, values: unknown[]): Promise<unknown>;
}

const insertMatches = async (statements: Statements, matches: readonly NewMatch[], now: Date): Promise<void> => {
  const times = new Map<string, number>();
  for (const { id } of matches) times.set(id, (times.get(id) ?? 0) + 1);
  const unique = [...new Map(matches.map((match) => [match.id, match])).values()];
  await statements.query(
    `insert into matches (id, partner_id, item_id, signal_type, distance_bits, times, first_at, last_at)
     select found.id, found.partner_id, found.item_id, found.signal_type, found.distance_bits, found.times, $7, $7
     from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::smallint[], $6::int[])
       as found (id, partner_id, item_id, signal_type, distance_bits, times)
     join items on items.id = found.item_id
     order by found.id
     on conflict (id) do update set times = matches.times + excluded.times, last_at = excluded.last_at`,
    [
      unique.map((match) => match.id),
      unique.map((match) => match.partnerId),
      unique.map((match) => match.itemId),
      unique.map((match) => match.signalType),
      unique.map((match) => match.distanceBits),
      unique.map(({ id }) => times.get(id) ?? 1),
      now,
    ],
  );
};

/** Keeps what a partner's reviewer thinks of its match; a later opinion replaces it. Throws `match_unknown`. */
export const recordOpinion = async (
  database: Database,
  partnerId: number,
  id: string,
  opinion: Opinion,
  now: Date,
): Promise<void> => {
  const result = await database.query(
    "update matches set opinion = $3, opinion_at = $4 where id = $1 and partner_id = $2",
    [id, partnerId, opinion, now],
  );
  if (result.rowCount !== 1) throw new BankError("match_unknown");
};
