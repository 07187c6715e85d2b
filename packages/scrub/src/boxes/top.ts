/** The outermost boxes of a file, and where they end. */
import { latin1, startsWith, u32be } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { doubtful } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import { reportExif } from "../exif/exif.ts";
import { textOrSize } from "../text/decode.ts";
import { reportXmp } from "../text/xmp.ts";
import { type Box, u64be } from "./box.ts";

const MAX_TOP_BOXES = 500_000;
const MAX_REPORTED_BYTES = 1 << 20;

export interface TopBoxes {
  /** Offsets count from the start of the file. */
  readonly boxes: readonly Box[];
  /** Where the last box that makes sense ends; what stands behind it is no part of the file. */
  readonly end: number;
}

const isType = (type: string): boolean => /^[\u0020-\u007e\u00a9]{4}$/u.test(type);

/**
 * Walks through the outermost boxes. It ends at the end of the file, at what is no box, and at a second `ftyp`: that is
 * another file that was appended. Media data that is cut off ends with the file. `beforeFileType` are the types that may
 * stand before `ftyp`.
 */
export const readTopBoxes = async (
  window: Window,
  check: () => void,
  beforeFileType: readonly string[] = [],
): Promise<TopBoxes> => {
  const boxes: Box[] = [];
  let at = 0;
  while (at + 8 <= window.sizeBytes) {
    const head = await window.peek(at, 16);
    const type = latin1(head, 4, 4);
    let size = u32be(head, 0);
    let headBytes = 8;
    if (size === 1 && head.length === 16) {
      size = u64be(head, 8);
      headBytes = 16;
    } else if (size === 0) size = window.sizeBytes - at;
    if (!isType(type) || size < headBytes) break;
    if (type === "ftyp" && boxes.some((box) => !beforeFileType.includes(box.type))) break;
    let end = at + size;
    if (end > window.sizeBytes) {
      if (type !== "mdat") break;
      end = window.sizeBytes;
    }
    if (boxes.length >= MAX_TOP_BOXES) throw doubtful("the file has too many boxes");
    if (boxes.length % 1024 === 0) check();
    boxes.push({ type, at, body: at + headBytes, end });
    at = end;
  }
  return { boxes, end: at };
};

const XMP_UUID = "\u00be\u007a\u00cf\u00cb\u0097\u00a9\u0042\u00e8\u009c\u0071\u0099\u0094\u0091\u00e3\u00af\u00ac";
const C2PA_UUID = "\u00d8\u00fe\u00c3\u00d6\u001b\u000e\u0048\u003c\u0092\u0097\u0058\u0028\u0087\u007e\u00c4\u0081";
const EXIF_UUID = "JpgTiffExif->JP2";

/** Adds what a `uuid` box holds; `body` begins with the identifier. */
export const reportUuid = (body: Uint8Array, sizeBytes: number, where: string, findings: Findings): void => {
  if (startsWith(body, XMP_UUID)) reportXmp(body.subarray(16), `${where} XMP`, findings);
  else if (startsWith(body, C2PA_UUID))
    findings.add("editing", where, "content credentials (C2PA)", sizeText(sizeBytes), "high");
  else if (startsWith(body, EXIF_UUID)) reportExif(body.subarray(16), `${where} Exif`, findings);
  else findings.add("device", where, "vendor data", () => textOrSize(body.subarray(16)), "medium");
};

const HIDDEN: ReadonlyMap<string, string> = new Map([
  ["mpvd", "motion photo video"],
  ["sefd", "Samsung data"],
  ["moov", "video"],
  ["moof", "video"],
  ["thmb", "thumbnail"],
  ["pnot", "preview"],
  ["PICT", "preview"],
]);

/** True for a padding box that says nothing: empty, or zero all through. */
const isEmptyPadding = (type: string, bytes: Uint8Array, sizeBytes: number): boolean =>
  (type === "free" || type === "skip" || type === "wide") &&
  bytes.length === sizeBytes &&
  bytes.every((byte) => byte === 0);

/** Adds a box that is left out: `bytes` are its content, or the first part of it. */
export const reportBox = (
  type: string,
  bytes: Uint8Array,
  sizeBytes: number,
  where: string,
  findings: Findings,
): void => {
  if (isEmptyPadding(type, bytes, sizeBytes)) return;
  const hidden = HIDDEN.get(type);
  if (type === "uuid") reportUuid(bytes, sizeBytes, where, findings);
  else if (hidden !== undefined) findings.add("hidden_media", where, hidden, sizeText(sizeBytes), "high");
  else if (type === "jumb" || type === "jumd")
    findings.add("editing", where, "content credentials (JUMBF)", sizeText(sizeBytes), "high");
  else if (type === "prft") findings.add("time", where, "producer reference time", sizeText(sizeBytes), "high");
  else
    findings.add("other", where, "data", () => (sizeBytes > 1024 ? sizeText(sizeBytes) : textOrSize(bytes)), "medium");
};

/** As `reportBox`, for an outermost box. */
export const reportTopBox = async (window: Window, box: Box, findings: Findings): Promise<void> => {
  const sizeBytes = box.end - box.body;
  const bytes = await window.take(box.body, Math.min(sizeBytes, MAX_REPORTED_BYTES));
  reportBox(box.type, bytes, sizeBytes, `box ${box.type}`, findings);
};
