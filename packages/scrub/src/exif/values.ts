/** Values of TIFF entries as people read them. */
import { u16be, u16le, u32be, u32le } from "../core/bytes.ts";
import { decodeText, decodeUtf16, textOrSize } from "../text/decode.ts";
import type { Entry } from "./directories.ts";

/** Numbers of an entry, at most `limit`; rationals divided, 0/0 as NaN. */
export const numbersOf = ({ type, data }: Entry, littleEndian: boolean, limit = 16): number[] => {
  const u16 = littleEndian ? u16le : u16be;
  const u32 = littleEndian ? u32le : u32be;
  const numbers: number[] = [];
  const step = type === 3 || type === 8 ? 2 : type === 5 || type === 10 ? 8 : type === 4 || type === 9 ? 4 : 1;
  for (let at = 0; at + step <= data.length && numbers.length < limit; at += step) {
    if (step === 2) numbers.push(type === 8 ? (u16(data, at) << 16) >> 16 : u16(data, at));
    else if (step === 4) numbers.push(type === 9 ? u32(data, at) | 0 : u32(data, at));
    else if (step === 8) {
      const [a, b] = [u32(data, at), u32(data, at + 4)];
      numbers.push(type === 10 ? (a | 0) / (b | 0) : a / b);
    } else numbers.push(data[at] ?? 0);
  }
  return numbers;
};

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** "1999:12:31 23:59:59" as "1999-12-31 23:59:59"; anything else as it is. */
export const dateText = (text: string): string => text.replace(/^(\d{4}):(\d{2}):(\d{2})/u, "$1-$2-$3");

/** Character codes of UserComment and GPS texts (DC-008, table 9): eight bytes, then the text. */
const codedText = (data: Uint8Array, littleEndian: boolean): string => {
  const code = decodeText(data.subarray(0, 8));
  const rest = data.subarray(8);
  if (code === "UNICODE") return decodeUtf16(rest, littleEndian);
  return code === "ASCII" || code === "" || code === "JIS" ? decodeText(rest) : textOrSize(data);
};

const USER_COMMENT = 0x9286;
const MAKER_NOTE = 0x927c;

/** What the entry says; a size for what is binary. */
export const valueText = (entry: Entry, littleEndian: boolean, gps = false): string => {
  const { tag, type, data } = entry;
  if (tag >= 0x9c9b && tag <= 0x9c9f) return decodeUtf16(data, true);
  if (tag === USER_COMMENT || (gps && (tag === 0x1b || tag === 0x1c))) return codedText(data, littleEndian);
  if (type === 2 || type === 129) return dateText(decodeText(data).trim());
  if (tag === MAKER_NOTE) return `${data.length} bytes`;
  if (type === 7 || type === 1) return textOrSize(data);
  // 0/0 is how cameras say that they don't know.
  const numbers = numbersOf(entry, littleEndian).filter(Number.isFinite);
  if (gps && tag === 0x07) return numbers.map((number) => String(round(number, 3)).padStart(2, "0")).join(":");
  return numbers.map((number) => String(round(number, 4))).join(" ");
};

/** Degrees, minutes, seconds to signed decimal degrees; null if they say nothing. */
export const degrees = (entry: Entry | undefined, ref: Entry | undefined, littleEndian: boolean): number | null => {
  if (entry === undefined) return null;
  const [d = Number.NaN, m = 0, s = 0] = numbersOf(entry, littleEndian, 3);
  const value = d + (Number.isFinite(m) ? m : 0) / 60 + (Number.isFinite(s) ? s : 0) / 3600;
  if (!Number.isFinite(value) || value > 360) return null;
  const letter = ref === undefined ? "" : decodeText(ref.data);
  return round(letter === "S" || letter === "W" ? -value : value, 6);
};
