/**
 * ZIP (APPNOTE 6.3.10), as far as a case needs it: written without times or names of programs, read with every size
 * known and bounded before anything is unpacked, and with no name that leads out of its folder.
 */
import { inflateSync, zipSync } from "fflate";

export const MAX_ZIP_BYTES = 134_217_728;
const MAX_FILES = 5000;
const MAX_FILE_BYTES = 67_108_864;

/** Paths with slashes to their bytes. */
export type Files = Readonly<Record<string, Uint8Array>>;

export type ZipOutcome =
  | { readonly ok: true; readonly files: ReadonlyMap<string, Uint8Array> }
  | { readonly ok: false; readonly code: "case_damaged" | "case_too_large" | "case_unsafe_name" };

/** The format knows no time before 1980, in the machine's own zone; it stands for none. */
const NO_TIME = new Date(1980, 0, 1);

/** undefined where it would be larger than what is read again. */
export const writeZip = (files: Files): Uint8Array<ArrayBuffer> | undefined => {
  const sizes = Object.values(files).map(({ length }) => length);
  if (sizes.length > MAX_FILES || sizes.some((size) => size > MAX_FILE_BYTES)) return undefined;
  if (sizes.reduce((sum, size) => sum + size, 0) > MAX_ZIP_BYTES / 2) return undefined;
  // A copy, as what fflate gives may share its memory in its types only.
  return new Uint8Array(zipSync({ ...files }, { level: 6, mtime: NO_TIME }));
};

const table = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});
const crc32 = (bytes: Uint8Array): number => {
  let value = 0xffffffff;
  for (const byte of bytes) value = (table[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
};

/** Relative, with slashes, no step upwards, nothing that another system would take for a drive or a device. */
const isSafe = (name: string): boolean =>
  name.length > 0 &&
  name.length <= 200 &&
  /^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*\/?$/u.test(name) &&
  name.split("/").every((part) => !/^\.+$/u.test(part)) &&
  !/(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\/|$)/iu.test(name);

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/** Where the end record begins; it may have a comment of up to 65,535 bytes behind it. */
const endOf = (view: DataView): number => {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65_535); at -= 1) {
    if (view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return -1;
};

const damaged = { ok: false, code: "case_damaged" } as const;
const tooLarge = { ok: false, code: "case_too_large" } as const;

/** Never throws, whatever the bytes are. */
export const readZip = (bytes: Uint8Array): ZipOutcome => {
  if (bytes.length > MAX_ZIP_BYTES) return tooLarge;
  try {
    return read(bytes);
  } catch {
    // A view refuses what lies outside of the file, and the unpacker what is no deflate.
    return damaged;
  }
};

const read = (bytes: Uint8Array): ZipOutcome => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  if (end === -1) return damaged;
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count > MAX_FILES) return tooLarge;
  const files = new Map<string, Uint8Array>();
  const seen = new Set<string>();
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    if (view.getUint32(at, true) !== ENTRY) return damaged;
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const crc = view.getUint32(at + 16, true);
    const packedBytes = view.getUint32(at + 20, true);
    const sizeBytes = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder("utf-8").decode(bytes.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (!isSafe(name) || seen.has(name.toLowerCase())) return { ok: false, code: "case_unsafe_name" };
    seen.add(name.toLowerCase());
    // Encrypted by ZIP's own means, or packed in a way that is not known here.
    if ((flags & 1) !== 0 || (method !== 0 && method !== 8)) return damaged;
    total += sizeBytes;
    if (sizeBytes > MAX_FILE_BYTES || total > MAX_ZIP_BYTES) return tooLarge;
    if (name.endsWith("/")) continue;
    if (view.getUint32(local, true) !== LOCAL) return damaged;
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packedBytes > bytes.length) return damaged;
    const packed = bytes.subarray(start, start + packedBytes);
    // Into a buffer of the size that was promised: what would be more does not grow it, and then the sum is wrong.
    const content = method === 0 ? packed.slice() : inflateSync(packed, { out: new Uint8Array(sizeBytes) });
    if (content.length !== sizeBytes || crc32(content) !== crc) return damaged;
    files.set(name, content);
  }
  return { ok: true, files };
};
