/**
 * Tags of a TIFF directory that the picture is decoded and shown with (TIFF 6.0; its Supplements 1 and 2; BigTIFF), and
 * how many values each may have: one more would be a place to hide something in.
 */

/** What the number of values depends on. */
export interface Shape {
  readonly samples: number;
  readonly bits: number;
}

interface Allowed {
  readonly name: string;
  /** Whether this many values are right. */
  readonly fits: (count: number, shape: Shape) => boolean;
}

const one = (name: string): Allowed => ({ name, fits: (count) => count === 1 });
const exactly = (name: string, wanted: number): Allowed => ({ name, fits: (count) => count === wanted });
const samples = (name: string): Allowed => ({ name, fits: (count, shape) => count === shape.samples || count === 1 });

export const WIDTH = 256;
export const LENGTH = 257;
export const BITS = 258;
export const COMPRESSION = 259;
export const PHOTOMETRIC = 262;
export const STRIP_OFFSETS = 273;
export const SAMPLES = 277;
export const ROWS_PER_STRIP = 278;
export const STRIP_BYTES = 279;
export const PLANAR = 284;
export const TILE_WIDTH = 322;
export const TILE_LENGTH = 323;
export const TILE_OFFSETS = 324;
export const TILE_BYTES = 325;
export const SUB_DIRECTORIES = 330;
export const JPEG_TABLES = 347;
export const SUBFILE_TYPE = 254;
export const PROFILE = 34_675;
export const DNG_VERSION = 0xc612;

/** Tags whose values are numbers and are kept as they are. */
export const ALLOWED: ReadonlyMap<number, Allowed> = new Map([
  [SUBFILE_TYPE, one("NewSubfileType")],
  [255, one("SubfileType")],
  [WIDTH, one("ImageWidth")],
  [LENGTH, one("ImageLength")],
  [BITS, { name: "BitsPerSample", fits: (count, shape) => count === shape.samples }],
  [COMPRESSION, one("Compression")],
  [PHOTOMETRIC, one("PhotometricInterpretation")],
  [263, one("Threshholding")],
  [266, one("FillOrder")],
  [274, one("Orientation")],
  [SAMPLES, one("SamplesPerPixel")],
  [ROWS_PER_STRIP, one("RowsPerStrip")],
  [280, samples("MinSampleValue")],
  [281, samples("MaxSampleValue")],
  [282, one("XResolution")],
  [283, one("YResolution")],
  [PLANAR, one("PlanarConfiguration")],
  [290, one("GrayResponseUnit")],
  [291, { name: "GrayResponseCurve", fits: (count, { bits }) => bits <= 16 && count === 2 ** bits }],
  [292, one("T4Options")],
  [293, one("T6Options")],
  [296, one("ResolutionUnit")],
  [297, exactly("PageNumber", 2)],
  [
    301,
    {
      name: "TransferFunction",
      fits: (count, { bits }) => bits <= 16 && (count === 2 ** bits || count === 3 * 2 ** bits),
    },
  ],
  [317, one("Predictor")],
  [318, exactly("WhitePoint", 2)],
  [319, exactly("PrimaryChromaticities", 6)],
  [320, { name: "ColorMap", fits: (count, { bits }) => bits <= 16 && count === 3 * 2 ** bits }],
  [321, exactly("HalftoneHints", 2)],
  [TILE_WIDTH, one("TileWidth")],
  [TILE_LENGTH, one("TileLength")],
  [332, one("InkSet")],
  [334, one("NumberOfInks")],
  [336, { name: "DotRange", fits: (count, shape) => count === 2 || count === 2 * shape.samples }],
  [338, { name: "ExtraSamples", fits: (count, shape) => count >= 1 && count < shape.samples }],
  [339, samples("SampleFormat")],
  [340, samples("SMinSampleValue")],
  [341, samples("SMaxSampleValue")],
  [342, exactly("TransferRange", 6)],
  [529, exactly("YCbCrCoefficients", 3)],
  [530, exactly("YCbCrSubSampling", 2)],
  [531, one("YCbCrPositioning")],
  [532, { name: "ReferenceBlackWhite", fits: (count, shape) => count === 6 || count === 2 * shape.samples }],
]);

/** Without these there is no telling what the picture is; one that is wrong can't be left out. */
export const NEEDED: ReadonlySet<number> = new Set([
  WIDTH,
  LENGTH,
  BITS,
  COMPRESSION,
  PHOTOMETRIC,
  266,
  SAMPLES,
  ROWS_PER_STRIP,
  PLANAR,
  292,
  293,
  317,
  320,
  TILE_WIDTH,
  TILE_LENGTH,
  338,
  339,
  530,
]);

export const POINTERS: ReadonlySet<number> = new Set([STRIP_OFFSETS, STRIP_BYTES, TILE_OFFSETS, TILE_BYTES]);
