/**
 * The text forms of vPDQ. Its own: a line `frame,quality,pdqhex,timestamp` for each frame (vpdq/cpp/README of Meta's
 * ThreatExchange). The signal string of `tx` (python-threatexchange): a JSON array of `"hex,quality,timestamp"`.
 * Readers take what others write, in any case of letters, and answer where the first thing wrong stands.
 */
import type { VpdqErrorCode } from "../errors.ts";

export interface VpdqFrame {
  /** Index in order of showing, from 0, as far as it is known. */
  readonly frame: number;
  /** Seconds from the video's beginning. */
  readonly timestampSec: number;
  /** 64 lower-case hex digits. */
  readonly pdq: string;
  /** 0 to 100. */
  readonly quality: number;
}

export type VpdqOutcome =
  | { readonly ok: true; readonly frames: readonly VpdqFrame[] }
  /** `at` is the line (from 1) of the text form, the entry (from 0) of a signal string. */
  | { readonly ok: false; readonly code: VpdqErrorCode; readonly at: number };

/** Frames taken from one text: 24 hours at one a second, with room. */
export const MAX_VPDQ_FRAMES = 100_000;
/** The longest entry anybody writes is under 120 characters. */
const MAX_TEXT_LENGTH = MAX_VPDQ_FRAMES * 128;

const HEX = /^[0-9a-f]{64}$/i;
const WHOLE = /^\d{1,9}$/;
// Also 5e-05 and 1.2E+3, as Python and C++ print small and large numbers.
const SECONDS = /^\d{1,12}(\.\d{0,30})?(e[+-]?\d{1,3})?$/i;
/** Over 30 years: nobody's video, and far below where seconds lose their fractions. */
const MAX_TIMESTAMP_SEC = 1e9;

function frameOf(frame: string, pdq: string, quality: string, timestamp: string): VpdqFrame | null {
  if (!WHOLE.test(frame) || !HEX.test(pdq) || !WHOLE.test(quality) || !SECONDS.test(timestamp)) return null;
  const result = { frame: +frame, timestampSec: +timestamp, pdq: pdq.toLowerCase(), quality: +quality };
  return result.quality <= 100 && result.timestampSec <= MAX_TIMESTAMP_SEC ? result : null;
}

/** Reads vPDQ's own text form; empty lines are skipped. Never throws. */
export function readVpdqText(text: string): VpdqOutcome {
  if (text.length > MAX_TEXT_LENGTH) return { ok: false, code: "too_long", at: 0 };
  const frames: VpdqFrame[] = [];
  let line = 0;
  for (let start = 0; start < text.length;) {
    line++;
    const end = text.indexOf("\n", start);
    const row = text.slice(start, end < 0 ? text.length : end).trim();
    start = end < 0 ? text.length : end + 1;
    if (row === "") continue;
    if (frames.length === MAX_VPDQ_FRAMES) return { ok: false, code: "too_many_frames", at: line };
    const [frame = "", quality = "", pdq = "", timestamp = "", ...rest] = row.split(",", 5);
    const read = rest.length > 0 ? null : frameOf(frame, pdq, quality, timestamp);
    if (read === null) return { ok: false, code: "entry_invalid", at: line };
    frames.push(read);
  }
  return { ok: true, frames };
}

/** Writes vPDQ's own text form, a line for each frame. */
export const writeVpdqText = (frames: readonly VpdqFrame[]): string =>
  frames.map((each) => `${each.frame},${each.quality},${each.pdq},${each.timestampSec}\n`).join("");

/** Reads the signal string of `tx`. It holds no frame numbers: `frame` is the entry's index. Never throws. */
export function readVpdqSignal(text: string): VpdqOutcome {
  if (text.length > MAX_TEXT_LENGTH) return { ok: false, code: "too_long", at: 0 };
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    return { ok: false, code: "not_json", at: 0 };
  }
  if (!Array.isArray(entries)) return { ok: false, code: "not_json", at: 0 };
  if (entries.length > MAX_VPDQ_FRAMES) return { ok: false, code: "too_many_frames", at: MAX_VPDQ_FRAMES };
  const frames: VpdqFrame[] = [];
  for (const [at, entry] of (entries as readonly unknown[]).entries()) {
    const [pdq = "", quality = "", timestamp = "", ...rest] = typeof entry === "string" ? entry.split(",", 4) : [];
    const read = rest.length > 0 ? null : frameOf(String(at), pdq, quality, timestamp);
    if (read === null) return { ok: false, code: "entry_invalid", at };
    frames.push(read);
  }
  return { ok: true, frames };
}

/** Writes the signal string of `tx`. */
export const writeVpdqSignal = (frames: readonly VpdqFrame[]): string =>
  JSON.stringify(frames.map((each) => `${each.pdq},${each.quality},${each.timestampSec}`));

/** One frame a second, the first in each: what vPDQ and `tx` would have hashed. */
export function everySecond<Frame extends VpdqFrame>(frames: readonly Frame[]): Frame[] {
  let second = -1;
  return frames.filter(({ timestampSec }) => {
    if (Math.floor(timestampSec) === second) return false;
    second = Math.floor(timestampSec);
    return true;
  });
}
