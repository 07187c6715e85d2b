/** Pictures the tests make: deterministic, of any size, with detail at every scale ("dead leaves"). */
import sharp, { type Sharp } from "sharp";

/** A small deterministic generator, 0 to 1 (Numerical Recipes' constants). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** Discs of random size and colour over each other; the statistics of their edges are like a photograph's. */
export function leavesSvg(width: number, height: number, seed: number, discs = 600): Buffer {
  const random = randomFrom(seed);
  const colour = (): string => `rgb(${[0, 0, 0].map(() => Math.floor(random() * 256)).join(",")})`;
  const shapes = Array.from({ length: discs }, () => {
    const radius = Math.min(width, height) / 150 / Math.sqrt(random() + 0.0006);
    const at = `cx="${(random() * width).toFixed(1)}" cy="${(random() * height).toFixed(1)}"`;
    return `<circle ${at} r="${radius.toFixed(1)}" fill="${colour()}"/>`;
  });
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`;
  return Buffer.from(`${open}<rect width="100%" height="100%" fill="#778"/>${shapes.join("")}</svg>`);
}

/** The same as an opaque sharp pipeline, ready for an output format. */
export const leaves = (width: number, height: number, seed: number, discs?: number): Sharp =>
  sharp(leavesSvg(width, height, seed, discs)).removeAlpha();

/** RGB rows. */
export async function leavesRgb(width: number, height: number, seed: number): Promise<Uint8Array> {
  return new Uint8Array(await leaves(width, height, seed).raw().toBuffer());
}
