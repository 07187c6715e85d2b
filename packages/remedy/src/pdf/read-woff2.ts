/**
 * Opens a compressed font (WOFF 2.0, W3C Recommendation of 8 August 2024): its tables as TrueType has them, the outlines
 * put together again (5.1 to 5.4). Only fonts of installed packages are opened; a wrong or cut off one throws.
 */
import { decompress } from "brotli/decompress";

/** 4.1, table 2: tags by their number. */
const TAGS =
  "cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF  VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG  sbix acnt avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill";
const tagOf = (index: number): string => TAGS.slice(index * 5, index * 5 + 4);

class Reader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }
  u8(): number {
    return this.#view.getUint8(this.at++);
  }
  u16(): number {
    this.at += 2;
    return this.#view.getUint16(this.at - 2);
  }
  i16(): number {
    this.at += 2;
    return this.#view.getInt16(this.at - 2);
  }
  u32(): number {
    this.at += 4;
    return this.#view.getUint32(this.at - 4);
  }
  take(length: number): Uint8Array {
    if (this.at + length > this.#bytes.length) throw new RangeError("the font is cut off");
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
  /** 4.1, UIntBase128. */
  base128(): number {
    let value = 0;
    for (let index = 0; index < 5; index += 1) {
      const byte = this.u8();
      value = value * 128 + (byte & 0x7f);
      if ((byte & 0x80) === 0) return value;
    }
    throw new RangeError("a length of the font is too long");
  }
  /** 4.2, 255UInt16. */
  short(): number {
    const code = this.u8();
    if (code === 253) return this.u16();
    if (code === 255) return this.u8() + 253;
    return code === 254 ? this.u8() + 506 : code;
  }
}

class Writer {
  #bytes = new Uint8Array(65_536);
  length = 0;

  #room(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
  u8(value: number): void {
    this.#room(1);
    this.#bytes[this.length++] = value;
  }
  u16(value: number): void {
    this.u8((value >> 8) & 0xff);
    this.u8(value & 0xff);
  }
  u32(value: number): void {
    this.u16(value >>> 16);
    this.u16(value & 0xffff);
  }
  put(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }
  pad(): void {
    while (this.length % 4 !== 0) this.u8(0);
  }
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }
}

const signed = (flag: number, value: number): number => ((flag & 1) === 1 ? value : -value);

/** 5.2: how far one point lies from the one before. */
const step = (flag: number, from: Reader): readonly [x: number, y: number] => {
  if (flag < 10) return [0, signed(flag, ((flag & 14) << 7) + from.u8())];
  if (flag < 20) return [signed(flag, (((flag - 10) & 14) << 7) + from.u8()), 0];
  if (flag < 84) {
    const [kind, byte] = [flag - 20, from.u8()];
    return [signed(flag, 1 + (kind & 0x30) + (byte >> 4)), signed(flag >> 1, 1 + ((kind & 0x0c) << 2) + (byte & 0x0f))];
  }
  if (flag < 120) {
    const [kind, x, y] = [flag - 84, from.u8(), from.u8()];
    return [signed(flag, 1 + (Math.floor(kind / 12) << 8) + x), signed(flag >> 1, 1 + (((kind % 12) >> 2) << 8) + y)];
  }
  if (flag < 124) {
    const [a, b, c] = [from.u8(), from.u8(), from.u8()];
    return [signed(flag, (a << 4) + (b >> 4)), signed(flag >> 1, ((b & 0x0f) << 8) + c)];
  }
  return [signed(flag, from.u16()), signed(flag >> 1, from.u16())];
};

/** Points as TrueType packs them: one byte where that is enough, nothing where nothing moves, equal flags once. */
const putPoints = (glyf: Writer, steps: readonly { onCurve: number; dx: number; dy: number }[]): void => {
  const flagOf = ({ onCurve, dx, dy }: { onCurve: number; dx: number; dy: number }): number =>
    onCurve |
    (dx === 0 ? 0x10 : Math.abs(dx) < 256 ? (dx > 0 ? 0x12 : 0x02) : 0) |
    (dy === 0 ? 0x20 : Math.abs(dy) < 256 ? (dy > 0 ? 0x24 : 0x04) : 0);
  const all = steps.map(flagOf);
  for (let at = 0; at < all.length;) {
    const flag = all[at] ?? 0;
    let again = 0;
    while (again < 255 && all[at + again + 1] === flag) again += 1;
    glyf.u8(again === 0 ? flag : flag | 0x08);
    if (again > 0) glyf.u8(again);
    at += again + 1;
  }
  const put = (value: number): void => {
    if (value === 0) return;
    if (Math.abs(value) < 256) glyf.u8(Math.abs(value));
    else glyf.u16(value);
  };
  for (const { dx } of steps) put(dx);
  for (const { dy } of steps) put(dy);
};

interface Outlines {
  readonly glyf: Uint8Array<ArrayBuffer>;
  readonly loca: Uint8Array<ArrayBuffer>;
  /** The left edge of each glyph, which a packed `hmtx` leaves out. */
  readonly lefts: readonly number[];
}

/** 5.1: outlines from seven streams. */
const outlinesOf = (table: Uint8Array): Outlines => {
  const head = new Reader(table, 4);
  const count = head.u16();
  head.at += 2;
  const sizes = Array.from({ length: 7 }, () => head.u32());
  let at = head.at;
  const streams = sizes.map((size) => {
    at += size;
    return new Reader(table, at - size);
  });
  const [contours, points, flags, glyphs, composites, boxes, instructions] = streams as [
    // seven, as `sizes` is
    Reader,
    Reader,
    Reader,
    Reader,
    Reader,
    Reader,
    Reader,
  ];
  const hasBox = boxes.take(4 * Math.ceil(count / 32));
  const glyf = new Writer();
  const offsets: number[] = [];
  const lefts: number[] = [];
  for (let glyph = 0; glyph < count; glyph += 1) {
    offsets.push(glyf.length);
    const contourCount = contours.i16();
    if (contourCount === 0) {
      lefts.push(0);
      continue;
    }
    const box = (((hasBox[glyph >> 3] ?? 0) >> (7 - (glyph & 7))) & 1) === 1 ? boxes.take(8) : undefined;
    glyf.u16(contourCount);
    if (contourCount < 0) {
      if (box === undefined) throw new RangeError("a glyph of parts has no box");
      glyf.put(box);
      lefts.push(new DataView(box.buffer, box.byteOffset).getInt16(0));
      let more = true;
      let hasInstructions = false;
      while (more) {
        const kind = composites.u16();
        glyf.u16(kind);
        const transform = (kind & 0x08) !== 0 ? 2 : (kind & 0x40) !== 0 ? 4 : (kind & 0x80) !== 0 ? 8 : 0;
        glyf.put(composites.take(2 + ((kind & 1) === 1 ? 4 : 2) + transform));
        hasInstructions ||= (kind & 0x100) !== 0;
        more = (kind & 0x20) !== 0;
      }
      if (hasInstructions) {
        const length = glyphs.short();
        glyf.u16(length);
        glyf.put(instructions.take(length));
      }
    } else {
      const ends: number[] = [];
      let total = 0;
      for (let contour = 0; contour < contourCount; contour += 1) {
        total += points.short();
        ends.push(total - 1);
      }
      const steps: { onCurve: number; dx: number; dy: number }[] = [];
      let [x, y, left, right, low, high] = [0, 0, Infinity, -Infinity, Infinity, -Infinity];
      for (let point = 0; point < total; point += 1) {
        const flag = flags.u8();
        const [dx, dy] = step(flag & 0x7f, glyphs);
        x += dx;
        y += dy;
        [left, right, low, high] = [Math.min(left, x), Math.max(right, x), Math.min(low, y), Math.max(high, y)];
        steps.push({ onCurve: (flag & 0x80) === 0 ? 1 : 0, dx, dy });
      }
      if (box === undefined) for (const edge of [left, low, right, high]) glyf.u16(edge);
      else glyf.put(box);
      lefts.push(box === undefined ? left : new DataView(box.buffer, box.byteOffset).getInt16(0));
      for (const end of ends) glyf.u16(end);
      const length = glyphs.short();
      glyf.u16(length);
      glyf.put(instructions.take(length));
      putPoints(glyf, steps);
    }
    glyf.pad();
  }
  offsets.push(glyf.length);
  const loca = new Writer();
  // Long offsets always: outlines in their long form may not fit short ones.
  for (const offset of offsets) loca.u32(offset);
  return { glyf: glyf.bytes(), loca: loca.bytes(), lefts };
};

/** 5.4: left edges that are those of the outlines. */
const metricsOf = (table: Uint8Array, hhea: Uint8Array, lefts: readonly number[]): Uint8Array<ArrayBuffer> => {
  const full = new Reader(hhea, 34).u16();
  const from = new Reader(table);
  const kind = from.u8();
  const advances = Array.from({ length: full }, () => from.u16());
  const out = new Writer();
  for (const [glyph, left] of lefts.entries()) {
    const advance = advances[glyph];
    const isPacked = advance === undefined ? (kind & 2) !== 0 : (kind & 1) !== 0;
    if (advance !== undefined) out.u16(advance);
    out.u16(isPacked ? left : from.i16());
  }
  return out.bytes();
};

/** `indexToLocFormat` of the table `head`. */
const withLongOffsets = (head: Uint8Array): Uint8Array => {
  const copy = head.slice();
  copy.set([0, 1], 50);
  return copy;
};

/** TrueType tables, in one file. */
export const readWoff2 = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const from = new Reader(bytes);
  if (from.u32() !== 0x774f4632) throw new RangeError("this is no WOFF 2.0 font");
  const flavor = from.u32();
  from.at += 4;
  const count = from.u16();
  from.at += 6;
  const packedBytes = from.u32();
  from.at = 48;
  const entries = Array.from({ length: count }, () => {
    const flags = from.u8();
    const tag = (flags & 0x3f) === 0x3f ? String.fromCharCode(...from.take(4)) : tagOf(flags & 0x3f);
    const version = flags >> 6;
    const sizeBytes = from.base128();
    const isOutline = tag === "glyf" || tag === "loca";
    const isPacked = isOutline ? version !== 3 : version !== 0;
    return { tag, isPacked, length: isPacked ? from.base128() : sizeBytes };
  });
  const unpacked = new Reader(decompress(from.take(packedBytes)));
  const packed = entries.map((entry) => ({ ...entry, bytes: unpacked.take(entry.length) }));
  const find = (tag: string) => packed.find((entry) => entry.tag === tag);
  const glyf = find("glyf");
  const outlines = glyf?.isPacked === true ? outlinesOf(glyf.bytes) : undefined;
  const contentOf = ({ tag, isPacked, bytes: own }: (typeof packed)[number]): Uint8Array => {
    if (tag === "head" && outlines !== undefined) return withLongOffsets(own);
    if (!isPacked) return own;
    const hhea = find("hhea");
    if (outlines === undefined || hhea === undefined)
      throw new RangeError("a table of the font needs one that is not there");
    if (tag === "glyf") return outlines.glyf;
    if (tag === "loca") return outlines.loca;
    if (tag === "hmtx") return metricsOf(own, hhea.bytes, outlines.lefts);
    throw new RangeError("a table of the font is packed in a way that is not known");
  };
  const tables = packed
    .map((entry) => ({ tag: entry.tag, bytes: contentOf(entry) }))
    .toSorted((a, b) => (a.tag < b.tag ? -1 : 1));
  const out = new Writer();
  out.u32(flavor);
  out.u16(count);
  // What a binary search needs (OpenType, "Table directory"), and nobody reads.
  for (let field = 0; field < 3; field += 1) out.u16(0);
  let offset = 12 + 16 * count;
  for (const { tag, bytes: own } of tables) {
    for (const letter of tag) out.u8(letter.charCodeAt(0));
    out.u32(0);
    out.u32(offset);
    out.u32(own.length);
    offset += Math.ceil(own.length / 4) * 4;
  }
  for (const { bytes: own } of tables) {
    out.put(own);
    out.pad();
  }
  return out.bytes();
};
