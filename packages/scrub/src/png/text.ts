/** What chunks that are left out reveal. */
import { latin1, startsWith } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { inflate } from "../deflate/inflate.ts";
import { reportExif } from "../exif/exif.ts";
import { reportIptc, reportPhotoshop } from "../text/iptc.ts";
import { decodeText, textOrSize } from "../text/decode.ts";
import { reportXmp } from "../text/xmp.ts";
import type { FindingKind, Severity } from "../types.ts";

/** What is inflated of a text at most: enough to say what it is. */
const MAX_TEXT_BYTES = 1 << 20;

const KEYWORDS: readonly (readonly [RegExp, FindingKind, Severity])[] = [
  [/^(?:Author|Artist|Copyright|Title|Description|Comment|Disclaimer|Warning)$/iu, "author", "high"],
  [/time|date/iu, "time", "medium"],
  [/^(?:Software|parameters|prompt|workflow|Dream)/iu, "editing", "medium"],
  [/^Source$|make|model|serial/iu, "device", "medium"],
  [/thumb|uri/iu, "author", "medium"],
];

/** ImageMagick writes other formats' blocks as hexadecimal text: a newline, name, length, digits. */
const rawProfile = (text: string): Uint8Array => {
  const digits = text.replace(/^\s*\S+\s+\d+\s+/u, "").replaceAll(/\s+/gu, "");
  const bytes = new Uint8Array(digits.length >> 1);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16) || 0;
  return bytes;
};

const reportText = (keyword: string, body: Uint8Array, where: string, findings: Findings): void => {
  if (keyword === "XML:com.adobe.xmp") return reportXmp(body, where, findings);
  if (keyword.startsWith("Raw profile type ")) {
    const name = keyword.slice(17);
    const raw = rawProfile(latin1(body, 0, MAX_TEXT_BYTES));
    if (startsWith(raw, "Exif\0")) reportExif(raw.subarray(6), `${where} Exif`, findings);
    else if (name === "xmp") reportXmp(raw, `${where} XMP`, findings);
    else if (name === "8bim" || name === "iptc") {
      if (startsWith(raw, "8BIM")) reportPhotoshop(raw, where, findings);
      else reportIptc(raw, `${where} IPTC`, findings);
    } else findings.add("other", where, keyword, sizeText(body.length), "medium");
    return;
  }
  const [, kind, severity] = KEYWORDS.find(([pattern]) => pattern.test(keyword)) ?? [null, "author", "medium"];
  findings.add(kind as FindingKind, where, keyword === "" ? "text" : keyword, textOrSize(body), severity as Severity);
};

/** tEXt, zTXt and iTXt (11.3.3). */
export const reportTextChunk = (type: string, body: Uint8Array, findings: Findings): void => {
  const where = `chunk ${type}`;
  const end = body.indexOf(0);
  const keyword = decodeText(body.subarray(0, Math.max(0, Math.min(end, 80))));
  if (end < 0) return findings.add("author", where, "text", textOrSize(body), "medium");
  if (type === "tEXt") return reportText(keyword, body.subarray(end + 1), where, findings);
  let rest = body.subarray(end + 1);
  let packed = true;
  if (type === "iTXt") {
    packed = rest[0] === 1;
    const language = rest.indexOf(0, 2);
    const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
    rest = translated < 0 ? new Uint8Array(0) : rest.subarray(translated + 1);
  } else rest = rest.subarray(1);
  const text = packed ? inflate(rest, MAX_TEXT_BYTES) : rest;
  if (text === null) findings.add("author", where, keyword, `${rest.length} bytes, compressed`, "medium");
  else reportText(keyword, text, where, findings);
};

const NAMED: Readonly<Record<string, readonly [string, FindingKind, Severity]>> = {
  caBX: ["content credentials (JUMBF, C2PA)", "editing", "high"],
  dSIG: ["digital signature", "author", "high"],
  sPLT: ["suggested palette", "editing", "low"],
  hIST: ["histogram", "other", "low"],
  vpAg: ["virtual page", "editing", "low"],
};

/** Everything else. */
export const reportOtherChunk = (type: string, body: Uint8Array, lengthBytes: number, findings: Findings): void => {
  const where = `chunk ${type}`;
  if (type === "tIME" && body.length === 7) {
    const [a = 0, b = 0, ...rest] = body;
    const [month, day, hour, minute, second] = rest.map((part) => String(part).padStart(2, "0"));
    findings.add("time", where, "ModifyDate", `${a * 256 + b}-${month}-${day} ${hour}:${minute}:${second}`, "high");
    return;
  }
  const known = NAMED[type];
  if (known !== undefined) findings.add(known[1], where, known[0], sizeText(lengthBytes), known[2]);
  else findings.add("other", where, "data", lengthBytes <= 4096 ? textOrSize(body) : sizeText(lengthBytes), "medium");
};
