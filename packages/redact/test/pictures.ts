/** Made pictures: seeded, so that every run sees the same. */
import type { Pixels } from "../src/index.ts";

type Made = Pixels & { readonly data: Uint8ClampedArray<ArrayBuffer> };

/** Numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Random colours, random alpha. */
export function noise(width: number, height: number, seed: number): Made {
  const random = seeded(seed);
  return { width, height, data: Uint8ClampedArray.from({ length: width * height * 4 }, () => random() * 256) };
}

/** Waves of colour with some noise in them, opaque. */
export function painted(width: number, height: number, seed = 1): Made {
  const random = seeded(seed);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    data[at * 4] = 128 + 100 * Math.sin(x / 9) + random() * 20;
    data[at * 4 + 1] = 128 + 100 * Math.sin((x + y) / 13) + random() * 20;
    data[at * 4 + 2] = 128 + 100 * Math.cos(y / 7) + random() * 20;
    data[at * 4 + 3] = 255;
  }
  return { width, height, data };
}
