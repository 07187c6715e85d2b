/** CRC-32 as ZIP takes it (APPNOTE 6.3.10, 4.4.7). */

const TABLE = Uint32Array.from({ length: 256 }, (_unused, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = (c & 1) === 1 ? 0xedb8_8320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** Goes on from `before`, 0 at the start. */
export const crc32 = (bytes: Uint8Array, before = 0): number => {
  let c = ~before;
  for (const byte of bytes) c = (TABLE[(c ^ byte) & 255] ?? 0) ^ (c >>> 8);
  return ~c >>> 0;
};
