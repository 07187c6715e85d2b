/** WebP files with something planted, one for each place where something can be hidden. */
import sharp from "sharp";
import {
  asciiEntry,
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
const le32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

export const chunk = (type: string, ...body: readonly Buffer[]): Buffer => {
  const joined = Buffer.concat(body);
  return Buffer.concat([text(type), le32(joined.length), joined, Buffer.alloc(joined.length % 2)]);
};

export const riff = (...chunks: readonly Buffer[]): Buffer => {
  const joined = Buffer.concat(chunks);
  return Buffer.concat([text("RIFF"), le32(4 + joined.length), text("WEBP"), joined]);
};

export interface Chunk {
  readonly type: string;
  readonly body: Buffer;
  /** With its header and filling. */
  readonly whole: Buffer;
}

export const chunksOf = (webp: Buffer, from = 12): readonly Chunk[] => {
  const chunks: Chunk[] = [];
  for (let at = from; at < webp.length;) {
    const length = webp.readUInt32LE(at + 4);
    const next = at + 8 + length + (length % 2);
    chunks.push({
      type: webp.toString("latin1", at, at + 4),
      body: webp.subarray(at + 8, at + 8 + length),
      whole: webp.subarray(at, next),
    });
    at = next;
  }
  return chunks;
};

const WIDTH = 40;
const HEIGHT = 24;

export const extended = (flags: number, reserved = 0): Buffer =>
  chunk("VP8X", Buffer.from([flags, reserved, 0, 0, WIDTH - 1, 0, 0, HEIGHT - 1, 0, 0]));

export const lossy = (): Promise<Buffer> => encoder(WIDTH, HEIGHT).webp({ quality: 60 }).toBuffer();
export const lossless = (): Promise<Buffer> => encoder(WIDTH, HEIGHT).webp({ lossless: true }).toBuffer();
export const translucent = (): Promise<Buffer> =>
  encoder(WIDTH, HEIGHT).ensureAlpha(0.4).webp({ quality: 60 }).toBuffer();

/** Three frames of 70, 330 and 1,200 ms, twice. */
export const animated = async (): Promise<Buffer> => {
  const frames = await Promise.all([1, 2, 3].map((seed) => encoder(WIDTH, HEIGHT, seed).png().toBuffer()));
  return sharp(frames, { join: { animated: true } })
    .webp({ loop: 2, delay: [70, 330, 1200], quality: 60 })
    .toBuffer();
};

export const exif = (orientation = 6): Buffer =>
  makeTiff([asciiEntry(0x010f, PLANTED), shortEntry(0x0112, orientation)], GPS_ENTRIES);

export const webpCases = async (): Promise<readonly Case[]> => {
  const plain = await lossy();
  const [vp8] = chunksOf(plain).filter(({ type }) => type === "VP8 ");
  const [vp8l] = chunksOf(await lossless()).filter(({ type }) => type === "VP8L");
  const alpha = chunksOf(await translucent());
  if (vp8 === undefined || vp8l === undefined) throw new Error("no pixels");
  const movie = chunksOf(await animated());
  const frames = movie.filter(({ type }) => type === "ANMF");
  const [anim] = movie.filter(({ type }) => type === "ANIM");
  const [first, ...rest] = frames.map(({ whole }) => whole);
  if (first === undefined || anim === undefined || frames.length !== 3) throw new Error("no animation");
  const frameBody = frames[1]?.body ?? Buffer.alloc(0);
  const moving = (...more: readonly Buffer[]): Buffer =>
    riff(extended(0x02), anim.whole, first, ...more, ...rest.slice(more.length > 0 ? 0 : 1));
  const profile = makeProfile(PLANTED);
  const reservedFrame = Buffer.from(first);
  reservedFrame[8 + 15] = (reservedFrame[8 + 15] ?? 0) | 0xa4;
  const odd = Buffer.from(vp8.whole);
  const cases: (readonly [string, Buffer, Buffer?])[] = [
    ["EXIF", riff(extended(0x08), vp8.whole, chunk("EXIF", exif()))],
    ["EXIF with JPEG's name before it", riff(extended(0x08), vp8.whole, chunk("EXIF", text("Exif\0\0"), exif()))],
    [
      "a second EXIF",
      riff(extended(0x08), vp8.whole, chunk("EXIF", makeTiff([shortEntry(0x0112, 3)])), chunk("EXIF", exif())),
    ],
    ["EXIF that is none", riff(extended(0x08), vp8.whole, chunk("EXIF", planted))],
    ["EXIF without its flag", riff(extended(0), vp8.whole, chunk("EXIF", exif()))],
    [
      "an orientation with something behind it",
      riff(extended(0x08), vp8.whole, chunk("EXIF", makeTiff([shortEntry(0x0112, 6)]), planted)),
    ],
    ["XMP", riff(extended(0x04), vp8.whole, chunk("XMP ", xmpPacket(PLANTED)))],
    ["ICCP", riff(extended(0x20), chunk("ICCP", profile), vp8.whole)],
    ["a second ICCP", riff(extended(0x20), chunk("ICCP", profile), chunk("ICCP", profile), vp8.whole)],
    ["ICCP that is none", riff(extended(0x20), chunk("ICCP", planted), vp8.whole)],
    ["behind the profile", riff(extended(0x20), chunk("ICCP", profile, planted), vp8.whole)],
    ["an unknown chunk", riff(extended(0), chunk("ABCD", planted), vp8.whole)],
    ["an unknown chunk of a plain file", riff(vp8.whole, chunk("ABCD", planted))],
    [
      "over two chunks",
      riff(extended(0), vp8.whole, chunk("ABCD", planted.subarray(0, 16)), chunk("ABCD", planted.subarray(16))),
    ],
    ["content credentials", riff(extended(0), vp8l.whole, chunk("C2PA", planted))],
    ["reserved bits", riff(extended(0xc1, 0x50), vp8.whole, chunk("ABCD", planted)), riff(extended(0), vp8.whole)],
    [
      "a second picture",
      riff(extended(0), vp8.whole, vp8l.whole, chunk("VP8 ", planted)),
      riff(extended(0), vp8.whole),
    ],
    [
      "transparency of no picture",
      riff(extended(0x10), vp8.whole, chunk("ALPH", planted)),
      riff(extended(0x10), vp8.whole),
    ],
    [
      "a frame without an animation",
      riff(extended(0), vp8.whole, chunk("ANMF", planted, planted)),
      riff(extended(0), vp8.whole),
    ],
    ["an animation's header in a still picture", riff(extended(0), vp8.whole, chunk("ANIM", planted))],
    ["an unknown chunk between frames", moving(chunk("ABCD", planted))],
    ["XMP between frames", moving(chunk("XMP ", xmpPacket(PLANTED)))],
    [
      "an unknown chunk within a frame",
      riff(extended(0x02), anim.whole, first, chunk("ANMF", frameBody, chunk("ABCD", planted))),
    ],
    [
      "a second picture within a frame",
      riff(extended(0x02), anim.whole, first, chunk("ANMF", frameBody, chunk("VP8L", text("/"), planted))),
      riff(extended(0x02), anim.whole, first, chunk("ANMF", frameBody)),
    ],
    ["reserved bits of a frame", riff(extended(0x02), anim.whole, reservedFrame, ...rest)],
    [
      "a still picture beside an animation",
      riff(extended(0x02), anim.whole, first, ...rest, vp8.whole),
      riff(extended(0x02), anim.whole, first, ...rest),
    ],
    ["behind the end", Buffer.concat([plain, planted])],
    ["a picture behind the end", Buffer.concat([plain, riff(extended(0x08), vp8.whole, chunk("EXIF", exif()))])],
    [
      "alpha and EXIF",
      riff(
        extended(0x18),
        ...alpha.filter(({ type }) => type !== "VP8X").map(({ whole }) => whole),
        chunk("EXIF", exif()),
      ),
    ],
  ];
  if (vp8.body.length % 2 === 1) {
    odd[odd.length - 1] = 0x50;
    cases.push(["the byte that fills a chunk", riff(odd)]);
  }
  return cases.map(([name, bytes, like]) => ({ name, bytes, ...(like === undefined ? {} : { like }) }));
};
