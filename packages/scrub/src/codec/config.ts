/**
 * Decoder configurations (ISO/IEC 14496-15 for H.264 and HEVC; AV1 and VP codecs in ISO BMFF; Dolby Vision in ISO BMFF):
 * each is written anew from its fields, so nothing stands behind or between them.
 */
import { be16, join, u16be } from "../core/bytes.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import { cleanConfigObus, type ObuReport } from "./obu.ts";
import type { NalOptions } from "./nal.ts";
import { treatConfigUnit } from "./nal.ts";

/** A decoder configuration as it is written, and how many bytes the lengths in its samples have. */
export interface NalConfig {
  readonly bytes: Uint8Array;
  readonly lengthBytes: number;
}

/** The field of the length's size; 3 bytes are not allowed. */
const lengthBytesOf = (field: number): number => {
  const bytes = (field & 3) + 1;
  if (bytes === 3) throw damaged("the length of units is wrong");
  return bytes;
};

/** A list of units, each behind a length of two bytes, cleaned. `at` moves on in `reader`. */
class Reader {
  readonly bytes: Uint8Array;
  at = 0;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  take(length: number): Uint8Array {
    const part = this.bytes.subarray(this.at, this.at + length);
    if (part.length < length) throw damaged("a decoder configuration is cut off");
    this.at += length;
    return part;
  }
  u8(): number {
    return this.take(1)[0] ?? 0;
  }
  u16(): number {
    return u16be(this.take(2), 0);
  }
  units(count: number, options: NalOptions): Uint8Array[] {
    const units: Uint8Array[] = [];
    for (let i = 0; i < count; i += 1) {
      const unit = this.take(this.u16());
      const treated = treatConfigUnit(unit, options);
      if (treated === "drop") options.report.unit(options.codec, unit[0] ?? 0, unit.length);
      else units.push(treated === "copy" ? unit : treated);
    }
    return units;
  }
}

const withLength = (unit: Uint8Array): Uint8Array => join(be16(unit.length), unit);

/** Profiles whose configuration goes on behind the parameter sets (14496-15, 5.3.3.1.2). */
const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 144, 244, 44]);

export const cleanAvcConfig = (bytes: Uint8Array, options: Omit<NalOptions, "lengthBytes" | "codec">): NalConfig => {
  const reader = new Reader(bytes);
  const [version = 0, profile = 0, compatibility = 0, level = 0, size = 0] = reader.take(5);
  if (version !== 1) throw damaged("the H.264 configuration is of an unknown version");
  options.report.profileIdc = profile;
  const all: NalOptions = { ...options, codec: "avc", lengthBytes: lengthBytesOf(size) };
  const sets = reader.units(reader.u8() & 31, all);
  const pictureSets = reader.units(reader.u8(), all);
  const parts = [
    Uint8Array.of(1, profile, compatibility, level, 0xfc | (size & 3), 0xe0 | sets.length),
    ...sets.map(withLength),
    Uint8Array.of(pictureSets.length),
    ...pictureSets.map(withLength),
  ];
  // Old writers leave this part out, even where the profile asks for it.
  if (HIGH_PROFILES.has(profile) && bytes.length - reader.at >= 4) {
    const [chroma = 0, luma = 0, colour = 0, count = 0] = reader.take(4);
    const extensions = reader.units(count, all);
    parts.push(
      Uint8Array.of(0xfc | (chroma & 3), 0xf8 | (luma & 7), 0xf8 | (colour & 7), extensions.length),
      ...extensions.map(withLength),
    );
  }
  return { bytes: join(...parts), lengthBytes: all.lengthBytes };
};

const HEVC_HEAD_BYTES = 22;
const HEVC_ALPHA = 165;

export const cleanHevcConfig = (bytes: Uint8Array, options: Omit<NalOptions, "lengthBytes" | "codec">): NalConfig => {
  const reader = new Reader(bytes);
  const head = reader.take(HEVC_HEAD_BYTES).slice();
  if (head[0] !== 1) throw damaged("the HEVC configuration is of an unknown version");
  const lengthBytes = lengthBytesOf(head[21] ?? 0);
  const all: NalOptions = { ...options, codec: "hevc", lengthBytes };
  // Reserved bits are ones (8.3.3.1.2).
  head[13] = 0xf0 | ((head[13] ?? 0) & 15);
  head[15] = 0xfc | ((head[15] ?? 0) & 3);
  head[16] = 0xfc | ((head[16] ?? 0) & 3);
  head[17] = 0xf8 | ((head[17] ?? 0) & 7);
  head[18] = 0xf8 | ((head[18] ?? 0) & 7);
  const arrays: Uint8Array[] = [];
  const count = reader.u8();
  for (let i = 0; i < count; i += 1) {
    const kind = reader.u8() & 0xbf;
    const start = reader.at;
    const units = reader.units(reader.u16(), all);
    if ((kind & 63) === 39 && startsWithAlpha(bytes.subarray(start)))
      throw doubtful("the video has its transparency in a second layer");
    if (units.length > 0) arrays.push(join(Uint8Array.of(kind), be16(units.length), ...units.map(withLength)));
  }
  return { bytes: join(head, Uint8Array.of(arrays.length), ...arrays), lengthBytes };
};

/** Number of units, length, header of two bytes, then the type of the first message. */
const startsWithAlpha = (array: Uint8Array): boolean => array[6] === HEVC_ALPHA;

/** `av1C`: four bytes, then units. */
export const cleanAv1Config = (bytes: Uint8Array, report: ObuReport): Uint8Array => {
  if (bytes.length < 4 || bytes[0] !== 0x81) throw damaged("the AV1 configuration is wrong");
  const [, profile = 0, chroma = 0, delay = 0] = bytes;
  return join(
    Uint8Array.of(0x81, profile, chroma, (delay & 16) === 0 ? 0 : delay & 31),
    cleanConfigObus(bytes.subarray(4), report),
  );
};

/** `vpcC` without its version and flags: eight bytes, the last two of them a length that is 0 (VP codecs, 2.1). */
export const cleanVpConfig = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length < 8) throw damaged("the VP9 configuration is cut off");
  return join(bytes.subarray(0, 6), be16(0));
};

/** `dvcC`, `dvvC`, `dvwC`: 24 bytes, of which five say something. */
export const cleanDolbyConfig = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length < 5) throw damaged("the Dolby Vision configuration is cut off");
  const clean = new Uint8Array(24);
  clean.set(bytes.subarray(0, 5));
  clean[4] = (clean[4] ?? 0) & 0xfc;
  return clean;
};
