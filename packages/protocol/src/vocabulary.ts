/**
 * The words of Recourse as types: one word for one thing, in code, on the wire and on the screen.
 * The list itself, with definitions, is in ARCHITECTURE.md.
 */
import Type, { type Static } from "typebox";
import {
  HEX_DIGITS,
  LOCAL_VERSION,
  MAX_TIMESTAMP_MS,
  OPINIONS,
  PLACE_GRID,
  PLAIN_PDQ_KINDS,
  SIGNAL_KINDS,
  SIGNAL_TYPES,
  VPDQ_KINDS,
} from "./constants.ts";

/**
 * What a signal is.
 * - `md5` and `sha256` match the same bytes only.
 * - `pdq`, of a picture or a window of it, and `vpdq`, of a frame of a video, match within a distance, each other too.
 * - `pdq-local`, of a patch around a key point of a picture, matches by votes: several patches must agree. It says more
 *   about a picture than the others do. So it goes to gates and **never to an exchange with third parties**, whoever
 *   runs it: whatever exports signals asks `isShareable` first.
 */
export const SignalType = Type.Enum([...SIGNAL_TYPES]);
export type SignalType = (typeof SIGNAL_TYPES)[number];

export const SignalKind = Type.Enum([...SIGNAL_KINDS]);
export type SignalKind = (typeof SIGNAL_KINDS)[number];

export const VpdqKind = Type.Enum([...VPDQ_KINDS]);
export type VpdqKind = (typeof VPDQ_KINDS)[number];

const hex = (digits: number): string => `^[0-9a-fA-F]{${digits}}$`;
const Quality = Type.Integer({ minimum: 0, maximum: 100 });

const closed = { additionalProperties: false } as const;
const Pdq = Type.Object(
  {
    type: Type.Literal("pdq"),
    value: Type.String({ pattern: hex(HEX_DIGITS.pdq) }),
    quality: Type.Optional(Quality),
    kind: Type.Optional(SignalKind),
  },
  closed,
);
const Md5 = Type.Object({ type: Type.Literal("md5"), value: Type.String({ pattern: hex(HEX_DIGITS.md5) }) }, closed);
const Sha256 = Type.Object(
  { type: Type.Literal("sha256"), value: Type.String({ pattern: hex(HEX_DIGITS.sha256) }) },
  closed,
);
const LOCAL = {
  type: Type.Literal("pdq-local"),
  // Before the value: of another version, the value may have another form.
  version: Type.Literal(LOCAL_VERSION),
  value: Type.String({ pattern: hex(HEX_DIGITS["pdq-local"]) }),
};
const Vpdq = Type.Object(
  {
    type: Type.Literal("vpdq"),
    value: Type.String({ pattern: hex(HEX_DIGITS.vpdq) }),
    quality: Quality,
    timestampMs: Type.Integer({ minimum: 0, maximum: MAX_TIMESTAMP_MS }),
    kind: Type.Optional(VpdqKind),
  },
  closed,
);

/**
 * A fingerprint: `value` is hex of the length its type demands, in either case on the wire and in lower case
 * everywhere behind it (`normaliseSignal`); `quality` (0 to 100) is for `pdq` and `vpdq`, `timestampMs` counts from the
 * video's beginning.
 */
export const Signal = Type.Union([Pdq, Md5, Sha256, Type.Object(LOCAL, closed), Vpdq]);
export type Signal = Static<typeof Signal>;

/**
 * A signal that a check asks with. A patch may say where in the upload it lies, so that votes are asked to lie apart:
 * `row * 64 + column`, of 64 by 64 over a square of the upload's longest side. An item's patches have no place.
 */
export const AskedSignal = Type.Union([
  Pdq,
  Md5,
  Sha256,
  Type.Object(
    { ...LOCAL, place: Type.Optional(Type.Integer({ minimum: 0, maximum: PLACE_GRID * PLACE_GRID - 1 })) },
    closed,
  ),
  Vpdq,
]);
export type AskedSignal = Static<typeof AskedSignal>;

/** A signal of a platform's own content. */
export const CatalogueSignal = Type.Union([Pdq, Md5, Sha256]);
export type CatalogueSignal = Static<typeof CatalogueSignal>;

/** The same signal with its value in lower case. */
export const normaliseSignal = <S extends AskedSignal>(signal: S): S => ({
  ...signal,
  value: signal.value.toLowerCase(),
});

/**
 * Whether a signal may leave the network of hub and gates, for an exchange with third parties. Everything that exports
 * signals asks this; a new type is not shared before somebody decides so here.
 */
export const isShareable = (signal: Signal): boolean => {
  switch (signal.type) {
    case "pdq":
    case "md5":
    case "sha256":
    case "vpdq":
      return true;
    case "pdq-local":
      return false;
  }
};

/**
 * Whether a signal is what a consumer of plain PDQ expects: the hash of the whole picture, as it is, turned or mirrored.
 * One without a kind is what others have sent who know no kinds.
 */
export const isPlainPdq = (signal: Signal): boolean =>
  signal.type === "pdq" && (signal.kind === undefined || PLAIN_PDQ_KINDS.some((kind) => kind === signal.kind));

export const Verdict = Type.Union([Type.Literal("match"), Type.Literal("no_match"), Type.Literal("unscannable")]);
export type Verdict = Static<typeof Verdict>;

export const Opinion = Type.Enum([...OPINIONS]);
export type Opinion = (typeof OPINIONS)[number];

export const Media = Type.Union([Type.Literal("image"), Type.Literal("video")]);
export type Media = Static<typeof Media>;
