/**
 * Several files as one archive (ZIP, APPNOTE 6.3.10), not compressed: pictures are already. Times are the earliest that
 * ZIP can say, names are given, and there is nothing else in it: no owner, no comment, no extra field.
 */

export interface ZipEntry {
  /** ASCII, without folders. */
  readonly name: string;
  readonly file: Blob;
  readonly crc32: number;
}

/** Sizes and offsets have 32 bits; the larger form is not written. */
const MAX_BYTES = 0xffff_ffff;
const MAX_ENTRIES = 0xffff;
const HEADER_BYTES = 30;
const ENTRY_BYTES = 46;
const END_BYTES = 22;
/** 1 January 1980, midnight (4.4.6). */
const FIRST_DAY = (1 << 5) | 1;

const fixed = (length: number, fields: readonly (readonly [offset: number, bytes: 2 | 4, value: number])[]) => {
  const view = new DataView(new ArrayBuffer(length));
  for (const [offset, bytes, value] of fields) {
    if (bytes === 2) view.setUint16(offset, value, true);
    else view.setUint32(offset, value, true);
  }
  return view.buffer;
};

/** Null if it would be too large: then they are saved one by one. The files are referred to, not copied. */
export const makeZip = (entries: readonly ZipEntry[]): Blob | null => {
  const parts: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let offset = 0;
  let directoryBytes = 0;
  for (const { name, file, crc32 } of entries) {
    if (file.size > MAX_BYTES || offset > MAX_BYTES) return null;
    // What stands in both headers from "version needed" on (4.3.7, 4.3.12): 10 is "stored".
    const common = (at: number) =>
      [
        [at, 2, 10],
        [at + 8, 2, FIRST_DAY],
        [at + 10, 4, crc32],
        [at + 14, 4, file.size],
        [at + 18, 4, file.size],
        [at + 22, 2, name.length],
      ] as const;
    parts.push(fixed(HEADER_BYTES, [[0, 4, 0x0403_4b50], ...common(4)]), name, file);
    directory.push(fixed(ENTRY_BYTES, [[0, 4, 0x0201_4b50], [4, 2, 10], ...common(6), [42, 4, offset]]), name);
    offset += HEADER_BYTES + name.length + file.size;
    directoryBytes += ENTRY_BYTES + name.length;
  }
  if (entries.length > MAX_ENTRIES || offset + directoryBytes > MAX_BYTES) return null;
  const end = fixed(END_BYTES, [
    [0, 4, 0x0605_4b50],
    [8, 2, entries.length],
    [10, 2, entries.length],
    [12, 4, directoryBytes],
    [16, 4, offset],
  ]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
};
