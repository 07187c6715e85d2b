/** Things laid on or around a picture: borders, captions, drawings, words, watermarks, other pictures. */
import { type Edit, type Transform, transformOf } from "./edit.ts";
import { asSharp, decodePicture, drawOver, fillPixels, fitPixels, lay, type Pixels, svg, toPixels } from "./pixels.ts";
import { between, pick, type Random } from "./random.ts";

const PHRASES = [
  "when you least expect it",
  "nobody: absolutely nobody:",
  "tag somebody who knows",
  "Monday morning be like",
  "I can't believe this is real",
  "wait for it",
] as const;

/** Bars or a frame around the picture, each a share of the side it lengthens. */
const border =
  (across: number, down: number, background: string): Edit =>
  (pixels) => {
    const [left, top] = [Math.round(pixels.width * across), Math.round(pixels.height * down)];
    return toPixels(asSharp(pixels).extend({ left, right: left, top, bottom: top, background }));
  };

/** Stood in a plane of another shape, the rest filled with the picture itself, enlarged and blurred. */
const blurredBorder =
  (width: number, height: number): Edit =>
  async (pixels) => {
    const behind = await toPixels(asSharp(await fillPixels(pixels, width, height)).blur(24));
    const inside = await fitPixels(pixels, width, height);
    return lay(width, height, "#000", [
      { what: behind },
      { what: inside, left: (width - inside.width) / 2, top: (height - inside.height) / 2 },
    ]);
  };

export const caption =
  (place: "top" | "bottom" | "both", light: boolean): Edit =>
  async (pixels, random) => {
    const bar = Math.round(pixels.height * 0.16);
    const [above, below] = [place === "bottom" ? 0 : bar, place === "top" ? 0 : bar];
    const words = (y: number): string =>
      `<text x="${pixels.width / 2}" y="${y}" font-size="${bar * 0.42}" font-weight="bold" text-anchor="middle" fill="${light ? "#111" : "#fff"}">${pick(random, PHRASES)}</text>`;
    const height = pixels.height + above + below;
    const text = `${above > 0 ? words(bar * 0.65) : ""}${below > 0 ? words(height - bar * 0.4) : ""}`;
    return lay(pixels.width, height, light ? "#fff" : "#000", [
      { what: pixels, top: above },
      { what: svg(pixels.width, height, text) },
    ]);
  };

/** A round face as keyboards have them, drawn here: no font of the machine decides how it looks. */
function face(x: number, y: number, radius: number, random: Random): string {
  const eye = (side: number): string =>
    `<ellipse cx="${x + side * radius * 0.36}" cy="${y - radius * 0.22}" rx="${radius * 0.11}" ry="${radius * 0.17}" fill="#4a2c00"/>`;
  const mouth = between(random, -0.3, 0.5) * radius;
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="#ffcc33" stroke="#d99a00" stroke-width="${radius * 0.05}"/>${eye(-1)}${eye(1)}<path d="M${x - radius * 0.5} ${y + radius * 0.3}q${radius * 0.5} ${mouth} ${radius} 0" stroke="#4a2c00" stroke-width="${radius * 0.1}" fill="none" stroke-linecap="round"/>`;
}

function star(x: number, y: number, radius: number, colour: string): string {
  const points = Array.from({ length: 10 }, (_unused, index) => {
    const angle = (index * Math.PI) / 5 - Math.PI / 2;
    const reach = index % 2 === 0 ? radius : radius * 0.45;
    return `${x + Math.cos(angle) * reach},${y + Math.sin(angle) * reach}`;
  });
  return `<polygon points="${points.join(" ")}" fill="${colour}" stroke="#fff" stroke-width="${radius * 0.09}"/>`;
}

export const emoji =
  (count: number): Edit =>
  (pixels, random) => {
    const side = Math.min(pixels.width, pixels.height);
    const faces = Array.from({ length: count }, () =>
      face(random() * pixels.width, random() * pixels.height, side * between(random, 0.06, 0.13), random),
    );
    return drawOver(pixels, faces.join(""));
  };

export const stickers =
  (count: number): Edit =>
  (pixels, random) => {
    const side = Math.min(pixels.width, pixels.height);
    const shapes = Array.from({ length: count }, () => {
      const [x, y, radius] = [random() * pixels.width, random() * pixels.height, side * between(random, 0.08, 0.16)];
      const colour = pick(random, ["#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4"]);
      if (random() < 0.5) return star(x, y, radius, colour);
      return `<rect x="${x - radius}" y="${y - radius / 2}" width="${radius * 2}" height="${radius}" rx="${radius / 3}" fill="${colour}" stroke="#fff" stroke-width="${radius * 0.08}"/><text x="${x}" y="${y + radius * 0.2}" font-size="${radius * 0.55}" font-weight="bold" text-anchor="middle" fill="#fff">${pick(random, ["WOW", "NEW", "LOL", "OMG"])}</text>`;
    });
    return drawOver(pixels, shapes.join(""));
  };

export const text =
  (lines: number): Edit =>
  (pixels, random) => {
    const size = Math.min(pixels.width, pixels.height) * 0.075;
    const words = Array.from({ length: lines }, (_unused, index) => {
      const y = pixels.height * ((index + 0.6) / lines);
      return `<text x="${pixels.width / 2}" y="${y}" font-size="${size}" font-weight="bold" text-anchor="middle" fill="#fff" stroke="#000" stroke-width="${size * 0.06}">${pick(random, PHRASES).toUpperCase()}</text>`;
    });
    return drawOver(pixels, words.join(""));
  };

/** Rows of the same words across the whole picture, as sites put their name on what they show. */
export const watermarkShapes = (width: number, height: number, words: string, opacity: number): string => {
  const size = Math.max(14, Math.min(width, height) * 0.045);
  const rows: string[] = [];
  for (let y = -height * 0.3, row = 0; y < height * 1.3; y += size * 3.4, row++)
    for (let x = -width * 0.3 - (row % 2) * size * 4; x < width * 1.3; x += size * 11)
      rows.push(`<text x="${x}" y="${y}">${words}</text>`);
  return `<g font-size="${size}" font-weight="bold" fill="#fff" stroke="#000" stroke-width="${size * 0.02}" opacity="${opacity}" transform="rotate(-24 ${width / 2} ${height / 2})">${rows.join("")}</g>`;
};

export const watermark =
  (opacity: number): Edit =>
  (pixels) =>
    drawOver(pixels, watermarkShapes(pixels.width, pixels.height, "sharehub.example", opacity));

const logo: Edit = (pixels) => {
  const size = Math.min(pixels.width, pixels.height) * 0.11;
  const [x, y] = [pixels.width - size * 0.7, pixels.height - size * 0.7];
  return drawOver(
    pixels,
    `${star(x, y, size * 0.5, "#0a84ff")}<text x="${x - size * 0.7}" y="${y + size * 0.15}" font-size="${size * 0.4}" text-anchor="end" fill="#fff">sharehub</text>`,
  );
};

/** The picture in one cell of a grid, different pictures in the others. */
const collage =
  (columns: number, rows: number): Edit =>
  async (pixels, random, others) => {
    const count = columns * rows;
    if (others.length === 0) throw new RangeError("a collage needs other pictures");
    const [cell, gap] = [Math.round(1440 / Math.max(columns, rows)), 6];
    const place = Math.floor(random() * count);
    const first = Math.floor(random() * others.length);
    const layers = await Promise.all(
      Array.from({ length: count }, async (_unused, index) => {
        const other = others[(first + index) % others.length]!;
        const what = await fillPixels(index === place ? pixels : await decodePicture(other, 720), cell, cell);
        return { what, left: (index % columns) * (cell + gap), top: Math.floor(index / columns) * (cell + gap) };
      }),
    );
    return lay(columns * (cell + gap) - gap, rows * (cell + gap) - gap, "#fff", layers);
  };

/** A small one in a corner of a large one; which of both is the picture asked about is said by `inner`. */
const pictureInPicture =
  (inner: boolean): Edit =>
  async (pixels, random, others) => {
    const other = await decodePicture(pick(random, others));
    const [large, small] = inner ? [other, pixels] : [pixels, other];
    const behind: Pixels = await fitPixels(large, 1080, 1080);
    const inset = await fitPixels(small, behind.width * 0.4, behind.height * 0.4);
    return lay(behind.width, behind.height, "#000", [
      { what: behind },
      { what: inset, left: behind.width - inset.width - 24, top: behind.height - inset.height - 24 },
    ]);
  };

export const overlayTransforms: readonly Transform[] = [
  transformOf("border", "letterbox", border(0, 0.18, "#000")),
  transformOf("border", "pillarbox", border(0.25, 0, "#000")),
  transformOf("border", "white-frame", border(0.06, 0.06, "#fff")),
  transformOf("border", "grey-wide", border(0.3, 0.3, "#808080")),
  transformOf("border", "blurred-portrait", blurredBorder(720, 1280)),
  transformOf("border", "blurred-landscape", blurredBorder(1280, 720)),
  transformOf("caption", "top", caption("top", true)),
  transformOf("caption", "bottom", caption("bottom", false)),
  transformOf("caption", "both", caption("both", true)),
  ...[1, 3, 6].map((it) => transformOf("emoji", it, emoji(it))),
  ...[1, 3, 6].map((it) => transformOf("sticker", it, stickers(it))),
  ...[1, 2, 4].map((it) => transformOf("text", it, text(it))),
  ...[0.15, 0.3, 0.5].map((it) => transformOf("watermark", it, watermark(it))),
  transformOf("watermark", "logo", logo),
  transformOf("collage", 2, collage(2, 1)),
  transformOf("collage", 4, collage(2, 2)),
  transformOf("collage", 9, collage(3, 3)),
  transformOf("picture-in-picture", "large", pictureInPicture(false)),
  transformOf("picture-in-picture", "small", pictureInPicture(true)),
];
