/**
 * Local hashes written plainly from docs/local-hashes.md, step by step and slowly: what the kernel is measured against.
 * It shares no code with the kernel; of the sources it takes only the tap table.
 */
import { TAPS } from "../../src/local/numbers.ts";

export interface PlainFeature {
  readonly x: number;
  readonly y: number;
  readonly sigma: number;
  readonly evenness: number;
  readonly span: number;
  readonly stretch: number;
  readonly hash: string;
  readonly twin: string;
}

/** One float32 a pixel. */
interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Levels 0 to 5 of Gaussian pictures, and the five differences between them. */
interface Octave {
  readonly levels: readonly Grey[];
  readonly differences: readonly Grey[];
}

/** What is known of a key point before its directions are. Places and sigma in pixels of the base picture. */
interface Candidate {
  readonly score: number;
  readonly x: number;
  readonly y: number;
  readonly sigma: number;
  readonly octave: number;
  readonly level: number;
}

const f32 = Math.fround;
const add = (a: number, b: number): number => f32(a + b);
const subtract = (a: number, b: number): number => f32(a - b);
const multiply = (a: number, b: number): number => f32(a * b);
/** `a` to `b` by `part`, float32. */
const between = (a: number, b: number, part: number): number => add(a, multiply(subtract(b, a), part));
const clamp = (value: number, last: number): number => Math.min(Math.max(value, 0), last);
const indices = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

function makeGrey(width: number, height: number, value: (x: number, y: number) => number): Grey {
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * width + x] = value(x, y);
  return { width, height, data };
}

/** The pixel there; edges repeat. */
const pixel = ({ width, height, data }: Grey, x: number, y: number): number =>
  data[clamp(y, height - 1) * width + clamp(x, width - 1)]!;

// ---- Base picture ----

function luma(rgb: Uint8Array, width: number, height: number): Grey {
  const [red, green, blue] = [f32(0.299), f32(0.587), f32(0.114)];
  return makeGrey(width, height, (x, y) => {
    const at = (y * width + x) * 3;
    const both = add(multiply(red, rgb[at]!), multiply(green, rgb[at + 1]!));
    return add(both, multiply(blue, rgb[at + 2]!));
  });
}

function enlarge(grey: Grey): Grey {
  const longest = Math.max(grey.width, grey.height);
  if (longest === 512) return grey;
  const target = Math.min(512, longest * 4);
  const side = (length: number): number =>
    Math.max(1, Math.floor((length * target + Math.floor(longest / 2)) / longest));
  const [width, height] = [side(grey.width), side(grey.height)];
  const [stepX, stepY] = [grey.width / width, grey.height / height];
  return makeGrey(width, height, (x, y) => {
    const sx = (x + 0.5) * stepX - 0.5;
    const sy = (y + 0.5) * stepY - 0.5;
    const [x0, y0] = [Math.floor(sx), Math.floor(sy)];
    const [fx, fy] = [f32(sx - x0), f32(sy - y0)];
    const top = between(pixel(grey, x0, y0), pixel(grey, x0 + 1, y0), fx);
    const bottom = between(pixel(grey, x0, y0 + 1), pixel(grey, x0 + 1, y0 + 1), fx);
    return between(top, bottom, fy);
  });
}

// ---- Scale space ----

function blur(grey: Grey, row: number): Grey {
  const taps = TAPS[row]!.map(f32);
  const along = (from: Grey, dx: number, dy: number): Grey =>
    makeGrey(from.width, from.height, (x, y) => {
      let sum = multiply(pixel(from, x, y), taps[0]!);
      for (let i = 1; i < taps.length; i++) {
        const pair = add(pixel(from, x - i * dx, y - i * dy), pixel(from, x + i * dx, y + i * dy));
        sum = add(sum, multiply(pair, taps[i]!));
      }
      return sum;
    });
  return along(along(grey, 1, 0), 0, 1);
}

function makeOctaves(base: Grey): Octave[] {
  const octaves: Octave[] = [];
  let first = base;
  for (;;) {
    if (Math.min(first.width, first.height) < 24) return octaves;
    const levels = [octaves.length === 0 ? blur(first, 0) : first];
    for (let row = 1; row <= 5; row++) levels.push(blur(levels.at(-1)!, row));
    const differences = indices(5).map((l) =>
      makeGrey(first.width, first.height, (x, y) => subtract(pixel(levels[l + 1]!, x, y), pixel(levels[l]!, x, y))),
    );
    octaves.push({ levels, differences });
    first = makeGrey(first.width >> 1, first.height >> 1, (x, y) => pixel(levels[3]!, 2 * x, 2 * y));
  }
}

// ---- Key points ----

const AROUND = [-1, 0, 1].flatMap((dl) => [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => ({ dx, dy, dl }))));
const NEIGHBOURS = AROUND.filter(({ dx, dy, dl }) => dx !== 0 || dy !== 0 || dl !== 0);
const CONTRAST = f32(0.3);

function isExtremum({ differences }: Octave, x: number, y: number, l: number): boolean {
  const v = pixel(differences[l]!, x, y);
  if (Math.abs(v) <= CONTRAST) return false;
  const sign = Math.sign(v);
  return NEIGHBOURS.every(({ dx, dy, dl }) => sign * pixel(differences[l + dl]!, x + dx, y + dy) < sign * v);
}

interface Settled {
  readonly value: number;
  readonly x: number;
  readonly y: number;
  readonly level: number;
  readonly nearest: number;
}

function refine({ differences }: Octave, x0: number, y0: number, l0: number): Settled | null {
  let [x, y, l] = [x0, y0, l0];
  const { width, height } = differences[0]!;
  for (let round = 0; round < 4; round++) {
    const d = (dx: number, dy: number, dl: number): number => pixel(differences[l + dl]!, x + dx, y + dy);
    const v = d(0, 0, 0);
    const gx = (d(1, 0, 0) - d(-1, 0, 0)) * 0.5;
    const gy = (d(0, 1, 0) - d(0, -1, 0)) * 0.5;
    const gs = (d(0, 0, 1) - d(0, 0, -1)) * 0.5;
    const xx = d(1, 0, 0) + d(-1, 0, 0) - 2 * v;
    const yy = d(0, 1, 0) + d(0, -1, 0) - 2 * v;
    const ss = d(0, 0, 1) + d(0, 0, -1) - 2 * v;
    const xy = (d(1, 1, 0) - d(-1, 1, 0) - d(1, -1, 0) + d(-1, -1, 0)) * 0.25;
    const xs = (d(1, 0, 1) - d(-1, 0, 1) - d(1, 0, -1) + d(-1, 0, -1)) * 0.25;
    const ys = (d(0, 1, 1) - d(0, -1, 1) - d(0, 1, -1) + d(0, -1, -1)) * 0.25;
    // The adjugate of the symmetric matrix, row by row; the formulas' order of operations is the specification's.
    const a = yy * ss - ys * ys;
    const b = xs * ys - xy * ss;
    const c = xy * ys - xs * yy;
    const e = xx * ss - xs * xs;
    const f = xy * xs - xx * ys;
    const g = xx * yy - xy * xy;
    const determinant = xx * a + xy * b + xs * c;
    if (determinant === 0) return null;
    const ox = -(gx * a + gy * b + gs * c) / determinant;
    const oy = -(gx * b + gy * e + gs * f) / determinant;
    const os = -(gx * c + gy * f + gs * g) / determinant;
    if ([ox, oy, os].every((offset) => Math.abs(offset) <= 0.6)) {
      const trace = xx + yy;
      if (g <= 0 || trace * trace * 20 >= 21 * 21 * g) return null;
      const value = Math.abs(v + 0.5 * (gx * ox + gy * oy + gs * os));
      return value < CONTRAST ? null : { value, x: x + ox, y: y + oy, level: l + os, nearest: l };
    }
    const towards = (offset: number): number => (Math.abs(offset) > 0.6 ? Math.sign(offset) : 0);
    [x, y, l] = [x + towards(ox), y + towards(oy), l + towards(os)];
    if (x < 2 || x >= width - 2 || y < 2 || y >= height - 2 || l < 1 || l > 3) return null;
  }
  return null;
}

function scaleOf(level: number): number {
  const t = level * 0.23104906018664842;
  const terms = [1, 0.5, 1 / 6, 1 / 24, 1 / 120, 0.001388888888888889];
  return 1 + t * terms.reduceRight((sum, term) => term + t * sum);
}

/** The strongest 2,048, strongest first; of equals, those found first. */
function findCandidates(base: Grey, octaves: readonly Octave[]): Candidate[] {
  const all: Candidate[] = [];
  for (const [number, octave] of octaves.entries()) {
    const { width, height } = octave.levels[0]!;
    const zoom = 2 ** number;
    for (let l = 1; l <= 3; l++) {
      for (let y = 2; y < height - 2; y++) {
        for (let x = 2; x < width - 2; x++) {
          const found = isExtremum(octave, x, y, l) ? refine(octave, x, y, l) : null;
          if (found === null) continue;
          const sigma = 1.6 * scaleOf(found.level) * zoom;
          const [bx, by] = [found.x * zoom, found.y * zoom];
          const margin = 5 * sigma;
          if (bx < margin || by < margin || bx > base.width - 1 - margin || by > base.height - 1 - margin) continue;
          all.push({
            score: f32(found.value * sigma),
            x: f32(bx),
            y: f32(by),
            sigma: f32(sigma),
            octave: number,
            level: found.nearest,
          });
        }
      }
    }
  }
  // Sorting keeps the order of equals.
  return all.toSorted((a, b) => b.score - a.score).slice(0, 2048);
}

/** Close in place and in size, in float32. */
function areNear(a: Candidate, b: Candidate): boolean {
  const [dx, dy] = [subtract(b.x, a.x), subtract(b.y, a.y)];
  const [small, large] = [Math.min(a.sigma, b.sigma), Math.max(a.sigma, b.sigma)];
  return add(multiply(dx, dx), multiply(dy, dy)) < multiply(small, small) && large < multiply(1.5, small);
}

// ---- Directions ----

function turnsOf(y: number, x: number): number {
  const [ax, ay] = [Math.abs(x), Math.abs(y)];
  const big = Math.max(ax, ay);
  if (big === 0) return 0;
  const t = Math.min(ax, ay) / big;
  const q = t * t;
  const series = [0.999866, -0.3302995, 0.180141, -0.085133, 0.0208351].reduceRight((sum, term) => term + q * sum);
  let turns = t * series * 0.15915494309189535;
  if (ay > ax) turns = 0.25 - turns;
  if (x < 0) turns = 0.5 - turns;
  if (y < 0) turns = 1 - turns;
  return turns >= 1 ? 0 : turns;
}

function sineOf(turns: number): number {
  let t = turns - Math.floor(turns + 0.5);
  if (t > 0.25) t = 0.5 - t;
  else if (t < -0.25) t = -0.5 - t;
  const x = t * 6.283185307179586;
  const q = x * x;
  const terms = [1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -2.505210838544172e-8];
  return x * terms.reduceRight((sum, term) => term + q * sum);
}
const cosineOf = (turns: number): number => sineOf(turns + 0.25);

function histogramOf(candidate: Candidate, octaves: readonly Octave[]): number[] {
  const picture = octaves[candidate.octave]!.levels[candidate.level]!;
  const zoom = 2 ** candidate.octave;
  const [x, y, radius] = [candidate.x / zoom, candidate.y / zoom, (4.5 * candidate.sigma) / zoom];
  const reach = radius * radius;
  const bins: number[] = indices(36).map(() => 0);
  for (let j = Math.max(1, Math.ceil(y - radius)); j <= Math.min(picture.height - 2, y + radius); j++) {
    for (let i = Math.max(1, Math.ceil(x - radius)); i <= Math.min(picture.width - 2, x + radius); i++) {
      const [dx, dy] = [i - x, j - y];
      const distance = dx * dx + dy * dy;
      if (distance >= reach) continue;
      const gx = pixel(picture, i + 1, j) - pixel(picture, i - 1, j);
      const gy = pixel(picture, i, j + 1) - pixel(picture, i, j - 1);
      const magnitude = Math.sqrt(gx * gx + gy * gy);
      const fade = 1 - distance / reach;
      const weight = magnitude * fade * fade;
      const place = turnsOf(gy, gx) * 36;
      const low = Math.floor(place);
      const part = place - low;
      bins[low % 36]! += weight * (1 - part);
      bins[(low + 1) % 36]! += weight * part;
    }
  }
  return smooth(smooth(bins));
}

const around = (bins: readonly number[], i: number): number => bins[(i + 36) % 36]!;

const smooth = (bins: readonly number[]): number[] =>
  bins.map((middle, i) => {
    const near = around(bins, i - 1) + around(bins, i + 1);
    const far = around(bins, i - 2) + around(bins, i + 2);
    return (far + 4 * near + 6 * middle) / 16;
  });

/** The strongest direction in turns, and at most one more; none in an even patch. */
function directionsOf(bins: readonly number[]): number[] {
  const peak = Math.max(...bins);
  if (peak === 0) return [];
  const first = bins.indexOf(peak);
  let second: number | null = null;
  for (const [i, value] of bins.entries()) {
    const isPeak = value > around(bins, i - 1) && value > around(bins, i + 1);
    if (i !== first && isPeak && value >= (second === null ? 0.8 * peak : bins[second]!)) second = i;
  }
  return [first, ...(second === null ? [] : [second])].map((bin) => {
    const [left, middle, right] = [around(bins, bin - 1), bins[bin]!, around(bins, bin + 1)];
    const bend = left - 2 * middle + right;
    return (bin + (bend === 0 ? 0 : (0.5 * (left - right)) / bend)) / 36;
  });
}

// ---- Patch and hash ----

function bilinear(picture: Grey, x: number, y: number): number {
  const { width, height } = picture;
  const [cx, cy] = [clamp(x, width - 1), clamp(y, height - 1)];
  const [x0, y0] = [Math.min(Math.floor(cx), width - 2), Math.min(Math.floor(cy), height - 2)];
  const [fx, fy] = [f32(cx - x0), f32(cy - y0)];
  const top = between(pixel(picture, x0, y0), pixel(picture, x0 + 1, y0), fx);
  const bottom = between(pixel(picture, x0, y0 + 1), pixel(picture, x0 + 1, y0 + 1), fx);
  return between(top, bottom, fy);
}

/** 32 rows of 32 samples. */
function samplePatch(
  candidate: Candidate,
  turns: number,
  stretch: number,
  base: Grey,
  octaves: readonly Octave[],
): number[][] {
  const finer = Math.max(0, candidate.octave - 1);
  const picture = candidate.octave === 0 ? base : octaves[finer]!.levels[0]!;
  const zoom = 2 ** finer;
  const step = (16 * candidate.sigma * Math.sqrt(stretch)) / 32 / zoom;
  const seen = stretch === 1 ? turns : turnsOf(sineOf(turns), cosineOf(turns) / stretch);
  const along = { x: (cosineOf(seen) * step) / stretch, y: sineOf(seen) * step };
  const across = { x: (-sineOf(seen) * step) / stretch, y: cosineOf(seen) * step };
  const [cx, cy] = [candidate.x / zoom, candidate.y / zoom];
  return indices(32).map((v) => {
    let x = cx - 15.5 * along.x + (v - 15.5) * across.x;
    let y = cy - 15.5 * along.y + (v - 15.5) * across.y;
    return indices(32).map(() => {
      const sample = bilinear(picture, x, y);
      [x, y] = [x + along.x, y + along.y];
      return sample;
    });
  });
}

const MATRIX = indices(16).map((i) =>
  indices(32).map((j) => f32(Math.sqrt(2 / 32) * Math.cos(((i + 1) * (2 * j + 1) * Math.PI) / 64))),
);

/** 16 rows of 16; the row is the frequency across the direction. */
function transform(samples: readonly (readonly number[])[]): number[][] {
  const dot = (a: (k: number) => number, b: (k: number) => number): number =>
    indices(32).reduce((sum, k) => add(sum, multiply(a(k), b(k))), 0);
  const half = MATRIX.map((row) =>
    indices(32).map((j) =>
      dot(
        (k) => row[k]!,
        (k) => samples[k]![j]!,
      ),
    ),
  );
  return half.map((line) =>
    MATRIX.map((row) =>
      dot(
        (k) => line[k]!,
        (k) => row[k]!,
      ),
    ),
  );
}

function hashOf(coefficients: readonly (readonly number[])[]): string {
  const all = coefficients.flat();
  const median = all.toSorted((a, b) => a - b)[127]!;
  const value = all.reduce((sum, coefficient, bit) => sum + (coefficient > median ? 1n << BigInt(bit) : 0n), 0n);
  return value.toString(16).padStart(64, "0");
}

function evennessOf(samples: readonly (readonly number[])[]): { evenness: number; span: number } {
  const all = samples.flat();
  const levels = all.map((sample) => Math.min(255, Math.floor(sample)));
  const parts = indices(253).map((low) => levels.filter((level) => level >= low && level <= low + 3).length / 1024);
  return { evenness: f32(Math.max(...parts)), span: subtract(Math.max(...all), Math.min(...all)) };
}

/** Of the key points so many: the stronger half, then by turns from the cells that have the fewest. */
function spreadOut(points: readonly Candidate[], limit: number, base: Grey): readonly Candidate[] {
  if (points.length <= limit) return points;
  const longest = Math.max(base.width, base.height);
  const cellOf = ({ x, y }: Candidate): string => `${Math.floor((x * 6) / longest)} ${Math.floor((y * 6) / longest)}`;
  const chosen = new Set(points.slice(0, Math.floor(limit / 2)));
  while (chosen.size < limit) {
    const heldBy = (cell: string): number => [...chosen].filter((point) => cellOf(point) === cell).length;
    const left = points.filter((point) => !chosen.has(point));
    const fewest = Math.min(...[...new Set(left.map(cellOf))].map(heldBy));
    chosen.add(left.find((point) => heldBy(cellOf(point)) === fewest)!);
  }
  return points.filter((point) => chosen.has(point));
}

/** As `findFeatures`. */
export function plainFeatures(
  rgb: Uint8Array,
  width: number,
  height: number,
  limit: number,
  stretched: number,
  spread = false,
): PlainFeature[] {
  const base = enlarge(luma(rgb, width, height));
  const octaves = makeOctaves(base);
  const features: PlainFeature[] = [];
  const points: Candidate[] = [];
  for (const candidate of findCandidates(base, octaves)) {
    if (!points.some((other) => areNear(other, candidate))) points.push(candidate);
  }
  for (const [at, candidate] of (spread ? spreadOut(points, limit, base) : points.slice(0, limit)).entries()) {
    const turns = directionsOf(histogramOf(candidate, octaves));
    if (turns.length === 0) continue;
    const describe = (direction: number, stretch: number): void => {
      const samples = samplePatch(candidate, direction, stretch, base, octaves);
      const coefficients = transform(samples);
      const mirrored = coefficients.map((row, i) => (i % 2 === 0 ? row.map((value) => -value) : row));
      features.push({
        x: candidate.x,
        y: candidate.y,
        sigma: candidate.sigma,
        ...evennessOf(samples),
        stretch: f32(stretch),
        hash: hashOf(coefficients),
        twin: hashOf(mirrored),
      });
    };
    for (const direction of turns) describe(direction, 1);
    if (at < stretched) for (const stretch of [0.87, 1.15]) describe(turns[0]!, stretch);
  }
  return features;
}

export interface PlainQuestion {
  readonly hash: string;
  readonly place: number;
}

/** What a query asks about a searched picture (section 12), of sides that are at most 512. */
export function plainQuery(rgb: Uint8Array, width: number, height: number): PlainQuestion[] {
  const cellOf = (at: number, longest: number): number => Math.min(63, Math.max(0, Math.floor((at * 64) / longest)));
  const photographed = ({ evenness, span }: PlainFeature): boolean => evenness < 0.3 || span < 40;
  const longestBase = (longest: number): number => Math.min(512, 4 * longest);
  const questions = new Map<string, number>();
  const ask = (hash: string, x: number, y: number, longest: number): void => {
    if (questions.size < 448 && !questions.has(hash)) {
      questions.set(hash, cellOf(y, longest) * 64 + cellOf(x, longest));
    }
  };
  const longest = Math.max(width, height);
  for (const feature of plainFeatures(rgb, width, height, 320, 0, true).filter(photographed)) {
    ask(feature.hash, feature.x, feature.y, longestBase(longest));
  }
  const [across, down] = [width, height].map((side) => Math.max(1, Math.floor((side * 5) / 8 + 0.5))) as [
    number,
    number,
  ];
  const longestPart = Math.max(across, down);
  if (questions.size < 200 && longestPart >= 48) {
    const corners = [0, height - down].flatMap((top) => [0, width - across].map((left) => ({ left, top })));
    const found = corners.flatMap(({ left, top }) => {
      const part = indices(down).flatMap((y) => {
        const from = ((top + y) * width + left) * 3;
        return [...rgb.subarray(from, from + across * 3)];
      });
      const scale = longestPart / longestBase(longestPart);
      return plainFeatures(Uint8Array.from(part), across, down, 320, 0, true)
        .filter(photographed)
        .map(({ hash, sigma, x, y }) => ({ hash, sigma, x: left + x * scale, y: top + y * scale }));
    });
    for (const { hash, x, y } of found.toSorted((one, other) => other.sigma - one.sigma)) ask(hash, x, y, longest);
  }
  return [...questions].map(([hash, place]) => ({ hash, place }));
}
