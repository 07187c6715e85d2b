/** The files that are damaged, by format: all the cases of the tests, small ones. */
import { crc32, inflateRawSync } from "node:zlib";
import { damageText } from "./damage-text.ts";
import type { Random } from "./mutate.ts";
import { bmpCases } from "../bmp/bmps.ts";
import { gifCases } from "../gif/gifs.ts";
import { heifCases } from "../heif/heifs.ts";
import { jpegCases, markersOf } from "../jpeg/jpegs.ts";
import { jxlCases } from "../jxl/jxls.ts";
import { mkvCases } from "../mkv/mkvs.ts";
import { makeFragmented, mp4Cases } from "../mp4/mp4s.ts";
import { pdfCases } from "../pdf/pdfs.ts";
import { apngCases, pngCases } from "../png/pngs.ts";
import type { Case } from "../prove.ts";
import { svgCases } from "../svg/svgs.ts";
import { kinds, tiffCases } from "../tiff/tiffs.ts";
import { webpCases } from "../webp/webps.ts";

const SMALL_BYTES = 20_000;

export interface FuzzFormat {
  readonly cases: () => Promise<readonly Case[]>;
  /**
   * Where the planted string must not be: all of an output but the tables and colours that pixels are decoded with, to
   * which damage can move it; null where that goes for uncompressed pixels too.
   */
  readonly searched: (output: Buffer) => readonly Buffer[] | null;
  /** Makes checksums right again, which else are all that damage is found by. */
  readonly repair?: (bytes: Buffer) => void;
  /** Damage of its own kind, for half of the files. */
  readonly damage?: (bytes: Buffer, other: Buffer, random: Random) => Buffer;
}

/** The checksums of all chunks as far as they can be told apart. */
const repairPng = (bytes: Buffer): void => {
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) return;
    bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end)), end);
    at = end + 4;
  }
};

/**
 * A PNG without its compressed pixels where zlib takes each byte of them for pixels: what damage wrote over those is
 * noise in the picture, and nothing beside it.
 */
const outsideOfPixels = (png: Buffer): readonly Buffer[] => {
  const parts: Buffer[] = [];
  const pixels: Buffer[] = [];
  for (let at = 8; at + 12 <= png.length;) {
    const end = at + 12 + png.readUInt32BE(at);
    const isPixels = png.toString("latin1", at + 4, at + 8) === "IDAT";
    if (isPixels) pixels.push(png.subarray(at + 8, end - 4));
    else parts.push(png.subarray(at, end));
    at = end;
  }
  // Without the two bytes before the stream and the checksum behind it, which viewers don't insist on.
  const stream = Buffer.concat(pixels).subarray(2, -4);
  try {
    // With `info` it answers the engine too, which Node's types don't know.
    const { engine } = inflateRawSync(stream, { info: true }) as unknown as {
      readonly engine: { readonly bytesWritten: number };
    };
    if (engine.bytesWritten === stream.length) return parts;
  } catch {
    // Then it is searched.
  }
  return [...parts, ...pixels];
};

/** A JPEG without its quantisation and Huffman tables. */
const outsideOfTables = (jpeg: Buffer): readonly Buffer[] => {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { marker, at } of markersOf(jpeg)) {
    if (marker !== 0xdb && marker !== 0xc4) continue;
    parts.push(jpeg.subarray(from, at));
    from = at + 2 + jpeg.readUInt16BE(at + 2);
  }
  return [...parts, jpeg.subarray(from)];
};

/** A film's index: media that damage moves about may hold anything that is not looked at. */
const beforeBox = (type: string) => (output: Buffer) => [output.subarray(0, output.indexOf(type, 0, "latin1"))];

/** The same of Matroska, whose media begins with the first cluster. */
const beforeClusters = (output: Buffer): readonly Buffer[] => [
  output.subarray(0, output.indexOf(Buffer.from("1f43b675", "hex"))),
];

const small = (cases: readonly Case[]): readonly Case[] => cases.filter(({ bytes }) => bytes.length <= SMALL_BYTES);

export const FUZZ_FORMATS: Readonly<Record<string, FuzzFormat>> = {
  jpeg: { cases: async () => small(await jpegCases()), searched: outsideOfTables },
  png: {
    // Bombs take long by intention, and not everybody time.
    cases: async () =>
      small([...(await pngCases()), ...apngCases()]).filter(({ name }) => !/bomb|never ends/u.test(name)),
    searched: outsideOfPixels,
    repair: repairPng,
  },
  webp: { cases: async () => small(await webpCases()), searched: (output) => [output] },
  gif: { cases: async () => small(await gifCases()), searched: () => null },
  tiff: { cases: async () => small([...(await tiffCases()), ...(await kinds())]), searched: () => null },
  heif: { cases: async () => small(await heifCases()), searched: beforeBox("mdat") },
  jxl: { cases: () => Promise.resolve(small(jxlCases)), searched: beforeBox("jxlc") },
  mp4: {
    cases: () => Promise.resolve(small([...mp4Cases(), { name: "fragments", bytes: makeFragmented() }])),
    searched: beforeBox("mdat"),
  },
  mkv: { cases: () => Promise.resolve(small(mkvCases())), searched: beforeClusters },
  // Damage makes visible text of what was hidden, so the string may come out.
  svg: { cases: async () => small(await svgCases()), searched: () => null, damage: damageText },
  bmp: { cases: () => Promise.resolve(small(bmpCases)), searched: () => null },
  pdf: { cases: async () => small(await pdfCases()), searched: (output) => [output] },
};
