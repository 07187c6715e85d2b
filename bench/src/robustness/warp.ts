/** Perspective in plain TypeScript, and a photograph of a screen made with it. */
import { type Edit, type Transform, transformOf } from "./edit.ts";
import { asSharp, drawOver, fillPixels, lay, type Pixels, toPixels } from "./pixels.ts";
import { between, type Random } from "./random.ts";

type Point = readonly [x: number, y: number];
export type Corners = readonly [topLeft: Point, topRight: Point, bottomRight: Point, bottomLeft: Point];

/** Solves a system of linear equations by elimination with pivots; each row ends with its right-hand side. */
function solve(rows: number[][]): readonly number[] {
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const below = rows.slice(column).toSorted((a, b) => Math.abs(b[column] ?? 0) - Math.abs(a[column] ?? 0));
    rows.splice(column, below.length, ...below);
    const pivot = rows[column]!;
    const lead = pivot[column]!;
    for (let at = column; at <= size; at++) pivot[at] = pivot[at]! / lead;
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = row[column]!;
      for (let at = column; at <= size; at++) row[at] = row[at]! - factor * pivot[at]!;
    }
  }
  return rows.map((row) => row[size]!);
}

/** The homography that takes each point of the plane to its place in the source: corners of a rectangle to `from`. */
function homography(width: number, height: number, corners: Corners): readonly number[] {
  const targets: Corners = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
  return solve(
    corners.flatMap(([x, y], index) => {
      const [u, v] = targets[index]!;
      return [
        [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
        [0, 0, 0, x, y, 1, -v * x, -v * y, v],
      ];
    }),
  );
}

/** Draws a picture into four corners of a plane; outside of them the plane shows `outside` (grey level). Bilinear. */
export function warp(picture: Pixels, width: number, height: number, corners: Corners, outside: number): Pixels {
  const [a, b, c, d, e, f, g, h] = homography(picture.width - 1, picture.height - 1, corners) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const data = new Uint8Array(width * height * 3).fill(outside);
  const source = picture.data;
  const stride = picture.width * 3;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const w = g * x + h * y + 1;
      const u = (a * x + b * y + c) / w;
      const v = (d * x + e * y + f) / w;
      if (!(u >= 0 && v >= 0 && u <= picture.width - 1 && v <= picture.height - 1)) continue;
      const left = Math.min(Math.floor(u), picture.width - 2);
      const top = Math.min(Math.floor(v), picture.height - 2);
      const [right, down] = [u - left, v - top];
      const from = top * stride + left * 3;
      const to = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const at = from + channel;
        const upper = source[at]! + (source[at + 3]! - source[at]!) * right;
        const lower = source[at + stride]! + (source[at + stride + 3]! - source[at + stride]!) * right;
        data[to + channel] = upper + (lower - upper) * down + 0.5;
      }
    }
  }
  return { data, width, height };
}

/** The corners of a rectangle, each moved inwards by up to a share of the sides. */
function movedCorners(random: Random, width: number, height: number, percent: number, margin = 0): Corners {
  const off = (): number => between(random, 0, percent) / 100 + margin;
  return [
    [width * off(), height * off()],
    [width * (1 - off()), height * off()],
    [width * (1 - off()), height * (1 - off())],
    [width * off(), height * (1 - off())],
  ];
}

export const perspective =
  (percent: number): Edit =>
  async (pixels, random) =>
    warp(pixels, pixels.width, pixels.height, movedCorners(random, pixels.width, pixels.height, percent), 0);

/** Stripes of a screen's pixel grid seen through a sensor's: one sine a colour, each a little out of step. */
function moire(pixels: Pixels, random: Random, strength: number): Pixels {
  const data = new Uint8Array(pixels.data.length);
  const angle = between(random, 0.2, 1.3);
  const period = between(random, 5, 11);
  const [alongX, alongY] = [(Math.cos(angle) * 2 * Math.PI) / period, (Math.sin(angle) * 2 * Math.PI) / period];
  for (let y = 0, at = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      // The slow term bends the stripes, as a lens does.
      const phase = x * alongX + y * alongY + 3 * Math.sin((x + 2 * y) / 210);
      for (let channel = 0; channel < 3; channel++, at++) {
        const value = pixels.data[at]! * (1 + strength * Math.sin(phase + channel * 0.9));
        data[at] = Math.max(0, Math.min(255, value + (random() + random() - 1) * 9));
      }
    }
  }
  return { ...pixels, data };
}

/** A picture on a lit screen in a dim room: bezel, perspective, stripes, glare, a soft lens and a little noise. */
export const photoOfScreen =
  (percent: number, stripes: number): Edit =>
  async (pixels, random) => {
    const [width, height] = [1280, 960];
    const screen = await lay(1200, 800, "#060608", [{ what: await fillOrFit(pixels, 1160, 760), left: 20, top: 20 }]);
    const corners = movedCorners(random, width, height, percent, 0.04);
    const shot = await toPixels(asSharp(warp(screen, width, height, corners, 38)).blur(0.7));
    const [x, y] = [between(random, 0.1, 0.9), between(random, 0.1, 0.9)];
    const glare = `<radialGradient id="g" cx="${x}" cy="${y}" r="0.35"><stop offset="0" stop-color="#fff" stop-opacity="0.55"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient><rect width="${width}" height="${height}" fill="url(#g)"/>`;
    const lit = await drawOver(moire(shot, random, stripes), glare);
    return { ...lit, data: lit.data.map((value) => 18 + value * 0.88) };
  };

/** As a viewer shows it: whole on black. */
async function fillOrFit(pixels: Pixels, width: number, height: number): Promise<Pixels> {
  const scale = Math.min(width / pixels.width, height / pixels.height);
  const fitted = await fillPixels(pixels, pixels.width * scale, pixels.height * scale);
  return lay(width, height, "#000", [
    { what: fitted, left: (width - fitted.width) / 2, top: (height - fitted.height) / 2 },
  ]);
}

export const warpTransforms: readonly Transform[] = [
  ...[1, 2, 4, 6, 9, 12].map((it) => transformOf("perspective", it, perspective(it))),
  transformOf("photo-of-screen", "straight", photoOfScreen(2, 0.05)),
  transformOf("photo-of-screen", "slanted", photoOfScreen(7, 0.08)),
  transformOf("photo-of-screen", "striped", photoOfScreen(4, 0.2)),
];
