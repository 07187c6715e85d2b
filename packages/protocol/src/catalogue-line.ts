/**
 * Reading a line of a catalogue. By hand and not by its schema (`CatalogueLine`, which a test compares), because each
 * way of being wrong has a code of its own and 50,000 lines a second must leave time for everything else.
 */
import { CATALOGUE_LIMITS, HEX_DIGITS, MIN_PDQ_QUALITY, SIGNAL_KINDS } from "./constants.ts";
import type { ErrorCode } from "./errors.ts";
import type { CatalogueSignal } from "./vocabulary.ts";

/** A line that was read. `signals` is absent where the content is to be removed. */
export interface CatalogueEntry {
  readonly content: string;
  /** Values in lower case; none that is of no use: pdq of a quality below 50 is left out. */
  readonly signals?: readonly CatalogueSignal[];
}

export type LineOutcome =
  | { readonly ok: true; readonly entry: CatalogueEntry }
  | { readonly ok: false; readonly code: ErrorCode };

const KINDS: ReadonlySet<unknown> = new Set(SIGNAL_KINDS);
/** Control characters, halves of a pair, and what stands for bytes that are no UTF-8. */
const NOT_IN_IDS = /[\p{Cc}\p{Cs}\ufffd]/u;
const HEX = /^[0-9a-f]+$/;

const refuse = (code: ErrorCode): LineOutcome => ({ ok: false, code });

/** At most as many bytes as `limit` in UTF-8, without encoding it where its length tells. */
const fitsBytes = (text: string, limit: number): boolean => {
  if (text.length * 3 <= limit) return true;
  if (text.length > limit) return false;
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes <= limit;
};

/** Whether a content may be called so: 1 to 256 bytes of UTF-8 without control characters. */
export const isContentId = (id: string): boolean =>
  id.length > 0 && fitsBytes(id, CATALOGUE_LIMITS.contentIdBytes) && !NOT_IN_IDS.test(id);

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isValue = (value: unknown, digits: number): value is string =>
  typeof value === "string" && value.length === digits;

/** The signal, or the code of what is wrong with it. */
const readSignal = (fields: unknown): CatalogueSignal | ErrorCode => {
  if (!isFields(fields)) return "signal_invalid";
  const { type, value, quality, kind, ...more } = fields;
  if (type !== "pdq" && type !== "md5" && type !== "sha256") {
    return typeof type === "string" ? "signal_type_unsupported" : "signal_invalid";
  }
  if (!isValue(value, HEX_DIGITS[type]) || Object.keys(more).length > 0) return "signal_invalid";
  const digits = value.toLowerCase();
  if (!HEX.test(digits)) return "signal_invalid";
  if (type !== "pdq") return quality === undefined && kind === undefined ? { type, value: digits } : "signal_invalid";
  if (quality !== undefined && !(Number.isInteger(quality) && Number(quality) >= 0 && Number(quality) <= 100)) {
    return "signal_invalid";
  }
  if (kind !== undefined && !KINDS.has(kind)) return "signal_invalid";
  // How it was made is of no use in a catalogue: it is the item that has the variants.
  return quality === undefined ? { type, value: digits } : { type, value: digits, quality: Number(quality) };
};

const isUseful = (signal: CatalogueSignal): boolean =>
  signal.type !== "pdq" || signal.quality === undefined || signal.quality >= MIN_PDQ_QUALITY;

/** Reads a parsed content; with `mayRemove`, also one that is to be removed. */
export const readCatalogueEntry = (fields: unknown, mayRemove: boolean): LineOutcome => {
  if (!isFields(fields)) return refuse("line_invalid");
  const { content, signals, remove, ...more } = fields;
  if (typeof content !== "string" || Object.keys(more).length > 0) return refuse("line_invalid");
  if (!isContentId(content)) return refuse("content_id_invalid");
  if (remove !== undefined) {
    const isRemoval = mayRemove && remove === true && signals === undefined;
    return isRemoval ? { ok: true, entry: { content } } : refuse("line_invalid");
  }
  if (!Array.isArray(signals) || signals.length === 0) return refuse("line_invalid");
  if (signals.length > CATALOGUE_LIMITS.signalsPerContent) return refuse("too_many_signals");
  const read: CatalogueSignal[] = [];
  for (const each of signals) {
    const signal = readSignal(each);
    if (typeof signal === "string") return refuse(signal);
    if (isUseful(signal)) read.push(signal);
  }
  if (read.length === 0) return refuse("picture_too_plain");
  return { ok: true, entry: { content, signals: read } };
};

/** Reads a line without its end. */
export const readCatalogueLine = (text: string): LineOutcome => {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return refuse("line_invalid");
  }
  return readCatalogueEntry(fields, true);
};
