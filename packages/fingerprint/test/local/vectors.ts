/** The vectors of fixtures/local-vectors: their pictures, and what of a picture's features they hold. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import sharp from "sharp";
import type { RgbRows } from "../../src/core/shrink.ts";
import type { Feature } from "../../src/local/kernel.ts";
import { randomFrom } from "../pictures.ts";
import { greyPicture, noisePicture } from "./pictures.ts";

export const VECTORS = join(import.meta.dirname, "../../../../fixtures/local-vectors");

/** The formulas are in words in the README beside the vectors. */
export const VECTOR_PICTURES: Readonly<Record<string, () => RgbRows | Promise<RgbRows>>> = {
  "discs-160x120": () => discs(160, 120, 1),
  "discs-512x384": () => discs(512, 384, 2),
  "discs-201x333": () => discs(201, 333, 3),
  "noise-100x80": () => noisePicture(100, 80, 4),
  "squares-512x256": () =>
    greyPicture(512, 256, (x, y) => ((Math.floor(x / 16) + Math.floor(y / 16)) % 2) * 200 + (x >> 4)),
  "flat-300x200": () => greyPicture(300, 200, () => 90),
  "dandelions-240x135.png": () => png("dandelions-240x135.png"),
  "fig-200x135.png": () => png("fig-200x135.png"),
};

/** In whole numbers, so that every language draws the same. */
function discs(width: number, height: number, seed: number): RgbRows {
  const random = randomFrom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const rgb = new Uint8Array(width * height * 3).fill(119);
  for (let disc = 0; disc < 200; disc++) {
    const [cx, cy] = [below(width), below(height)];
    const radius = 2 + below(1 + below(Math.floor(Math.min(width, height) / 4)));
    const colour = [below(256), below(256), below(256)];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if ((x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2) rgb.set(colour, (y * width + x) * 3);
      }
    }
  }
  return { width, height, rgb };
}

async function png(name: string): Promise<RgbRows> {
  const { data, info } = await sharp(join(VECTORS, name)).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: new Uint8Array(data) };
}

/** Features that a vector holds in full; the digest is over all of them. */
const SHOWN = 16;

export interface Vector {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** SHA-256 of the picture's RGB bytes. */
  readonly pixels: string;
  readonly features: number;
  /** SHA-256 over all features. */
  readonly digest: string;
  readonly first: readonly Feature[];
}

/** What a vector says of a picture and its features. */
export function vectorOf(name: string, { width, height, rgb }: RgbRows, features: readonly Feature[]): Vector {
  const sha256 = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");
  return {
    name,
    width,
    height,
    pixels: sha256(rgb),
    features: features.length,
    digest: sha256(features.map(({ hash, twin }) => `${hash} ${twin}\n`).join("")),
    first: features.slice(0, SHOWN).map((feature) => ({
      ...feature,
      x: rounded(feature.x),
      y: rounded(feature.y),
      sigma: rounded(feature.sigma),
      evenness: rounded(feature.evenness),
      span: rounded(feature.span),
      stretch: rounded(feature.stretch),
    })),
  };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
