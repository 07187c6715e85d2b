/** What a platform and its gate say to each other. */
import Type, { type Static } from "typebox";
import { Opinion, Signal, SignalType, Verdict } from "./vocabulary.ts";

const closed = { additionalProperties: false } as const;

export const CheckSignalsRequest = Type.Object({ signals: Type.Array(Signal, { minItems: 1, maxItems: 64 }) }, closed);
export type CheckSignalsRequest = Static<typeof CheckSignalsRequest>;

export const Match = Type.Object(
  {
    /** Names this match when the opinion is sent back. */
    id: Type.String(),
    item: Type.String(),
    signalType: SignalType,
    /** Bits that differ, 0 to 31; 0 for md5 and sha256. */
    distance: Type.Integer({ minimum: 0, maximum: 256 }),
    bank: Type.String(),
  },
  closed,
);
export type Match = Static<typeof Match>;

export const CheckAnswer = Type.Object(
  {
    verdict: Verdict,
    /** The best match of each item, nearest first. */
    matches: Type.Array(Match),
    /** What was asked with. */
    signals: Type.Array(Signal),
    /** Why a file is unscannable: an error code. */
    reason: Type.Optional(Type.String()),
  },
  closed,
);
export type CheckAnswer = Static<typeof CheckAnswer>;

export const OpinionRequest = Type.Object({ opinion: Opinion }, closed);
export type OpinionRequest = Static<typeof OpinionRequest>;
export const OpinionAnswer = Type.Object({ id: Type.String(), opinion: Opinion }, closed);
export type OpinionAnswer = Static<typeof OpinionAnswer>;

export const GateStatus = Type.Object(
  {
    /** Last change of the bank that the gate has taken in. Every change up to it is in force. */
    sequence: Type.Integer(),
    signals: Type.Integer(),
    items: Type.Integer(),
    /** False while the bank can't be reached; the gate goes on with what it has. */
    connected: Type.Boolean(),
    /** Matches that wait to be recorded. */
    unrecorded: Type.Integer(),
  },
  closed,
);
export type GateStatus = Static<typeof GateStatus>;

export const OwnItem = Type.Object(
  { item: Type.String(), signals: Type.Array(Signal), addedAt: Type.String({ format: "date-time" }) },
  closed,
);
export type OwnItem = Static<typeof OwnItem>;
export const AddOwnItemRequest = Type.Object({ signals: Type.Array(Signal, { minItems: 1, maxItems: 64 }) }, closed);
export type AddOwnItemRequest = Static<typeof AddOwnItemRequest>;
export const OwnItems = Type.Object({ items: Type.Array(OwnItem), next: Type.Optional(Type.String()) }, closed);
export type OwnItems = Static<typeof OwnItems>;
export const RemoveOwnItemRequest = Type.Object({ item: Type.String() }, closed);
export type RemoveOwnItemRequest = Static<typeof RemoveOwnItemRequest>;
