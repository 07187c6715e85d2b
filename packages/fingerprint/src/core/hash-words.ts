/** Distances of many hashes to many: hashes as eight whole numbers of 32 bits, compared until they are too far. */

/** A list of hashes, eight words each. */
export interface HashWords {
  readonly words: Int32Array;
  readonly count: number;
}

/** Hashes of 64 hex digits as words. Throws RangeError for other lengths. */
export function wordsOf(hashes: readonly string[]): HashWords {
  const words = new Int32Array(hashes.length * 8);
  for (const [i, hash] of hashes.entries()) {
    if (hash.length !== 64) throw new RangeError("hash: expected 64 hex digits");
    for (let word = 0; word < 8; word++) words[i * 8 + word] = Number.parseInt(hash.slice(word * 8, word * 8 + 8), 16);
  }
  return { words, count: hashes.length };
}

/** Set bits of a 32-bit number (Hacker's Delight, 5-1). */
function bitsOf(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The distance in bits of hash `i` of `a` and `j` of `b`, or a number above `limit` as soon as it is over that. */
export function distanceWithin(a: HashWords, i: number, b: HashWords, j: number, limit: number): number {
  let bits = 0;
  for (let word = 0; word < 8 && bits <= limit; word++) bits += bitsOf(a.words[i * 8 + word]! ^ b.words[j * 8 + word]!);
  return bits;
}
