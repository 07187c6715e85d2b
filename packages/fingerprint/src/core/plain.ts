/**
 * The readable implementation, used where WebAssembly or its SIMD is not to be had (a browser's lockdown mode) and
 * as the oracle of the kernel. It works row by row, so it needs about 1/128 of the picture as floats, not all of it.
 */
import { boxHalf, boxWindow, decimated } from "./box-filter.ts";
import { dct64To16 } from "./dct.ts";
import type { Pixels, Spectrum } from "./spectrum.ts";

const fround = Math.fround;
// The reference's luma constants are float32.
const RED = fround(0.299);
const GREEN = fround(0.587);
const BLUE = fround(0.114);

/** The picture's 16x16 DCT and quality. Both sides must be at least 5. The result's array is the caller's. */
export function plainSpectrum({ data, width, height, channels }: Pixels): Spectrum {
  const samples = filterAndDecimate(width, height, (row, out) => lumaRow(data, row * width * channels, channels, out));
  const coefficients = new Float32Array(256);
  dct64To16(samples, coefficients);
  return { coefficients, quality: qualityOf(samples) };
}

function lumaRow(data: Pixels["data"], start: number, channels: number, out: Float32Array): void {
  if (channels === 1) {
    // Grey goes through the same three products as RGB: their rounded sum is not always the grey itself.
    for (let x = 0; x < out.length; x++) out[x] = luma(data[start + x]!, data[start + x]!, data[start + x]!);
    return;
  }
  for (let x = 0, at = start; x < out.length; x++, at += channels) {
    out[x] = luma(data[at]!, data[at + 1]!, data[at + 2]!);
  }
}

const luma = (r: number, g: number, b: number): number =>
  fround(fround(fround(RED * r) + fround(GREEN * g)) + fround(BLUE * b));

/** Two rounds of box along rows, then box along columns; of the second, only the 64x64 samples that are read. */
function filterAndDecimate(
  width: number,
  height: number,
  readRow: (row: number, out: Float32Array) => void,
): Float32Array {
  const samples = new Float32Array(64 * 64);
  const sampledRows = decimated(height);
  let next = 0;
  // Second columns pass: keeps the rows it is asked for.
  const columnsTwo = columnBox(64, height, (row, values) => {
    for (; next < 64 && sampledRows[next] === row; next++) samples.set(values, next * 64);
  });
  const sampledColumns = decimated(width);
  const filtered = new Float32Array(width);
  const narrow = new Float32Array(64);
  const columnsOne = columnBox(width, height, (_, values) => {
    rowBox(values, filtered);
    for (let i = 0; i < 64; i++) narrow[i] = filtered[sampledColumns[i]!]!;
    columnsTwo.push(narrow);
  });
  const line = new Float32Array(width);
  for (let row = 0; row < height; row++) {
    readRow(row, line);
    rowBox(line, filtered);
    columnsOne.push(filtered);
  }
  columnsOne.end();
  columnsTwo.end();
  return samples;
}

function rowBox(line: Float32Array, out: Float32Array): void {
  const length = line.length;
  const window = boxWindow(length);
  const ahead = boxHalf(window) - 1;
  let sum = 0;
  let size = 0;
  // `front` is the sample that enters; past the end, none does and the window shrinks.
  for (let front = 0; front < length + ahead; front++) {
    if (front < length) {
      sum = fround(sum + line[front]!);
      size++;
    }
    if (front >= window) {
      sum = fround(sum - line[front - window]!);
      size--;
    }
    if (front >= ahead) out[front - ahead] = fround(sum / size);
  }
}

/** The same box down every column at once: takes rows in, gives rows out `ahead` rows later. Rows are copied. */
function columnBox(width: number, height: number, emit: (row: number, values: Float32Array) => void) {
  const window = boxWindow(height);
  const ahead = boxHalf(window) - 1;
  const kept = new Float32Array(width * (window + 1));
  const slot = (row: number): Float32Array => {
    const at = row % (window + 1);
    return kept.subarray(at * width, (at + 1) * width);
  };
  const sums = new Float32Array(width);
  const out = new Float32Array(width);
  let front = 0;
  let size = 0;
  const step = (): void => {
    if (front >= window) {
      const leaving = slot(front - window);
      for (let x = 0; x < width; x++) sums[x] = sums[x]! - leaving[x]!;
      size--;
    }
    if (front >= ahead) {
      for (let x = 0; x < width; x++) out[x] = sums[x]! / size;
      emit(front - ahead, out);
    }
    front++;
  };
  return {
    push(values: Float32Array): void {
      slot(front).set(values);
      for (let x = 0; x < width; x++) sums[x] = sums[x]! + values[x]!;
      size++;
      step();
    },
    end(): void {
      while (front < height + ahead) step();
    },
  };
}

/** Quality 0 to 100 of the 64x64 samples: how much neighbours differ, in the reference's integer steps. */
export function qualityOf(samples: Float32Array): number {
  const step = (u: number, v: number): number => Math.abs(Math.trunc(fround(fround(fround(u - v) * 100) / 255)));
  let sum = 0;
  for (let i = 0; i < 64; i++) {
    for (let j = 0; j < 64; j++) {
      const u = samples[i * 64 + j]!;
      if (i < 63) sum += step(u, samples[i * 64 + 64 + j]!);
      if (j < 63) sum += step(u, samples[i * 64 + j + 1]!);
    }
  }
  return Math.min(100, Math.trunc(sum / 90));
}
