/** Distance of two hashes printed as hex, in bits. */

const BITS = Uint8Array.from({ length: 16 }, (_, n) => (n & 1) + ((n >> 1) & 1) + ((n >> 2) & 1) + (n >> 3));

/** How many of 256 bits differ between two hashes of 64 hex digits each. Throws RangeError for other lengths. */
export function hexDistanceBits(a: string, b: string): number {
  if (a.length !== 64 || b.length !== 64) throw new RangeError("hash: expected 64 hex digits");
  let bits = 0;
  for (let i = 0; i < 64; i += 8) {
    let difference = Number.parseInt(a.slice(i, i + 8), 16) ^ Number.parseInt(b.slice(i, i + 8), 16);
    for (; difference !== 0; difference >>>= 4) bits += BITS[difference & 15]!;
  }
  return bits;
}
