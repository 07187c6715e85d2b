/** One small whole file of each format and kind, each with the planted string where people's own software puts it. */
import { box, latin } from "../boxes.ts";
import { planted, PLANTED } from "../files.ts";
import { makeBmp } from "../bmp/bmps.ts";
import { animated as animatedGif, comment, insert, still } from "../gif/gifs.ts";
import { makeHeif, plainParts } from "../heif/heifs.ts";
import { exifSegment, plainJpeg, progressiveJpeg, withSegments } from "../jpeg/jpegs.ts";
import { exif as jxlExif, file as jxl, picture as jxlPicture } from "../jxl/jxls.ts";
import { el, makeMkv } from "../mkv/mkvs.ts";
import { makeFragmented, makeMp4 } from "../mp4/mp4s.ts";
import { before, chunk as pngChunk, exif as pngExif, makeApng, plainPng } from "../png/pngs.ts";
import { PLACES } from "../svg/svgs.ts";
import { ascii, makePages, plainTiff, withTags } from "../tiff/tiffs.ts";
import { chunk as riffChunk, chunksOf, exif as webpExif, extended, lossy, riff } from "../webp/webps.ts";
import type { Format } from "../../src/index.ts";

export interface WholeFile {
  readonly name: string;
  readonly format: Format;
  readonly bytes: Buffer;
}

export const wholeFiles = async (): Promise<readonly WholeFile[]> => {
  const gif = await still();
  const [vp8] = chunksOf(await lossy()).filter(({ type }) => type === "VP8 ");
  if (vp8 === undefined) throw new Error("no pixels");
  const named = [box("udta", box("©nam", planted))];
  const title = [el(0x7ba9, planted)];
  const files: readonly (readonly [string, Format, Buffer])[] = [
    ["JPEG", "jpeg", withSegments(await plainJpeg(), exifSegment())],
    ["progressive JPEG", "jpeg", withSegments(await progressiveJpeg(), exifSegment())],
    ["PNG", "png", before(await plainPng(), "IDAT", pngChunk("eXIf", pngExif()))],
    ["APNG", "png", makeApng([pngChunk("tEXt", latin("Author\0"), planted)])],
    ["WebP", "webp", riff(extended(0x08), vp8.whole, riffChunk("EXIF", webpExif()))],
    ["GIF", "gif", insert(gif, 13 + (3 << (((gif[10] ?? 0) & 7) + 1)), comment(planted))],
    ["animated GIF", "gif", Buffer.concat([(await animatedGif()).subarray(0, -1), comment(planted), latin(";")])],
    ["TIFF", "tiff", withTags(await plainTiff(), [ascii(315, PLANTED)])],
    ["TIFF of pages", "tiff", makePages(3, [ascii(315, PLANTED)])],
    ["BMP", "bmp", makeBmp({ gap: planted })],
    ["SVG", "svg", PLACES["title"]!(PLANTED)],
    ["AVIF", "avif", makeHeif({ ...(await plainParts()), after: box("free", planted) })],
    ["JPEG XL", "jxl", jxl(jxlExif, jxlPicture)],
    ["MP4", "mp4", makeMp4({ movieExtra: named })],
    ["fragmented MP4", "mp4", makeFragmented()],
    ["MOV", "mov", makeMp4({ brand: "qt  ", compatible: "qt  ", movieExtra: named })],
    ["3GP", "3gp", makeMp4({ brand: "3gp5", compatible: "3gp5isom", movieExtra: named })],
    ["MKV", "mkv", makeMkv({ info: title })],
    ["MKV of no told size", "mkv", makeMkv({ info: title, isOpen: true })],
    ["WebM", "webm", makeMkv({ docType: "webm", info: title })],
  ];
  return files.map(([name, format, bytes]) => ({ name, format, bytes }));
};
