/** Files that give something away: made from the fixtures, with a name, a place and hidden pictures planted. */
import sharp from "sharp";
import {
  asciiEntry,
  be16,
  be32,
  GPS_ENTRIES,
  makeTiff,
  PLANTED,
  shortEntry,
} from "../../../packages/scrub/test/files.ts";
import { segment, withSegments } from "../../../packages/scrub/test/jpeg/jpegs.ts";
import { readPhotograph, readVideo } from "./visit.ts";

export { PLANTED };

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

/** A second directory with a small picture, as an EXIF block of its own. */
const thumbnailExif = (thumbnail: Buffer): Buffer => {
  const long = (tag: number, value: number): Buffer => Buffer.concat([be16(tag), be16(4), be32(1), be32(value)]);
  return Buffer.concat([
    latin1("Exif\0\0MM\0*"),
    be32(8),
    be16(0),
    be32(14),
    be16(2),
    long(0x0201, 44),
    long(0x0202, thumbnail.length),
    be32(0),
    thumbnail,
  ]);
};

/** A photograph as a telephone makes it: place, time, device, serial, a small copy, and a video behind its end. */
export const revealingJpeg = async (photograph = "rain-drops"): Promise<Buffer> => {
  const picture = await sharp(await readPhotograph(photograph))
    .resize(640)
    .jpeg({ quality: 88 })
    .toBuffer();
  const small = await sharp(picture).resize(96).jpeg().toBuffer();
  const exif = Buffer.concat([
    latin1("Exif\0\0"),
    makeTiff(
      [
        asciiEntry(0x010f, "Example"),
        asciiEntry(0x0110, "Phone 12"),
        shortEntry(0x0112, 6),
        asciiEntry(0x0131, "Editor 3"),
        asciiEntry(0x013b, PLANTED),
        asciiEntry(0x9003, "2024:05:17 15:05:09"),
        asciiEntry(0xa431, `S${PLANTED}`),
      ],
      GPS_ENTRIES,
    ),
  ]);
  return Buffer.concat([
    withSegments(picture, segment(0xe1, exif), segment(0xe1, thumbnailExif(small)), segment(0xfe, latin1(PLANTED))),
    await readVideo("still.mp4"),
    latin1(PLANTED),
  ]);
};

/** The pixels of a picture, upright. */
export const uprightPixels = (bytes: Uint8Array): Promise<Buffer> =>
  sharp(bytes, { failOn: "none" }).autoOrient().raw().toBuffer();
