/**
 * What a person's device and the hub say to each other. No field holds personal data, and everything that
 * identifies a case travels in a body, never in an address.
 *
 * Case key: made on the device, 155 random bits. The device derives `caseToken = hex(SHA-256("recourse case v1:" + key))`
 * and sends only the verifier `hex(SHA-256(caseToken))` when it opens the case (both over UTF-8 text, the token as
 * its 64 lower-case hex digits; the key in capitals without spaces or hyphens). So the server stores a hash of
 * something it only ever sees when the person comes back. Recovery codes work the same way with
 * "recourse recovery v1:".
 */
import Type, { type Static } from "typebox";
import { CASE_LIMITS } from "./constants.ts";
import { Media, Signal } from "./vocabulary.ts";

/** Case number: `RC` and three groups of four characters of Crockford's base 32, the last a check character. */
export const CASE_NUMBER_PATTERN = "^RC-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$";
export const CaseNumber = Type.String({ pattern: CASE_NUMBER_PATTERN });

const Hex64 = Type.String({ pattern: "^[0-9a-f]{64}$" });
const Uuid = Type.String({ pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$" });
const Timestamp = Type.String({ format: "date-time" });
const closed = { additionalProperties: false } as const;

/** An ALTCHA challenge (version 2 of its format) as the hub hands it out. */
export const Challenge = Type.Object({
  parameters: Type.Object({
    algorithm: Type.String(),
    nonce: Type.String(),
    salt: Type.String(),
    cost: Type.Integer(),
    keyLength: Type.Integer(),
    keyPrefix: Type.String(),
    keySignature: Type.Optional(Type.String()),
    expiresAt: Type.Optional(Type.Integer()),
  }),
  signature: Type.Optional(Type.String()),
});
export type Challenge = Static<typeof Challenge>;

/** A solved challenge. */
export const ProofOfWork = Type.Object({
  challenge: Challenge,
  solution: Type.Object({
    counter: Type.Integer({ minimum: 0 }),
    derivedKey: Type.String({ maxLength: 256 }),
    time: Type.Optional(Type.Number()),
  }),
});
export type ProofOfWork = Static<typeof ProofOfWork>;

const CaseAccess = { caseNumber: CaseNumber, caseToken: Hex64 };

export const OpenCaseRequest = Type.Object(
  {
    caseNumber: CaseNumber,
    accessVerifier: Hex64,
    recoveryVerifiers: Type.Array(Hex64, { maxItems: CASE_LIMITS.recoveryCodes }),
    /** What the person stated before anything was computed. Anything but `true` is no case. */
    statements: Type.Object({ adultWhenMade: Type.Literal(true), consentToShare: Type.Literal(true) }, closed),
    proofOfWork: ProofOfWork,
  },
  closed,
);
export type OpenCaseRequest = Static<typeof OpenCaseRequest>;
export const OpenCaseAnswer = Type.Object({ caseNumber: CaseNumber, openedAt: Timestamp }, closed);
export type OpenCaseAnswer = Static<typeof OpenCaseAnswer>;

export const NewItem = Type.Object(
  {
    /** Made on the device; sending the same item again changes nothing and succeeds. */
    itemId: Uuid,
    media: Media,
    signals: Type.Array(Signal, { minItems: 1, maxItems: CASE_LIMITS.signalsPerItem }),
  },
  closed,
);
export type NewItem = Static<typeof NewItem>;

export const AddItemsRequest = Type.Object(
  {
    ...CaseAccess,
    items: Type.Array(NewItem, { minItems: 1, maxItems: CASE_LIMITS.itemsPerRequest }),
    proofOfWork: ProofOfWork,
  },
  closed,
);
export type AddItemsRequest = Static<typeof AddItemsRequest>;

export const CaseItem = Type.Object(
  {
    itemId: Uuid,
    media: Media,
    state: Type.Union([Type.Literal("active"), Type.Literal("withdrawn")]),
    addedAt: Timestamp,
    withdrawnAt: Type.Optional(Timestamp),
    signalCount: Type.Integer(),
    /** Platforms that found a copy, those of them that said they blocked it, and the names of those that allow it. */
    found: Type.Object(
      { platforms: Type.Integer(), blocked: Type.Integer(), names: Type.Array(Type.String()) },
      closed,
    ),
  },
  closed,
);
export type CaseItem = Static<typeof CaseItem>;

export const CaseStatus = Type.Object(
  {
    caseNumber: CaseNumber,
    state: Type.Union([Type.Literal("open"), Type.Literal("withdrawn")]),
    openedAt: Timestamp,
    items: Type.Array(CaseItem),
    recoveryCodesLeft: Type.Integer(),
  },
  closed,
);
export type CaseStatus = Static<typeof CaseStatus>;

export const CaseStatusRequest = Type.Object(CaseAccess, closed);
export type CaseStatusRequest = Static<typeof CaseStatusRequest>;

export const WithdrawRequest = Type.Object(
  {
    ...CaseAccess,
    /** Left out: the whole case is withdrawn. */
    itemIds: Type.Optional(Type.Array(Uuid, { minItems: 1, maxItems: CASE_LIMITS.itemsPerCase })),
  },
  closed,
);
export type WithdrawRequest = Static<typeof WithdrawRequest>;

/** Exchanges a recovery code, used up by this, for a new case key. */
export const RecoverRequest = Type.Object(
  { caseNumber: CaseNumber, recoveryToken: Hex64, newAccessVerifier: Hex64 },
  closed,
);
export type RecoverRequest = Static<typeof RecoverRequest>;
