/** Directories of a TIFF file of any size (TIFF 6.0, section 2; BigTIFF), read where they are. */
import { u16be, u16le, u32be, u32le } from "../core/bytes.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";

/** Bytes of one value of each type (TIFF 6.0, page 15; 13 is IFD; 16 to 18 are BigTIFF's). */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const MAX_ENTRIES = 4096;

export interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Offset of the value, within the directory if it is small. */
  readonly at: number;
  readonly lengthBytes: number;
}

export interface Layout {
  readonly littleEndian: boolean;
  readonly big: boolean;
}

export class TiffFile {
  readonly window: Window;
  readonly layout: Layout;
  readonly first: number;
  /** Ranges that something points at: offset, end. */
  readonly used: (readonly [number, number])[] = [];

  private constructor(window: Window, layout: Layout, first: number) {
    this.window = window;
    this.layout = layout;
    this.first = first;
    this.used.push([0, layout.big ? 16 : 8]);
  }

  static async open(window: Window): Promise<TiffFile> {
    const head = await window.take(0, Math.min(16, window.sizeBytes));
    const littleEndian = head[0] === 0x49;
    const big = (littleEndian ? u16le : u16be)(head, 2) === 43;
    if (head.length < (big ? 16 : 8)) throw damaged("the header is cut off");
    const layout = { littleEndian, big };
    const at = (place: number): number => number(head, place, big ? 8 : 4, littleEndian);
    if (big && ((littleEndian ? u16le : u16be)(head, 4) !== 8 || head[6] !== 0 || head[7] !== 0)) {
      throw damaged("the header is wrong");
    }
    return new TiffFile(window, layout, at(big ? 8 : 4));
  }

  /** Entries of the directory at `at`, and where the next one is; 0 if none. */
  async directory(at: number): Promise<{ readonly entries: readonly Entry[]; readonly next: number }> {
    const { littleEndian, big } = this.layout;
    const [countBytes, entryBytes, linkBytes] = big ? [8, 20, 8] : [2, 12, 4];
    const count = number(await this.window.take(at, countBytes), 0, countBytes, littleEndian);
    if (count === 0 || count > MAX_ENTRIES) throw damaged("a directory is empty or too long");
    const size = countBytes + count * entryBytes + linkBytes;
    const bytes = await this.window.take(at, size);
    this.used.push([at, at + size]);
    const u16 = littleEndian ? u16le : u16be;
    const entries: Entry[] = [];
    for (let i = 0; i < count; i += 1) {
      const place = countBytes + i * entryBytes;
      const type = u16(bytes, place + 2);
      const values = number(bytes, place + 4, big ? 8 : 4, littleEndian);
      const lengthBytes = values * (TYPE_BYTES[type] ?? 0);
      const room = big ? 8 : 4;
      const inside = place + (big ? 12 : 8);
      const away = lengthBytes > room;
      const valueAt = away ? number(bytes, inside, room, littleEndian) : at + inside;
      const entry = { tag: u16(bytes, place), type, count: values, at: valueAt, lengthBytes };
      if (away) {
        if (valueAt + lengthBytes > this.window.sizeBytes) throw damaged("a value lies outside of the file");
        // Values begin at even places, so a zero between them belongs to the one before.
        const odd = lengthBytes % 2 === 1 && (await this.window.peek(valueAt + lengthBytes, 1))[0] === 0 ? 1 : 0;
        this.used.push([valueAt, valueAt + lengthBytes + odd]);
      }
      entries.push(entry);
    }
    return { entries, next: number(bytes, size - linkBytes, linkBytes, littleEndian) };
  }

  /** A copy of an entry's value. Throws `scrub_doubtful` where it is longer than `limitBytes`. */
  async value({ at, lengthBytes }: Entry, limitBytes: number): Promise<Uint8Array> {
    if (lengthBytes > limitBytes) throw doubtful("a value is far too long");
    return this.window.take(at, lengthBytes);
  }

  /** Whole numbers of an entry (BYTE, SHORT, LONG, LONG8, IFD). Throws `scrub_damaged` where they are no such. */
  async numbers(entry: Entry, limit: number): Promise<number[]> {
    const size = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 }[entry.type];
    if (size === undefined) throw damaged("a number of the directory is of no whole kind");
    const bytes = await this.value(entry, limit * size);
    return Array.from({ length: entry.count }, (_, i) => number(bytes, i * size, size, this.layout.littleEndian));
  }

  /** Bytes that nothing points at, and bytes behind the last that something does. */
  unused(): { readonly orphans: number; readonly behind: number } {
    let end = 0;
    let covered = 0;
    for (const [from, to] of this.used.toSorted((a, b) => a[0] - b[0])) {
      covered += Math.max(0, to - Math.max(from, end));
      end = Math.max(end, to);
    }
    const size = this.window.sizeBytes;
    return { orphans: Math.max(0, Math.min(end, size) - covered), behind: Math.max(0, size - end) };
  }
}

/** Exact up to 2^53; what is larger is larger than any file too. */
const number = (bytes: Uint8Array, at: number, size: number, littleEndian: boolean): number => {
  if (size === 1) return bytes[at] ?? 0;
  if (size === 2) return (littleEndian ? u16le : u16be)(bytes, at);
  const u32 = littleEndian ? u32le : u32be;
  if (size === 4) return u32(bytes, at);
  const [low, high] = littleEndian ? [u32(bytes, at), u32(bytes, at + 4)] : [u32(bytes, at + 4), u32(bytes, at)];
  return high * 2 ** 32 + low;
};
