/** Pictures within a picture, as data addresses (RFC 2397). */
import { latin1 } from "../core/bytes.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import type { Findings } from "../core/findings.ts";
import type { Format, Refusal } from "../types.ts";
import { utf8 } from "./characters.ts";

export type Embedded =
  | {
      readonly ok: true;
      readonly format: Format;
      readonly findings: Findings;
      readonly trailingBytes: number;
      readonly bytes: Uint8Array;
      readonly kept: readonly string[];
    }
  | Refusal;

/** Cleans a picture that is part of another one, by the parser of its own format. */
export type CleanEmbedded = (bytes: Uint8Array) => Promise<Embedded>;

/** What browsers show within a picture. */
const MEDIA_TYPES: Partial<Record<Format, string>> = {
  png: "image/png",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  bmp: "image/bmp",
  svg: "image/svg+xml",
};

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < 64; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value;

const unreadable = (): Error => damaged("a picture within can't be read");

const decodeBase64 = (text: string): Uint8Array => {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [bits, count, to, ends] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x20 || (code >= 9 && code <= 13)) continue;
    if (code === 0x3d) {
      ends += 1;
      continue;
    }
    const value = code < 128 ? (VALUES[code] ?? -1) : -1;
    if (value < 0 || ends > 0) throw unreadable();
    bits = ((bits << 6) | value) & 0xff_ffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[to] = (bits >> count) & 255;
      to += 1;
    }
  }
  if (ends > 2 || count >= 6) throw unreadable();
  return bytes.subarray(0, to);
};

const BLOCK_BYTES = 3 << 12;

const encodeBase64 = (bytes: Uint8Array): string => {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += BLOCK_BYTES) {
    let text = "";
    const block = bytes.subarray(from, from + BLOCK_BYTES);
    for (let at = 0; at < block.length; at += 3) {
      const [a = 0, b = 0, c = 0] = [block[at], block[at + 1], block[at + 2]];
      text += (ALPHABET[a >> 2] ?? "") + (ALPHABET[((a & 3) << 4) | (b >> 4)] ?? "");
      text += at + 1 < block.length ? (ALPHABET[((b & 15) << 2) | (c >> 6)] ?? "") : "=";
      text += at + 2 < block.length ? (ALPHABET[c & 63] ?? "") : "=";
    }
    parts.push(text);
  }
  return parts.join("");
};

/** Characters beyond ASCII stand for their UTF-8. */
const decodePercent = (text: string): Uint8Array => {
  const bytes = utf8(text);
  let to = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const isCode =
      bytes[at] === 0x25 && /^[\da-f]{2}$/iu.test(String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0));
    bytes[to] = isCode
      ? Number.parseInt(String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0), 16)
      : (bytes[at] ?? 0);
    to += 1;
    if (isCode) at += 2;
  }
  return bytes.subarray(0, to);
};

interface Data {
  readonly isSvg: boolean;
  readonly bytes: Uint8Array;
}

/** What a data address holds. Refuses what can't be read, and a picture of which a part is chosen. */
export const readData = (address: string): Data => {
  const comma = address.indexOf(",");
  if (comma < 0 || comma > 1000) throw unreadable();
  const head = address.slice(5, comma).toLowerCase();
  const isBase64 = /;\s*base64\s*$/u.test(head);
  const isSvg = /^\s*image\/svg\+xml/u.test(head);
  const hash = address.indexOf("#", comma);
  if (hash >= 0 && address.length > hash + 1 && isSvg && isBase64) throw doubtful("a part of a picture within");
  const body = address.slice(comma + 1, hash < 0 ? undefined : hash);
  if (!isBase64) return { isSvg, bytes: decodePercent(body) };
  return { isSvg, bytes: decodeBase64(body.includes("%") ? latin1(decodePercent(body)) : body) };
};

/** The same picture, cleaned, as a data address. Refuses what is refused by itself. */
export const cleanData = async (
  address: string,
  clean: CleanEmbedded,
): Promise<{ readonly text: string; readonly embedded: Embedded & { readonly ok: true } }> => {
  const { isSvg, bytes } = readData(address);
  const embedded = await clean(bytes);
  const mediaType = embedded.ok ? MEDIA_TYPES[embedded.format] : undefined;
  if (!embedded.ok || mediaType === undefined)
    throw doubtful("a picture within is of a kind that is not cleaned here, or damaged");
  // A browser reads these two kinds by what is said of them.
  if (isSvg !== (embedded.format === "svg")) throw doubtful("a picture within is not what is said of it");
  return { text: `data:${mediaType};base64,${encodeBase64(embedded.bytes)}`, embedded };
};
