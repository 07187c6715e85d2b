/** 256-bit hashes: 32 bytes, or 64 hex digits with the same bytes in the same order. */

export const HASH_BYTES = 32;

/** Throws RangeError unless `hex` is 64 hex digits, in either case. */
export const hashFromHex = (hex: string): Uint8Array => {
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new RangeError("hex: 64 hex digits expected");
  const bytes = new Uint8Array(HASH_BYTES);
  for (let index = 0; index < HASH_BYTES; index += 1) {
    bytes[index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16);
  }
  return bytes;
};

/** 64 lower-case hex digits. Throws RangeError unless `hash` has 32 bytes. */
export const hashToHex = (hash: Uint8Array): string => {
  assertHash(hash, "hash");
  let hex = "";
  for (const byte of hash) hex += byte.toString(16).padStart(2, "0");
  return hex;
};

/** Throws TypeError when it is no byte array, RangeError when it has not 32 bytes. */
export const assertHash = (hash: Uint8Array, field: string): void => {
  if (!(hash instanceof Uint8Array)) throw new TypeError(`${field}: Uint8Array expected`);
  if (hash.length !== HASH_BYTES) throw new RangeError(`${field}: 32 bytes expected`);
};

/** How many bits of a 32-bit word are set: sums of pairs, nibbles, bytes (Warren, Hacker's Delight, 5-1). */
export const countBits = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/** Bits in which two hashes differ, 0 to 256. Throws like `assertHash`. */
export const distanceBits = (a: Uint8Array, b: Uint8Array): number => {
  assertHash(a, "a");
  assertHash(b, "b");
  let sum = 0;
  for (let index = 0; index < HASH_BYTES; index += 1) sum += countBits((a[index] ?? 0) ^ (b[index] ?? 0));
  return sum;
};
