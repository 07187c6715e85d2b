/** Files made by hand and by encoders, with a string planted where a case says so. */
import sharp from "sharp";
import {
  inspect,
  type InspectOutcome,
  type Source,
  strip,
  type StripOptions,
  type StripOutcome,
} from "../src/index.ts";

/** What must not be in any output: a name, a place, a serial. */
export const PLANTED = "PLANTED-Marta-Musterfrau-47.3769N";
export const planted = Buffer.from(PLANTED, "latin1");

export interface Stripped {
  readonly outcome: StripOutcome;
  /** What came out; empty if nothing was written. */
  readonly bytes: Buffer;
  readonly writes: number;
}

/** As a file is read: into the reader's own memory over and over, in which what was there before is lost. */
export const lentSource = (bytes: Uint8Array): Source => ({
  sizeBytes: bytes.length,
  read(offset, length, into) {
    const found = bytes.subarray(offset, offset + length);
    if (into === undefined || into.length < found.length) return Promise.resolve(new Uint8Array(found));
    into.fill(0xa5);
    into.set(found);
    return Promise.resolve(into.subarray(0, found.length));
  },
});

export const stripBytes = async (bytes: Uint8Array, options: StripOptions = {}): Promise<Stripped> => {
  const parts: Buffer[] = [];
  const outcome = await strip(
    lentSource(bytes),
    {
      write(part) {
        parts.push(Buffer.from(part));
      },
    },
    options,
  );
  return { outcome, bytes: Buffer.concat(parts), writes: parts.length };
};

export const inspectBytes = (bytes: Uint8Array): Promise<InspectOutcome> => inspect(lentSource(bytes));

/** True if the string is there whole, or its first or last part of 12 characters is. */
export const holdsPlanted = (bytes: Buffer): boolean =>
  bytes.includes(planted) || bytes.includes(planted.subarray(0, 12)) || bytes.includes(planted.subarray(-12));

/** Decoded pixels of all frames, without any turning. */
export const pixels = async (bytes: Uint8Array): Promise<Buffer> =>
  sharp(bytes, { animated: true, failOn: "none" }).ensureAlpha().raw().toBuffer();

export const be16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
export const be32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly data: Buffer;
}

export const asciiEntry = (tag: number, text: string): TiffEntry => ({
  tag,
  type: 2,
  count: text.length + 1,
  data: Buffer.from(`${text}\0`, "latin1"),
});
export const shortEntry = (tag: number, value: number): TiffEntry => ({
  tag,
  type: 3,
  count: 1,
  data: Buffer.from([value >> 8, value & 255, 0, 0]),
});
export const rationals = (tag: number, ...values: readonly number[]): TiffEntry => ({
  tag,
  type: 5,
  count: values.length,
  data: Buffer.concat(values.flatMap((value) => [be32(Math.round(value * 1000)), be32(1000)])),
});

/** A big-endian TIFF structure: IFD0, and a directory of GPS if one is given. */
export const makeTiff = (entries: readonly TiffEntry[], gps: readonly TiffEntry[] = []): Buffer => {
  const directory = (all: readonly TiffEntry[], at: number): Buffer => {
    const table: Buffer[] = [be16(all.length)];
    const values: Buffer[] = [];
    let next = at + 2 + 12 * all.length + 4;
    for (const { tag, type, count, data } of all.toSorted((a, b) => a.tag - b.tag)) {
      const inside = data.length <= 4;
      table.push(
        be16(tag),
        be16(type),
        be32(count),
        inside ? Buffer.concat([data, Buffer.alloc(4 - data.length)]) : be32(next),
      );
      if (!inside) {
        values.push(data);
        next += data.length;
      }
    }
    return Buffer.concat([...table, be32(0), ...values]);
  };
  const pointer = (at: number): TiffEntry => ({ tag: 0x8825, type: 4, count: 1, data: be32(at) });
  const head = Buffer.from("MM\0*\0\0\0\u0008", "latin1");
  if (gps.length === 0) return Buffer.concat([head, directory(entries, 8)]);
  const size = directory([...entries, pointer(0)], 8).length;
  return Buffer.concat([head, directory([...entries, pointer(8 + size)], 8), directory(gps, 8 + size)]);
};

/** Zürich, as cameras write it. */
export const GPS_ENTRIES: readonly TiffEntry[] = [
  asciiEntry(1, "N"),
  rationals(2, 47, 22, 36.84),
  asciiEntry(3, "E"),
  rationals(4, 8, 32, 30.12),
  { tag: 5, type: 1, count: 1, data: Buffer.from([0]) },
  rationals(6, 408),
  rationals(7, 13, 5, 9),
  asciiEntry(0x1d, "2024:05:17"),
];

export const xmpPacket = (text: string): Buffer =>
  Buffer.from(
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description xmp:CreatorTool="${text}" exif:GPSLatitude="47,22.6N"/></rdf:RDF></x:xmpmeta>`,
  );

/** An sRGB-like profile of version 2 with a planted description, maker and date. */
export const makeProfile = (text: string): Buffer => {
  const xyz = Buffer.concat([Buffer.from("XYZ \0\0\0\0", "latin1"), be32(0x6fa2), be32(0x38f5), be32(0x390)]);
  const curve = Buffer.concat([
    Buffer.from("curv\0\0\0\0", "latin1"),
    be32(1),
    be16(0x0233),
    Buffer.from(text.slice(0, 2), "latin1"),
  ]);
  const desc = Buffer.concat([
    Buffer.from("desc\0\0\0\0", "latin1"),
    be32(text.length + 1),
    Buffer.from(`${text}\0`, "latin1"),
    Buffer.alloc(78),
  ]);
  const note = Buffer.concat([Buffer.from("text\0\0\0\0", "latin1"), Buffer.from(`${text}\0`, "latin1")]);
  const tags: readonly (readonly [string, Buffer])[] = [
    ["desc", desc],
    ["cprt", note],
    ["priv", note],
    ["wtpt", xyz],
    ["rXYZ", xyz],
    ["gXYZ", xyz],
    ["bXYZ", xyz],
    ["rTRC", curve],
    ["gTRC", curve],
    ["bTRC", curve],
  ];
  const header = Buffer.alloc(128);
  header.write("lcms", 4, "latin1");
  header.writeUInt8(2, 8);
  header.write("mntrRGB XYZ ", 12, "latin1");
  header.writeUInt16BE(2024, 24);
  header.write("acsp", 36, "latin1");
  header.write("APPL", 40, "latin1");
  header.write(text.slice(0, 4), 48, "latin1");
  header.write(text.slice(0, 16), 84, "latin1");
  let at = 132 + 12 * tags.length;
  const table: Buffer[] = [be32(tags.length)];
  const bodies: Buffer[] = [];
  for (const [signature, data] of tags) {
    const padded = Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
    table.push(Buffer.from(signature, "latin1"), be32(at), be32(data.length));
    bodies.push(padded);
    at += padded.length;
  }
  const profile = Buffer.concat([header, ...table, ...bodies]);
  profile.writeUInt32BE(profile.length, 0);
  return profile;
};

/** A picture with noise and edges, so that every coefficient and filter is in use. */
const rawPicture = (width: number, height: number, seed = 7): Buffer => {
  const bytes = Buffer.alloc(width * height * 3);
  let state = seed;
  for (let i = 0; i < bytes.length; i += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const x = Math.floor(i / 3) % width;
    bytes[i] = ((x * 5) & 255) ^ ((state >>> 24) & 31);
  }
  return bytes;
};

export const encoder = (width = 72, height = 40, seed = 7) =>
  sharp(rawPicture(width, height, seed), { raw: { width, height, channels: 3 } });
