/** PNG and APNG files with something planted, one for each place where something can be hidden. */
import { crc32, deflateSync, inflateSync } from "node:zlib";
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
import type { Case } from "../prove.ts";

const text = (value: string): Buffer => Buffer.from(value, "latin1");

export const chunk = (type: string, ...body: readonly Buffer[]): Buffer => {
  const content = Buffer.concat([text(type), ...body]);
  return Buffer.concat([be32(content.length - 4), content, be32(crc32(content))]);
};

interface Chunk {
  readonly type: string;
  readonly at: number;
  readonly body: Buffer;
}

export const chunksOf = (png: Buffer): readonly Chunk[] => {
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    chunks.push({ type, at, body: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
    if (type === "IEND") break;
  }
  return chunks;
};

const placeOf = (png: Buffer, type: string): number => {
  const found = chunksOf(png).find((one) => one.type === type);
  if (found === undefined) throw new Error("no such chunk");
  return found.at;
};

/** Puts bytes before the first chunk of a type. */
export const before = (png: Buffer, type: string, ...bytes: readonly Buffer[]): Buffer => {
  const at = placeOf(png, type);
  return Buffer.concat([png.subarray(0, at), ...bytes, png.subarray(at)]);
};

export const plainPng = (): Promise<Buffer> => encoder(24, 10).png().toBuffer();
const palettePng = (): Promise<Buffer> => encoder(24, 10).png({ palette: true, colours: 8 }).toBuffer();

const SIDE = 4;
const frameRows = (seed: number): Buffer =>
  Buffer.concat(
    Array.from({ length: SIDE }, (_, y) =>
      Buffer.from([0, ...Array.from({ length: 3 * SIDE }, (_x, x) => (seed * 37 + y * 11 + x * 5) & 255)]),
    ),
  );

const frameControl = (sequence: number, delay: number): Buffer =>
  chunk("fcTL", be32(sequence), be32(SIDE), be32(SIDE), be32(0), be32(0), be16(delay), be16(100), Buffer.from([1, 0]));

/** Three frames of different length; `between` stands before the second, `behind` behind the second's pixels. */
export const makeApng = (between: readonly Buffer[] = [], behind: Buffer = Buffer.alloc(0)): Buffer =>
  Buffer.concat([
    text("\u0089PNG\r\n\u001a\n"),
    chunk("IHDR", be32(SIDE), be32(SIDE), Buffer.from([8, 2, 0, 0, 0])),
    chunk("acTL", be32(3), be32(5)),
    frameControl(0, 7),
    chunk("IDAT", deflateSync(frameRows(1))),
    ...between,
    frameControl(1, 33),
    chunk("fdAT", be32(2), deflateSync(frameRows(2)), behind),
    frameControl(3, 120),
    chunk("fdAT", be32(4), deflateSync(frameRows(3)).subarray(0, 9)),
    chunk("fdAT", be32(5), deflateSync(frameRows(3)).subarray(9)),
    chunk("IEND"),
  ]);

/** What an APNG shows: each frame's header and its inflated rows. */
export const apngFrames = (png: Buffer): readonly string[] => {
  const shown: string[] = [];
  let packed: Buffer[] = [];
  const end = (): void => {
    // Nothing is said of what stands behind the end of the pixels; inflating stops there.
    if (packed.length > 0) shown.push(inflateSync(Buffer.concat(packed)).toString("hex"));
    packed = [];
  };
  for (const { type, body } of chunksOf(png)) {
    if (type === "acTL") shown.push(body.toString("hex"));
    else if (type === "fcTL") {
      end();
      shown.push(body.subarray(4).toString("hex"));
    } else if (type === "IDAT") packed.push(body);
    else if (type === "fdAT") packed.push(body.subarray(4));
  }
  end();
  return shown;
};

export const exif = (orientation = 6): Buffer =>
  makeTiff([asciiEntry(0x010f, PLANTED), shortEntry(0x0112, orientation)], GPS_ENTRIES);

/** ImageMagick's way of keeping blocks of other formats: hexadecimal text. */
const rawProfile = (name: string, bytes: Buffer): Buffer =>
  Buffer.concat([
    text(`Raw profile type ${name}\0\0`),
    deflateSync(text(`\n${name}\n${String(bytes.length).padStart(8)}\n${bytes.toString("hex")}\n`)),
  ]);

export const pngCases = async (): Promise<readonly Case[]> => {
  const plain = await plainPng();
  const palette = await palettePng();
  const profile = deflateSync(makeProfile(PLANTED));
  const [pixels] = chunksOf(plain).filter(({ type }) => type === "IDAT");
  if (pixels === undefined) throw new Error("no pixels");
  const header = plain.subarray(0, pixels.at);
  const behindPixels = (...idats: readonly Buffer[]): Buffer => Buffer.concat([header, ...idats, chunk("IEND")]);
  const suggestion = Buffer.concat([planted, Buffer.alloc(3 - (planted.length % 3))]);
  const [entries] = chunksOf(palette).filter(({ type }) => type === "PLTE");
  const tooMany = Buffer.concat([entries?.body ?? Buffer.alloc(0), Buffer.alloc(768)]).subarray(0, 768);
  planted.copy(tooMany, 700);
  const widePalette = Buffer.concat([
    palette.subarray(0, entries?.at),
    chunk("PLTE", tooMany),
    palette.subarray((entries?.at ?? 0) + 12 + (entries?.body.length ?? 0)),
  ]);
  const cases: readonly (readonly [string, Buffer])[] = [
    ["tEXt", before(plain, "IDAT", chunk("tEXt", text("Author\0"), planted))],
    [
      "tEXt over two chunks",
      before(
        plain,
        "IDAT",
        chunk("tEXt", text("Comment\0"), planted.subarray(0, 16)),
        chunk("tEXt", text("Comment\0"), planted.subarray(16)),
      ),
    ],
    ["tEXt behind the pixels", before(plain, "IEND", chunk("tEXt", text("Author\0"), planted))],
    ["tEXt without a keyword", before(plain, "IDAT", chunk("tEXt", planted))],
    [
      "tEXt with a wrong checksum",
      before(plain, "IDAT", Buffer.concat([chunk("tEXt", text("Author\0"), planted).subarray(0, -4), be32(1)])),
    ],
    ["zTXt", before(plain, "IDAT", chunk("zTXt", text("Author\0\0"), deflateSync(planted)))],
    ["zTXt, stored", before(plain, "IDAT", chunk("zTXt", text("Author\0\0"), deflateSync(planted, { level: 0 })))],
    [
      "zTXt that never ends",
      before(plain, "IDAT", chunk("zTXt", text("Author\0\0"), deflateSync(Buffer.alloc(4 << 20)), planted)),
    ],
    ["iTXt", before(plain, "IDAT", chunk("iTXt", text("Title\0\0\0en\0Titel\0"), planted))],
    ["iTXt, compressed", before(plain, "IDAT", chunk("iTXt", text("Title\0\u0001\0\0\0"), deflateSync(planted)))],
    [
      "iTXt in its translated keyword",
      before(plain, "IDAT", chunk("iTXt", text("Title\0\0\0en\0"), planted, text("\0x"))),
    ],
    ["XMP", before(plain, "IDAT", chunk("iTXt", text("XML:com.adobe.xmp\0\0\0\0\0"), xmpPacket(PLANTED)))],
    [
      "Exif as hexadecimal text",
      before(plain, "IDAT", chunk("zTXt", rawProfile("exif", Buffer.concat([text("Exif\0\0"), exif()])))),
    ],
    [
      "IPTC as hexadecimal text",
      before(
        plain,
        "IDAT",
        chunk("zTXt", rawProfile("iptc", Buffer.concat([Buffer.from([0x1c, 2, 80, 0, planted.length]), planted]))),
      ),
    ],
    ["eXIf", before(plain, "IDAT", chunk("eXIf", exif()))],
    ["eXIf behind the pixels", before(plain, "IEND", chunk("eXIf", exif()))],
    ["eXIf with JPEG's name before it", before(plain, "IDAT", chunk("eXIf", text("Exif\0\0"), exif()))],
    ["a second eXIf", before(plain, "IDAT", chunk("eXIf", makeTiff([shortEntry(0x0112, 3)])), chunk("eXIf", exif()))],
    [
      "an orientation with something behind it",
      before(plain, "IDAT", chunk("eXIf", makeTiff([shortEntry(0x0112, 6)]), planted)),
    ],
    ["tIME", before(plain, "IDAT", chunk("tIME", Buffer.from([7, 232, 5, 17, 13, 5, 9])))],
    ["caBX", before(plain, "IDAT", chunk("caBX", planted))],
    ["dSIG", before(plain, "IDAT", chunk("dSIG", planted))],
    ["sPLT", before(plain, "IDAT", chunk("sPLT", planted, text("\0\u0008")))],
    ["hIST", before(palette, "IDAT", chunk("hIST", planted))],
    ["private chunks", before(plain, "IDAT", chunk("prVt", planted), chunk("iDOT", planted), chunk("npTc", planted))],
    ["a private chunk of five megabytes", before(plain, "IDAT", chunk("prVt", planted, Buffer.alloc(5 << 20)))],
    ["iCCP", before(plain, "IDAT", chunk("iCCP", text("icc\0\0"), profile))],
    ["iCCP's name", before(plain, "IDAT", chunk("iCCP", planted, text("\0\0"), profile))],
    ["behind iCCP's profile", before(plain, "IDAT", chunk("iCCP", text("icc\0\0"), profile, planted))],
    [
      "a second iCCP",
      before(plain, "IDAT", chunk("iCCP", text("icc\0\0"), profile), chunk("iCCP", planted, text("\0\0"), profile)),
    ],
    ["iCCP behind the pixels", before(plain, "IEND", chunk("iCCP", planted, text("\0\0"), profile))],
    [
      "iCCP that is a bomb",
      before(plain, "IDAT", chunk("iCCP", text("icc\0\0"), deflateSync(Buffer.alloc(17 << 20)), planted)),
    ],
    ["a palette as a suggestion", before(plain, "IDAT", chunk("PLTE", suggestion))],
    ["palette entries that no pixel can name", widePalette],
    ["tRNS of the wrong length", before(plain, "IDAT", chunk("tRNS", planted))],
    [
      "small chunks of the wrong length",
      before(
        plain,
        "IDAT",
        chunk("gAMA", planted),
        chunk("pHYs", planted),
        chunk("cHRM", planted),
        chunk("bKGD", planted),
        chunk("mDCV", planted),
      ),
    ],
    ["a second gAMA", before(plain, "IDAT", chunk("gAMA", be32(45455)), chunk("gAMA", text("PLAN")))],
    ["behind the pixels, in their chunk", behindPixels(chunk("IDAT", pixels.body, planted))],
    [
      "behind the pixels, in a chunk of pixels",
      behindPixels(chunk("IDAT", pixels.body), chunk("IDAT", planted), chunk("IDAT")),
    ],
    [
      "frames without an animation",
      before(plain, "IEND", chunk("fcTL", planted.subarray(0, 26)), chunk("fdAT", be32(1), planted)),
    ],
    ["in IEND", Buffer.concat([plain.subarray(0, placeOf(plain, "IEND")), chunk("IEND", planted)])],
    ["behind the end", Buffer.concat([plain, planted])],
    [
      "a picture behind the end",
      Buffer.concat([plain, before(plain, "IDAT", chunk("tEXt", text("Author\0"), planted))]),
    ],
    ["the rest of a larger picture behind the end", Buffer.concat([plain, plain.subarray(60), planted])],
  ];
  return cases.map(([name, bytes]) => ({ name, bytes }));
};

export const apngCases = (): readonly Case[] => {
  const cases: readonly (readonly [string, Buffer])[] = [
    ["text between frames", makeApng([chunk("tEXt", text("Author\0"), planted)])],
    ["a private chunk between frames", makeApng([chunk("prVt", planted)])],
    ["behind a frame's pixels", makeApng([], planted)],
    ["behind the animation", Buffer.concat([makeApng(), planted])],
  ];
  return cases.map(([name, bytes]) => ({ name, bytes }));
};
