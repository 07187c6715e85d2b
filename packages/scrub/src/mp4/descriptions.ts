/** Sample descriptions (ISO/IEC 14496-12, 8.5.2; QuickTime File Format): the codecs that are known here, written anew. */
import { be16, be32, join, latin1, u16be, u32be } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { type Box, boxesIn, makeBox, makeFullBox, onlyBox } from "../boxes/box.ts";
import { cleanColour, copyFixed, reportShorter } from "../boxes/colour.ts";
import { cleanAv1Config, cleanAvcConfig, cleanDolbyConfig, cleanHevcConfig, cleanVpConfig } from "../codec/config.ts";
import { PLAIN, type SampleReports, type Treatment } from "../codec/treatment.ts";
import { decodeText } from "../text/decode.ts";
import { cleanElementary } from "./elementary.ts";
import { cleanSoundEntry } from "./sound.ts";
import type { Description } from "./description.ts";

const MAX_DESCRIPTIONS = 64;
const VISUAL_BYTES = 78;

const AVC: ReadonlySet<string> = new Set(["avc1", "avc3", "dva1", "dvav"]);
const HEVC: ReadonlySet<string> = new Set(["hvc1", "hev1", "dvh1", "dvhe"]);
const DOLBY: readonly string[] = ["dvcC", "dvvC", "dvwC"];

const needed = (bytes: Uint8Array, boxes: readonly Box[], type: string): Uint8Array => {
  const box = onlyBox(boxes, type);
  if (box === undefined) throw damaged("a decoder configuration is missing");
  return bytes.subarray(box.body, box.end);
};

/** Decoder configuration of a picture track, and what its samples need. */
const cleanCodec = (
  format: string,
  bytes: Uint8Array,
  boxes: readonly Box[],
  { sei, obus, texts }: SampleReports,
): { readonly config: Uint8Array; readonly treatment: Treatment } => {
  const keepRpu = boxes.some(({ type }) => DOLBY.includes(type));
  if (AVC.has(format)) {
    const { bytes: config, lengthBytes } = cleanAvcConfig(needed(bytes, boxes, "avcC"), { keepRpu, report: sei });
    return {
      config: makeBox("avcC", config),
      treatment: { kind: "nal", options: { codec: "avc", lengthBytes, keepRpu, report: sei } },
    };
  }
  if (HEVC.has(format)) {
    const { bytes: config, lengthBytes } = cleanHevcConfig(needed(bytes, boxes, "hvcC"), { keepRpu, report: sei });
    return {
      config: makeBox("hvcC", config),
      treatment: { kind: "nal", options: { codec: "hevc", lengthBytes, keepRpu, report: sei } },
    };
  }
  if (format === "av01")
    return {
      config: makeBox("av1C", cleanAv1Config(needed(bytes, boxes, "av1C"), obus)),
      treatment: { kind: "av1", report: obus },
    };
  if (format === "vp08" || format === "vp09") {
    const config = needed(bytes, boxes, "vpcC");
    return { config: makeFullBox("vpcC", 1, 0, cleanVpConfig(config.subarray(4))), treatment: PLAIN };
  }
  if (format === "mp4v") {
    const stream = cleanElementary(needed(bytes, boxes, "esds"));
    const isKnown =
      stream.objectType === 0x20 ||
      (stream.objectType >= 0x60 && stream.objectType <= 0x65) ||
      stream.objectType === 0x6a;
    if (!isKnown) throw unsupported("a video codec that is not cleaned here");
    if (stream.text !== "") texts.add(stream.text);
    return { config: stream.bytes, treatment: { kind: "mpeg4", report: texts } };
  }
  if (format === "s263") {
    const config = needed(bytes, boxes, "d263").slice(0, 7);
    if (config.length < 7) throw damaged("a decoder configuration is cut off");
    config.fill(0, 0, 5); // Vendor and the version of its decoder (3GPP TS 26.244, 6.8)
    return { config: makeBox("d263", config), treatment: PLAIN };
  }
  throw unsupported("a video codec that is not cleaned here");
};

/** Kinds of boxes in an entry that say nothing about people and are not needed. */
const SILENT: ReadonlySet<string> = new Set([
  "btrt",
  "hvcE",
  "avcE",
  "lhvC",
  "vexu",
  "hfov",
  "chrm",
  "glbl",
  "free",
  "SmDm",
  "CoLL",
]);

const cleanVisual = (
  bytes: Uint8Array,
  entry: Box,
  findings: Findings,
  where: string,
  reports: SampleReports,
): Description => {
  const start = entry.body;
  if (entry.end - start < VISUAL_BYTES) throw damaged("a sample description is cut off");
  const boxes = boxesIn(bytes, start + VISUAL_BYTES, entry.end);
  if (onlyBox(boxes, "sinf") !== undefined) throw unsupported("encrypted videos are not cleaned here");
  const { config, treatment } = cleanCodec(entry.type, bytes, boxes, reports);
  const nameLength = Math.min(31, bytes[start + 42] ?? 0);
  const name = decodeText(bytes.subarray(start + 43, start + 43 + nameLength));
  if (bytes.subarray(start + 42, start + 74).some((byte) => byte !== 0))
    findings.add("device", where, "CompressorName", name === "" ? "32 bytes" : name, "medium");
  const vendor = latin1(bytes, start + 12, 4);
  if (vendor !== "\0\0\0\0") findings.add("device", where, "vendor", vendor, "low");
  const extra: Uint8Array[] = [];
  for (const box of boxes) {
    const body = bytes.subarray(box.body, box.end);
    if (["avcC", "hvcC", "av1C", "vpcC", "esds", "d263"].includes(box.type) || SILENT.has(box.type)) continue;
    if (box.type === "colr") {
      const clean = cleanColour(body, where, findings);
      if (clean !== null) extra.push(clean);
      continue;
    }
    if (DOLBY.includes(box.type)) {
      extra.push(makeBox(box.type, cleanDolbyConfig(body)));
      continue;
    }
    const fixed = copyFixed(box.type, body);
    if (fixed !== null) {
      reportShorter(box, fixed.length, false, findings);
      extra.push(fixed);
    }
    if (fixed === null) findings.add("other", `${where} ${box.type}`, "data", sizeText(body.length), "low");
  }
  const clean = makeBox(
    entry.type,
    new Uint8Array(6),
    be16(1),
    new Uint8Array(16),
    bytes.slice(start + 24, start + 28), // Width and height
    be32(0x0048_0000),
    be32(0x0048_0000),
    be32(0),
    be16(1),
    new Uint8Array(32),
    bytes.slice(start + 74, start + 76), // Depth
    be16(0xffff),
    config,
    ...extra,
  );
  return { bytes: clean, treatment, frames: null };
};

/** `dref` (8.7.2): for each entry, whether the media is in this very file. */
const readDataReferences = (bytes: Uint8Array, box: Box): readonly boolean[] =>
  boxesIn(bytes, box.body + 8, box.end).map(({ body }) => ((bytes[body + 3] ?? 0) & 1) === 1);

/** All descriptions of a track, `stsd` and its data references. */
export const cleanDescriptions = (
  bytes: Uint8Array,
  stsd: Box,
  references: Box,
  isSound: boolean,
  quickTime: boolean,
  where: string,
  findings: Findings,
  reports: SampleReports,
): readonly Description[] => {
  const version = bytes[stsd.body] ?? 0;
  const entries = boxesIn(bytes, stsd.body + 8, stsd.end);
  if (entries.length === 0 || entries.length > MAX_DESCRIPTIONS || u32be(bytes, stsd.body + 4) !== entries.length)
    throw doubtful("a track has no or too many sample descriptions");
  const inFile = readDataReferences(bytes, references);
  return entries.map((entry) => {
    if (entry.end - entry.body < 8) throw damaged("a sample description is cut off");
    const index = u16be(bytes, entry.body + 6);
    if (inFile[index - 1] !== true) throw unsupported("the file plays media of another file");
    return isSound
      ? cleanSoundEntry(bytes, entry, quickTime || version === 0, where, findings, reports.texts)
      : cleanVisual(bytes, entry, findings, where, reports);
  });
};

/** `dinf` anew: one reference, to the file itself. */
export const makeDataInformation = (): Uint8Array =>
  makeBox("dinf", makeFullBox("dref", 0, 0, be32(1), makeFullBox("url ", 0, 1)));

export const makeDescriptions = (descriptions: readonly Description[]): Uint8Array =>
  makeFullBox("stsd", 0, 0, be32(descriptions.length), join(...descriptions.map(({ bytes }) => bytes)));
