/** Edits that keep the picture's content in one piece: its format, size, cut, direction, colours and sharpness. */
import { type Edit, type Transform, transformOf } from "./edit.ts";
import { asSharp, decodePicture, type Pixels, toPixels } from "./pixels.ts";
import { pick } from "./random.ts";

const clamp = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);

/** Each byte through a function of its value. */
function mapBytes(pixels: Pixels, change: (value: number) => number): Pixels {
  const table = Uint8Array.from({ length: 256 }, (_unused, value) => Math.round(clamp(change(value))));
  return { ...pixels, data: pixels.data.map((value) => table[value] ?? 0) };
}

/** Cuts a share of each dimension away; where the rest lies is random. */
export const crop =
  (percent: number): Edit =>
  (pixels, random) => {
    const width = Math.max(16, Math.round(pixels.width * (1 - percent / 100)));
    const height = Math.max(16, Math.round(pixels.height * (1 - percent / 100)));
    const left = Math.round(random() * (pixels.width - width));
    const top = Math.round(random() * (pixels.height - height));
    return toPixels(asSharp(pixels).extract({ left, top, width, height }));
  };

/** Cuts one side, which one is random. */
const cropSide =
  (percent: number): Edit =>
  (pixels, random) => {
    const side = pick(random, ["left", "right", "top", "bottom"] as const);
    const across = side === "left" || side === "right";
    const width = across ? Math.round(pixels.width * (1 - percent / 100)) : pixels.width;
    const height = across ? pixels.height : Math.round(pixels.height * (1 - percent / 100));
    const left = side === "left" ? pixels.width - width : 0;
    const top = side === "top" ? pixels.height - height : 0;
    return toPixels(asSharp(pixels).extract({ left, top, width, height }));
  };

const cropSquare: Edit = (pixels) => {
  const side = Math.min(pixels.width, pixels.height);
  return toPixels(asSharp(pixels).resize(side, side, { fit: "cover" }));
};

const squeezeSquare: Edit = (pixels) => {
  const side = Math.min(pixels.width, pixels.height);
  return toPixels(asSharp(pixels).resize(side, side, { fit: "fill" }));
};

/** Wider or narrower by a share, the height as it was. */
const stretch =
  (percent: number): Edit =>
  (pixels) =>
    toPixels(asSharp(pixels).resize(Math.round(pixels.width * (1 + percent / 100)), pixels.height, { fit: "fill" }));

export const resize =
  (percent: number): Edit =>
  (pixels) =>
    toPixels(asSharp(pixels).resize(Math.max(16, Math.round((pixels.width * percent) / 100))));

export const mirror: Edit = (pixels) => toPixels(asSharp(pixels).flop());

export const rotate =
  (degrees: number, background = "black"): Edit =>
  (pixels) =>
    toPixels(asSharp(pixels).rotate(degrees, { background }));

/** Turned, then cut so that no corner shows, as phones do when they straighten a picture. */
const straighten =
  (degrees: number): Edit =>
  async (pixels) => {
    const turned = await rotate(degrees)(pixels, Math.random, []);
    const angle = (Math.abs(degrees) * Math.PI) / 180;
    const { width, height } = pixels;
    // The rectangle of the same shape that fits: shrunk until both its corners touch the turned sides.
    const scale = 1 / (Math.cos(angle) + (Math.max(width, height) / Math.min(width, height)) * Math.sin(angle));
    const [inWidth, inHeight] = [Math.floor(width * scale), Math.floor(height * scale)];
    return toPixels(
      asSharp(turned).extract({
        left: Math.floor((turned.width - inWidth) / 2),
        top: Math.floor((turned.height - inHeight) / 2),
        width: inWidth,
        height: inHeight,
      }),
    );
  };

export const brightness =
  (percent: number): Edit =>
  async (pixels) =>
    mapBytes(pixels, (value) => (value * percent) / 100);

export const contrast =
  (percent: number): Edit =>
  async (pixels) =>
    mapBytes(pixels, (value) => 128 + ((value - 128) * percent) / 100);

export const gamma =
  (exponent: number): Edit =>
  async (pixels) =>
    mapBytes(pixels, (value) => 255 * (value / 255) ** exponent);

export const saturation =
  (percent: number): Edit =>
  (pixels) =>
    toPixels(asSharp(pixels).modulate({ saturation: percent / 100 }));

export const greyscale: Edit = (pixels) => toPixels(asSharp(pixels).greyscale().toColourspace("b-w"));

const negative: Edit = async (pixels) => mapBytes(pixels, (value) => 255 - value);

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** A filter as picture apps have them: a matrix over the colours, then a lift of the shadows and a softer light. */
const filter =
  ([a, b, c, d, e, f, g, h, i]: Matrix, lift = 0): Edit =>
  async (pixels) => {
    const recombined = await toPixels(
      asSharp(pixels).recomb([
        [a, b, c],
        [d, e, f],
        [g, h, i],
      ]),
    );
    return lift === 0 ? recombined : mapBytes(recombined, (value) => lift + (value * (255 - 1.6 * lift)) / 255);
  };

export const FILTERS: Readonly<Record<string, Edit>> = {
  sepia: filter([0.393, 0.769, 0.189, 0.349, 0.686, 0.168, 0.272, 0.534, 0.131]),
  warm: filter([1.15, 0.05, 0, 0.02, 1.02, 0, 0, 0, 0.8], 6),
  cool: filter([0.82, 0, 0.02, 0, 0.98, 0.04, 0, 0.08, 1.18], 4),
  faded: filter([0.85, 0.1, 0.05, 0.08, 0.84, 0.08, 0.06, 0.12, 0.82], 34),
  cross: filter([1.3, -0.2, 0, -0.05, 1.1, -0.05, 0.1, 0.1, 0.7], 10),
};

export const blur =
  (tenths: number): Edit =>
  (pixels) =>
    toPixels(asSharp(pixels).blur(tenths / 10));

const sharpen =
  (sigma: number): Edit =>
  (pixels) =>
    toPixels(asSharp(pixels).sharpen({ sigma }));

/** Gaussian noise of a standard deviation in levels, each colour for itself (sum of four even ones). */
export const noise =
  (levels: number): Edit =>
  async (pixels, random) => {
    const scale = levels * Math.sqrt(3);
    const data = pixels.data.map((value) =>
      Math.round(clamp(value + (random() + random() + random() + random() - 2) * scale)),
    );
    return { ...pixels, data };
  };

/** Skin made smooth as beauty filters do: small differences go, edges stay; then lighter. */
export const beauty =
  (size: number): Edit =>
  async (pixels) => {
    const smooth = await toPixels(asSharp(pixels).median(size));
    const data = pixels.data.map((value, at) => {
      const soft = smooth.data[at] ?? value;
      const difference = value - soft;
      // Differences above 40 levels are edges and come back whole, below that in proportion.
      return clamp(Math.round((soft + difference * Math.min(1, Math.abs(difference) / 40)) * 1.06 + 4));
    });
    return { ...pixels, data };
  };

/** Transforms whose point is the format: nothing is saved as JPEG afterwards. */
const formats: readonly Transform[] = [
  ...[10, 15, 20, 30, 40, 50, 60, 70, 80, 90].map((quality) => ({ family: "jpeg", quality })),
  ...[10, 30, 50, 80].map((quality) => ({ family: "webp", quality })),
  ...[20, 40, 60].map((quality) => ({ family: "avif", quality })),
].map(({ family, quality }) => ({
  name: `${family}.${quality}`,
  family,
  parameter: quality,
  apply: async (picture) => {
    const pixels = asSharp(await decodePicture(picture));
    if (family === "webp") return pixels.webp({ quality }).toBuffer();
    if (family === "avif") return pixels.avif({ quality, effort: 1 }).toBuffer();
    return pixels.jpeg({ quality }).toBuffer();
  },
}));

export const plainTransforms: readonly Transform[] = [
  ...formats,
  ...[10, 15, 20, 25, 33, 40, 50, 75, 150, 200, 300].map((it) => transformOf("resize", it, resize(it))),
  ...[5, 10, 15, 20, 25, 30, 40, 50, 60].map((it) => transformOf("crop", it, crop(it))),
  ...[5, 10, 25, 50].map((it) => transformOf("crop-side", it, cropSide(it))),
  transformOf("crop-square", "centre", cropSquare),
  transformOf("squeeze", "square", squeezeSquare),
  ...[-20, -10, 10, 20].map((it) => transformOf("stretch", it, stretch(it))),
  transformOf("mirror", "plain", mirror),
  transformOf("mirror", "cropped", async (pixels, random, others) =>
    mirror(await crop(10)(pixels, random, others), random, others),
  ),
  ...[1, 2, 3, 5, 10, 20, 37, 45, 90, 123, 180, 270, 300].map((it) =>
    transformOf("rotate", it, rotate(it, it % 2 === 0 ? "white" : "black")),
  ),
  ...[2, 5, 10].map((it) => transformOf("straighten", it, straighten(it))),
  ...[50, 70, 130, 160].map((it) => transformOf("brightness", it, brightness(it))),
  ...[50, 75, 130, 160].map((it) => transformOf("contrast", it, contrast(it))),
  ...[0.6, 0.8, 1.3, 1.6, 2.2].map((it) => transformOf("gamma", it, gamma(it))),
  ...[0, 50, 150, 200].map((it) => transformOf("saturation", it, saturation(it))),
  transformOf("greyscale", "plain", greyscale),
  transformOf("negative", "plain", negative),
  ...Object.entries(FILTERS).map(([name, edit]) => transformOf("filter", name, edit)),
  ...[5, 9, 15].map((it) => transformOf("beauty", it, beauty(it))),
  ...[5, 10, 15, 20, 30, 40, 60].map((it) => transformOf("blur", it, blur(it))),
  ...[5, 10, 20, 30, 45].map((it) => transformOf("noise", it, noise(it))),
  ...[1, 3].map((it) => transformOf("sharpen", it, sharpen(it))),
];
