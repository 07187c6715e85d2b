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
const address = (text: string): string => {
  if (!/^[^\s,;<>"()[\]\\]+@[^\s,;<>"()[\]\\]+$/u.test(text))
    throw new TypeError("to and from must be bare mail addresses");
  return text;
};

/** Throws TypeError for what is no mail address. Lines end in CR LF. */
export const toEml = ({ subject, body }: Notice, { to, from }: Envelope): string =>
  [
    "X-Unsent: 1",
    ...(from === undefined ? [] : [`From: ${address(from)}`]),
    `To: ${address(to)}`,
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
