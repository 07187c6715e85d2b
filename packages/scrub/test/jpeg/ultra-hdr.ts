/** JPEGs with a gain map behind them, as Ultra HDR and ISO 21496-1 say, with something planted. */
import sharp, { type Sharp } from "sharp";
import { asciiEntry, be16, be32, encoder, makeTiff, PLANTED } from "../files.ts";

const latin = (text: string): Buffer => Buffer.from(text, "latin1");
export const segment = (marker: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0xff, marker]), be16(body.length + 2), body]);
};
export const ISO = latin("urn:iso:std:iso:ts:21496:-1\0");
export const xmp = (content: string): Buffer => segment(0xe1, latin(`http://ns.adobe.com/xap/1.0/\0${content}`));

/** As libultrahdr writes them, with something planted. */
export const PARAMETERS = `<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="${PLANTED}"><rdf:RDF><rdf:Description hdrgm:Version="1.0" hdrgm:GainMapMin="-0.5" hdrgm:GainMapMax="2.3219281" hdrgm:Gamma="1" hdrgm:OffsetSDR="0.015625" hdrgm:OffsetHDR="0.015625" hdrgm:HDRCapacityMin="0" hdrgm:HDRCapacityMax="2.3219281" hdrgm:BaseRenditionIsHDR="False" dc:creator="${PLANTED}"/></rdf:RDF></x:xmpmeta>`;
export const CHANNELS = `<rdf:Description hdrgm:Version="1.0" hdrgm:HDRCapacityMax="3"><hdrgm:GainMapMax><rdf:Seq><rdf:li>1.5</rdf:li><rdf:li>2</rdf:li><rdf:li>2.25</rdf:li></rdf:Seq></hdrgm:GainMapMax><dc:creator>${PLANTED}</dc:creator></rdf:Description>`;

const fraction = (numerator: number, denominator: number): Buffer =>
  Buffer.concat([be32(numerator >>> 0), be32(denominator)]);
/** ISO 21496-1 with a channel: headrooms, least and most gain, gamma, two offsets. */
export const iso = (writer = 0): Buffer =>
  segment(
    0xe2,
    ISO,
    be16(0),
    be16(writer),
    Buffer.from([0x40]),
    fraction(0, 1),
    fraction(5, 2),
    fraction(-1, 2),
    fraction(5, 2),
    fraction(1, 1),
    fraction(1, 64),
    fraction(1, 64),
  );
export const isoCommon = segment(
  0xe2,
  ISO,
  be16(0),
  be16(0),
  Buffer.from([0x48]),
  ...[2, 0, 5, -1, 5, 2, 1, 1].map((one) => be32(one >>> 0)),
);

const mpf = (offset: number): Buffer =>
  segment(
    0xe2,
    latin("MPF\0II*\0"),
    Buffer.from("08000000010002b0070020000000", "hex"),
    Buffer.from("1a00000000000000", "hex"),
    Buffer.alloc(24),
    Buffer.from([offset & 255, (offset >> 8) & 255, (offset >> 16) & 255, 0]),
    Buffer.alloc(4),
  );

const exif = segment(0xe1, latin("Exif\0\0"), makeTiff([asciiEntry(0x010f, PLANTED)]));
const behindStart = (jpeg: Buffer, ...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...parts, jpeg.subarray(2)]);

interface Made {
  readonly bytes: Buffer;
  readonly main: Buffer;
  readonly map: Buffer;
}

export const made = async (
  parameters: readonly Buffer[],
  options: { readonly gap?: Buffer; readonly indexed?: boolean; readonly after?: Buffer } = {},
): Promise<Made> => {
  const main = await encoder().jpeg().toBuffer();
  const map = await encoder(36, 20, 3).grayscale().jpeg().toBuffer();
  const head = [
    exif,
    xmp(`<rdf:Description hdrgm:Version="1.0" xmp:CreatorTool="${PLANTED}"/>`),
    segment(0xe2, ISO, Buffer.alloc(4)),
  ];
  const gap = options.gap ?? Buffer.alloc(0);
  const size = behindStart(main, ...head, mpf(0)).length;
  const at = 2 + head.reduce((sum, { length }) => sum + length, 0) + 8;
  const index = options.indexed === false ? [] : [mpf(size + gap.length - at)];
  const second = behindStart(map, exif, ...parameters);
  return {
    bytes: Buffer.concat([behindStart(main, ...head, ...index), gap, second, options.after ?? Buffer.alloc(0)]),
    main,
    map,
  };
};

interface GainMapSharp extends Sharp {
  /** The output has the input's gain map. */
  keepGainMap(): Sharp;
  /** The input's gain map is applied, and the output, if it is a JPEG, has a new one. */
  withGainMap(): Sharp;
}

/** sharp with libultrahdr in it. The cast: sharp 0.35.5 has these two, and its types do not say so yet. */
export const hdrSharp = (bytes: Buffer): GainMapSharp => sharp(bytes) as GainMapSharp;
