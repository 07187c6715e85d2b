/** What `udta`, `meta` and their like reveal (QuickTime File Format, user data and metadata; 3GPP TS 26.244, 8). */
import { startsWith, u16be, u32be } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { Refused } from "../core/refuse.ts";
import { type Box, boxesIn } from "../boxes/box.ts";
import { reportUuid } from "../boxes/top.ts";
import { reportExif } from "../exif/exif.ts";
import { decodeText, decodeUtf16, textOrSize } from "../text/decode.ts";
import { addValue } from "../text/tag-names.ts";
import { gpmfReport } from "../text/gpmf.ts";
import { reportXmp } from "../text/xmp.ts";

/** `loci` (3GPP TS 26.244, 8.9): language, name, role, then longitude, latitude, altitude as 16.16. */
const reportLoci = (body: Uint8Array, where: string, findings: Findings): void => {
  const nul = body.indexOf(0, 6);
  const at = (nul < 0 ? body.length : nul + 1) + 1;
  const degrees = (offset: number): string => String(Number(((u32be(body, at + offset) | 0) / 0x1_0000).toFixed(6)));
  if (at + 12 <= body.length) findings.add("location", where, "GPSPosition", `${degrees(4)}, ${degrees(0)}`, "high");
  const name = decodeText(body.subarray(6));
  if (name !== "") findings.add("location", where, "place name", name, "high");
};

/** Values of `©...`: length and language, then text; or the text alone. */
const textOf = (body: Uint8Array): string => {
  const length = u16be(body, 0);
  const text = length > 0 && length + 4 <= body.length ? body.subarray(4, 4 + length) : body;
  return textOrSize(text);
};

/** 3GPP's texts (8.2 and on): version, language, text in UTF-8, or in UTF-16 behind its mark. */
const assetText = (body: Uint8Array): string => {
  const text = body.subarray(6);
  if (text[0] === 0xfe && text[1] === 0xff) return decodeUtf16(text.subarray(2), false);
  return body[0] === 0 && text.length > 0 ? textOrSize(text) : textOrSize(body);
};

/** Numbers of one device or recording, by GoPro: some look like text by chance. */
const BINARY: ReadonlySet<string> = new Set("CAME MUID HMMT BCID GUMI SETT".split(" "));

const ASSETS: ReadonlySet<string> = new Set("titl dscp cprt perf auth gnre albm coll kywd clsf".split(" "));

/** `ilst` with the names of `keys`, if there are any. */
const reportList = (
  bytes: Uint8Array,
  list: Box,
  names: readonly string[],
  where: string,
  findings: Findings,
): void => {
  for (const item of boxesIn(bytes, list.body, list.end)) {
    const name = names[u32be(bytes, item.at + 4) - 1] ?? item.type;
    for (const part of boxesIn(bytes, item.body, item.end)) {
      if (part.type !== "data") continue;
      const kind = u32be(bytes, part.body);
      const value = bytes.subarray(Math.min(part.end, part.body + 8), part.end);
      addValue(name, kind === 13 || kind === 14 ? sizeText(value.length) : textOrSize(value), where, findings);
    }
  }
};

const reportMeta = (bytes: Uint8Array, box: Box, where: string, findings: Findings): void => {
  // QuickTime's has no version and flags.
  const start = startsWith(bytes, "hdlr", box.body + 4) ? box.body : box.body + 4;
  const boxes = boxesIn(bytes, start, box.end);
  const names: string[] = [];
  for (const { type, body, end } of boxes) {
    if (type !== "keys") continue;
    for (let at = body + 8; at + 8 <= end && names.length < 1000;) {
      const size = u32be(bytes, at);
      if (size < 8 || at + size > end) break;
      names.push(decodeText(bytes.subarray(at + 8, at + size), 200));
      at += size;
    }
  }
  for (const one of boxes) {
    const content = bytes.subarray(one.body, one.end);
    if (one.type === "ilst") reportList(bytes, one, names, `${where} meta`, findings);
    else if (one.type === "xml " || one.type === "bxml")
      findings.add("other", `${where} meta`, "XML", () => textOrSize(content.subarray(4)), "medium");
    else if (one.type === "idat") findings.add("other", `${where} meta`, "data", sizeText(content.length), "medium");
  }
};

/** `udta` within `udta` is what some editors write; a hundred thousand of them would be a stack too deep. */
const MAX_DEPTH = 4;

const reportOne = (bytes: Uint8Array, box: Box, where: string, findings: Findings, depth = 0): void => {
  const { type } = box;
  const body = bytes.subarray(box.body, box.end);
  if (type === "meta") reportMeta(bytes, box, where, findings);
  else if (type === "loci") reportLoci(body, where, findings);
  else if (type === "XMP_") reportXmp(body, `${where} XMP`, findings);
  else if (type === "uuid") reportUuid(body, body.length, where, findings);
  else if (type === "GPMF") {
    findings.add("device", where, type, sizeText(body.length), "medium");
    gpmfReport(`${where} GPMF`, findings)(body);
  } else if (type === "udta" && depth < MAX_DEPTH) reportUserData(bytes, box, where, findings, depth + 1);
  else if (type.startsWith("©")) addValue(type, textOf(body), where, findings);
  else if (ASSETS.has(type)) addValue(type, assetText(body), where, findings);
  else if (startsWith(body, "Exif\0\0")) reportExif(body.subarray(6), `${where} Exif`, findings);
  else if ((type !== "free" && type !== "skip") || body.some((byte) => byte !== 0))
    addValue(type, BINARY.has(type) ? sizeText(body.length) : textOrSize(body), where, findings);
};

/** Adds all that a `udta` holds; what cannot be read is said by its size. */
export const reportUserData = (bytes: Uint8Array, box: Box, where: string, findings: Findings, depth = 0): void => {
  if (box.end === box.body) return;
  reportBoxes(bytes, box, `${where} udta`, findings, depth);
};

const reportBoxes = (bytes: Uint8Array, box: Box, where: string, findings: Findings, depth: number): void => {
  const before = findings.list.length;
  try {
    for (const one of boxesIn(bytes, box.body, box.end)) reportOne(bytes, one, where, findings, depth);
  } catch (error) {
    // It goes away in any case; that it makes no sense is no reason to refuse.
    if (!(error instanceof Refused)) throw error;
    findings.add("other", where, "data", sizeText(box.end - box.body), "medium");
  }
  if (findings.list.length === before && bytes.subarray(box.body, box.end).some((byte) => byte !== 0))
    findings.add("other", where, "data", sizeText(box.end - box.body), "low");
};

/** Adds a box of the movie, a track or so that is not on the list. */
export const reportLeftOut = (bytes: Uint8Array, box: Box, where: string, findings: Findings): void => {
  if (box.type === "udta") reportUserData(bytes, box, where, findings);
  else if (box.type === "meta" || box.type === "uuid") {
    const before = findings.list.length;
    try {
      reportOne(bytes, box, where, findings);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    if (findings.list.length === before && bytes.subarray(box.body, box.end).some((byte) => byte !== 0))
      findings.add("other", `${where} ${box.type}`, "data", sizeText(box.end - box.body), "low");
  } else if (bytes.subarray(box.body, box.end).some((byte) => byte !== 0))
    findings.add("other", `${where} ${box.type}`, "data", () => textOrSize(bytes.subarray(box.body, box.end)), "low");
};
