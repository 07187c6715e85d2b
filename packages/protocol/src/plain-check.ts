/**
 * Reading the check that is asked for most, one by hashes of a picture and of bytes, without a validator of schemas: what
 * is read here is valid by `CheckSignalsRequest` and fits; of what is not read here nothing is said.
 */
import { HEX_DIGITS, SIGNAL_KINDS } from "./constants.ts";
import type { AskedSignal } from "./vocabulary.ts";

const SIGNALS = 32;
const KINDS: ReadonlySet<unknown> = new Set(SIGNAL_KINDS);
const LOWER_HEX = /^[0-9a-f]+$/;

const isHex = (value: unknown, digits: number): boolean =>
  typeof value === "string" && value.length === digits && LOWER_HEX.test(value);

/** A valid signal with its value in lower case, and no field that is not known here. */
const isPlain = (signal: unknown): signal is AskedSignal => {
  if (typeof signal !== "object" || signal === null) return false;
  let type: unknown;
  let value: unknown;
  // Own fields and, were there any, those of a prototype: JSON makes none.
  for (const field in signal) {
    const content: unknown = (signal as Record<string, unknown>)[field];
    if (field === "type") type = content;
    else if (field === "value") value = content;
    else if (field === "quality") {
      if (typeof content !== "number" || !Number.isInteger(content) || content < 0 || content > 100) return false;
    } else if (field !== "kind" || !KINDS.has(content)) return false;
  }
  if (type === "pdq") return isHex(value, HEX_DIGITS.pdq);
  if ("quality" in signal || "kind" in signal) return false;
  return (type === "md5" && isHex(value, HEX_DIGITS.md5)) || (type === "sha256" && isHex(value, HEX_DIGITS.sha256));
};

/** The signals of a plain check; undefined for any other text, be it valid or not. */
export const readPlainCheck = (text: string): readonly AskedSignal[] | undefined => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof body !== "object" || body === null) return undefined;
  const fields = Object.keys(body);
  if (fields.length !== 1 || fields[0] !== "signals" || !("signals" in body)) return undefined;
  const { signals } = body;
  if (!Array.isArray(signals) || signals.length === 0 || signals.length > SIGNALS) return undefined;
  return signals.every(isPlain) ? signals : undefined;
};
