/** What a person typed or pasted as signals, for the page that plays the platform. */
import type { Signal } from "@recourse/protocol";

/** As many as one request to the gate may hold. */
export const SIGNALS_LIMIT = 64;

export type SignalsRead =
  | { readonly ok: true; readonly signals: readonly Signal[] }
  /** `line` is counted from 1; without it, there are no signals, or too many. */
  | { readonly ok: false; readonly line?: number };

const DIGITS = { pdq: 64, sha256: 64, md5: 32 } as const;

const signalOf = (type: string | undefined, value: string): Signal | undefined => {
  const found = type ?? (value.length === DIGITS.md5 ? "md5" : "pdq");
  if (found !== "pdq" && found !== "md5" && found !== "sha256") return undefined;
  return value.length === DIGITS[found] && /^[0-9a-f]+$/i.test(value)
    ? { type: found, value: value.toLowerCase() }
    : undefined;
};

/** The entries of `{"signals": [...]}`, or of the list alone; undefined for what is no such JSON. */
const readJson = (text: string): readonly unknown[] | undefined => {
  try {
    const found: unknown = JSON.parse(text);
    const list = typeof found === "object" && found !== null && "signals" in found ? found.signals : found;
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
};

const signalOfEntry = (entry: unknown): Signal | undefined =>
  typeof entry === "object" && entry !== null && "type" in entry && "value" in entry
    ? signalOf(String(entry.type), String(entry.value))
    : undefined;

/** `HEX`, or a type and hex with a space, colon, comma or equals sign between. */
const signalOfLine = (line: string): Signal | undefined => {
  const parts = line.trim().split(/[\s:,=]+/);
  const [first = "", second] = parts;
  if (parts.length > 2) return undefined;
  return second === undefined ? signalOf(undefined, first) : signalOf(first.toLowerCase(), second);
};

/** Reads one signal a line (empty lines are passed over), or the JSON of a request. */
export const readSignals = (text: string): SignalsRead => {
  const json = readJson(text);
  const entries = json ?? text.split("\n");
  const signals: Signal[] = [];
  for (const [index, entry] of entries.entries()) {
    if (typeof entry === "string" && entry.trim() === "") continue;
    const signal = typeof entry === "string" ? signalOfLine(entry) : signalOfEntry(entry);
    if (signal === undefined) return { ok: false, line: index + 1 };
    signals.push(signal);
  }
  return signals.length >= 1 && signals.length <= SIGNALS_LIMIT ? { ok: true, signals } : { ok: false };
};
