/** What a platform and its gate say to each other. */
import Type, { type Static } from "typebox";
import { CASE_LIMITS, CHECK_LIMITS, LOCAL_QUERY_POLICIES } from "./constants.ts";
import { AskedSignal, Opinion, Signal, SignalKind, SignalType, Verdict, VpdqKind } from "./vocabulary.ts";

const closed = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0 });

export const CheckSignalsRequest = Type.Object(
  { signals: Type.Array(AskedSignal, { minItems: 1, maxItems: CHECK_LIMITS.vpdq + CHECK_LIMITS.others }) },
  closed,
);
export type CheckSignalsRequest = Static<typeof CheckSignalsRequest>;

/** Stretches of a video, `[from, to]` in seconds, ascending. */
const Spans = Type.Array(Type.Array(Type.Number({ minimum: 0 }), { minItems: 2, maxItems: 2 }));

export const Match = Type.Object(
  {
    /** Names this match when the opinion is sent back. */
    id: Type.String(),
    item: Type.String(),
    /** By which way it was found: the strongest of those that found it. */
    signalType: SignalType,
    /** Bits that differ between the nearest two hashes, 0 to 31; 0 for md5 and sha256. */
    distance: Type.Integer({ minimum: 0, maximum: 256 }),
    bank: Type.String(),
    /**
     * How strong, 0 to 1. 1 is the same bytes. For pdq and a still, 1 - distance / 64: 1 at 0 bits, 0.52 at 31. For
     * pdq-local and moving vpdq what the judge of votes or frames says.
     */
    score: Type.Number({ minimum: 0, maximum: 1 }),
    /** How the known hash that matched was made: which window of the known picture, or how its frame was turned. */
    kind: Type.Optional(Type.Union([SignalKind, VpdqKind])),
    /** pdq-local: patches of the upload that agree with the item. */
    votes: Type.Optional(Count),
    /** vpdq: frames of the upload that agree with the item. */
    frames: Type.Optional(Count),
    /** Of a video, where the same is seen, on each side's own clock; by whichever way it was found. */
    seconds: Type.Optional(Type.Object({ item: Spans, upload: Spans }, closed)),
  },
  closed,
);
export type Match = Static<typeof Match>;

export const CheckAnswer = Type.Object(
  {
    verdict: Verdict,
    /** The best match of each item, strongest first. */
    matches: Type.Array(Match),
    /** What was asked with. */
    signals: Type.Array(AskedSignal),
    /** Why a file is unscannable: an error code. */
    reason: Type.Optional(Type.String()),
    /** The local hashes are still being asked for: what they find is listed by `lateMatches` under this id. */
    later: Type.Optional(Type.Object({ checkId: Type.String() }, closed)),
    /** Types that were sent and not asked for: switched off here, or too much waits already. */
    notAsked: Type.Optional(Type.Array(SignalType)),
  },
  closed,
);
export type CheckAnswer = Static<typeof CheckAnswer>;

/** A match that was found after its check was answered. */
export const LateMatch = Type.Object(
  { checkId: Type.String(), match: Match, at: Type.String({ format: "date-time" }) },
  closed,
);
export type LateMatch = Static<typeof LateMatch>;
export const LateMatches = Type.Object(
  {
    /** This partner's own, in the order they were found. */
    matches: Type.Array(LateMatch),
    /** What to pass as `after` the next time; there is more at once if `matches` is not empty. */
    next: Type.String(),
  },
  closed,
);
export type LateMatches = Static<typeof LateMatches>;

export const LocalQueryPolicy = Type.Enum([...LOCAL_QUERY_POLICIES]);
export type LocalQueryPolicy = (typeof LOCAL_QUERY_POLICIES)[number];

export const OpinionRequest = Type.Object({ opinion: Opinion }, closed);
export type OpinionRequest = Static<typeof OpinionRequest>;
export const OpinionAnswer = Type.Object({ id: Type.String(), opinion: Opinion }, closed);
export type OpinionAnswer = Static<typeof OpinionAnswer>;

export const GateStatus = Type.Object(
  {
    /** Last change of the bank that the gate has taken in. Every change up to it is in force. */
    sequence: Type.Integer(),
    /** Of what is in force at `sequence`, 32 hex digits; the bank computes the same: docs/feed.md. */
    checksum: Type.String({ pattern: "^[0-9a-f]{32}$" }),
    /** The last sequence number at which it was compared with the bank's and was the same; absent before the first. */
    verifiedSequence: Type.Optional(Type.Integer()),
    signals: Type.Integer(),
    items: Type.Integer(),
    /** False while the bank can't be reached; the gate goes on with what it has. */
    connected: Type.Boolean(),
    /** Matches that wait to be recorded. */
    unrecorded: Type.Integer(),
    /** `signals`, by type. */
    byType: Type.Object({ pdq: Count, md5: Count, sha256: Count, "pdq-local": Count, vpdq: Count }, closed),
    /** Local hashes of uploads that had no vote since several unrelated items hold them, since the start. */
    stoppedPatches: Count,
    /** When local hashes are asked for: before the answer, after it, or never. */
    localQuery: LocalQueryPolicy,
    /** Checks whose local hashes wait to be asked for, and those that were turned away since the start. */
    localWaiting: Count,
    localSkipped: Count,
  },
  closed,
);
export type GateStatus = Static<typeof GateStatus>;

export const OwnItem = Type.Object(
  { item: Type.String(), signals: Type.Array(Signal), addedAt: Type.String({ format: "date-time" }) },
  closed,
);
export type OwnItem = Static<typeof OwnItem>;
export const AddOwnItemRequest = Type.Object(
  { signals: Type.Array(Signal, { minItems: 1, maxItems: CASE_LIMITS.signalsPerItem }) },
  closed,
);
export type AddOwnItemRequest = Static<typeof AddOwnItemRequest>;
export const OwnItems = Type.Object({ items: Type.Array(OwnItem), next: Type.Optional(Type.String()) }, closed);
export type OwnItems = Static<typeof OwnItems>;
export const RemoveOwnItemRequest = Type.Object({ item: Type.String() }, closed);
export type RemoveOwnItemRequest = Static<typeof RemoveOwnItemRequest>;
