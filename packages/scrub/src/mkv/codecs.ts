/**
 * Codecs of Matroska's tracks (RFC 9559 with the Matroska codec mappings): what decoders need to begin with, written
 * anew, and what is done with the frames.
 */
import { ascii, be32, join, latin1, startsWith, u16be } from "../core/bytes.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { cleanAv1Config, cleanAvcConfig, cleanHevcConfig } from "../codec/config.ts";
import { cleanMpeg4 } from "../codec/mpeg4.ts";
import { findTextRun, refuseText } from "../codec/text-run.ts";
import { PLAIN, type SampleReports, type Treatment } from "../codec/treatment.ts";
import { textOrSize } from "../text/decode.ts";

export interface Codec {
  /** `CodecPrivate` as it is written; empty: none. */
  readonly settings: Uint8Array;
  readonly treatment: Treatment;
  /** Text that was in the settings; "" if none. */
  readonly text: string;
}

const NOTHING = new Uint8Array(0);
const MAX_SETTINGS_BYTES = 1 << 20;
const MAX_SMALL_BYTES = 1024;

const codec = (settings: Uint8Array, treatment: Treatment = PLAIN, text = ""): Codec => ({ settings, treatment, text });

const cut = (bytes: Uint8Array, size: number): Uint8Array => {
  if (bytes.length < size) throw damaged("a codec's settings are cut off");
  return bytes.slice(0, size);
};

/** Pictures between start codes, user data among them. */
const startCodes = (settings: Uint8Array, { texts }: SampleReports): Codec => {
  if (settings.length > MAX_SMALL_BYTES) throw doubtful("a codec's settings are too large");
  const clean = cleanMpeg4(settings);
  const kept = clean?.bytes ?? settings.slice();
  refuseText(kept, "a codec's settings hold text");
  return codec(kept, { kind: "mpeg4", report: texts }, clean?.text ?? "");
};

/** Identifier, length and value of each feature that VP9's mapping knows: profile, level, depth, subsampling. */
const cleanVp9 = (settings: Uint8Array): Uint8Array => {
  const kept: Uint8Array[] = [];
  for (let feature = 1; feature <= 4; feature += 1) {
    for (let at = 0; at + 2 < settings.length; at += 2 + (settings[at + 1] ?? 0)) {
      if (settings[at] !== feature || settings[at + 1] !== 1) continue;
      kept.push(settings.slice(at, at + 3));
      break;
    }
  }
  return join(...kept);
};

/** Object types whose frames begin with elements (ISO/IEC 14496-3, 4.4.2.1). */
const ELEMENT_TYPES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 29]);
const MAX_AAC_BYTES = 64;

const aac = (settings: Uint8Array, { texts }: SampleReports): Codec => {
  if (settings.length > MAX_AAC_BYTES) throw doubtful("a codec's settings are too large");
  refuseText(settings, "a codec's settings hold text");
  const isPlain = settings.length > 0 && !ELEMENT_TYPES.has((settings[0] ?? 0) >> 3);
  return codec(settings.slice(), isPlain ? PLAIN : { kind: "aac", report: texts });
};

/** `OpusHead` (RFC 7845, 5.1). */
const opus = (settings: Uint8Array): Codec => {
  if (!startsWith(settings, "OpusHead")) throw damaged("a codec's settings are wrong");
  return codec(cut(settings, (settings[18] ?? 0) === 0 ? 19 : 21 + (settings[9] ?? 0)));
};

const VORBIS_IDENTIFICATION_BYTES = 30;
/** Length of the maker's name, number of comments, end mark: all that the second header has to have (Vorbis I, 5.2.1). */
const EMPTY_COMMENTS = join(ascii("\u0003vorbis"), new Uint8Array(8), Uint8Array.of(1));
/** Codebooks are packed bits: 20 letters and digits in a row come up in one of 10^12 places. */
const TEXT_RUN = 20;

/** Three headers behind their sizes (Matroska codec mappings, A_VORBIS). */
const vorbis = (settings: Uint8Array): Codec => {
  if (settings[0] !== 2) throw damaged("a codec's settings are wrong");
  let at = 1;
  const sizes = [0, 0];
  for (const index of sizes.keys()) {
    for (;;) {
      const byte = settings[at];
      if (byte === undefined) throw damaged("a codec's settings are cut off");
      sizes[index] = (sizes[index] ?? 0) + byte;
      at += 1;
      if (byte < 255) break;
    }
  }
  const [first = 0, second = 0] = sizes;
  const setup = settings.slice(at + first + second);
  const head = settings.slice(at, at + first);
  const comments = settings.slice(at + first, at + first + second);
  if (first !== VORBIS_IDENTIFICATION_BYTES || !startsWith(head, "\u0001vorbis") || !startsWith(setup, "\u0005vorbis"))
    throw damaged("a codec's settings are wrong");
  if (findTextRun(setup.subarray(7), TEXT_RUN) >= 0) throw doubtful("a codec's settings hold text");
  const isEmpty = comments.length === EMPTY_COMMENTS.length;
  return codec(
    join(Uint8Array.of(2, head.length, EMPTY_COMMENTS.length), head, EMPTY_COMMENTS, setup),
    PLAIN,
    isEmpty ? "" : textOrSize(comments.subarray(11, -1).map((byte) => (byte < 0x20 ? 0x20 : byte))),
  );
};

const FLAC_INFO_BYTES = 34;

/** The mark and STREAMINFO only, without the digest of the sound (RFC 9639, 8.2). */
const flac = (settings: Uint8Array): Codec => {
  const info = cut(settings, 8 + FLAC_INFO_BYTES);
  if (!startsWith(info, "fLaC") || ((info[4] ?? 0) & 127) !== 0 || u16be(info, 6) !== FLAC_INFO_BYTES)
    throw damaged("a codec's settings are wrong");
  info[4] = 0x80;
  info.fill(0, 26);
  return codec(info, PLAIN, settings.length > info.length ? textOrSize(settings.subarray(info.length + 4)) : "");
};

/** The decoder's numbers (Apple Lossless, ALACSpecificConfig). */
const ALAC_BYTES = 24;

const none = (treatment: Treatment) => (): Codec => codec(NOTHING, treatment);
const plain = none(PLAIN);

type Clean = (settings: Uint8Array, reports: SampleReports, keepRpu: boolean) => Codec;

const CODECS: ReadonlyMap<string, Clean> = new Map<string, Clean>([
  [
    "V_MPEG4/ISO/AVC",
    (settings, { sei }, keepRpu) => {
      const { bytes, lengthBytes } = cleanAvcConfig(settings, { keepRpu, report: sei });
      return codec(bytes, { kind: "nal", options: { codec: "avc", lengthBytes, keepRpu, report: sei } });
    },
  ],
  [
    "V_MPEGH/ISO/HEVC",
    (settings, { sei }, keepRpu) => {
      const { bytes, lengthBytes } = cleanHevcConfig(settings, { keepRpu, report: sei });
      return codec(bytes, { kind: "nal", options: { codec: "hevc", lengthBytes, keepRpu, report: sei } });
    },
  ],
  ["V_AV1", (settings, { obus }) => codec(cleanAv1Config(settings, obus), { kind: "av1", report: obus })],
  ["V_VP8", plain],
  ["V_VP9", (settings) => codec(cleanVp9(settings))],
  ["V_MPEG4/ISO/SP", startCodes],
  ["V_MPEG4/ISO/ASP", startCodes],
  ["V_MPEG4/ISO/AP", startCodes],
  ["V_MPEG1", startCodes],
  ["V_MPEG2", startCodes],
  ["A_AAC", aac],
  ["A_OPUS", opus],
  ["A_VORBIS", vorbis],
  ["A_FLAC", flac],
  ["A_ALAC", (settings) => codec(cut(settings, ALAC_BYTES))],
  ["A_MPEG/L3", (_, { texts }) => codec(NOTHING, { kind: "mp3", report: texts })],
  ["A_MPEG/L2", plain],
  ["A_MPEG/L1", plain],
  ["A_AC3", plain],
  ["A_EAC3", plain],
  ["A_PCM/INT/LIT", plain],
  ["A_PCM/INT/BIG", plain],
  ["A_PCM/FLOAT/IEEE", plain],
]);

/** As `A_AAC`, of writers before it had settings. */
const OLD_AAC = /^A_AAC\/MPEG[24]\/(?:MAIN|LC|LC\/SBR|SSR|LTP)$/u;

/** Throws `scrub_unsupported` for a codec that is not on the list. */
export const cleanCodec = (name: string, settings: Uint8Array, reports: SampleReports, keepRpu: boolean): Codec => {
  if (settings.length > MAX_SETTINGS_BYTES) throw doubtful("a codec's settings are too large");
  const clean = CODECS.get(name) ?? (OLD_AAC.test(name) ? aac : undefined);
  if (clean === undefined)
    throw unsupported(`a ${name.startsWith("A_") ? "sound" : "video"} codec that is not cleaned here`);
  return clean(settings, reports, keepRpu);
};

/** Whether a `BlockAdditionMapping` of this type, four letters as a number, carries the settings of Dolby Vision. */
export const isDolby = (type: number): boolean => ["dvcC", "dvvC", "dvwC"].includes(latin1(be32(type), 0, 4));
