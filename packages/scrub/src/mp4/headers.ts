/** Headers of the movie, its tracks and their media (ISO/IEC 14496-12, 8.2.2, 8.3.2, 8.4.2), read and written without times. */
import { ascii, be16, be32, join, latin1, u32be } from "../core/bytes.ts";
import type { Findings } from "../core/findings.ts";
import { damaged } from "../core/refuse.ts";
import { be64, type Box, makeFullBox, u64be } from "../boxes/box.ts";
import { decodeText } from "../text/decode.ts";

/** Seconds from 1904, when these files' time begins, to 1970. */
const EPOCH_SECONDS = 2_082_844_800;
const UNDETERMINED = 0x55c4;

const dateText = (time: number): string => {
  // Some cameras count from 1970.
  const date = new Date((time > EPOCH_SECONDS ? time - EPOCH_SECONDS : time) * 1000);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().replace(".000Z", "Z");
};

/** Creation and modification time behind version and flags; answers where the fields behind them begin. */
const reportTimes = (bytes: Uint8Array, box: Box, where: string, findings: Findings): number => {
  const wide = bytes[box.body] === 1;
  const read = wide ? u64be : u32be;
  const size = wide ? 8 : 4;
  for (const [index, name] of ["CreateDate", "ModifyDate"].entries()) {
    const time = read(bytes, box.body + 4 + size * index);
    if (time !== 0) findings.add("time", where, name, dateText(time), "high");
  }
  return box.body + 4 + 2 * size;
};

const checkSize = (box: Box, bytes: Uint8Array, narrow: number, wide: number): void => {
  if (box.end - box.body < (bytes[box.body] === 1 ? wide : narrow)) throw damaged("a header is cut off");
};

export interface MovieHeader {
  readonly timeScale: number;
  /** Rate, volume, ten bytes reserved, matrix. */
  readonly presentation: Uint8Array;
}

export const readMovieHeader = (bytes: Uint8Array, box: Box, findings: Findings): MovieHeader => {
  checkSize(box, bytes, 100, 112);
  const at = reportTimes(bytes, box, "moov mvhd", findings);
  const timeScale = u32be(bytes, at);
  if (timeScale === 0) throw damaged("the movie has no time scale");
  const start = at + (bytes[box.body] === 1 ? 12 : 8);
  const presentation = join(
    bytes.subarray(start, start + 6),
    new Uint8Array(10),
    bytes.subarray(start + 16, start + 52),
  );
  return { timeScale, presentation };
};

const durationField = (duration: number, wide: boolean): Uint8Array => (wide ? be64(duration) : be32(duration));

const isWide = (duration: number): boolean => duration > 0xffff_ffff;

export const makeMovieHeader = (
  { timeScale, presentation }: MovieHeader,
  duration: number,
  trackCount: number,
): Uint8Array => {
  const wide = isWide(duration);
  return makeFullBox(
    "mvhd",
    wide ? 1 : 0,
    0,
    new Uint8Array(wide ? 16 : 8),
    be32(timeScale),
    durationField(duration, wide),
    presentation,
    new Uint8Array(24),
    be32(trackCount + 1),
  );
};

export interface TrackHeader {
  readonly id: number;
  readonly flags: number;
  /** Layer, alternate group, volume, two bytes reserved, matrix, width, height. */
  readonly presentation: Uint8Array;
}

export const readTrackHeader = (bytes: Uint8Array, box: Box, where: string, findings: Findings): TrackHeader => {
  checkSize(box, bytes, 84, 96);
  const at = reportTimes(bytes, box, `${where} tkhd`, findings);
  const start = at + (bytes[box.body] === 1 ? 16 : 12) + 8;
  const presentation = bytes.slice(start, start + 52);
  presentation.fill(0, 6, 8);
  return { id: u32be(bytes, at), flags: (bytes[box.body + 3] ?? 0) & 15, presentation };
};

export const makeTrackHeader = ({ flags, presentation }: TrackHeader, number: number, duration: number): Uint8Array => {
  const wide = isWide(duration);
  return makeFullBox(
    "tkhd",
    wide ? 1 : 0,
    flags,
    new Uint8Array(wide ? 16 : 8),
    be32(number),
    be32(0),
    durationField(duration, wide),
    new Uint8Array(8),
    presentation,
  );
};

/** Time scale of `mdhd`. */
export const readMediaHeader = (bytes: Uint8Array, box: Box, where: string, findings: Findings): number => {
  checkSize(box, bytes, 24, 36);
  const at = reportTimes(bytes, box, `${where} mdhd`, findings);
  const timeScale = u32be(bytes, at);
  if (timeScale === 0) throw damaged("a track has no time scale");
  const languageAt = at + (bytes[box.body] === 1 ? 12 : 8);
  const code = u32be(bytes, languageAt) >>> 16;
  // Below 0x400 it is one of QuickTime's numbers, of which 0 is English and what everything says.
  if (code >= 0x400 && code !== UNDETERMINED && code !== 0x7fff) {
    const letters = [10, 5, 0].map((shift) => String.fromCharCode(0x60 + ((code >> shift) & 31))).join("");
    findings.add("other", `${where} mdhd`, "language", letters, "low");
  } else if (code > 0 && code < 0x400) findings.add("other", `${where} mdhd`, "language", String(code), "low");
  return timeScale;
};

export const makeMediaHeader = (timeScale: number, duration: number): Uint8Array => {
  const wide = isWide(duration);
  return makeFullBox(
    "mdhd",
    wide ? 1 : 0,
    0,
    new Uint8Array(wide ? 16 : 8),
    be32(timeScale),
    durationField(duration, wide),
    be16(UNDETERMINED),
    be16(0),
  );
};

/** The kind of a track's media; its name, and in QuickTime its maker, is reported. */
export const readHandler = (bytes: Uint8Array, box: Box, where: string, findings: Findings): string => {
  if (box.end - box.body < 20) throw damaged("a handler is cut off");
  const maker = latin1(bytes, box.body + 12, 4);
  if (maker !== "\0\0\0\0") findings.add("device", `${where} hdlr`, "component manufacturer", maker, "low");
  const name = bytes.subarray(Math.min(box.end, box.body + 24), box.end);
  // QuickTime counts the letters in the first byte, others end them with a zero.
  const counted = (name[0] ?? 0) === name.length - 1 ? name.subarray(1) : name;
  if (name.some((byte) => byte !== 0))
    findings.add("device", `${where} hdlr`, "handler name", decodeText(counted).trim() || "not empty", "low");
  return latin1(bytes, box.body + 8, 4);
};

export const makeHandler = (component: string, kind: string): Uint8Array =>
  makeFullBox("hdlr", 0, 0, ascii(component), ascii(kind), new Uint8Array(13));
