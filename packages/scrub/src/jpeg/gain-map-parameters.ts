/**
 * The numbers by which a gain map is applied (ISO 21496-1; Adobe's hdrgm namespace, as Ultra HDR writes it). They are read
 * from what cameras write, and written anew as numbers only: nothing of the packet that they stood in comes along.
 */
import { ascii, be32, join, startsWith, u32be } from "../core/bytes.ts";
import { decodeText } from "../text/decode.ts";

export const XMP_NAME = "http://ns.adobe.com/xap/1.0/\0";
export const ISO_NAME = "urn:iso:std:iso:ts:21496:-1\0";

const MAX_PACKET_BYTES = 1 << 16;
/** Stops of light, gammas and offsets are of one or two digits. */
const MOST = 1000;
/** Decimal places that are kept: far finer than the eight bits of a gain map. */
const PLACES = 6;

/** Names in the order in which they are written; the first and the last but one have to be there. */
const NAMES = [
  "GainMapMax",
  "GainMapMin",
  "Gamma",
  "OffsetSDR",
  "OffsetHDR",
  "HDRCapacityMin",
  "HDRCapacityMax",
] as const;
const NEEDED: ReadonlySet<string> = new Set(["GainMapMax", "HDRCapacityMax"]);

const numberOf = (text: string): number | null => {
  if (!/^[+-]?\d{1,12}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?$/u.test(text.trim())) return null;
  const value = Number(text);
  return Math.abs(value) <= MOST ? Number(value.toFixed(PLACES)) : null;
};

/** One value or one for each of three channels; null if there is none or it is no number. */
const valuesOf = (text: string, name: string): readonly number[] | null => {
  const attribute = new RegExp(`\\bhdrgm:${name}\\s{0,9}=\\s{0,9}["']([^"'<>]{1,64})["']`, "u").exec(text);
  const element = new RegExp(`<hdrgm:${name}(?:\\s[^<>]{0,99})?>([^]{1,600}?)</hdrgm:${name}>`, "u").exec(text);
  const content = attribute?.[1] ?? element?.[1];
  if (content === undefined) return null;
  const items = Array.from(content.matchAll(/<rdf:li[^<>]{0,99}>([^<>]{1,64})<\/rdf:li>/gu), (match) => match[1] ?? "");
  const values = (items.length === 0 ? [content] : items).map(numberOf);
  if ((values.length !== 1 && values.length !== 3) || values.includes(null)) return null;
  return values.filter((value) => value !== null);
};

const packet = (content: string): Uint8Array =>
  ascii(
    `${XMP_NAME}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${content}</rdf:RDF></x:xmpmeta>`,
  );

const HDRGM = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"';

/** The body of a gain map's XMP segment anew, or null if it is not one that says how to apply it. */
export const cleanGainMapXmp = (body: Uint8Array): Uint8Array | null => {
  if (!startsWith(body, XMP_NAME) || body.length > MAX_PACKET_BYTES) return null;
  const text = decodeText(body.subarray(XMP_NAME.length), MAX_PACKET_BYTES);
  // Of one whose picture is the brighter one, what is shown without it is another picture.
  if (/hdrgm:BaseRenditionIsHDR\s{0,9}[=>]\s{0,9}["']?True/iu.test(text)) return null;
  const attributes: string[] = [];
  const elements: string[] = [];
  for (const name of NAMES) {
    const values = valuesOf(text, name);
    if (values === null) {
      if (NEEDED.has(name) || text.includes(`hdrgm:${name}`)) return null;
      continue;
    }
    if (values.length === 1) attributes.push(` hdrgm:${name}="${values[0] ?? 0}"`);
    else {
      const items = values.map((value) => `<rdf:li>${value}</rdf:li>`).join("");
      elements.push(`<hdrgm:${name}><rdf:Seq>${items}</rdf:Seq></hdrgm:${name}>`);
    }
  }
  return packet(`<rdf:Description rdf:about="" ${HDRGM}${attributes.join("")}>${elements.join("")}</rdf:Description>`);
};

/** The body of the picture's own XMP segment: that there is a gain map, and how many bytes it has. */
export const makeContainerXmp = (gainMapBytes: number): Uint8Array => {
  const item = (words: string): string => `<rdf:li rdf:parseType="Resource"><Container:Item ${words}/></rdf:li>`;
  const primary = item('Item:Semantic="Primary" Item:Mime="image/jpeg"');
  const map = item(`Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="${gainMapBytes}"`);
  const spaces =
    'xmlns:Container="http://ns.google.com/photos/1.0/container/" xmlns:Item="http://ns.google.com/photos/1.0/container/item/"';
  return packet(
    `<rdf:Description rdf:about="" ${spaces} ${HDRGM}><Container:Directory><rdf:Seq>${primary}${map}</rdf:Seq></Container:Directory></rdf:Description>`,
  );
};

const MULTI_CHANNEL = 0x80;
const BASE_SPACE = 0x40;
const COMMON_DENOMINATOR = 0x08;
const BACKWARD = 0x04;
const DENOMINATOR = 10 ** PLACES;
/** Versions and flags. */
const HEAD_BYTES = 5;

/** Numbers of the binary form in order; null where one is none, or they do not fill it exactly. */
const readFractions = (bytes: Uint8Array, flags: number): readonly number[] | null => {
  const channels = (flags & MULTI_CHANNEL) === 0 ? 1 : 3;
  const count = 2 + 5 * channels;
  const isCommon = (flags & COMMON_DENOMINATOR) !== 0;
  if (bytes.length !== (isCommon ? 4 + 4 * count : 8 * count)) return null;
  const values: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const at = isCommon ? 4 + 4 * i : 8 * i;
    // Headrooms and gammas have no sign.
    const isUnsigned = i < 2 || (i - 2) % 5 === 2;
    const numerator = isUnsigned ? u32be(bytes, at) : u32be(bytes, at) | 0;
    const value = numerator / u32be(bytes, isCommon ? 0 : at + 4);
    if (!(Math.abs(value) <= MOST)) return null;
    values.push(Math.round(value * DENOMINATOR));
  }
  return values;
};

/** The body of a gain map's ISO 21496-1 segment anew, or null if it is not one. */
export const cleanGainMapIso = (body: Uint8Array): Uint8Array | null => {
  if (!startsWith(body, ISO_NAME)) return null;
  const content = body.subarray(ISO_NAME.length);
  // A reader of version 0 is enough (5.2.5).
  if (content.length <= HEAD_BYTES || content[0] !== 0 || content[1] !== 0) return null;
  const flags = (content[4] ?? 0) & (MULTI_CHANNEL | BASE_SPACE | BACKWARD | COMMON_DENOMINATOR);
  const values = readFractions(content.subarray(HEAD_BYTES), flags);
  if (values === null) return null;
  return join(
    ascii(ISO_NAME),
    Uint8Array.of(0, 0, 0, 0, flags & ~COMMON_DENOMINATOR),
    ...values.flatMap((value) => [be32(value), be32(DENOMINATOR)]),
  );
};

/** The body of the picture's own ISO 21496-1 segment: versions only. */
export const makeIsoVersion = (): Uint8Array => join(ascii(ISO_NAME), new Uint8Array(4));
