/** Hashes for tests, from a seed. */
export type Random = (limit: number) => number;

/** Whole numbers below a limit (xorshift32). */
export const randomFrom = (seed: number): Random => {
  let state = seed | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
};

export const randomHash = (random: Random): Uint8Array => Uint8Array.from({ length: 32 }, () => random(256));

/** The hash with exactly so many different bits turned. */
export const turnBits = (hash: Uint8Array, bits: number, random: Random): Uint8Array => {
  const turned = hash.slice();
  const places = new Set<number>();
  while (places.size < bits) places.add(random(256));
  for (const place of places) turned[place >> 3] = turned[place >> 3]! ^ (1 << (place & 7));
  return turned;
};

/** Turns `counts[chunk]` bits of each 16-bit chunk. */
export const turnInChunks = (hash: Uint8Array, counts: readonly number[], random: Random): Uint8Array => {
  const turned = hash.slice();
  counts.forEach((count, chunk) => {
    const places = new Set<number>();
    while (places.size < count) places.add(random(16));
    for (const place of places) {
      const at = 2 * chunk + (place >> 3);
      turned[at] = turned[at]! ^ (1 << (place & 7));
    }
  });
  return turned;
};

export const pack = (hashes: readonly Uint8Array[]): Uint8Array => {
  const packed = new Uint8Array(hashes.length * 32);
  hashes.forEach((hash, entry) => packed.set(hash, entry * 32));
  return packed;
};

/** A hash that is told by its id, so that who finds the id can check it. */
export const hashOfId = (id: number): Uint8Array => {
  const random = randomFrom(Math.imul(id + 1, 0x9e3779b1));
  for (let turn = 0; turn < 8; turn += 1) random(2);
  return randomHash(random);
};
