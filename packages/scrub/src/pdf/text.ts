/** Texts and dates of a PDF (ISO 32000-2, 7.9.2 and 7.9.4), for people to read. */
import { startsWith } from "../core/bytes.ts";
import { decodeText, decodeUtf16, textOrSize } from "../text/decode.ts";

/** UTF-16 and UTF-8 by their marks; else what it most likely is; the size of what is no text. */
export const pdfText = (bytes: Uint8Array): string => {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUtf16(bytes.subarray(2), false);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUtf16(bytes.subarray(2), true);
  if (startsWith(bytes, "\u00ef\u00bb\u00bf")) return decodeText(bytes.subarray(3));
  return textOrSize(bytes);
};

const DATE = /^D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:([Z+-])(?:(\d{2})'?(\d{2})?)?)?/u;

/** "2026-05-17T13:05:09+02:00"; as it stands if it is no such date. */
export const pdfDate = (text: string): string => {
  const found = DATE.exec(text);
  if (found === null) return text;
  const [, year = "", month, day, hour, minute, second, sign, zoneHours, zoneMinutes] = found;
  const date = [year, month, day].filter((part) => part !== undefined).join("-");
  if (hour === undefined) return date;
  const zone = sign === undefined ? "" : sign === "Z" ? "Z" : `${sign}${zoneHours ?? "00"}:${zoneMinutes ?? "00"}`;
  return `${date}T${[hour, minute ?? "00", second ?? "00"].join(":")}${zone}`;
};

/** Of X.520 and PKCS #9, as they stand in a certificate (DER): common name, organisation, place, mail address. */
const NAMES: readonly (readonly [string, Uint8Array])[] = [
  ["certificate name", Uint8Array.of(6, 3, 0x55, 4, 3)],
  ["certificate organisation", Uint8Array.of(6, 3, 0x55, 4, 10)],
  ["certificate place", Uint8Array.of(6, 3, 0x55, 4, 7)],
  ["certificate address", Uint8Array.of(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1)],
];
const MAX_NAMES = 16;

/** Names in a signature's certificates, by the identifiers that stand before them. */
export const certificateNames = (bytes: Uint8Array): readonly { readonly name: string; readonly value: string }[] => {
  const found: { readonly name: string; readonly value: string }[] = [];
  for (let at = bytes.indexOf(6); at >= 0 && found.length < MAX_NAMES; at = bytes.indexOf(6, at + 1)) {
    for (const [name, mark] of NAMES) {
      if (!mark.every((byte, index) => bytes[at + index] === byte)) continue;
      const kind = bytes[at + mark.length] ?? 0;
      const length = bytes[at + mark.length + 1] ?? 0;
      const text = bytes.subarray(at + mark.length + 2, at + mark.length + 2 + length);
      // BMPString is UTF-16; the other kinds of text are read as they are.
      const value = kind === 0x1e ? decodeUtf16(text, false) : decodeText(text);
      if (length < 128 && !found.some((one) => one.name === name && one.value === value)) found.push({ name, value });
    }
  }
  return found;
};

/** What the operators of a page or form do that matters here (8.2, 9.3.6, 14.6). */
export interface ContentSays {
  readonly hasText: boolean;
  readonly hasInvisibleText: boolean;
  /** Something is filled or a picture put behind text in the order of drawing: over it, if they meet. */
  readonly mayCover: boolean;
  readonly comment: string;
  /** How it begins, where that is readable and no drawing; else "". */
  readonly note: string;
}

const SEARCHED_BYTES = 1 << 20;
const SHOWS_TEXT = /[)>\]]\s*(?:T[jJ]|['"])/u;

/** Operators of graphics, fonts' maps and functions: the rest is nothing that a page shows. */
const isDrawing = (text: string): boolean =>
  /(?:^|\s)(?:q|Q|cm|re|m|l|c|h|f|S|Do|BT|gs|sh|cs|n|d0|d1|begincmap|\{)(?:\s|$)/u.test(text.slice(0, 65_536));

const readable = (text: string): string => {
  const begins = text.slice(0, 200);
  return /^[\t\n\r -~\u00a0-\u00ff]+$/u.test(begins) ? begins : "";
};

export const contentSays = (bytes: Uint8Array): ContentSays => {
  let text = "";
  for (let at = 0; at < Math.min(bytes.length, SEARCHED_BYTES); at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  const first = text.search(SHOWS_TEXT);
  const behind = first < 0 ? "" : text.slice(first);
  return {
    hasText: first >= 0,
    hasInvisibleText: first >= 0 && /\b3\s+Tr\b/u.test(text),
    mayCover: /\bDo\b|\bre\s+f\*?\s|\bf\*?\s/u.test(behind),
    note: isDrawing(text) ? "" : readable(text),
    comment: /(?:^|[\r\n])%([^\r\n]{3,200})/u.exec(text)?.[1] ?? "",
  };
};

/** Whether a name that stands in a file is one of those. */
export const isOneOf = (name: string, names: string): boolean => ` ${names} `.includes(` ${name} `);
