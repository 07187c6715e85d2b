/** The directories of a TIFF structure (TIFF 6.0, section 2), as entries; loops and lies end the reading, no more. */
import { u16be, u16le, u32be, u32le } from "../core/bytes.ts";
import { SUB_DIRECTORIES } from "./tags.ts";

export interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** The value's bytes, as far as they are there. A view. */
  readonly data: Uint8Array;
}

export interface Directory {
  /** "IFD0", "IFD1", "Exif", "GPS", "SubIFD". */
  readonly name: string;
  readonly entries: readonly Entry[];
}

export interface TiffStructure {
  readonly littleEndian: boolean;
  readonly directories: readonly Directory[];
  /** False if something pointed outside, in a circle, or was too much. */
  readonly sound: boolean;
}

const MAX_DIRECTORIES = 64;
const MAX_ENTRIES = 4096;
/** Bytes of one value of each type (TIFF 6.0, page 15; 13 is IFD, 16 to 18 are BigTIFF's). */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** Null if there is no TIFF header at the start. */
export const readDirectories = (bytes: Uint8Array): TiffStructure | null => {
  const littleEndian = bytes[0] === 0x49 && bytes[1] === 0x49;
  if (!littleEndian && !(bytes[0] === 0x4d && bytes[1] === 0x4d)) return null;
  const u16 = littleEndian ? u16le : u16be;
  const u32 = littleEndian ? u32le : u32be;
  if (bytes.length < 8 || u16(bytes, 2) !== 42) return null;
  const directories: Directory[] = [];
  const seen = new Set<number>();
  const waiting: { name: string; at: number; chain: number }[] = [{ name: "IFD0", at: u32(bytes, 4), chain: 0 }];
  let left = MAX_ENTRIES;
  let sound = true;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { name, at, chain } = next;
    if (at === 0) continue;
    if (seen.has(at) || directories.length >= MAX_DIRECTORIES || at + 2 > bytes.length) {
      sound = false;
      continue;
    }
    seen.add(at);
    const entries: Entry[] = [];
    const count = u16(bytes, at);
    for (let i = 0; i < count; i += 1) {
      const entry = at + 2 + 12 * i;
      if (entry + 12 > bytes.length || left <= 0) {
        sound = false;
        break;
      }
      left -= 1;
      const type = u16(bytes, entry + 2);
      const values = u32(bytes, entry + 4);
      const size = values * (TYPE_BYTES[type] ?? 0);
      const from = size <= 4 ? entry + 8 : u32(bytes, entry + 8);
      if (from + size > bytes.length) sound = false;
      const tag = u16(bytes, entry);
      entries.push({ tag, type, count: values, data: bytes.subarray(from, Math.min(bytes.length, from + size)) });
      const sub = SUB_DIRECTORIES.get(tag);
      if (sub !== undefined && size <= 64)
        for (let v = 0; v < size; v += 4) waiting.push({ name: sub, at: u32(bytes, from + v), chain: 0 });
    }
    directories.push({ name, entries });
    const link = at + 2 + 12 * count;
    if (name.startsWith("IFD") && link + 4 <= bytes.length)
      waiting.push({ name: `IFD${chain + 1}`, at: u32(bytes, link), chain: chain + 1 });
  }
  return { littleEndian, directories, sound };
};
