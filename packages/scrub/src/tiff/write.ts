/** A TIFF file anew: the header, each directory with its values, then all pixels; nothing between them. */
import { be16, be32, join, le16, le32 } from "../core/bytes.ts";
import { Output } from "../core/pieces.ts";
import { doubtful } from "../core/refuse.ts";
import type { Layout } from "./directory.ts";

export interface Value {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

export interface Page {
  readonly values: readonly Value[];
  readonly offsetsTag: number;
  readonly bytesTag: number;
  /** Strips or tiles. */
  readonly parts: readonly Output[];
}

export const writeTiff = (pages: readonly Page[], { littleEndian, big }: Layout): Output => {
  const u16 = littleEndian ? le16 : be16;
  const u32 = littleEndian ? le32 : be32;
  const wordBytes = big ? 8 : 4;
  const word = (value: number): Uint8Array => {
    if (!big) return u32(value);
    const [low, high] = [u32(value % 2 ** 32), u32(Math.floor(value / 2 ** 32))];
    return littleEndian ? join(low, high) : join(high, low);
  };
  const headBytes = big ? 16 : 8;
  const [countBytes, entryBytes] = big ? [8, 20] : [2, 12];
  const away = (length: number): number => (length <= wordBytes ? 0 : length + (length % 2));
  const sizeOf = ({ values, parts }: Page): number =>
    countBytes +
    (values.length + 2) * entryBytes +
    wordBytes +
    values.reduce((sum, { bytes }) => sum + away(bytes.length), 0) +
    2 * away(parts.length * wordBytes);
  let dataAt = headBytes + pages.reduce((sum, page) => sum + sizeOf(page), 0);
  const output = new Output();
  const magic = Uint8Array.of(littleEndian ? 0x49 : 0x4d, littleEndian ? 0x49 : 0x4d);
  output.add(big ? join(magic, u16(43), u16(8), u16(0), word(headBytes)) : join(magic, u16(42), u32(headBytes)));
  let directoryAt = headBytes;
  for (const [index, page] of pages.entries()) {
    const offsets: Uint8Array[] = [];
    const lengths: Uint8Array[] = [];
    for (const part of page.parts) {
      offsets.push(word(dataAt));
      lengths.push(word(part.sizeBytes));
      dataAt += part.sizeBytes;
    }
    if (!big && dataAt > 0xffff_ffff) throw doubtful("the file is larger than its format allows");
    const type = big ? 16 : 4;
    const count = page.parts.length;
    const values = [
      ...page.values,
      { tag: page.offsetsTag, type, count, bytes: join(...offsets) },
      { tag: page.bytesTag, type, count, bytes: join(...lengths) },
    ].toSorted((a, b) => a.tag - b.tag);
    const size = sizeOf(page);
    let valueAt = directoryAt + countBytes + values.length * entryBytes + wordBytes;
    const table: Uint8Array[] = [big ? word(values.length) : u16(values.length)];
    const far: Uint8Array[] = [];
    for (const { tag, type: kind, count: many, bytes } of values) {
      const inside = bytes.length <= wordBytes;
      table.push(u16(tag), u16(kind), word(many));
      table.push(inside ? join(bytes, new Uint8Array(wordBytes - bytes.length)) : word(valueAt));
      if (inside) continue;
      far.push(bytes, new Uint8Array(bytes.length % 2));
      valueAt += away(bytes.length);
    }
    table.push(word(index + 1 < pages.length ? directoryAt + size : 0));
    output.add(join(...table, ...far));
    directoryAt += size;
  }
  for (const { parts } of pages) for (const part of parts) output.append(part);
  return output;
};
