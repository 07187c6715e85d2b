/** What stands behind the end of a picture: often whole pictures and videos, with their own places and dates. */
import { ascii, startsWith, u16be } from "./bytes.ts";
import { type Findings, sizeText } from "./findings.ts";
import type { Window } from "./window.ts";
import { reportExif } from "../exif/exif.ts";
import { textOrSize } from "../text/decode.ts";

/** How much of a trailer is searched, and how many things are named; all of it goes away in any case. */
const SEARCHED_BYTES = 64 << 20;
const MAX_NAMED = 16;

const KNOWN: readonly (readonly [string, number, string])[] = [
  ["\u00ff\u00d8\u00ff", 0, "picture (JPEG)"],
  ["ftyp", 4, "video (MP4) or picture (HEIF)"],
  ["\u0089PNG\r\n", 0, "picture (PNG)"],
  ["SEFT", 0, "Samsung trailer"],
  ["MotionPhoto_Data", 0, "motion photo"],
  ["AXS!", 0, "AFCP trailer"],
  ["AXS*", 0, "AFCP trailer"],
  ["PK\u0003\u0004", 0, "ZIP archive"],
];

/** Exif of a JPEG that begins at `at`, as far as its first segments. */
const reportHiddenJpeg = async (window: Window, at: number, where: string, findings: Findings): Promise<void> => {
  let next = at + 2;
  for (let i = 0; i < 32; i += 1) {
    const head = await window.peek(next, 4);
    if (head.length < 4 || head[0] !== 0xff || head[1] === 0xda || (head[1] ?? 0) < 0xc0) return;
    const length = u16be(head, 2);
    if (length < 2) return;
    if (head[1] === 0xe1) {
      const body = (await window.peek(next + 4, length - 2)).slice();
      if (startsWith(body, "Exif\0")) reportExif(body.subarray(6), `${where} Exif`, findings);
    }
    next += 2 + length;
  }
};

/** Adds what lies from `start` to the end of the file. */
export const reportTrailer = async (window: Window, start: number, findings: Findings): Promise<void> => {
  const trailing = window.sizeBytes - start;
  if (trailing <= 0) return;
  const first = (await window.peek(start, 256)).slice();
  findings.add(
    "hidden_media",
    "after the end",
    "trailing data",
    trailing <= 256 ? textOrSize(first) : sizeText(trailing),
    "high",
  );
  const marks = KNOWN.map(([text, back, name]) => ({ bytes: ascii(text), back, name }));
  const named: { readonly at: number; readonly name: string }[] = [];
  const end = Math.min(window.sizeBytes, start + SEARCHED_BYTES);
  for (let at = start; at < end && named.length < MAX_NAMED;) {
    // Blocks overlap by as much as a mark is long.
    const block = await window.block(at, 32);
    for (const { bytes, back, name } of marks) {
      const found = findBytes(block, bytes, named.length === 0 ? 0 : 1);
      if (found >= 0 && !named.some((one) => one.name === name)) named.push({ at: at + found - back, name });
    }
    if (at + block.length >= end) break;
    at += Math.max(1, block.length - 31);
  }
  for (const { at, name } of named.toSorted((a, b) => a.at - b.at)) {
    findings.add("hidden_media", "after the end", name, `at byte ${at}`, "high");
    if (name === "picture (JPEG)") await reportHiddenJpeg(window, at, "picture after the end,", findings);
  }
};

/** The names of whole files that begin in `bytes`, by the same marks; those of two bytes and of chance left out. */
export const findMarks = (bytes: Uint8Array): readonly string[] =>
  KNOWN.filter(([text]) => text.length >= 6 && findBytes(bytes, ascii(text), 0) >= 0).map(([, , name]) => name);

const findBytes = (bytes: Uint8Array, wanted: Uint8Array, from: number): number => {
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let i = 1;
    while (i < wanted.length && bytes[at + i] === wanted[i]) i += 1;
    if (i === wanted.length) return at;
  }
  return -1;
};
