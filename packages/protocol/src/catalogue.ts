/** What a platform and its gate say to each other about the platform's own content: docs/catalogue.md. */
import Type, { type Static } from "typebox";
import { CATALOGUE_LIMITS, CATALOGUE_TYPES } from "./constants.ts";
import { CatalogueSignal, SignalType } from "./vocabulary.ts";

const closed = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0 });

/** What a platform calls a piece of its content: 1 to 256 bytes of UTF-8 without control characters. */
export const ContentId = Type.String({ minLength: 1, maxLength: CATALOGUE_LIMITS.contentIdBytes });

/** A piece of content, known by its signals only. */
export const CatalogueContent = Type.Object(
  {
    content: ContentId,
    signals: Type.Array(CatalogueSignal, { minItems: 1, maxItems: CATALOGUE_LIMITS.signalsPerContent }),
  },
  closed,
);
export type CatalogueContent = Static<typeof CatalogueContent>;

/** A line of a stream: a content to register, or one to remove. */
export const CatalogueLine = Type.Union([
  CatalogueContent,
  Type.Object({ content: ContentId, remove: Type.Literal(true) }, closed),
]);
export type CatalogueLine = Static<typeof CatalogueLine>;

/** A piece of content that is an item of the bank. */
export const CatalogueFinding = Type.Object(
  {
    /** Names the match when the opinion is sent back. */
    match: Type.String(),
    content: Type.String(),
    item: Type.String(),
    bank: Type.String(),
    /** By which signal of the content. A `pdq` may also be near a frame of a known video. */
    signalType: SignalType,
    /** Bits that differ, 0 to 31; 0 for md5 and sha256. */
    distance: Type.Integer({ minimum: 0, maximum: 31 }),
    at: Type.String({ format: "date-time" }),
  },
  closed,
);
export type CatalogueFinding = Static<typeof CatalogueFinding>;

export const CatalogueFindings = Type.Object(
  {
    /** This partner's own, in the order they were found. */
    findings: Type.Array(CatalogueFinding),
    /** What to pass as `after` the next time; there may be more at once if `findings` is not empty. */
    next: Type.String(),
  },
  closed,
);
export type CatalogueFindings = Static<typeof CatalogueFindings>;

export const RegisterAnswer = Type.Object(
  {
    outcome: Type.Union([Type.Literal("added"), Type.Literal("unchanged")]),
    /**
     * True when it was compared with everything that the gate has in force before this answer: what was found is listed
     * among the findings already. Else the look-back does it next.
     */
    searched: Type.Boolean(),
  },
  closed,
);
export type RegisterAnswer = Static<typeof RegisterAnswer>;

export const CatalogueStreamAnswer = Type.Object(
  {
    /** The last line that was dealt with, counted from 1: it was kept, or it is among the refused. Send from here on. */
    lines: Count,
    added: Count,
    /** Known already, with the same signals. */
    unchanged: Count,
    removed: Count,
    /** To be removed, and not there. */
    absent: Count,
    /** Why the stream was not read to its end: an error code. */
    stopped: Type.Optional(Type.String()),
    refused: Type.Array(Type.Object({ line: Count, code: Type.String() }, closed)),
  },
  closed,
);
export type CatalogueStreamAnswer = Static<typeof CatalogueStreamAnswer>;

export const CatalogueUpload = Type.Object(
  {
    /** Lines that are kept, or were refused; 0 when nothing is known of this upload. */
    lines: Count,
  },
  closed,
);
export type CatalogueUpload = Static<typeof CatalogueUpload>;

export const RemoveContentRequest = Type.Object(
  { contents: Type.Array(ContentId, { minItems: 1, maxItems: CATALOGUE_LIMITS.removalsPerRequest }) },
  closed,
);
export type RemoveContentRequest = Static<typeof RemoveContentRequest>;
export const RemoveContentAnswer = Type.Object({ removed: Count, absent: Count }, closed);
export type RemoveContentAnswer = Static<typeof RemoveContentAnswer>;

/** A part of a catalogue: the unit in which it is searched. */
export const CataloguePart = Type.Object(
  {
    part: Type.String(),
    type: Type.Enum([...CATALOGUE_TYPES]),
    hashes: Count,
    /** Compared with every item in force that came with this number of the feed or before it. */
    searchedSequence: Count,
    searchedAt: Type.Optional(Type.String({ format: "date-time" })),
    /** Why it could not be searched any further: an error code. */
    failure: Type.Optional(Type.String()),
  },
  closed,
);
export type CataloguePart = Static<typeof CataloguePart>;

/** What of a catalogue was searched, for which changes of the bank. All of it is of one moment. */
export const LookBackStatement = Type.Object(
  {
    at: Type.String({ format: "date-time" }),
    contents: Count,
    hashes: Count,
    /** The last change of the bank. */
    headSequence: Count,
    /** Every part was compared with every item in force that came with this number or before it. */
    searchedSequence: Count,
    /** True when that is the head, no part failed and every hash is in a part. */
    complete: Type.Boolean(),
    /** Parts that are behind the head, and those of them that could not be searched. */
    partsBehind: Count,
    partsFailed: Count,
    /** Hashes that were registered and are in no part: never anything but 0 unless rows were lost. */
    unaccountedHashes: Count,
    /** A page of the parts, all of them one after the other. */
    parts: Type.Array(CataloguePart),
    /** What to pass as `after` for more parts; absent at the end. */
    next: Type.Optional(Type.String()),
  },
  closed,
);
export type LookBackStatement = Static<typeof LookBackStatement>;
