/** What a person typed or pasted as signals, for the page that plays the platform. */
import type { Signal } from "@recourse/protocol";
import { CHECK_LIMITS, HEX_DIGITS, LOCAL_VERSION, MAX_TIMESTAMP_MS } from "@recourse/protocol/constants";

/** As many as one request to the gate may hold. */
export const SIGNALS_LIMIT = CHECK_LIMITS.vpdq + CHECK_LIMITS.others;

export type SignalsRead =
  | { readonly ok: true; readonly signals: readonly Signal[] }
  /** `line` is counted from 1; without it, there are no signals, or too many. */
  | { readonly ok: false; readonly line?: number };

const isHex = (value: string, digits: number): boolean => value.length === digits && /^[0-9a-f]+$/i.test(value);

const signalOf = (type: string | undefined, value: string): Signal | undefined => {
  const found = type ?? (value.length === HEX_DIGITS.md5 ? "md5" : "pdq");
  if (found !== "pdq" && found !== "md5" && found !== "sha256") return undefined;
  return isHex(value, HEX_DIGITS[found]) ? { type: found, value: value.toLowerCase() } : undefined;
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

const isWhole = (value: unknown, most: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;

/** A patch or a frame needs more than a line can say, so they are taken from JSON only. */
const signalOfEntry = (entry: unknown): Signal | undefined => {
  if (typeof entry !== "object" || entry === null || !("type" in entry) || !("value" in entry)) return undefined;
  const type = String(entry.type);
  const value = String(entry.value).toLowerCase();
  if (type !== "pdq-local" && type !== "vpdq") return signalOf(type, value);
  if (!isHex(value, HEX_DIGITS[type])) return undefined;
  if (type === "pdq-local") {
    return "version" in entry && entry.version === LOCAL_VERSION ? { type, value, version: LOCAL_VERSION } : undefined;
  }
  return "timestampMs" in entry &&
    isWhole(entry.timestampMs, MAX_TIMESTAMP_MS) &&
    "quality" in entry &&
    isWhole(entry.quality, 100)
    ? { type, value, timestampMs: entry.timestampMs, quality: entry.quality }
    : undefined;
};

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
