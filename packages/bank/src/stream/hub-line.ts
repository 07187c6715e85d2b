/**
 * The way back from a gate that has no database: what it found goes to a hub by requests over NATS, `recourse.hub.CALL`,
 * and is answered once it is written down. The gate says who it is by the name of its key (`partnerKeyName`), never by
 * the key: what is heard here opens no address of HTTP.
 */
import { type LateMatches, OPINIONS, type Opinion, SIGNAL_TYPES } from "@recourse/protocol";
import type { Msg } from "@nats-io/transport-node";
import type { Bank } from "../bank.ts";
import { BankError } from "../errors.ts";
import type { LateFinding } from "../late-matches.ts";
import { type ListedPartner, type NewMatch, partnerKeyName } from "../partners.ts";
import type { FeedConnection } from "./connection.ts";

const SUBJECT = "recourse.hub";
/** Hubs share the requests. */
const QUEUE = "recourse-hub";
const TIMEOUT_MS = 3_000;
const MATCHES_AT_ONCE = 1_000;
/** A key that was revoked stops working here at most about this much later. */
const PARTNERS_FRESH_MS = 5_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DISTANCES = 256;
const VOTES = 100_000;

type Fields = Readonly<Record<string, unknown>>;
type Call = "matches" | "late" | "opinion";
type Reply = { readonly value: unknown } | { readonly error: "key_wrong" | "match_unknown" | "database_unavailable" };

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};

const isNumber = (value: unknown, max: number): value is number =>
  typeof value === "number" && value >= 0 && value <= max;
const isWhole = (value: unknown, max: number): value is number => isNumber(value, max) && Number.isInteger(value);
const isUuid = (value: unknown): value is string => typeof value === "string" && UUID.test(value);

const readLate = (value: unknown): LateFinding | undefined => {
  const { checkId, votes, score } = fieldsOf(value);
  return isUuid(checkId) && isWhole(votes, VOTES) && isNumber(score, 1) ? { checkId, votes, score } : undefined;
};

const readMatch = (value: unknown, partnerId: number): NewMatch => {
  const fields = fieldsOf(value);
  const { id, itemId, distanceBits } = fields;
  const signalType = SIGNAL_TYPES.find((type) => type === fields["signalType"]);
  const late = fields["late"] === undefined ? undefined : readLate(fields["late"]);
  const isWrongLate = fields["late"] !== undefined && late === undefined;
  if (!isUuid(id) || !isUuid(itemId) || !isWhole(distanceBits, DISTANCES) || signalType === undefined || isWrongLate) {
    throw new BankError("match_unknown");
  }
  return { id, partnerId, itemId, signalType, distanceBits, ...(late && { late }) };
};

const parse = (bytes: Uint8Array): Fields => {
  try {
    return fieldsOf(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return {};
  }
};

type LineBank = Pick<Bank, "listPartners" | "recordMatches" | "listLateMatches" | "recordOpinion">;

/** Answers gates until closed. */
export const serveHubLine = (bank: LineBank, connection: FeedConnection): { close(): Promise<void> } => {
  let partners: readonly ListedPartner[] = [];
  let askedAt = Number.NEGATIVE_INFINITY;
  let stop = (): void => {};
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const partnerOf = async (keyName: unknown): Promise<number> => {
    if (performance.now() - askedAt >= PARTNERS_FRESH_MS) {
      partners = await bank.listPartners();
      askedAt = performance.now();
    }
    const partner = partners.find((each) => each.role === "gate" && each.keyName === keyName);
    if (partner === undefined) throw new BankError("key_wrong");
    return partner.id;
  };

  const answer = async (call: string, fields: Fields): Promise<unknown> => {
    const partnerId = await partnerOf(fields["keyName"]);
    switch (call) {
      case "matches": {
        const matches = Array.isArray(fields["matches"]) ? fields["matches"].slice(0, MATCHES_AT_ONCE) : [];
        await bank.recordMatches(matches.map((match) => readMatch(match, partnerId)));
        return null;
      }
      case "late": {
        const { after } = fields;
        return bank.listLateMatches(partnerId, isWhole(after, Number.MAX_SAFE_INTEGER) ? after : 0);
      }
      case "opinion": {
        const opinion = OPINIONS.find((known) => known === fields["opinion"]);
        if (!isUuid(fields["id"]) || opinion === undefined) throw new BankError("match_unknown");
        await bank.recordOpinion(partnerId, fields["id"], opinion);
        return null;
      }
      default:
        throw new BankError("match_unknown");
    }
  };

  const reply = async (call: string, bytes: Uint8Array): Promise<Reply> => {
    try {
      return { value: await answer(call, parse(bytes)) };
    } catch (error) {
      const code = error instanceof BankError ? error.code : "internal";
      return { error: code === "key_wrong" || code === "match_unknown" ? code : "database_unavailable" };
    }
  };

  const listen = async (): Promise<void> => {
    try {
      const { connection: open } = await connection.open();
      if (closed) return;
      const respond = async (message: Msg): Promise<void> => {
        const told = await reply(message.subject.slice(SUBJECT.length + 1), message.data);
        message.respond(JSON.stringify(told));
      };
      const subscription = open.subscribe(`${SUBJECT}.*`, {
        queue: QUEUE,
        callback: (error, message) => {
          if (error === null) void respond(message);
        },
      });
      stop = () => subscription.unsubscribe();
    } catch {
      if (!closed) retry = setTimeout(() => void listen(), TIMEOUT_MS);
      retry?.unref();
    }
  };
  const listening = listen();

  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      await listening;
      stop();
    },
  };
};

/** Beyond any number that the database gives: no partner of the bank itself has it. */
const localId = (keyName: string): number => 2 ** 52 + Number.parseInt(keyName.slice(0, 12), 16);

/** What a gate asks of a bank, by way of a hub. `key` is the gate's, as a hub gave it out. */
export const openHubLine = (key: string, connection: FeedConnection): LineBank => {
  const keyName = partnerKeyName(key);
  // Known here without asking: a gate that starts while no hub is there has to let its platform in.
  const self: ListedPartner = { id: localId(keyName), role: "gate", keyName };

  const ask = async (call: Call, fields: Fields): Promise<unknown> => {
    const { connection: open } = await connection.open().catch((error: unknown) => {
      throw new BankError("database_unavailable", error);
    });
    const answered = await open
      .request(`${SUBJECT}.${call}`, JSON.stringify({ keyName, ...fields }), { timeout: TIMEOUT_MS })
      .catch((error: unknown) => {
        throw new BankError("database_unavailable", error);
      });
    const told = parse(answered.data);
    if (told["error"] === "key_wrong" || told["error"] === "match_unknown") throw new BankError(told["error"]);
    if (!("value" in told)) throw new BankError("database_unavailable");
    return told["value"];
  };

  return {
    listPartners: () => Promise.resolve([self]),
    async recordMatches(matches) {
      await ask("matches", { matches: matches.map((match) => ({ ...match, partnerId: undefined })) });
    },
    async listLateMatches(_partnerId, after) {
      const value = await ask("late", { after });
      const { matches, next } = fieldsOf(value);
      if (!Array.isArray(matches) || typeof next !== "string") throw new BankError("database_unavailable");
      return value as LateMatches; // as a hub of this version lists them
    },
    async recordOpinion(_partnerId: number, id: string, opinion: Opinion) {
      await ask("opinion", { id, opinion });
    },
  };
};
