/** JPEG files with something planted, one for each place where something can be hidden. */
import {
  asciiEntry,
  be16,
  be32,
  encoder,
  GPS_ENTRIES,
  makeProfile,
  makeTiff,
  planted,
  PLANTED,
  shortEntry,
  xmpPacket,
} from "../files.ts";

export const segment = (marker: number, ...body: readonly Buffer[]): Buffer => {
  const joined = Buffer.concat(body);
  return Buffer.concat([Buffer.from([0xff, marker]), be16(joined.length + 2), joined]);
};

const text = (value: string): Buffer => Buffer.from(value, "latin1");

/** Behind SOI. */
export const withSegments = (jpeg: Buffer, ...segments: readonly Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

export const exifSegment = (orientation = 6): Buffer =>
  segment(
    0xe1,
    text("Exif\0\0"),
    makeTiff([asciiEntry(0x010f, PLANTED), asciiEntry(0x0110, "X100"), shortEntry(0x0112, orientation)], GPS_ENTRIES),
  );

/** Exif of an empty first directory and a second one that leads to these bytes. */
const thumbnailExif = (thumbnail: Buffer): Buffer => {
  const entry = (tag: number, value: number): Buffer =>
    Buffer.concat([Buffer.from([2, tag, 0, 4]), be32(1), be32(value)]);
  return Buffer.concat([
    Buffer.from("MM\0*\0\0\0\u0008\0\0\0\0\0\u000e\0\u0002", "latin1"),
    entry(1, 44),
    entry(2, thumbnail.length),
    be32(0),
    thumbnail,
  ]);
};

/** Offsets of markers outside of scan data. */
export const markersOf = (jpeg: Buffer): { readonly marker: number; readonly at: number }[] => {
  const found: { marker: number; at: number }[] = [];
  for (let at = 2; at + 1 < jpeg.length;) {
    if (jpeg[at] !== 0xff || jpeg[at + 1] === 0xff) {
      at += 1;
      continue;
    }
    const marker = jpeg[at + 1]!;
    if (marker === 0 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
      continue;
    }
    found.push({ marker, at });
    at += marker === 0xd9 ? 2 : 2 + jpeg.readUInt16BE(at + 2);
  }
  return found;
};

const before = (jpeg: Buffer, marker: number, nth: number, ...bytes: readonly Buffer[]): Buffer => {
  const place = markersOf(jpeg).filter((one) => one.marker === marker)[nth];
  if (place === undefined) throw new Error("no such marker in the picture");
  return Buffer.concat([jpeg.subarray(0, place.at), ...bytes, jpeg.subarray(place.at)]);
};

export interface JpegCase {
  readonly name: string;
  readonly bytes: Buffer;
}

export const plainJpeg = (): Promise<Buffer> => encoder().jpeg({ quality: 90 }).toBuffer();
export const progressiveJpeg = (): Promise<Buffer> => encoder().jpeg({ quality: 90, progressive: true }).toBuffer();

export const jpegCases = async (): Promise<readonly JpegCase[]> => {
  const plain = await plainJpeg();
  const progressive = await progressiveJpeg();
  const profile = makeProfile(PLANTED);
  const bodyOf = (jpeg: Buffer, marker: number): Buffer => {
    const place = markersOf(jpeg).find((one) => one.marker === marker)!;
    return jpeg.subarray(place.at + 4, place.at + 2 + jpeg.readUInt16BE(place.at + 2));
  };
  const half = Math.floor(profile.length / 2);
  const cases: readonly (readonly [string, Buffer])[] = [
    ["APP1 Exif with make, model and GPS", withSegments(plain, exifSegment())],
    ["a second Exif", withSegments(plain, exifSegment(1), exifSegment(3))],
    [
      "Exif that points in a circle",
      withSegments(
        plain,
        segment(
          0xe1,
          text("Exif\0\0MM\0*\0\0\0\u0008\0\u0001\u0087\u0069\0\u0004\0\0\0\u0001\0\0\0\u0008\0\0\0\u0008"),
          planted,
        ),
      ),
    ],
    [
      "MakerNote and serial number",
      withSegments(
        plain,
        segment(
          0xe1,
          text("Exif\0\0"),
          makeTiff([{ tag: 0x927c, type: 7, count: planted.length, data: planted }, asciiEntry(0xa431, PLANTED)]),
        ),
      ),
    ],
    ["Exif's thumbnail", withSegments(plain, segment(0xe1, text("Exif\0\0"), thumbnailExif(planted)))],
    ["Exif that is none", withSegments(plain, segment(0xe1, text("Exif\0\0"), planted))],
    [
      "an orientation with something behind it",
      withSegments(plain, segment(0xe1, text("Exif\0\0"), makeTiff([shortEntry(0x0112, 6)]), planted)),
    ],
    ["XMP", withSegments(plain, segment(0xe1, text("http://ns.adobe.com/xap/1.0/\0"), xmpPacket(PLANTED)))],
    [
      "extended XMP over two segments",
      withSegments(
        plain,
        ...[planted.subarray(0, 16), planted.subarray(16)].map((part) =>
          segment(0xe1, text(`http://ns.adobe.com/xmp/extension/\0${"A".repeat(32)}`), be32(33), be32(0), part),
        ),
      ),
    ],
    [
      "APP0 JFIF thumbnail",
      withSegments(
        plain,
        segment(
          0xe0,
          text("JFIF\0\u0001\u0001\0\0\u0001\0\u0001\u0004\u0004"),
          Buffer.concat([planted, Buffer.alloc(48)]).subarray(0, 48),
        ),
      ),
    ],
    [
      "behind a JFIF header",
      withSegments(plain, segment(0xe0, text("JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0"), planted)),
    ],
    ["JFXX", withSegments(plain, segment(0xe0, text("JFXX\0\u0010"), planted))],
    ["CIFF", withSegments(plain, segment(0xe0, text("II\u001a\0\0\0HEAPJPGM"), planted))],
    ["FLIR", withSegments(plain, segment(0xe1, text("FLIR\0\u0001\0\0"), planted))],
    [
      "ICC description, maker and private tag",
      withSegments(plain, segment(0xe2, text("ICC_PROFILE\0\u0001\u0001"), profile)),
    ],
    [
      "ICC over two segments",
      withSegments(
        plain,
        segment(0xe2, text("ICC_PROFILE\0\u0001\u0002"), profile.subarray(0, half)),
        segment(0xe2, text("ICC_PROFILE\0\u0002\u0002"), profile.subarray(half)),
      ),
    ],
    [
      "ICC with a part missing",
      withSegments(plain, segment(0xe2, text("ICC_PROFILE\0\u0001\u0002"), profile.subarray(0, half))),
    ],
    ["MPF", withSegments(plain, segment(0xe2, text("MPF\0"), planted))],
    ["FlashPix", withSegments(plain, segment(0xe2, text("FPXR\0"), planted))],
    ["APP3 Meta", withSegments(plain, segment(0xe3, text("Meta\0\0"), planted))],
    ...[4, 5, 6, 7, 8, 9, 10, 15].map((n) => [`APP${n}`, withSegments(plain, segment(0xe0 + n, planted))] as const),
    ["APP11 JUMBF", withSegments(plain, segment(0xeb, text("JP\0\u0001\0\0\0\u0001"), planted))],
    ["APP12 Ducky", withSegments(plain, segment(0xec, text("Ducky"), planted))],
    [
      "APP13 IPTC",
      withSegments(
        plain,
        segment(
          0xed,
          text("Photoshop 3.0\x008BIM\u0004\u0004\0\0\0\0\0"),
          Buffer.from([planted.length + 5]),
          Buffer.from([0x1c, 2, 80, 0, planted.length]),
          planted,
        ),
      ),
    ],
    [
      "APP13 thumbnail",
      withSegments(
        plain,
        segment(0xed, text("Photoshop 3.0\x008BIM\u0004\u000c\0\0\0\0\0"), Buffer.from([planted.length]), planted),
      ),
    ],
    ["behind an Adobe segment", withSegments(plain, segment(0xee, text("Adobe\0\u0064\0\0\0\0\u0001"), planted))],
    ["COM", withSegments(plain, segment(0xfe, planted))],
    [
      "COM over two segments",
      withSegments(plain, segment(0xfe, planted.subarray(0, 16)), segment(0xfe, planted.subarray(16))),
    ],
    [
      "between progressive scans",
      before(progressive, 0xda, 2, segment(0xfe, planted), segment(0xe1, text("Exif\0\0"), planted)),
    ],
    ["loose bytes between segments", before(plain, 0xdb, 0, planted)],
    ["loose bytes between progressive segments", before(progressive, 0xc4, 1, segment(0xfe, planted))],
    ["fill bytes", before(plain, 0xda, 0, Buffer.alloc(3000, 0xff))],
    [
      "a quantisation table that is never used",
      before(plain, 0xc0, 0, segment(0xdb, Buffer.from([3]), Buffer.concat([planted, planted]).subarray(0, 64))),
    ],
    [
      "a quantisation table that is overwritten",
      before(plain, 0xdb, 0, segment(0xdb, Buffer.from([0]), Buffer.concat([planted, planted]).subarray(0, 64))),
    ],
    [
      "a Huffman table that is never used",
      before(
        plain,
        0xda,
        0,
        segment(0xc4, Buffer.from([0x13, 0, 0, 0, 0, 0, planted.length, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), planted),
      ),
    ],
    [
      "a Huffman table that is overwritten",
      before(
        plain,
        0xc4,
        0,
        segment(0xc4, Buffer.from([0x00, 0, 0, 0, 0, 0, planted.length, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), planted),
      ),
    ],
    ["behind the end", Buffer.concat([plain, planted])],
    ["a whole picture behind the end", Buffer.concat([plain, withSegments(plain, exifSegment())])],
    [
      "a motion photo's video",
      Buffer.concat([
        plain,
        be32(24),
        text("ftypmp42\0\0\0\0isommp42"),
        be32(8 + planted.length),
        text("mdat"),
        planted,
      ]),
    ],
    [
      "a preview that an MPF index leads to",
      Buffer.concat([
        withSegments(plain, segment(0xe2, text("MPF\0MM\0*\0\0\0\u0008"), be32(0), planted)),
        withSegments(plain, exifSegment()),
      ]),
    ],
    ["an AFCP trailer", Buffer.concat([plain, planted, text("AXS!\u0001\0\0\u0001"), be32(plain.length), be32(40)])],
    [
      "the rest of a larger picture behind the end",
      Buffer.concat([plain, withSegments(plain, exifSegment()).subarray(40)]),
    ],
    [
      "Samsung's trailer",
      Buffer.concat([
        plain,
        text("\0\0\u0001\u000a\u0010\0\0\0Image_UTC_Data"),
        planted,
        text("SEFH"),
        Buffer.alloc(20),
        text("SEFT"),
      ]),
    ],
  ];
  // The string may not be in the picture itself, or nothing is shown.
  if (bodyOf(plain, 0xc0).includes(planted)) throw new Error("the picture holds the string");
  return cases.map(([name, bytes]) => ({ name, bytes }));
};
