/** The characters of an XML document (XML 1.0, 2.2 and 4.3.3): UTF-8, or UTF-16 that says so by its mark. */
import { latin1 } from "../core/bytes.ts";
import { unsupported } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";

/** More text than any picture to share; a document is held in memory. */
export const MAX_CHARACTERS = 32 << 20;

export interface Characters {
  readonly text: string;
  /** False if what follows `text` is no character of XML, or in no such encoding. */
  readonly isWhole: boolean;
  readonly isAscii: boolean;
  readonly markBytes: number;
  readonly isUtf16: boolean;
}

interface Part {
  readonly text: string;
  readonly taken: number;
  readonly isBroken: boolean;
}

const isCharacter = (code: number): boolean =>
  code >= 0x20
    ? (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff
    : code === 9 || code === 10 || code === 13;

/** How many bytes follow the first one; -1 if none may begin so. */
const following = (first: number): number =>
  first >= 0xc2 && first < 0xe0 ? 1 : (first & 0xf0) === 0xe0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1;
const LEAST = [0, 0x80, 0x800, 0x1_0000];

const decodeUtf8 = (bytes: Uint8Array): Part => {
  const parts: string[] = [];
  let plain = 0;
  let at = 0;
  const end = (isBroken: boolean): Part => {
    parts.push(latin1(bytes, plain, at - plain));
    return { text: parts.join(""), taken: at, isBroken };
  };
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      if (!isCharacter(first)) return end(true);
      at += 1;
      continue;
    }
    const more = following(first);
    if (more < 0) return end(true);
    let code = first & (0x3f >> more);
    for (let i = 1; i <= more; i += 1) {
      if (at + i >= bytes.length) return end(false);
      const next = bytes[at + i] ?? 0;
      if ((next & 0xc0) !== 0x80) return end(true);
      code = (code << 6) | (next & 0x3f);
    }
    if (code < (LEAST[more] ?? 0) || code > 0x10_ffff || !isCharacter(code)) return end(true);
    parts.push(latin1(bytes, plain, at - plain), String.fromCodePoint(code));
    at += 1 + more;
    plain = at;
  }
  return end(false);
};

const decodeUtf16 =
  (littleEndian: boolean) =>
  (bytes: Uint8Array): Part => {
    const parts: string[] = [];
    const unit = (at: number): number => {
      const [a = 0, b = 0] = [bytes[at], bytes[at + 1]];
      return littleEndian ? a | (b << 8) : (a << 8) | b;
    };
    let at = 0;
    for (; at + 2 <= bytes.length; at += 2) {
      const first = unit(at);
      if (first >= 0xd800 && first < 0xdc00) {
        if (at + 4 > bytes.length) break;
        const second = unit(at + 2);
        if (second < 0xdc00 || second > 0xdfff) return { text: parts.join(""), taken: at, isBroken: true };
        parts.push(String.fromCharCode(first, second));
        at += 2;
      } else if (isCharacter(first)) parts.push(String.fromCharCode(first));
      else return { text: parts.join(""), taken: at, isBroken: true };
    }
    return { text: parts.join(""), taken: at, isBroken: false };
  };

/** Reads up to the end, or to what is no character. Refuses what is too long. */
export const readCharacters = async (
  window: Window,
  signal: { throwIfAborted(): void } | undefined,
): Promise<Characters> => {
  const head = (await window.peek(0, 3)).slice();
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  const decode = isUtf16 ? decodeUtf16(head[0] === 0xff) : decodeUtf8;
  const markBytes = isUtf16 ? 2 : hasMark ? 3 : 0;
  const parts: string[] = [];
  let length = 0;
  let at = markBytes;
  while (at < window.sizeBytes) {
    signal?.throwIfAborted();
    const { text, taken, isBroken } = decode(await window.block(at, 8));
    parts.push(text);
    length += text.length;
    at += taken;
    if (length > MAX_CHARACTERS) throw unsupported("an SVG of more than 32 million characters is not cleaned here");
    if (isBroken || taken === 0) break;
  }
  const text = parts.join("");
  return { text, isWhole: at >= window.sizeBytes, isAscii: !isUtf16 && length === at - markBytes, markBytes, isUtf16 };
};

/** How many bytes the first `length` characters took. */
export const bytesOf = ({ text, markBytes, isUtf16, isAscii }: Characters, length: number): number => {
  if (isUtf16) return markBytes + 2 * length;
  if (isAscii) return markBytes + length;
  let bytes = markBytes;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    // Either half of a pair stands for two of the four bytes.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return bytes;
};

/** Text as UTF-8. Unpaired halves do not come up in what was read. */
export const utf8 = (text: string): Uint8Array => {
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    length += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  const bytes = new Uint8Array(length);
  let to = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.codePointAt(at) ?? 0;
    if (code < 0x80) bytes[to++] = code;
    else if (code < 0x800) {
      bytes[to++] = 0xc0 | (code >> 6);
      bytes[to++] = 0x80 | (code & 63);
    } else if (code < 0x1_0000) {
      bytes[to++] = 0xe0 | (code >> 12);
      bytes[to++] = 0x80 | ((code >> 6) & 63);
      bytes[to++] = 0x80 | (code & 63);
    } else {
      at += 1;
      bytes[to++] = 0xf0 | (code >> 18);
      bytes[to++] = 0x80 | ((code >> 12) & 63);
      bytes[to++] = 0x80 | ((code >> 6) & 63);
      bytes[to++] = 0x80 | (code & 63);
    }
  }
  return bytes;
};
