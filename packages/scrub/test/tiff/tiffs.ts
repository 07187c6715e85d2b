/** TIFF files with something planted, one for each place where something can be hidden. */
import { encoder, GPS_ENTRIES, makeProfile, makeTiff, planted, PLANTED, xmpPacket } from "../files.ts";
import type { Case } from "../prove.ts";

export interface Tag {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly data: Buffer;
}

const le16 = (value: number): Buffer => Buffer.from([value & 255, value >> 8]);
export const le32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

export const ascii = (tag: number, text: string): Tag => ({
  tag,
  type: 2,
  count: text.length + 1,
  data: Buffer.from(`${text}\0`, "latin1"),
});
export const bytesTag = (tag: number, data: Buffer, type = 7): Tag => ({ tag, type, count: data.length, data });
export const long = (tag: number, value: number): Tag => ({ tag, type: 4, count: 1, data: le32(value) });
export const short = (tag: number, ...values: readonly number[]): Tag => ({
  tag,
  type: 3,
  count: values.length,
  data: Buffer.concat(values.map(le16)),
});

/** A little-endian directory that will stand at `at`, with its values behind it. */
export const directory = (tags: readonly Tag[], at: number, next = 0): Buffer => {
  let valueAt = at + 2 + 12 * tags.length + 4;
  const table: Buffer[] = [le16(tags.length)];
  const values: Buffer[] = [];
  for (const { tag, type, count, data } of tags.toSorted((a, b) => a.tag - b.tag)) {
    const inside = data.length <= 4;
    table.push(le16(tag), le16(type), le32(count));
    table.push(inside ? Buffer.concat([data, Buffer.alloc(4 - data.length)]) : le32(valueAt));
    if (inside) continue;
    const padded = Buffer.concat([data, Buffer.alloc(data.length % 2)]);
    values.push(padded);
    valueAt += padded.length;
  }
  return Buffer.concat([...table, le32(next), ...values]);
};

const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** Entries of the first directory of a little-endian TIFF. */
export const tagsOf = (tiff: Buffer): readonly Tag[] => {
  const at = tiff.readUInt32LE(4);
  return Array.from({ length: tiff.readUInt16LE(at) }, (_, i) => {
    const entry = at + 2 + 12 * i;
    const type = tiff.readUInt16LE(entry + 2);
    const count = tiff.readUInt32LE(entry + 4);
    const size = count * (TYPE_BYTES[type] ?? 0);
    const from = size <= 4 ? entry + 8 : tiff.readUInt32LE(entry + 8);
    return { tag: tiff.readUInt16LE(entry), type, count, data: tiff.subarray(from, from + size) };
  });
};

/** The file with other entries in its first directory, which then stands at the end. */
export const withTags = (tiff: Buffer, more: readonly Tag[], behind: readonly Buffer[] = []): Buffer => {
  const whole = Buffer.concat([tiff, Buffer.alloc(tiff.length % 2), ...behind]);
  const old = tagsOf(tiff).filter(({ tag }) => !more.some((one) => one.tag === tag));
  const joined = Buffer.concat([whole, Buffer.alloc(whole.length % 2)]);
  const result = Buffer.concat([joined, directory([...old, ...more], joined.length)]);
  result.writeUInt32LE(joined.length, 4);
  return result;
};

/** Grey pages of 4 by 3 pixels, each with more entries if some are given; pixels stand behind the directories. */
export const makePages = (count: number, more: readonly Tag[] = []): Buffer => {
  const parts: Buffer[] = [Buffer.from("II*\0", "latin1"), le32(8)];
  let at = 8;
  for (let page = 0; page < count; page += 1) {
    const tags = (pixelsAt: number): readonly Tag[] => [
      long(256, 4),
      long(257, 3),
      short(258, 8),
      short(259, 1),
      short(262, 1),
      long(273, pixelsAt),
      short(277, 1),
      long(278, 3),
      long(279, 12),
      ...more,
    ];
    const size = directory(tags(0), at).length;
    const last = page === count - 1;
    parts.push(directory(tags(at + size), at, last ? 0 : at + size + 12));
    parts.push(Buffer.from(Array.from({ length: 12 }, (_, i) => 20 * i + page)));
    at += size + 12;
  }
  return Buffer.concat(parts);
};

export const plainTiff = (): Promise<Buffer> => encoder(40, 24).tiff({ compression: "none" }).toBuffer();

/** Every compression, strips and tiles, kinds of pixels. */
export const kinds = async (): Promise<readonly Case[]> => {
  const picture = () => encoder(200, 130);
  const grey = () => encoder(200, 130).greyscale().toColourspace("b-w");
  const made: readonly (readonly [string, Buffer])[] = [
    ["uncompressed", await picture().tiff({ compression: "none" }).toBuffer()],
    ["LZW", await picture().tiff({ compression: "lzw", predictor: "horizontal" }).toBuffer()],
    ["deflate", await picture().tiff({ compression: "deflate" }).toBuffer()],
    ["PackBits", await picture().tiff({ compression: "packbits" }).toBuffer()],
    ["JPEG", await picture().tiff({ compression: "jpeg", quality: 80 }).toBuffer()],
    [
      "JPEG in tiles",
      await picture().tiff({ compression: "jpeg", tile: true, tileWidth: 64, tileHeight: 64 }).toBuffer(),
    ],
    ["fax", await grey().tiff({ compression: "ccittfax4", bitdepth: 1 }).toBuffer()],
    ["tiles", await picture().tiff({ compression: "deflate", tile: true, tileWidth: 32, tileHeight: 48 }).toBuffer()],
    ["one bit", await grey().tiff({ compression: "none", bitdepth: 1 }).toBuffer()],
    ["sixteen bits", await picture().toColourspace("rgb16").tiff({ compression: "lzw" }).toBuffer()],
    ["alpha", await picture().ensureAlpha(0.5).tiff({ compression: "deflate" }).toBuffer()],
    ["CMYK", await picture().toColourspace("cmyk").tiff({ compression: "deflate" }).toBuffer()],
    ["BigTIFF", await picture().tiff({ compression: "lzw", bigtiff: true }).toBuffer()],
  ];
  return made.map(([name, bytes]) => ({ name, bytes }));
};

export const tiffCases = async (): Promise<readonly Case[]> => {
  const plain = await plainTiff();
  const deflated = await encoder(40, 24).tiff({ compression: "deflate" }).toBuffer();
  const packed = await encoder(40, 24).tiff({ compression: "packbits" }).toBuffer();
  const jpeg = await encoder(40, 24).tiff({ compression: "jpeg" }).toBuffer();
  const end = (tiff: Buffer): number => tiff.length + (tiff.length % 2);
  const iptc = Buffer.concat([Buffer.from([0x1c, 2, 80, 0, planted.length]), planted]);
  const photoshop = Buffer.concat([
    Buffer.from("8BIM\u0004\u0004\0\0\0\0\0", "latin1"),
    Buffer.from([iptc.length]),
    iptc,
    Buffer.alloc(iptc.length % 2),
  ]);
  /** The strips of `tiff` longer by the string. */
  const longer = (tiff: Buffer): Buffer => {
    const tags = tagsOf(tiff);
    const values = (wanted: number): readonly number[] => {
      const one = tags.find(({ tag }) => tag === wanted);
      if (one === undefined) throw new Error("no strips");
      return Array.from({ length: one.count }, (_, i) =>
        one.type === 3 ? one.data.readUInt16LE(2 * i) : one.data.readUInt32LE(4 * i),
      );
    };
    const [offsets, lengths] = [values(273), values(279)];
    const strips = offsets.map((at, i) => Buffer.concat([tiff.subarray(at, at + (lengths[i] ?? 0)), planted]));
    let at = end(tiff);
    const places = strips.map((strip) => {
      at += strip.length;
      return at - strip.length;
    });
    return withTags(
      tiff,
      [
        { tag: 273, type: 4, count: places.length, data: Buffer.concat(places.map(le32)) },
        { tag: 279, type: 4, count: places.length, data: Buffer.concat(strips.map(({ length }) => le32(length))) },
      ],
      strips,
    );
  };
  const exif = directory(
    [ascii(0x9003, "2024:05:17 13:05:09"), bytesTag(0x927c, planted), ascii(0xa431, PLANTED)],
    end(plain),
  );
  const gps = directory([ascii(1, "N"), bytesTag(0x1c, planted)], end(plain));
  const cases: readonly (readonly [string, Buffer])[] = [
    ...(
      [
        [270, "ImageDescription"],
        [271, "Make"],
        [272, "Model"],
        [305, "Software"],
        [306, "DateTime"],
        [315, "Artist"],
        [316, "HostComputer"],
        [33_432, "Copyright"],
        [269, "DocumentName"],
        [285, "PageName"],
      ] as const
    ).map(([tag, name]) => [name, withTags(plain, [ascii(tag, PLANTED)])] as const),
    ["an unknown tag", withTags(plain, [bytesTag(0xcd41, planted)])],
    [
      "an unknown tag of no type",
      withTags(plain, [{ tag: 0xcd42, type: 99, count: 4, data: Buffer.from("Mart") }, bytesTag(0xcd43, planted)]),
    ],
    ["XMP", withTags(plain, [bytesTag(700, xmpPacket(PLANTED), 1)])],
    ["IPTC", withTags(plain, [bytesTag(33_723, iptc)])],
    ["Photoshop", withTags(plain, [bytesTag(34_377, photoshop, 1)])],
    ["Photoshop's layers", withTags(plain, [bytesTag(37_724, planted)])],
    ["Exif with MakerNote and serial", withTags(plain, [long(0x8769, end(plain))], [exif])],
    ["GPS", withTags(plain, [long(0x8825, end(plain))], [gps])],
    ["a sub-directory", withTags(plain, [long(330, end(plain))], [directory([ascii(270, PLANTED)], end(plain))])],
    [
      "an Exif directory that points at itself",
      withTags(
        plain,
        [long(0x8769, end(plain))],
        [directory([long(0x8769, end(plain)), bytesTag(0x9286, planted)], end(plain))],
      ),
    ],
    ["a profile", withTags(plain, [bytesTag(34_675, makeProfile(PLANTED))])],
    ["a profile that is none", withTags(plain, [bytesTag(34_675, planted)])],
    ["a tag on the list with too many values", withTags(plain, [bytesTag(282, planted, 1)])],
    ["a tag on the list as text", withTags(plain, [ascii(297, PLANTED)])],
    ["bytes that nothing points at", withTags(plain, [], [planted])],
    ["behind the end", Buffer.concat([plain, planted])],
    ["behind uncompressed pixels", longer(plain)],
    ["behind deflated pixels", longer(deflated)],
    ["behind packed pixels", longer(packed)],
    ["behind a JPEG within", longer(jpeg)],
    ["Artist on every page", makePages(3, [ascii(315, PLANTED)])],
    ["GPS as cameras write it, behind the end", Buffer.concat([plain, makeTiff([], GPS_ENTRIES), planted])],
  ];
  return cases.map(([name, bytes]) => ({ name, bytes }));
};
