/**
 * The words of Recourse as types: one word for one thing, in code, on the wire and on the screen.
 * The list itself, with definitions, is in ARCHITECTURE.md.
 */
import Type, { type Static } from "typebox";
import { HEX_DIGITS, OPINIONS, SIGNAL_KINDS } from "./constants.ts";

/** What a signal is. `pdq` matches within a distance; `md5` and `sha256` match the same bytes only. */
export const SignalType = Type.Union([Type.Literal("pdq"), Type.Literal("md5"), Type.Literal("sha256")]);
export type SignalType = Static<typeof SignalType>;

export const SignalKind = Type.Enum([...SIGNAL_KINDS]);
export type SignalKind = (typeof SIGNAL_KINDS)[number];

const hex = (digits: number): string => `^[0-9a-fA-F]{${digits}}$`;

/**
 * A fingerprint: `value` is hex of the length its type demands, in either case on the wire and in lower case
 * everywhere behind it (`normaliseSignal`); `quality` (0 to 100) is for `pdq`.
 */
export const Signal = Type.Union([
  Type.Object(
    {
      type: Type.Literal("pdq"),
      value: Type.String({ pattern: hex(HEX_DIGITS.pdq) }),
      quality: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
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
]);
export type Signal = Static<typeof Signal>;

/** The same signal with its value in lower case. */
export const normaliseSignal = (signal: Signal): Signal => ({ ...signal, value: signal.value.toLowerCase() });

export const Verdict = Type.Union([Type.Literal("match"), Type.Literal("no_match"), Type.Literal("unscannable")]);
export type Verdict = Static<typeof Verdict>;

export const Opinion = Type.Enum([...OPINIONS]);
export type Opinion = (typeof OPINIONS)[number];

export const Media = Type.Union([Type.Literal("image"), Type.Literal("video")]);
export type Media = Static<typeof Media>;
