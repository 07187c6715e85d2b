/** The codes of deflate (RFC 1951, 3.2): tables by which bits become symbols, and what symbols mean. */

export const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
export const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
export const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12_289, 16_385, 24_577,
];
export const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** Order of code length codes (3.2.7). */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** Of literals, lengths and distances. */
export const MAX_CODE_BITS = 15;

/** The stream is not what RFC 1951 says. */
export class Broken extends Error {}

/** A code: by a table where it has at most 10 bits, as nearly all that come up do, and bit by bit where it has more. */
export interface Code {
  /** Each pattern of `FAST_BITS` bits to length * 512 + symbol; 0 where no code so short fits. */
  readonly fast: Uint16Array;
  /** How many codes there are of each length, and their symbols in order of the code. */
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/** Larger tables take longer to fill, for each block, than they save, and leave less of the cache. */
const FAST_BITS = 10;
export const FAST_MASK = (1 << FAST_BITS) - 1;

/** Null if the lengths make no code. */
const codeOf = (lengths: Uint8Array): Code | null => {
  const counts = new Uint16Array(MAX_CODE_BITS + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  let left = 1;
  const next = new Uint16Array(MAX_CODE_BITS + 2);
  const places = new Uint16Array(MAX_CODE_BITS + 2);
  for (let bits = 1; bits <= MAX_CODE_BITS; bits += 1) {
    const count = counts[bits] ?? 0;
    left = 2 * left - count;
    if (left < 0) return null;
    next[bits + 1] = ((next[bits] ?? 0) + count) << 1;
    places[bits + 1] = (places[bits] ?? 0) + count;
  }
  const fast = new Uint16Array(1 << FAST_BITS);
  const symbols = new Uint16Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol += 1) {
    const length = lengths[symbol] ?? 0;
    if (length === 0) continue;
    const place = places[length] ?? 0;
    symbols[place] = symbol;
    places[length] = place + 1;
    const code = next[length] ?? 0;
    next[length] = code + 1;
    if (length > FAST_BITS) continue;
    let turned = 0;
    for (let bit = 0; bit < length; bit += 1) if (((code >> bit) & 1) === 1) turned |= 1 << (length - 1 - bit);
    for (let pattern = turned; pattern < fast.length; pattern += 1 << length) fast[pattern] = (length << 9) | symbol;
  }
  return { fast, counts, symbols };
};

/** As an entry of the table, for a code of up to `bitCount` bits; 0 if none fits. */
export const slowEntry = ({ counts, symbols }: Code, bits: number, bitCount: number): number => {
  let [code, first, place] = [0, 0, 0];
  for (let length = 1; length <= MAX_CODE_BITS && length <= bitCount; length += 1) {
    code |= (bits >>> (length - 1)) & 1;
    const count = counts[length] ?? 0;
    if (code - first < count) return (length << 9) | (symbols[place + code - first] ?? 0);
    place += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return 0;
};

/** Those of one block. */
export interface Codes {
  readonly literals: Code;
  readonly distances: Code;
}

export const NO_CODE: Code = {
  fast: new Uint16Array(1 << FAST_BITS),
  counts: new Uint16Array(MAX_CODE_BITS + 1),
  symbols: new Uint16Array(0),
};

let fixedTables: Codes | undefined;
/** The codes of 3.2.6. */
export const fixedCodes = (): Codes => {
  if (fixedTables === undefined) {
    const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
    fixedTables = {
      literals: codeOf(lengths) ?? NO_CODE,
      distances: codeOf(new Uint8Array(30).fill(5)) ?? NO_CODE,
    };
  }
  return fixedTables;
};

/** Codes as a block begins with them (3.2.7). `take` answers so many bits, `symbol` the next one of a code. */
export const readCodes = (take: (count: number) => number, symbol: (code: Code) => number): Codes => {
  const literalCount = take(5) + 257;
  const distanceCount = take(5) + 1;
  const lengthCount = take(4) + 4;
  if (literalCount > 286 || distanceCount > 30) throw new Broken();
  const lengthLengths = new Uint8Array(19);
  for (let i = 0; i < lengthCount; i += 1) lengthLengths[ORDER[i] ?? 0] = take(3);
  const lengthCode = codeOf(lengthLengths);
  if (lengthCode === null) throw new Broken();
  const lengths = new Uint8Array(literalCount + distanceCount);
  for (let i = 0; i < lengths.length;) {
    const one = symbol(lengthCode);
    if (one < 16) {
      lengths[i] = one;
      i += 1;
      continue;
    }
    if (one === 16 && i === 0) throw new Broken();
    const value = one === 16 ? (lengths[i - 1] ?? 0) : 0;
    const repeat = one === 16 ? 3 + take(2) : one === 17 ? 3 + take(3) : 11 + take(7);
    if (i + repeat > lengths.length) throw new Broken();
    lengths.fill(value, i, i + repeat);
    i += repeat;
  }
  const literals = codeOf(lengths.subarray(0, literalCount));
  const distances = codeOf(lengths.subarray(literalCount));
  if (literals === null || distances === null || lengths[256] === 0) throw new Broken();
  return { literals, distances };
};
