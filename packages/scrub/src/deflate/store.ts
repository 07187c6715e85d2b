/** A zlib stream (RFC 1950) of stored blocks: larger than deflated, but the same for the same bytes everywhere. */
import { join } from "../core/bytes.ts";

const BLOCK_BYTES = 65_535;

const adler32 = (bytes: Uint8Array): number => {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
};

export const store = (bytes: Uint8Array): Uint8Array => {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let at = 0; at === 0 || at < bytes.length; at += BLOCK_BYTES) {
    const part = bytes.subarray(at, at + BLOCK_BYTES);
    const last = at + BLOCK_BYTES >= bytes.length ? 1 : 0;
    const { length } = part;
    parts.push(Uint8Array.of(last, length, length >> 8, ~length, ~length >> 8), part);
  }
  const sum = adler32(bytes);
  parts.push(Uint8Array.of(sum >>> 24, sum >>> 16, sum >>> 8, sum));
  return join(...parts);
};
