/** Small readings and writings of bytes. Readers answer 0 or "" past the end: lengths are checked before. */

export const u16be = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
export const u16le = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
export const u32be = (bytes: Uint8Array, at: number): number => u16be(bytes, at) * 0x1_0000 + u16be(bytes, at + 2);
export const u32le = (bytes: Uint8Array, at: number): number => u16le(bytes, at) + u16le(bytes, at + 2) * 0x1_0000;
/** Exact up to 2^53; larger values are no longer exact, but larger than any file. */

/** Bytes as Latin-1. */
export const latin1 = (bytes: Uint8Array, at = 0, length: number = bytes.length - at): string => {
  let text = "";
  const end = Math.min(bytes.length, at + length);
  if (length <= 8) {
    // Types and signatures, of which there are many.
    for (let from = Math.max(0, at); from < end; from += 1) text += String.fromCharCode(bytes[from] ?? 0);
    return text;
  }
  for (let from = Math.max(0, at); from < end; from += 4096)
    text += String.fromCharCode(...bytes.subarray(from, Math.min(end, from + 4096)));
  return text;
};

/** Whether ASCII `text` stands at `at`. */
export const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean => {
  if (at < 0 || at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
};

/** ASCII or Latin-1 text as bytes. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

export const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

export const be16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value);
export const be32 = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
export const le16 = (value: number): Uint8Array => Uint8Array.of(value, value >> 8);
export const le32 = (value: number): Uint8Array => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);

/** Whether two arrays hold the same bytes. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
};
