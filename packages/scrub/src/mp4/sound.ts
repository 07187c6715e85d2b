/** Sample descriptions of sound (ISO/IEC 14496-12, 12.2.3; QuickTime File Format, sound sample descriptions 0 to 2). */
import { be16, join, latin1, u16be, u32be } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { type Box, boxesIn, makeBox } from "../boxes/box.ts";
import { refuseText } from "../codec/text-run.ts";
import { cleanElementary } from "./elementary.ts";
import { PLAIN, type TextReport, type Treatment } from "../codec/treatment.ts";
import type { Description, SoundFrames } from "./description.ts";

const SOUND_BYTES = 28;
const UNCOMPRESSED: ReadonlySet<string> = new Set(
  "sowt|twos|lpcm|raw |NONE|in24|in32|fl32|fl64|ulaw|alaw|ima4|MAC3|MAC6|ipcm|fpcm".split("|"),
);
const COMPRESSED: ReadonlyMap<string, "plain" | "mp3"> = new Map([
  [".mp3", "mp3"],
  ["ms\0\u0055", "mp3"],
  ["ac-3", "plain"],
  ["ec-3", "plain"],
  ["alac", "plain"],
  ["fLaC", "plain"],
  ["Opus", "plain"],
  ["samr", "plain"],
  ["sawb", "plain"],
]);
/** Object types in `esds` that samples may be of. */
const isAacType = (objectType: number): boolean => objectType === 0x40 || (objectType >= 0x66 && objectType <= 0x68);
/** AAC Main, LC, SSR, LTP and with SBR or PS: frames begin with elements (14496-3, 4.4.2.1). */
const ELEMENT_TYPES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 29]);
const MP3_TYPES: ReadonlySet<number> = new Set([0x69, 0x6b]);
const PLAIN_TYPES: ReadonlySet<number> = new Set([0xa5, 0xa6, 0xad, 0xe1]);

/** Settings of one size. */
const FIXED: ReadonlyMap<string, number> = new Map([
  ["dac3", 3],
  ["enda", 2],
  ["srat", 8],
  ["pcmC", 6],
  ["frma", 4],
]);
/** Settings whose size is their own, small and never text. */
const MAX_VARIABLE_BYTES = 64;
const VARIABLE: ReadonlySet<string> = new Set(["dec3", "chnl"]);

const cut = (body: Uint8Array, size: number): Uint8Array => {
  if (body.length < size) throw damaged("a sound's settings are cut off");
  return body.slice(0, size);
};

/** STREAMINFO only, without the digest of the sound (RFC 9639, 8.2). */
const cleanFlac = (body: Uint8Array): Uint8Array => {
  const info = cut(body, 4 + 4 + 34);
  if (((info[4] ?? 0) & 127) !== 0) throw damaged("a sound's settings are wrong");
  info[4] = 0x80;
  info.fill(0, 26);
  return info;
};

const cleanOpus = (body: Uint8Array): Uint8Array => cut(body, (body[10] ?? 0) === 0 ? 11 : 11 + 2 + (body[1] ?? 0));

const cleanAmr = (body: Uint8Array): Uint8Array => {
  const settings = cut(body, 9);
  settings.fill(0, 0, 5); // Vendor and the version of its decoder (3GPP TS 26.244, 6.7)
  return settings;
};

/** A layout by tag, bitmap or description (Core Audio Format, channel layout chunk). */
const cleanLayout = (body: Uint8Array): Uint8Array => {
  const count = u32be(body, 12);
  if (count > 64) throw doubtful("a sound has too many channels");
  const layout = cut(body, 16 + 20 * count);
  refuseText(layout, "a sound's settings hold text");
  return layout;
};

interface Settings {
  readonly boxes: Uint8Array[];
  treatment: Treatment | null;
}

const readSettings = (
  bytes: Uint8Array,
  boxes: readonly Box[],
  into: Settings,
  where: string,
  findings: Findings,
  texts: TextReport,
  depth = 0,
): void => {
  for (const { type, body: start, end } of boxes) {
    const body = bytes.subarray(start, end);
    // QuickTime ends the boxes of `wave` with an empty one.
    if (type === "\0\0\0\0" && body.length === 0) continue;
    const fixed = FIXED.get(type);
    if (fixed !== undefined) into.boxes.push(makeBox(type, cut(body, fixed)));
    else if (type === "esds") {
      const stream = cleanElementary(body);
      into.boxes.push(stream.bytes);
      const { objectType, audioType } = stream;
      if (isAacType(objectType))
        into.treatment = objectType !== 0x40 || ELEMENT_TYPES.has(audioType) ? { kind: "aac", report: texts } : PLAIN;
      else if (MP3_TYPES.has(objectType)) into.treatment = { kind: "mp3", report: texts };
      else if (PLAIN_TYPES.has(objectType)) into.treatment = PLAIN;
      else throw unsupported("a sound codec that is not cleaned here");
    } else if (type === "wave" && depth === 0) {
      const inner: Settings = { boxes: [], treatment: null };
      readSettings(bytes, boxesIn(bytes, start, end), inner, where, findings, texts, 1);
      into.treatment ??= inner.treatment;
      into.boxes.push(makeBox("wave", ...inner.boxes, Uint8Array.of(0, 0, 0, 8, 0, 0, 0, 0)));
    } else if (type === "dfLa") into.boxes.push(makeBox(type, cleanFlac(body)));
    else if (type === "dOps") into.boxes.push(makeBox(type, cleanOpus(body)));
    else if (type === "damr") into.boxes.push(makeBox(type, cleanAmr(body)));
    else if (type === "alac") into.boxes.push(makeBox(type, cut(body, 28)));
    else if (type === "mp4a") into.boxes.push(makeBox(type, new Uint8Array(4)));
    else if (type === "chan") into.boxes.push(makeBox(type, cleanLayout(body)));
    else if (VARIABLE.has(type) && body.length <= MAX_VARIABLE_BYTES) {
      refuseText(body, "a sound's settings hold text");
      into.boxes.push(makeBox(type, body.slice()));
    } else if (type === "sinf") throw unsupported("encrypted videos are not cleaned here");
    else if (type !== "btrt" && type !== "free" && type !== "SA3D")
      findings.add("other", `${where} ${type}`, "data", sizeText(body.length), "low");
  }
};

/** `versioned`: versions 1 and 2 have the longer layout of QuickTime. */
export const cleanSoundEntry = (
  bytes: Uint8Array,
  entry: Box,
  versioned: boolean,
  where: string,
  findings: Findings,
  texts: TextReport,
): Description => {
  const start = entry.body;
  const version = u16be(bytes, start + 8);
  const more = !versioned || version === 0 ? 0 : version === 1 ? 16 : version === 2 ? 36 : -1;
  if (more < 0) throw unsupported("a sound description of an unknown version");
  if (entry.end - start < SOUND_BYTES + more) throw damaged("a sample description is cut off");
  const vendor = latin1(bytes, start + 12, 4);
  if (vendor !== "\0\0\0\0") findings.add("device", where, "vendor", vendor, "low");
  const settings: Settings = { boxes: [], treatment: null };
  readSettings(bytes, boxesIn(bytes, start + SOUND_BYTES + more, entry.end), settings, where, findings, texts);
  const head = join(
    new Uint8Array(6),
    be16(1),
    be16(more === 0 ? 0 : version),
    new Uint8Array(6),
    bytes.slice(start + 16, start + SOUND_BYTES + more),
  );
  const clean = makeBox(entry.type, head, ...settings.boxes);
  const uncompressed = UNCOMPRESSED.has(entry.type);
  const compressed = COMPRESSED.get(entry.type);
  let treatment: Treatment | null = settings.treatment;
  if (uncompressed || compressed === "plain") treatment = PLAIN;
  else if (compressed === "mp3") treatment = { kind: "mp3", report: texts };
  else if (entry.type !== "mp4a" || treatment === null) throw unsupported("a sound codec that is not cleaned here");
  return { bytes: clean, treatment, frames: uncompressed ? framesOf(bytes, start, more, entry.type) : null };
};

/** Bytes of a packet, from the description's version and fields. */
const framesOf = (bytes: Uint8Array, start: number, more: number, format: string): SoundFrames => {
  if (more === 16) {
    const framesPerPacket = u32be(bytes, start + 28);
    const bytesPerPacket = u32be(bytes, start + 36);
    if (framesPerPacket > 0 && bytesPerPacket > 0) return { framesPerPacket, bytesPerPacket };
  }
  if (more === 36) {
    const bytesPerPacket = u32be(bytes, start + 56);
    const framesPerPacket = u32be(bytes, start + 60);
    if (framesPerPacket > 0 && bytesPerPacket > 0) return { framesPerPacket, bytesPerPacket };
  }
  const channels = u16be(bytes, start + 16);
  if (format === "ima4") return { framesPerPacket: 64, bytesPerPacket: 34 * channels };
  const bits = ["ulaw", "alaw"].includes(format)
    ? 8
    : (({ in24: 24, in32: 32, fl32: 32, fl64: 64 } as Record<string, number>)[format] ?? u16be(bytes, start + 18));
  const bytesPerPacket = channels * Math.ceil(bits / 8);
  if (bytesPerPacket === 0 || format.startsWith("MAC")) throw unsupported("a sound whose size is not told");
  return { framesPerPacket: 1, bytesPerPacket };
};
