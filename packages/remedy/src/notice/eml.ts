/**
 * A notice as a message that mail programs open (RFC 5322, MIME RFC 2045): plain text, UTF-8, no attachment. It has no
 * date, so that the program that sends it sets its own, and is marked unsent, which most programs open to be edited.
 */
import type { Notice } from "./notice.ts";

export interface Envelope {
  /** Bare addresses. */
  readonly to: string;
  readonly from?: string;
}

const base64 = (text: string): string => {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCodePoint(byte);
  return btoa(binary);
};

/** Words short enough for lines of 78 characters (RFC 2047), cut between code points. */
const encodedWords = (text: string): string => {
  if (/^[\x20-\x7e]{0,68}$/u.test(text)) return text;
  const words: string[] = [];
  let part = "";
  for (const character of text) {
    if (base64(part + character).length > 52) {
      words.push(part);
      part = "";
    }
    part += character;
  }
  return [...words, part].map((word) => `=?UTF-8?B?${base64(word)}?=`).join("\r\n ");
};

/** No line break or comma gets into a header: an address that holds one is none. */
export const isBareAddress = (text: string): boolean =>
  /^[^\s,;<>"()[\]\\]+@[^\s,;<>"()[\]\\]+$/u.test(text) && text.length <= 254;

const address = (text: string): string => {
  if (!isBareAddress(text)) throw new TypeError("to and from must be bare mail addresses");
  return text;
};

/** Throws TypeError for what is no mail address. Lines end in CR LF. */
export const toEml = (notice: Notice, { to, from }: Envelope): string =>
  withHead(notice, ["X-Unsent: 1", ...(from === undefined ? [] : [`From: ${address(from)}`]), `To: ${address(to)}`]);

/** RFC 5322, 3.3, in UTC: where the sender is, is nobody's business. */
const dateOf = (ms: number): string => new Date(ms).toUTCString().replace("GMT", "+0000");

/** The same as it goes to a mail server: dated, and with an identity (`id`, unique). */
export const mailMessage = (
  notice: Notice,
  {
    from,
    to,
    sentAtMs,
    id,
  }: { readonly from: string; readonly to: string; readonly sentAtMs: number; readonly id: string },
): string =>
  withHead(notice, [
    `From: ${address(from)}`,
    `To: ${address(to)}`,
    `Date: ${dateOf(sentAtMs)}`,
    `Message-ID: <${id}@${from.slice(from.lastIndexOf("@") + 1)}>`,
  ]);

const withHead = ({ subject, body }: Notice, head: readonly string[]): string =>
  [
    ...head,
    `Subject: ${encodedWords(subject)}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    ...(base64(body.replaceAll("\n", "\r\n")).match(/.{1,76}/gu) ?? []),
    "",
  ].join("\r\n");

/** A `mailto:` address (RFC 6068). Some programs cut it at about 2,000 characters: undefined if it is longer. */
export const toMailto = ({ subject, body }: Notice, to: string): string | undefined => {
  const text = `mailto:${encodeURIComponent(address(to)).replaceAll("%40", "@")}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replaceAll("\n", "\r\n"))}`;
  return text.length > 2000 ? undefined : text;
};
