/**
 * A reply saved from a mail program (RFC 5322, MIME RFC 2045 to 2047): who, when, about what, and its words. Pictures
 * and other parts are left where they are, and counted; nothing is fetched and no markup is shown.
 */
import { Parser } from "htmlparser2";
import { MAX_REPLY_LENGTH } from "./case.ts";

export interface Mail {
  /** As it was written, decoded; left out where there is none. */
  readonly from?: string;
  readonly subject?: string;
  /** ISO 8601 in UTC; left out where it can't be read. */
  readonly at?: string;
  readonly text: string;
  /** Parts that are no text of the message. */
  readonly leftOut: number;
}

export const MAX_MAIL_BYTES = 10_485_760;
const MAX_HEAD = 65_536;
const MAX_DEPTH = 8;
const MAX_PARTS = 200;

const latin1 = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);

const decode = (bytes: Uint8Array, charset = "utf-8"): string => {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder("utf-8").decode(bytes);
  }
};

const fromBase64 = (text: string): Uint8Array => {
  const clean = text.replaceAll(/[^A-Za-z0-9+/]/gu, "");
  return bytesOf(atob(clean.slice(0, clean.length - (clean.length % 4 === 1 ? 1 : 0))));
};

const fromQuoted = (text: string): Uint8Array =>
  bytesOf(
    text
      .replaceAll(/=[ \t]*\r?\n/gu, "")
      .replaceAll(/=([0-9A-F]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );

interface Part {
  readonly head: ReadonlyMap<string, string>;
  readonly body: string;
}

/** The first of each field, unfolded. */
const split = (raw: string): Part => {
  const end = /\r?\n\r?\n/u.exec(raw.slice(0, MAX_HEAD));
  const top = end === null ? raw.slice(0, MAX_HEAD) : raw.slice(0, end.index);
  const head = new Map<string, string>();
  for (const line of top.replaceAll(/\r?\n[ \t]+/gu, " ").split(/\r?\n/u)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !head.has(name)) head.set(name, line.slice(colon + 1).trim());
  }
  return { head, body: end === null ? "" : raw.slice(end.index + end[0].length) };
};

/** RFC 2047; also plain UTF-8, which many write. */
const decodeWords = (text: string): string =>
  decode(bytesOf(text))
    .replaceAll(/(\?=)\s+(?==\?)/gu, "$1")
    .replaceAll(
      /=\?([\w-]{1,40})(?:\*[\w-]*)?\?([bq])\?([^?\s]{0,4000})\?=/giu,
      (_, charset: string, way: string, word: string) =>
        decode(way.toLowerCase() === "b" ? fromBase64(word) : fromQuoted(word.replaceAll("_", " ")), charset),
    );

const parameter = (value: string, name: string): string | undefined => {
  const [, quoted, bare] = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, "iu").exec(value) ?? [];
  return quoted ?? bare;
};

const SILENT = new Set(["script", "style", "head", "template"]);
const BLOCK = /^(?:p|div|br|li|tr|h[1-6]|blockquote|table|ul|ol)$/u;

const textOfHtml = (html: string): string => {
  const out: string[] = [];
  let silent = 0;
  let depth = 0;
  const parser = new Parser({
    onopentag(name) {
      depth += 1;
      if (SILENT.has(name)) silent += 1;
      if (BLOCK.test(name)) out.push("\n");
    },
    ontext(text) {
      if (silent === 0) out.push(text);
    },
    onclosetag(name) {
      depth -= 1;
      if (SILENT.has(name) && silent > 0) silent -= 1;
    },
  });
  // The parser's time grows with the square of the depth, so a part that is too deep is left where it becomes so.
  for (let at = 0; at < html.length && depth < 2000; at += 16_384) parser.write(html.slice(at, at + 16_384));
  parser.end();
  return out
    .join("")
    .replaceAll(/[ \t]+/gu, " ")
    .replaceAll(/\n\s*\n\s*/gu, "\n\n")
    .trim();
};

interface Found {
  plain: string[];
  html: string[];
  leftOut: number;
  parts: number;
}

const walk = ({ head, body }: Part, found: Found, depth: number): void => {
  found.parts += 1;
  if (found.parts > MAX_PARTS || depth > MAX_DEPTH) {
    found.leftOut += 1;
    return;
  }
  const type = head.get("content-type") ?? "text/plain";
  const boundary = /^multipart\//iu.test(type) ? parameter(type, "boundary") : undefined;
  if (boundary !== undefined && boundary !== "") {
    const parts = `\n${body}`.split(`\n--${boundary}`, MAX_PARTS + 2).slice(1);
    for (const part of parts) if (!part.startsWith("--")) walk(split(part.replace(/^[^\n]*\n/u, "")), found, depth + 1);
    return;
  }
  const isText = /^text\/(?:plain|html)\b/iu.test(type) && !/^attachment/iu.test(head.get("content-disposition") ?? "");
  if (!isText) {
    found.leftOut += 1;
    return;
  }
  const encoding = head.get("content-transfer-encoding")?.toLowerCase();
  const bytes =
    encoding === "base64" ? fromBase64(body) : encoding === "quoted-printable" ? fromQuoted(body) : bytesOf(body);
  const text = decode(bytes, parameter(type, "charset"));
  if (/^text\/html/iu.test(type)) found.html.push(text);
  else found.plain.push(text);
};

/** undefined: it is no message, or larger than `MAX_MAIL_BYTES`. Never throws. */
export const readMail = (bytes: Uint8Array): Mail | undefined => {
  if (bytes.length > MAX_MAIL_BYTES) return undefined;
  const message = split(latin1(bytes));
  const { head } = message;
  if (!head.has("from") && !head.has("subject") && !head.has("message-id")) return undefined;
  const found: Found = { plain: [], html: [], leftOut: 0, parts: 0 };
  walk(message, found, 0);
  const text = found.plain.length > 0 ? found.plain.join("\n") : found.html.map(textOfHtml).join("\n");
  const ms = Date.parse(head.get("date") ?? "");
  const from = decodeWords(head.get("from") ?? "").slice(0, 400);
  const subject = decodeWords(head.get("subject") ?? "").slice(0, 1000);
  return {
    ...(from === "" ? {} : { from }),
    ...(subject === "" ? {} : { subject }),
    ...(Number.isNaN(ms) || ms < 0 || ms > 253_402_300_799_000 ? {} : { at: new Date(ms).toISOString() }),
    text: text.replaceAll("\r\n", "\n").trim().slice(0, MAX_REPLY_LENGTH),
    leftOut: found.leftOut,
  };
};
