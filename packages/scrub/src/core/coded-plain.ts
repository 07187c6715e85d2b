/** What the kernel for coded data does (kernel/coded.ts), without WebAssembly: slower, and the measure of truth. */

export const RUN = 24;
const DIFFERENT = 12;

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e;

/** Whether one of the runs in `bytes`, all of which are printable, is of enough different characters. */
const isText = (bytes: Uint8Array): boolean => {
  for (let start = 0; start + RUN <= bytes.length; start += 1)
    if (new Set(bytes.subarray(start, start + RUN)).size >= DIFFERENT) return true;
  return false;
};

/** Any run holds a whole word of four bytes at a multiple of this many words from wherever they are counted. */
const STRIDE = (RUN - 4) / 4;
const HIGH_BITS = 0x8080_8080 | 0;

/** Whether text stands in `bytes`. */
export const holdsText = (bytes: Uint8Array): boolean => {
  // Words lie at multiples of four; of those before the first only a run can begin.
  const skipped = (4 - (bytes.byteOffset & 3)) & 3;
  if (bytes.length < RUN) return false;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + skipped, (bytes.length - skipped) >> 2);
  for (let word = 0; word < words.length; word += STRIDE) {
    // A word of random bytes has no high bit once in sixteen: four times faster than to look at a byte, measured.
    if (((words[word] ?? 0) & HIGH_BITS) !== 0) continue;
    let from = skipped + 4 * word;
    let to = from;
    while (to < bytes.length && isPrintable(bytes[to] ?? 0)) to += 1;
    if (to < from + 4) continue;
    while (from > 0 && isPrintable(bytes[from - 1] ?? 0)) from -= 1;
    if (to - from >= RUN && isText(bytes.subarray(from, to))) return true;
    // What was looked at once is not looked at again.
    word += STRIDE * Math.floor((to - skipped - 4 * word) / (4 * STRIDE));
  }
  return false;
};

/** Behind 0xFF: a stuffed 0 or a restart marker (ITU-T T.81, B.1.1.5), which belong to coded data. */
const isCoded = (next: number): boolean => next === 0 || (next & 0xf8) === 0xd0;

/** Index of the first 0xFF that is followed by something other than a stuffed 0 or a restart, or is the last byte; -1. */
export const findMarker = (bytes: Uint8Array, from: number): number => {
  const start = from + ((4 - ((bytes.byteOffset + from) & 3)) & 3);
  if (start >= bytes.length) return findMarkerSlowly(bytes, from, bytes.length);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + start, (bytes.length - start) >> 2);
  const before = findMarkerSlowly(bytes, from, start);
  if (before >= 0) return before;
  let word = 0;
  // Sixteen bytes a step. A word has none that is 0xFF if this leaves no highest bit set in it. Several times faster than
  // indexOf, measured: that is slow to begin, and something is found in every 200 bytes.
  for (const last = words.length - 3; word < last; word += 4) {
    const a = words[word] ?? 0;
    const b = words[word + 1] ?? 0;
    const c = words[word + 2] ?? 0;
    const d = words[word + 3] ?? 0;
    const found = ((~a - ONES) & a) | ((~b - ONES) & b) | ((~c - ONES) & c) | ((~d - ONES) & d);
    if ((found & HIGH_BITS) === 0) continue;
    const at = findMarkerSlowly(bytes, start + 4 * word, start + 4 * word + 16);
    if (at >= 0) return at;
  }
  return findMarkerSlowly(bytes, start + 4 * word, bytes.length);
};

const ONES = 0x0101_0101;

/** Byte by byte, up to `to`. */
const findMarkerSlowly = (bytes: Uint8Array, from: number, to: number): number => {
  for (let at = from; at < to; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1];
    if (next === undefined || !isCoded(next)) return at;
  }
  return -1;
};
