/** Undoes what streams of a PDF are packed with (ISO 32000-2, 7.4), as far as reading what they say needs it. */
import { Inflater } from "../deflate/inflate.ts";
import { asArray, asCount, asDict, asName, type PdfDict, type PdfValue } from "./values.ts";
import { isSpace } from "./lexer.ts";

/** What all streams of one file may unpack to; a bomb ends here. */
const TOTAL_BYTES = 48 << 20;
/** Filters one behind the other; more than two are nobody's habit. */
const MAX_FILTERS = 4;
/** LZW codes have at most 12 bits (7.4.4.2). */
const MAX_LZW_CODES = 4096;

export interface Unpacking {
  leftBytes: number;
}
export const unpacking = (): Unpacking => ({ leftBytes: TOTAL_BYTES });

export interface Unpacked {
  readonly bytes: Uint8Array;
  /** The filters that are left, which make pictures and sound: "DCTDecode". */
  readonly rest: readonly string[];
  /** Bytes behind the end of packed data. */
  readonly behindBytes: number;
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  A85: "ASCII85Decode",
  AHx: "ASCIIHexDecode",
  Fl: "FlateDecode",
  LZW: "LZWDecode",
  RL: "RunLengthDecode",
  DCT: "DCTDecode",
};

/** The filters of a stream, in the order they are undone in. */
export const filtersOf = ({ entries }: PdfDict): readonly string[] => {
  const filter = entries.get("Filter") ?? entries.get("F");
  const names = asName(filter) === "" ? asArray(filter).map(asName) : [asName(filter)];
  return names.map((name) => SHORT_NAMES[name] ?? name);
};

/** With a growing buffer that never passes `limit`. */
class Grown {
  bytes = new Uint8Array(4096);
  length = 0;
  readonly limit: number;
  constructor(limit: number) {
    this.limit = limit;
  }
  put(byte: number): boolean {
    if (this.length >= this.limit) return false;
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(Math.min(this.limit, 4 * this.length));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length] = byte;
    this.length += 1;
    return true;
  }
  get whole(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

interface Step {
  readonly bytes: Uint8Array;
  readonly behindBytes: number;
}

/** What came out up to the limit or to damage is answered: a part says more than nothing. */
const unflate = (bytes: Uint8Array, limit: number): Step => {
  let room = Math.min(limit, Math.max(1 << 16, bytes.length * 8));
  for (;;) {
    const inflater = new Inflater(room, "keep");
    const taken = inflater.push(bytes);
    if (inflater.state === "done") return { bytes: inflater.output, behindBytes: bytes.length - taken };
    if (room >= limit || inflater.outputBytes < room) return { bytes: inflater.output, behindBytes: 0 };
    room = Math.min(limit, room * 8);
  }
};

const unhex = (bytes: Uint8Array, limit: number): Step => {
  const out = new Grown(limit);
  let high = -1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x3e) {
      if (high >= 0) out.put(16 * high);
      return { bytes: out.whole, behindBytes: bytes.length - at - 1 };
    }
    const digit = Number.parseInt(String.fromCharCode(byte), 16);
    if (Number.isNaN(digit)) continue;
    if (high < 0) high = digit;
    else {
      if (!out.put(16 * high + digit)) break;
      high = -1;
    }
  }
  return { bytes: out.whole, behindBytes: 0 };
};

/** 7.4.3: five characters for four bytes, `z` for four zeros, `~>` at the end. */
const unascii85 = (bytes: Uint8Array, limit: number): Step => {
  const out = new Grown(limit);
  let value = 0;
  let count = 0;
  const flush = (length: number): void => {
    for (let i = 0; i < length; i += 1) out.put(Math.floor(value / 256 ** (3 - i)) & 255);
    value = 0;
    count = 0;
  };
  let at = 0;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x7e) break;
    if (byte === 0x7a && count === 0) flush(4);
    else if (byte >= 0x21 && byte <= 0x75) {
      value = value * 85 + byte - 0x21;
      count += 1;
      if (count === 5) flush(4);
    }
    if (out.length >= limit) break;
  }
  if (count > 1) {
    const length = count - 1;
    while (count < 5) {
      value = value * 85 + 84;
      count += 1;
    }
    flush(length);
  }
  return { bytes: out.whole, behindBytes: Math.max(0, bytes.length - at - 2) };
};

/** 7.4.5: PackBits, 128 at the end. */
const unrunLength = (bytes: Uint8Array, limit: number): Step => {
  const out = new Grown(limit);
  let at = 0;
  while (at < bytes.length && out.length < limit) {
    const length = bytes[at] ?? 128;
    at += 1;
    if (length === 128) return { bytes: out.whole, behindBytes: bytes.length - at };
    if (length < 128) {
      for (const byte of bytes.subarray(at, at + length + 1)) out.put(byte);
      at += length + 1;
    } else {
      const byte = bytes[at] ?? 0;
      for (let i = 0; i < 257 - length; i += 1) out.put(byte);
      at += 1;
    }
  }
  return { bytes: out.whole, behindBytes: 0 };
};

/** 7.4.4: codes from the high bit on, 256 clears, 257 ends; with `early`, codes become longer one code sooner. */
const unlzw = (bytes: Uint8Array, limit: number, early: number): Step => {
  const out = new Grown(limit);
  const prefixes = new Uint16Array(MAX_LZW_CODES);
  const suffixes = new Uint8Array(MAX_LZW_CODES);
  const lengths = new Uint16Array(MAX_LZW_CODES);
  const word = new Uint8Array(MAX_LZW_CODES + 1);
  let next = 258;
  let width = 9;
  let previous = -1;
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  /** Into `word`; answers its length. */
  const spell = (code: number): number => {
    const length = code < 256 ? 1 : (lengths[code] ?? 1);
    let from = code;
    for (let i = length - 1; i > 0; i -= 1) {
      word[i] = suffixes[from] ?? 0;
      from = prefixes[from] ?? 0;
    }
    word[0] = from;
    return length;
  };
  for (;;) {
    while (bitCount < width && at < bytes.length) {
      bits = ((bits << 8) | (bytes[at] ?? 0)) & 0xff_ffff;
      bitCount += 8;
      at += 1;
    }
    if (bitCount < width) break;
    const code = (bits >> (bitCount - width)) & ((1 << width) - 1);
    bitCount -= width;
    if (code === 257) return { bytes: out.whole, behindBytes: bytes.length - at };
    if (code === 256) {
      next = 258;
      width = 9;
      previous = -1;
      continue;
    }
    if (code > next || (code === next && previous < 0) || (code >= 258 && code > next)) break;
    let length;
    if (code === next) {
      length = spell(previous);
      word[length] = word[0] ?? 0;
      length += 1;
    } else length = spell(code);
    if (previous >= 0 && next < MAX_LZW_CODES) {
      prefixes[next] = previous;
      suffixes[next] = word[0] ?? 0;
      lengths[next] = (previous < 256 ? 1 : (lengths[previous] ?? 1)) + 1;
      next += 1;
    }
    for (let i = 0; i < length; i += 1) out.put(word[i] ?? 0);
    if (out.length >= limit) break;
    previous = code;
    width = next + early >= 2048 ? 12 : next + early >= 1024 ? 11 : next + early >= 512 ? 10 : 9;
  }
  return { bytes: out.whole, behindBytes: 0 };
};

const paeth = (a: number, b: number, c: number): number => {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
};

/** 7.4.4.4: rows that tell differences, as PNG has them; TIFF's (2) with 8 bits. Null for what can't be. */
const unpredict = (bytes: Uint8Array, parameters: PdfDict | null): Uint8Array | null => {
  const number = (key: string, without: number): number => {
    const value = asCount(parameters?.entries.get(key));
    return value < 0 ? without : value;
  };
  const predictor = number("Predictor", 1);
  if (predictor <= 1) return bytes;
  const bits = number("BitsPerComponent", 8);
  const colours = number("Colors", 1);
  const columns = number("Columns", 1);
  const rowBits = bits * colours * columns;
  if (rowBits < 1 || rowBits > 1 << 26) return null;
  const rowBytes = Math.ceil(rowBits / 8);
  const step = Math.max(1, (bits * colours) >> 3);
  if (predictor === 2) {
    if (bits !== 8) return null;
    const out = bytes.slice();
    for (let row = 0; row < out.length; row += rowBytes)
      for (let i = row + step; i < Math.min(out.length, row + rowBytes); i += 1)
        out[i] = (out[i] ?? 0) + (out[i - step] ?? 0);
    return out;
  }
  const rows = Math.ceil(bytes.length / (rowBytes + 1));
  const out = new Uint8Array(rows * rowBytes);
  let length = 0;
  for (let row = 0; row < rows; row += 1) {
    const from = row * (rowBytes + 1);
    const kind = bytes[from] ?? 0;
    const to = row * rowBytes;
    const count = Math.min(rowBytes, bytes.length - from - 1);
    for (let i = 0; i < count; i += 1) {
      const left = i >= step ? (out[to + i - step] ?? 0) : 0;
      const up = row > 0 ? (out[to + i - rowBytes] ?? 0) : 0;
      const corner = row > 0 && i >= step ? (out[to + i - rowBytes - step] ?? 0) : 0;
      const guess =
        kind === 1 ? left : kind === 2 ? up : kind === 3 ? (left + up) >> 1 : kind === 4 ? paeth(left, up, corner) : 0;
      out[to + i] = (bytes[from + 1 + i] ?? 0) + guess;
    }
    length = to + Math.max(0, count);
  }
  return out.subarray(0, length);
};

/**
 * The data of a stream as it was before it was packed, at most `limitBytes` of it; taken off what the file may unpack
 * to. Null if a filter is not known, or nothing is left to unpack with. Filters of pictures stay, and are told.
 */
export const unpack = (bytes: Uint8Array, dict: PdfDict, room: Unpacking, limitBytes: number): Unpacked | null => {
  const filters = filtersOf(dict);
  if (filters.length > MAX_FILTERS) return null;
  const said: PdfValue = dict.entries.get("DecodeParms") ?? dict.entries.get("DP") ?? null;
  const all = asDict(said) === null ? asArray(said) : [said];
  let now = bytes;
  let behindBytes = 0;
  for (const [index, filter] of filters.entries()) {
    const limit = Math.min(limitBytes, room.leftBytes);
    if (limit <= 0) return null;
    const parameters = asDict(all[index]);
    let step: Step | null = null;
    if (filter === "FlateDecode") step = unflate(now, limit);
    else if (filter === "ASCIIHexDecode") step = unhex(now, limit);
    else if (filter === "ASCII85Decode") step = unascii85(now, limit);
    else if (filter === "RunLengthDecode") step = unrunLength(now, limit);
    else if (filter === "LZWDecode")
      step = unlzw(now, limit, asCount(parameters?.entries.get("EarlyChange")) === 0 ? 0 : 1);
    else if (filter === "Crypt") return null;
    else return { bytes: now, rest: filters.slice(index), behindBytes };
    room.leftBytes -= Math.max(step.bytes.length, 4096);
    behindBytes = Math.max(behindBytes, trimmed(now, step.behindBytes));
    const plain = filter === "FlateDecode" || filter === "LZWDecode" ? unpredict(step.bytes, parameters) : step.bytes;
    if (plain === null) return null;
    now = plain;
  }
  return { bytes: now, rest: [], behindBytes };
};

/** Line ends between the data and `endstream` are nothing. */
const trimmed = (bytes: Uint8Array, behindBytes: number): number => {
  let left = behindBytes;
  while (left > 0 && isSpace(bytes[bytes.length - 1 - (behindBytes - left)])) left -= 1;
  return left;
};
