/**
 * Sound that programs write their names into: AAC's fill and data elements (ISO/IEC 14496-3, 4.4.2) and the rest bytes
 * of MP3 frames. They are overwritten with zeros in place; no decoder plays them.
 */
import { ascii, latin1 } from "../core/bytes.ts";
import { doubtful } from "../core/refuse.ts";
import { textOrSize } from "../text/decode.ts";

const DATA_ELEMENT = 4;
const FILL_ELEMENT = 6;
const FILL_DATA = 1;
const DYNAMIC_RANGE = 11;
const MAX_DYNAMIC_RANGE_BYTES = 16;

class Bits {
  readonly bytes: Uint8Array;
  at = 0;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  get left(): number {
    return 8 * this.bytes.length - this.at;
  }
  take(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      value = value * 2 + (((this.bytes[this.at >> 3] ?? 0) >> (7 - (this.at & 7))) & 1);
      this.at += 1;
    }
    return value;
  }
  /** The next `count` bytes, wherever they begin; moves on. */
  takeBytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.take(8));
  }
}

const zeroBits = (bytes: Uint8Array, from: number, count: number): void => {
  for (let at = from; at < from + count;) {
    if ((at & 7) === 0 && at + 8 <= from + count) {
      bytes[at >> 3] = 0;
      at += 8;
    } else {
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) & ~(0x80 >> (at & 7));
      at += 1;
    }
  }
};

export interface CleanSound {
  readonly bytes: Uint8Array;
  /** What was overwritten. */
  readonly text: string;
}

/** One raw data block with the elements before its sound emptied; null if nothing was in them. */
export const cleanAac = (frame: Uint8Array): CleanSound | null => {
  let clean: Uint8Array | null = null;
  let text = "";
  const bits = new Bits(frame);
  while (bits.left >= 3) {
    const element = bits.take(3);
    if (element !== FILL_ELEMENT && element !== DATA_ELEMENT) break;
    let count = 0;
    if (element === FILL_ELEMENT) {
      count = bits.take(4);
      if (count === 15) count += bits.take(8) - 1;
    } else {
      bits.take(4);
      const aligned = bits.take(1) === 1;
      count = bits.take(8);
      if (count === 255) count += bits.take(8);
      if (aligned) bits.at = (bits.at + 7) & ~7;
    }
    if (bits.left < 8 * count) break;
    const start = bits.at;
    const payload = bits.takeBytes(count);
    const extension = (payload[0] ?? 0) >> 4;
    const isFill = element === FILL_ELEMENT;
    if (isFill && extension === DYNAMIC_RANGE && count <= MAX_DYNAMIC_RANGE_BYTES) continue;
    if (isFill && extension === FILL_DATA && payload.subarray(1).every((byte) => byte === 0xa5)) continue;
    if (payload.every((byte) => byte === 0)) continue;
    clean ??= frame.slice();
    zeroBits(clean, start, 8 * count);
    // ffmpeg aligns its name to whole bytes of the frame.
    text ||= textOrSize(frame.slice((start + 11) >> 3, (start + 8 * count) >> 3).filter((byte) => byte > 0x1f));
  }
  return clean === null ? null : { bytes: clean, text };
};

const MP3_NAMES = ["LAME3", "LAME4", "Lavc5", "Lavc6", "Lavf5", "Lavf6"].map(ascii);
const MAX_NAME_BYTES = 16;

const indexOfBytes = (bytes: Uint8Array, wanted: Uint8Array): number => {
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1))
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  return -1;
};

/** One MP3 frame with encoders' names overwritten, five letters of which don't come about in sound; null if none is there. */
export const cleanMp3 = (frame: Uint8Array): CleanSound | null => {
  let clean: Uint8Array | null = null;
  let text = "";
  for (const name of MP3_NAMES) {
    for (let at = indexOfBytes(clean ?? frame, name); at >= 0; at = indexOfBytes(clean, name)) {
      clean ??= frame.slice();
      let end = at;
      while (end < clean.length && end < at + MAX_NAME_BYTES && isNameByte(clean[end] ?? 0)) end += 1;
      text ||= latin1(clean, at, end - at);
      clean.fill(0, at, end);
    }
  }
  return clean === null ? null : { bytes: clean, text };
};

const isNameByte = (byte: number): boolean => byte > 0x20 && byte < 0x7f;

/** So many letters and digits in a row, six of them different, don't come about in 10^10 bytes of sound. */
const TEXT_RUN = 24;
const MIN_DIFFERENT = 6;
/** Letters, digits and what stands between them in names, dates and coordinates: 1. */
const TEXTUAL = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9 \-./:]/u.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** Refuses text behind the sound of a frame, at whatever bit it begins: elements there are found by decoding only. */
export const refuseSoundText = (frame: Uint8Array): void => {
  const turned = new Uint8Array(frame.length);
  for (let shift = 0; shift < 8; shift += 1) {
    for (let i = 0; i < frame.length; i += 1)
      turned[i] = ((frame[i] ?? 0) << shift) | ((frame[i + 1] ?? 0) >> (8 - shift));
    // A run of 24 has one of its bytes at a multiple of 24.
    for (let probe = TEXT_RUN - 1; probe < turned.length; probe += TEXT_RUN) {
      if (TEXTUAL[turned[probe] ?? 0] === 0) continue;
      let from = probe;
      let to = probe + 1;
      while (from > 0 && TEXTUAL[turned[from - 1] ?? 0] === 1) from -= 1;
      while (to < turned.length && TEXTUAL[turned[to] ?? 0] === 1) to += 1;
      if (to - from >= TEXT_RUN && new Set(turned.subarray(from, to)).size >= MIN_DIFFERENT)
        throw doubtful("text is hidden in the sound");
      // What was looked at once is not looked at again.
      if (to > probe + TEXT_RUN) probe += TEXT_RUN * Math.floor((to - probe) / TEXT_RUN);
    }
  }
};
