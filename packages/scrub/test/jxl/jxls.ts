/** Small JPEG XL files by hand, with something planted. */
import { box, latin } from "../boxes.ts";
import { asciiEntry, be32, GPS_ENTRIES, makeTiff, planted, PLANTED, xmpPacket } from "../files.ts";
import type { Case } from "../prove.ts";

/** A codestream of eight by eight pixels: SizeHeader "small", all metadata as usual, then bytes that stand for a frame. */
export const codestream = Buffer.concat([
  Buffer.from([0xff, 0x0a, 0x01, 0x12]),
  Buffer.from(Array.from({ length: 60 }, (_, i) => (i * 37 + 128) & 255)),
]);
const signature = latin("\0\0\0\u000cJXL \r\n\u0087\n");
const fileType = box("ftyp", latin("jxl \0\0\0\0jxl "));
export const file = (...boxes: readonly Buffer[]): Buffer => Buffer.concat([signature, fileType, ...boxes]);
export const picture = box("jxlc", codestream);
export const exif = box("Exif", be32(0), makeTiff([asciiEntry(0x010f, PLANTED)], GPS_ENTRIES));

export const jxlCases: readonly Case[] = (
  [
    ["Exif", file(exif, picture)],
    ["Exif behind the picture", file(picture, exif)],
    ["XMP", file(box("xml ", xmpPacket(PLANTED)), picture)],
    ["content credentials", file(box("jumb", planted), picture)],
    ["packed Exif", file(box("brob", latin("Exif"), planted), picture)],
    ["the original JPEG's data", file(box("jbrd", planted), picture)],
    ["a gain map", file(picture, box("jhgm", planted))],
    ["uuid", file(box("uuid", Buffer.alloc(16, 3), planted), picture)],
    ["free", file(box("free", planted), picture)],
    ["a second codestream", file(picture, box("jxlc", codestream, planted))],
    ["behind the level", file(box("jxll", Buffer.from([5]), planted), exif, picture)],
    ["an index of frames", file(box("jxli", planted), exif, picture)],
    ["bytes behind the end", Buffer.concat([file(picture), Buffer.alloc(9), planted])],
    ["a file behind the end", Buffer.concat([file(picture), box("ftyp", latin("mp42")), planted])],
    [
      "in parts",
      file(
        exif,
        box("jxlp", be32(0), codestream.subarray(0, 20)),
        box("xml ", planted),
        box("jxlp", be32(0x8000_0001), codestream.subarray(20)),
      ),
    ],
  ] as const
).map(([name, bytes]) => ({ name, bytes }));
