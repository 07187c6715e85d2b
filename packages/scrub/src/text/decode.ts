/** Text of files as strings; TextDecoder is not part of the language, and bounds are ours here. */
import { latin1 } from "../core/bytes.ts";

const MAX_BYTES = 4096;

/** UTF-8 where it is valid, else Latin-1. At most 4,096 bytes are read; a string ends at its first NUL. */
export const decodeText = (bytes: Uint8Array, limitBytes: number = MAX_BYTES): string => {
  const nul = bytes.indexOf(0);
  const part = bytes.subarray(0, Math.min(limitBytes, nul < 0 ? bytes.length : nul));
  let text = "";
  for (let at = 0; at < part.length;) {
    const first = part[at] ?? 0;
    const more =
      first < 0x80
        ? 0
        : first >= 0xc2 && first < 0xe0
          ? 1
          : (first & 0xf0) === 0xe0
            ? 2
            : (first & 0xf8) === 0xf0
              ? 3
              : -1;
    if (more < 0) return latin1(part);
    // Cut within a character by the limit: what is whole is enough.
    if (at + more >= part.length && more > 0) break;
    let code = more === 0 ? first : first & (0x3f >> more);
    for (let i = 1; i <= more; i += 1) {
      const next = part[at + i] ?? 0;
      if ((next & 0xc0) !== 0x80) return latin1(part);
      code = (code << 6) | (next & 0x3f);
    }
    if (code > 0x10_ffff) return latin1(part);
    text += String.fromCodePoint(code);
    at += more + 1;
  }
  return text;
};

/** UTF-16 without surrogate checks, up to its first NUL. */
export const decodeUtf16 = (bytes: Uint8Array, littleEndian: boolean): string => {
  let text = "";
  for (let at = 0; at + 1 < Math.min(bytes.length, MAX_BYTES); at += 2) {
    const [a = 0, b = 0] = [bytes[at], bytes[at + 1]];
    const code = littleEndian ? a | (b << 8) : (a << 8) | b;
    if (code === 0) break;
    text += String.fromCharCode(code);
  }
  return text;
};

const UNREADABLE = /[^\p{L}\p{N}\p{P}\p{S}\s]/gu;

/** What a person would see of bytes that may be text: the text, or their size. */
export const textOrSize = (bytes: Uint8Array): string => {
  const text = decodeText(bytes, 1024);
  if (text.length === 0) return `${bytes.length} bytes`;
  const unreadable = text.match(UNREADABLE)?.length ?? 0;
  return unreadable <= 0.1 * text.length ? text : `${bytes.length} bytes`;
};
