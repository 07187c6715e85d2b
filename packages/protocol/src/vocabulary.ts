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

/**
 * A fingerprint: `value` is hex of the length its type demands, in either case on the wire and in lower case
 * everywhere behind it (`normaliseSignal`); `quality` (0 to 100) is for `pdq` and `vpdq`, `timestampMs` counts from the
 * video's beginning.
 */
export const Signal = Type.Union([
  Type.Object(
    {
      type: Type.Literal("pdq"),
      value: Type.String({ pattern: hex(HEX_DIGITS.pdq) }),
      quality: Type.Optional(Quality),
      kind: Type.Optional(SignalKind),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal("md5"), value: Type.String({ pattern: hex(HEX_DIGITS.md5) }) },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal("sha256"), value: Type.String({ pattern: hex(HEX_DIGITS.sha256) }) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      type: Type.Literal("pdq-local"),
      // Before the value: of another version, the value may have another form.
      version: Type.Literal(LOCAL_VERSION),
      value: Type.String({ pattern: hex(HEX_DIGITS["pdq-local"]) }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      type: Type.Literal("vpdq"),
      value: Type.String({ pattern: hex(HEX_DIGITS.vpdq) }),
      quality: Quality,
      timestampMs: Type.Integer({ minimum: 0, maximum: MAX_TIMESTAMP_MS }),
      kind: Type.Optional(VpdqKind),
    },
    { additionalProperties: false },
  ),
]);
export type Signal = Static<typeof Signal>;

/** The same signal with its value in lower case. */
export const normaliseSignal = (signal: Signal): Signal => ({ ...signal, value: signal.value.toLowerCase() });

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
