/**
 * Local hashes in AssemblyScript for WebAssembly SIMD: scale-space key points of a picture and a 256-bit hash of the
 * patch around each. docs/local-hashes.md is the specification; names and numbers here are those of its sections.
 * Picture work is float32, the rest float64; no function of the host is called, so every machine gives the same bits.
 * One file of over 500 lines: all stages share one memory that is laid out by hand below.
 *
 * Use: `begin(width, height)` answers where to put RGB rows (no padding; sides at most SIDE), then
 * `find(limit, stretched, spread)` answers how many features there are, `features()` where they lie, FEATURE_BYTES each: as
 * float32 x, y, sigma, direction in turns, strength, even part, span, stretch; then 32 bytes of hash, 32 of its twin.
 */

const SIDE: i32 = 512;
const MIN_SIDE: i32 = 24; // smallest side of an octave
const MAX_OCTAVES: i32 = 6;
const SCALES: i32 = 3; // per octave
const LEVELS: i32 = 6; // Gaussian pictures per octave
const CANDIDATES: i32 = 2048; // kept while searching, the strongest
const PATCH: i32 = 32; // samples across a patch
const FEATURE_BYTES: usize = 96;

// Memory, laid out by hand. Statics lie below 1024 (--memoryBase in the build script).
const DCT: usize = 1024; // 16 x 32 float32
const DCT_T: usize = DCT + 16 * PATCH * 4; // 32 x 16 float32
const HALF: usize = DCT_T + 16 * PATCH * 4; // 16 x 32 float32
const COEFFICIENTS: usize = HALF + 16 * PATCH * 4; // 256 float32
const SORTED: usize = COEFFICIENTS + 1024; // 256 float32
const SAMPLES: usize = SORTED + 1024; // 32 x 32 float32
const HISTOGRAM: usize = SAMPLES + PATCH * PATCH * 4; // 36 + 36 float64
const TAPS: usize = HISTOGRAM + 72 * 8; // 6 x 16 float32
const LINE: usize = TAPS + 6 * 16 * 4; // a row with 16 samples more on both sides
const OCTAVE_AT: usize = LINE + (SIDE + 48) * 4; // per octave: width, height, stride, first Gaussian picture
const HEAP: usize = (OCTAVE_AT + MAX_OCTAVES * 16 + 15) & ~15; // candidates, CANDIDATE_BYTES each
const CANDIDATE_BYTES: usize = 32; // score f32, x f32, y f32, sigma f32, octave i32, level i32, order i32, level offset f32
const FEATURES: usize = HEAP + <usize>CANDIDATES * CANDIDATE_BYTES;
const MAX_FEATURES: i32 = 1024;
const PIXELS: usize = FEATURES + <usize>MAX_FEATURES * FEATURE_BYTES;
const PLANE: usize = SIDE * SIDE * 4;
const BASE: usize = (PIXELS + SIDE * SIDE * 3 + 64 + 15) & ~15;
const SCRATCH: usize = BASE + PLANE;
const DOG: usize = SCRATCH + PLANE; // 5 pictures
const GAUSS: usize = DOG + 5 * PLANE; // 6 pictures an octave, all octaves: 8 planes at most
const END: usize = GAUSS + 9 * PLANE;

let sourceWidth: i32 = 0;
let sourceHeight: i32 = 0;
let width: i32 = 0;
let height: i32 = 0;
let stride: i32 = 0;
let octaves: i32 = 0;
let candidates: i32 = 0;
let order: i32 = 0;
let found: i32 = 0;

// Numbers of the algorithm; why they are what they are: docs/local-hashes.md.
const CONTRAST: f32 = 0.3; // of an extremum, in levels of 0 to 255
const EDGE: f64 = 20; // ratio of main curvatures
const HALF_SIDE: f64 = 8; // of a patch, in sigma
const MARGIN: f64 = 5; // from the picture's edge, in sigma
const SECOND: f64 = 0.8; // a second direction's part of the strongest
const NARROW: f64 = 0.87;
const WIDE: f64 = 1.15;
const GRID: i32 = 6; // cells across the longest side, for spreading key points

export function matrix(): usize {
  return DCT;
}
export function taps(): usize {
  return TAPS;
}
export function features(): usize {
  return FEATURES;
}

/** Call once, after the matrix (16 x 32) and the taps (6 x 16, from the middle outwards) are written. */
export function prepare(): void {
  for (let i: usize = 0; i < 16; i++) {
    for (let j: usize = 0; j < <usize>PATCH; j++) {
      store<f32>(DCT_T + ((j * 16 + i) << 2), load<f32>(DCT + ((i * PATCH + j) << 2)));
    }
  }
}

export function begin(w: i32, h: i32): usize {
  if (w < 1 || h < 1 || w > SIDE || h > SIDE) return 0;
  const pages = <i32>((END + 65535) >> 16);
  if (memory.size() < pages && memory.grow(pages - memory.size()) < 0) return 0;
  sourceWidth = w;
  sourceHeight = h;
  return PIXELS;
}

// ---- Grey base picture ----

// @ts-ignore: decorator
@inline
function lumaAt(at: usize): f32 {
  return <f32>0.299 * <f32>load<u8>(at) + <f32>0.587 * <f32>load<u8>(at, 1) + <f32>0.114 * <f32>load<u8>(at, 2);
}

/** Luma; pictures with a longest side under 512 are enlarged, by four at most (bilinear). */
function makeBase(): void {
  const longest = max(sourceWidth, sourceHeight);
  if (longest == SIDE) {
    width = sourceWidth;
    height = sourceHeight;
    stride = (width + 3) & ~3;
    for (let y: i32 = 0; y < height; y++) {
      let at = PIXELS + <usize>(y * width * 3);
      let to = BASE + (<usize>(y * stride) << 2);
      for (let x: i32 = 0; x < width; x++, at += 3, to += 4) store<f32>(to, lumaAt(at));
      const last = load<f32>(to - 4);
      for (let x: i32 = width; x < stride; x++, to += 4) store<f32>(to, last);
    }
    return;
  }
  const target = min(SIDE, longest * 4);
  width = max(1, (sourceWidth * target + longest / 2) / longest);
  height = max(1, (sourceHeight * target + longest / 2) / longest);
  stride = (width + 3) & ~3;
  const stepX = <f64>sourceWidth / <f64>width;
  const stepY = <f64>sourceHeight / <f64>height;
  for (let y: i32 = 0; y < height; y++) {
    const sy = (<f64>y + 0.5) * stepY - 0.5;
    const y0 = <i32>Math.floor(sy);
    const fy = <f32>(sy - <f64>y0);
    const rowA = PIXELS + <usize>(max(0, y0) * sourceWidth * 3);
    const rowB = PIXELS + <usize>(min(sourceHeight - 1, y0 + 1) * sourceWidth * 3);
    let to = BASE + (<usize>(y * stride) << 2);
    for (let x: i32 = 0; x < stride; x++, to += 4) {
      const sx = (<f64>min(x, width - 1) + 0.5) * stepX - 0.5;
      const x0 = <i32>Math.floor(sx);
      const fx = <f32>(sx - <f64>x0);
      const a = <usize>(max(0, x0) * 3);
      const b = <usize>(min(sourceWidth - 1, x0 + 1) * 3);
      const top = lumaAt(rowA + a) + (lumaAt(rowA + b) - lumaAt(rowA + a)) * fx;
      const bottom = lumaAt(rowB + a) + (lumaAt(rowB + b) - lumaAt(rowB + a)) * fx;
      store<f32>(to, top + (bottom - top) * fy);
    }
  }
}

// ---- Scale space ----

/**
 * Gaussian of tap row `k` (radius `r`): along rows into SCRATCH, then along columns. Edges repeat. `difference`, if it is
 * not 0, takes the result less what it was made from. Sixteen pixels at a time, so that a tap is read once for four
 * vectors and a sum stays in registers: 1.9 times faster than a row at a time, measured.
 */
function blur(from: usize, to: usize, difference: usize, w: i32, h: i32, s: i32, k: i32, r: i32): void {
  const taps = TAPS + <usize>(k * 64);
  const rowBytes = <usize>s << 2;
  const blocks = rowBytes & ~63;
  const first = LINE + 64;
  const k0 = v128.load32_splat(taps);
  for (let y: i32 = 0; y < h; y++) {
    const row = from + <usize>y * rowBytes;
    memory.copy(first, row, <usize>w << 2);
    const left = load<f32>(row);
    const right = load<f32>(row + (<usize>(w - 1) << 2));
    for (let i: i32 = 1; i <= 16; i++) {
      store<f32>(first - (<usize>i << 2), left);
      store<f32>(first + (<usize>(w - 1 + i) << 2), right);
    }
    const out = SCRATCH + <usize>y * rowBytes;
    let x: usize = 0;
    for (; x < blocks; x += 64) {
      const at = first + x;
      let s0 = f32x4.mul(v128.load(at), k0);
      let s1 = f32x4.mul(v128.load(at, 16), k0);
      let s2 = f32x4.mul(v128.load(at, 32), k0);
      let s3 = f32x4.mul(v128.load(at, 48), k0);
      for (let i: i32 = 1; i <= r; i++) {
        const o = <usize>i << 2;
        const ki = v128.load32_splat(taps + o);
        const a = at - o;
        const b = at + o;
        s0 = f32x4.add(s0, f32x4.mul(f32x4.add(v128.load(a), v128.load(b)), ki));
        s1 = f32x4.add(s1, f32x4.mul(f32x4.add(v128.load(a, 16), v128.load(b, 16)), ki));
        s2 = f32x4.add(s2, f32x4.mul(f32x4.add(v128.load(a, 32), v128.load(b, 32)), ki));
        s3 = f32x4.add(s3, f32x4.mul(f32x4.add(v128.load(a, 48), v128.load(b, 48)), ki));
      }
      v128.store(out + x, s0);
      v128.store(out + x, s1, 16);
      v128.store(out + x, s2, 32);
      v128.store(out + x, s3, 48);
    }
    for (; x < rowBytes; x += 16) {
      const at = first + x;
      let sum = f32x4.mul(v128.load(at), k0);
      for (let i: i32 = 1; i <= r; i++) {
        const o = <usize>i << 2;
        sum = f32x4.add(sum, f32x4.mul(f32x4.add(v128.load(at - o), v128.load(at + o)), v128.load32_splat(taps + o)));
      }
      v128.store(out + x, sum);
    }
  }
  for (let y: i32 = 0; y < h; y++) {
    const offset = <usize>y * rowBytes;
    const mid = SCRATCH + offset;
    let x: usize = 0;
    for (; x < blocks; x += 64) {
      const at = mid + x;
      let s0 = f32x4.mul(v128.load(at), k0);
      let s1 = f32x4.mul(v128.load(at, 16), k0);
      let s2 = f32x4.mul(v128.load(at, 32), k0);
      let s3 = f32x4.mul(v128.load(at, 48), k0);
      for (let i: i32 = 1; i <= r; i++) {
        const ki = v128.load32_splat(taps + (<usize>i << 2));
        const a = SCRATCH + <usize>max(0, y - i) * rowBytes + x;
        const b = SCRATCH + <usize>min(h - 1, y + i) * rowBytes + x;
        s0 = f32x4.add(s0, f32x4.mul(f32x4.add(v128.load(a), v128.load(b)), ki));
        s1 = f32x4.add(s1, f32x4.mul(f32x4.add(v128.load(a, 16), v128.load(b, 16)), ki));
        s2 = f32x4.add(s2, f32x4.mul(f32x4.add(v128.load(a, 32), v128.load(b, 32)), ki));
        s3 = f32x4.add(s3, f32x4.mul(f32x4.add(v128.load(a, 48), v128.load(b, 48)), ki));
      }
      const out = to + offset + x;
      if (difference != 0) {
        const source = from + offset + x;
        const d = difference + offset + x;
        v128.store(d, f32x4.sub(s0, v128.load(source)));
        v128.store(d, f32x4.sub(s1, v128.load(source, 16)), 16);
        v128.store(d, f32x4.sub(s2, v128.load(source, 32)), 32);
        v128.store(d, f32x4.sub(s3, v128.load(source, 48)), 48);
      }
      v128.store(out, s0);
      v128.store(out, s1, 16);
      v128.store(out, s2, 32);
      v128.store(out, s3, 48);
    }
    for (; x < rowBytes; x += 16) {
      let sum = f32x4.mul(v128.load(mid + x), k0);
      for (let i: i32 = 1; i <= r; i++) {
        const a = v128.load(SCRATCH + <usize>max(0, y - i) * rowBytes + x);
        const b = v128.load(SCRATCH + <usize>min(h - 1, y + i) * rowBytes + x);
        sum = f32x4.add(sum, f32x4.mul(f32x4.add(a, b), v128.load32_splat(taps + (<usize>i << 2))));
      }
      if (difference != 0) v128.store(difference + offset + x, f32x4.sub(sum, v128.load(from + offset + x)));
      v128.store(to + offset + x, sum);
    }
  }
}

// Radii of the tap rows: 2.5 sigma, rounded up.
const R0: i32 = 4;
const R1: i32 = 4;
const R2: i32 = 4;
const R3: i32 = 5;
const R4: i32 = 7;
const R5: i32 = 8;

function makeOctaves(): void {
  let at = GAUSS;
  let w = width;
  let h = height;
  octaves = 0;
  let before: usize = 0;
  let beforeStride: i32 = 0;
  while (octaves < MAX_OCTAVES && min(w, h) >= MIN_SIDE) {
    const s = (w + 3) & ~3;
    const plane = <usize>(s * h) << 2;
    const info = OCTAVE_AT + <usize>octaves * 16;
    store<i32>(info, w);
    store<i32>(info, h, 4);
    store<i32>(info, s, 8);
    store<u32>(info, <u32>at, 12);
    if (octaves == 0) blur(BASE, at, 0, w, h, s, 0, R0);
    else {
      for (let y: i32 = 0; y < h; y++) {
        const from = before + (<usize>(2 * y * beforeStride) << 2);
        const to = at + (<usize>(y * s) << 2);
        for (let x: i32 = 0; x < s; x++) {
          store<f32>(to + (<usize>x << 2), load<f32>(from + (<usize>(2 * min(x, w - 1)) << 2)));
        }
      }
    }
    blur(at, at + plane, DOG, w, h, s, 1, R1);
    blur(at + plane, at + plane * 2, DOG + plane, w, h, s, 2, R2);
    blur(at + plane * 2, at + plane * 3, DOG + plane * 2, w, h, s, 3, R3);
    blur(at + plane * 3, at + plane * 4, DOG + plane * 3, w, h, s, 4, R4);
    blur(at + plane * 4, at + plane * 5, DOG + plane * 4, w, h, s, 5, R5);
    search(plane, w, h, s);
    before = at + plane * 3;
    beforeStride = s;
    at += plane * 6;
    w = w >> 1;
    h = h >> 1;
    octaves++;
  }
}

/** Extrema of the differences, in space and scale. Four pixels at once are compared with their eight neighbours first. */
function search(plane: usize, w: i32, h: i32, s: i32): void {
  const rowBytes = <usize>s << 2;
  const least = f32x4.splat(CONTRAST);
  for (let l: i32 = 1; l <= SCALES; l++) {
    const level = DOG + <usize>l * plane;
    for (let y: i32 = 2; y < h - 2; y++) {
      const row = level + <usize>y * rowBytes;
      for (let x: i32 = 2; x < w - 2; x += 4) {
        const p = row + (<usize>x << 2);
        const middle = v128.load(p);
        const strong = f32x4.gt(f32x4.abs(middle), least);
        if (!v128.any_true(strong)) continue;
        // What lies beyond the row's end belongs to other rows; those pixels are not looked at below.
        const a = p - rowBytes;
        const b = p + rowBytes;
        let high = f32x4.max(v128.load(p - 4), v128.load(p + 4));
        let low = f32x4.min(v128.load(p - 4), v128.load(p + 4));
        high = f32x4.max(high, f32x4.max(v128.load(a), v128.load(b)));
        low = f32x4.min(low, f32x4.min(v128.load(a), v128.load(b)));
        high = f32x4.max(high, f32x4.max(v128.load(a - 4), v128.load(a + 4)));
        low = f32x4.min(low, f32x4.min(v128.load(a - 4), v128.load(a + 4)));
        high = f32x4.max(high, f32x4.max(v128.load(b - 4), v128.load(b + 4)));
        low = f32x4.min(low, f32x4.min(v128.load(b - 4), v128.load(b + 4)));
        const some = v128.and(strong, v128.or(f32x4.gt(middle, high), f32x4.lt(middle, low)));
        if (!v128.any_true(some)) continue;
        const lanes = i32x4.bitmask(some);
        const end = min(4, w - 2 - x);
        for (let i: i32 = 0; i < end; i++) {
          if (((lanes >> i) & 1) == 0) continue;
          const at = p + (<usize>i << 2);
          const v = load<f32>(at);
          if (v > 0 ? isMaximum(at, v, rowBytes, plane) : isMinimum(at, v, rowBytes, plane)) {
            refine(x + i, y, l, w, h, plane, rowBytes);
          }
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function rowBelow(p: usize, v: f32): bool {
  return load<f32>(p - 4) < v && load<f32>(p) < v && load<f32>(p + 4) < v;
}
// @ts-ignore: decorator
@inline
function rowAbove(p: usize, v: f32): bool {
  return load<f32>(p - 4) > v && load<f32>(p) > v && load<f32>(p + 4) > v;
}

function isMaximum(p: usize, v: f32, rowBytes: usize, plane: usize): bool {
  return (
    load<f32>(p - 4) < v && load<f32>(p + 4) < v && rowBelow(p - rowBytes, v) && rowBelow(p + rowBytes, v) &&
    rowBelow(p - plane, v) && rowBelow(p - plane - rowBytes, v) && rowBelow(p - plane + rowBytes, v) &&
    rowBelow(p + plane, v) && rowBelow(p + plane - rowBytes, v) && rowBelow(p + plane + rowBytes, v)
  );
}

function isMinimum(p: usize, v: f32, rowBytes: usize, plane: usize): bool {
  return (
    load<f32>(p - 4) > v && load<f32>(p + 4) > v && rowAbove(p - rowBytes, v) && rowAbove(p + rowBytes, v) &&
    rowAbove(p - plane, v) && rowAbove(p - plane - rowBytes, v) && rowAbove(p - plane + rowBytes, v) &&
    rowAbove(p + plane, v) && rowAbove(p + plane - rowBytes, v) && rowAbove(p + plane + rowBytes, v)
  );
}

/** Newton steps to the extremum of the quadratic through its neighbours; drops edges and what won't settle. */
function refine(x0: i32, y0: i32, l0: i32, w: i32, h: i32, plane: usize, rowBytes: usize): void {
  let x = x0;
  let y = y0;
  let l = l0;
  for (let step: i32 = 0; step < 4; step++) {
    const p = DOG + <usize>l * plane + <usize>y * rowBytes + (<usize>x << 2);
    const v = <f64>load<f32>(p);
    const dx = (<f64>load<f32>(p + 4) - <f64>load<f32>(p - 4)) * 0.5;
    const dy = (<f64>load<f32>(p + rowBytes) - <f64>load<f32>(p - rowBytes)) * 0.5;
    const ds = (<f64>load<f32>(p + plane) - <f64>load<f32>(p - plane)) * 0.5;
    const dxx = <f64>load<f32>(p + 4) + <f64>load<f32>(p - 4) - 2 * v;
    const dyy = <f64>load<f32>(p + rowBytes) + <f64>load<f32>(p - rowBytes) - 2 * v;
    const dss = <f64>load<f32>(p + plane) + <f64>load<f32>(p - plane) - 2 * v;
    const dxy =
      (<f64>load<f32>(p + rowBytes + 4) - <f64>load<f32>(p + rowBytes - 4) - <f64>load<f32>(p - rowBytes + 4) +
        <f64>load<f32>(p - rowBytes - 4)) * 0.25;
    const dxs =
      (<f64>load<f32>(p + plane + 4) - <f64>load<f32>(p + plane - 4) - <f64>load<f32>(p - plane + 4) +
        <f64>load<f32>(p - plane - 4)) * 0.25;
    const dys =
      (<f64>load<f32>(p + plane + rowBytes) - <f64>load<f32>(p + plane - rowBytes) -
        <f64>load<f32>(p - plane + rowBytes) + <f64>load<f32>(p - plane - rowBytes)) * 0.25;
    // Solve H o = -g by Cramer's rule.
    const a = dyy * dss - dys * dys;
    const b = dxs * dys - dxy * dss;
    const c = dxy * dys - dxs * dyy;
    const determinant = dxx * a + dxy * b + dxs * c;
    if (determinant == 0) return;
    const ox = -(dx * a + dy * b + ds * c) / determinant;
    const oy = -(dx * b + dy * (dxx * dss - dxs * dxs) + ds * (dxy * dxs - dxx * dys)) / determinant;
    const os = -(dx * c + dy * (dxy * dxs - dxx * dys) + ds * (dxx * dyy - dxy * dxy)) / determinant;
    if (Math.abs(ox) <= 0.6 && Math.abs(oy) <= 0.6 && Math.abs(os) <= 0.6) {
      const trace = dxx + dyy;
      const planar = dxx * dyy - dxy * dxy;
      if (planar <= 0 || trace * trace * EDGE >= (EDGE + 1) * (EDGE + 1) * planar) return;
      const value = Math.abs(v + 0.5 * (dx * ox + dy * oy + ds * os));
      if (value < <f64>CONTRAST) return;
      keep(value, <f64>x + ox, <f64>y + oy, <f64>l + os, l);
      return;
    }
    x += ox > 0.6 ? 1 : ox < -0.6 ? -1 : 0;
    y += oy > 0.6 ? 1 : oy < -0.6 ? -1 : 0;
    l += os > 0.6 ? 1 : os < -0.6 ? -1 : 0;
    if (x < 2 || x >= w - 2 || y < 2 || y >= h - 2 || l < 1 || l > SCALES) return;
  }
}

/** 2 to the power of a third of `level`, 0 to 4: the exponential's Taylor series to degree 6, good to 1e-4. */
function scaleOf(level: f64): f64 {
  const t = level * 0.23104906018664842; // ln 2 / 3
  return 1 + t * (1 + t * (0.5 + t * (0.16666666666666666 + t * (0.041666666666666664 + t * (0.008333333333333333 + t * 0.001388888888888889)))));
}

function keep(value: f64, x: f64, y: f64, level: f64, nearest: i32): void {
  const zoom = <f64>(1 << octaves);
  const sigma = 1.6 * scaleOf(level) * zoom;
  const bx = x * zoom;
  const by = y * zoom;
  const margin = MARGIN * sigma;
  if (bx < margin || by < margin || bx > <f64>(width - 1) - margin || by > <f64>(height - 1) - margin) return;
  const score = <f32>(value * sigma);
  const number = order++;
  if (candidates == CANDIDATES) {
    // The weakest lies on top of the heap; of equals, the one found later.
    if (score <= load<f32>(HEAP)) return;
    candidates--;
    const last = HEAP + <usize>candidates * CANDIDATE_BYTES;
    siftDown(last, 0, candidates);
  }
  let i = candidates++;
  let at = HEAP + <usize>i * CANDIDATE_BYTES;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const p = HEAP + <usize>parent * CANDIDATE_BYTES;
    if (!weaker(score, number, load<f32>(p), load<i32>(p, 24))) break;
    memory.copy(at, p, CANDIDATE_BYTES);
    i = parent;
    at = p;
  }
  store<f32>(at, score);
  store<f32>(at, <f32>bx, 4);
  store<f32>(at, <f32>by, 8);
  store<f32>(at, <f32>sigma, 12);
  store<i32>(at, octaves, 16);
  store<i32>(at, nearest, 20);
  store<i32>(at, number, 24);
  store<f32>(at, <f32>level, 28);
}

// @ts-ignore: decorator
@inline
function weaker(a: f32, orderA: i32, b: f32, orderB: i32): bool {
  return a < b || (a == b && orderA > orderB);
}

/** Moves the candidate at `from` into the heap of `size` at `hole`. */
function siftDown(from: usize, hole: i32, size: i32): void {
  // Held by value: `from` may be overwritten.
  const a = v128.load(from);
  const b = v128.load(from, 16);
  const score = f32x4.extract_lane(a, 0);
  const number = i32x4.extract_lane(b, 2);
  let i = hole;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= size) break;
    let c = HEAP + <usize>child * CANDIDATE_BYTES;
    if (child + 1 < size) {
      const d = c + CANDIDATE_BYTES;
      if (weaker(load<f32>(d), load<i32>(d, 24), load<f32>(c), load<i32>(c, 24))) {
        child++;
        c = d;
      }
    }
    if (!weaker(load<f32>(c), load<i32>(c, 24), score, number)) break;
    memory.copy(HEAP + <usize>i * CANDIDATE_BYTES, c, CANDIDATE_BYTES);
    i = child;
  }
  const to = HEAP + <usize>i * CANDIDATE_BYTES;
  v128.store(to, a);
  v128.store(to, b, 16);
}

/** The heap becomes a list, strongest first. */
function sortCandidates(): void {
  for (let size = candidates - 1; size > 0; size--) {
    const last = HEAP + <usize>size * CANDIDATE_BYTES;
    const a = v128.load(HEAP);
    const b = v128.load(HEAP, 16);
    siftDown(last, 0, size);
    v128.store(last, a);
    v128.store(last, b, 16);
  }
}

// ---- Orientation ----

/** Angle of (x, y) in turns, 0 up to 1; within 1e-5 turns (Abramowitz and Stegun 4.4.49). */
function turnsOf(y: f64, x: f64): f64 {
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const big = Math.max(ax, ay);
  if (big == 0) return 0;
  const t = Math.min(ax, ay) / big;
  const q = t * t;
  let a =
    t *
    (0.9998660 + q * (-0.3302995 + q * (0.1801410 + q * (-0.0851330 + q * 0.0208351)))) *
    0.15915494309189535;
  if (ay > ax) a = 0.25 - a;
  if (x < 0) a = 0.5 - a;
  if (y < 0) a = 1 - a;
  return a >= 1 ? 0 : a;
}

/** `turnsOf` of two at once; 0 where both are 0. */
// @ts-ignore: decorator
@inline
function turnsOf2(y: v128, x: v128): v128 {
  const ax = f64x2.abs(x);
  const ay = f64x2.abs(y);
  const big = f64x2.max(ax, ay);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const t = f64x2.div(f64x2.min(ax, ay), big);
  const q = f64x2.mul(t, t);
  let sum = f64x2.add(f64x2.splat(-0.0851330), f64x2.mul(q, f64x2.splat(0.0208351)));
  sum = f64x2.add(f64x2.splat(0.1801410), f64x2.mul(q, sum));
  sum = f64x2.add(f64x2.splat(-0.3302995), f64x2.mul(q, sum));
  sum = f64x2.add(f64x2.splat(0.9998660), f64x2.mul(q, sum));
  let a = f64x2.mul(f64x2.mul(t, sum), f64x2.splat(0.15915494309189535));
  a = v128.bitselect(f64x2.sub(f64x2.splat(0.25), a), a, f64x2.gt(ay, ax));
  a = v128.bitselect(f64x2.sub(f64x2.splat(0.5), a), a, f64x2.lt(x, zero));
  a = v128.bitselect(f64x2.sub(one, a), a, f64x2.lt(y, zero));
  return v128.andnot(a, v128.or(f64x2.ge(a, one), f64x2.eq(big, zero)));
}

// @ts-ignore: decorator
@inline
function addToBins(low: i32, below: f64, above: f64): void {
  const first = low >= 36 ? low - 36 : low;
  const next = first == 35 ? 0 : first + 1;
  const a = HISTOGRAM + (<usize>first << 3);
  const b = HISTOGRAM + (<usize>next << 3);
  store<f64>(a, load<f64>(a) + below);
  store<f64>(b, load<f64>(b) + above);
}

/** Sine of `turns`, any value from -1 to 2, by a polynomial good to 1e-7. */
function sineOf(turns: f64): f64 {
  let t = turns - Math.floor(turns + 0.5); // -0.5 to 0.5
  if (t > 0.25) t = 0.5 - t;
  else if (t < -0.25) t = -0.5 - t;
  const x = t * 6.283185307179586;
  const q = x * x;
  return x * (1 + q * (-0.16666666666666666 + q * (0.008333333333333333 + q * (-0.0001984126984126984 + q * (0.0000027557319223985893 - q * 2.505210838544172e-8)))));
}

/** Fills HISTOGRAM with the smoothed directions of gradients around a candidate. */
function directions(at: usize): void {
  memory.fill(HISTOGRAM, 0, 72 * 8);
  const octave = load<i32>(at, 16);
  const info = OCTAVE_AT + <usize>octave * 16;
  const w = load<i32>(info);
  const h = load<i32>(info, 4);
  const s = load<i32>(info, 8);
  const zoom = <f64>(1 << octave);
  const x = <f64>load<f32>(at, 4) / zoom;
  const y = <f64>load<f32>(at, 8) / zoom;
  const sigma = <f64>load<f32>(at, 12) / zoom;
  const picture = <usize>load<u32>(info, 12) + <usize>load<i32>(at, 20) * (<usize>(s * h) << 2);
  const radius = 4.5 * sigma;
  const reach = radius * radius;
  const x0 = max(1, <i32>Math.ceil(x - radius));
  const x1 = min(w - 2, <i32>Math.floor(x + radius));
  const y0 = max(1, <i32>Math.ceil(y - radius));
  const y1 = min(h - 2, <i32>Math.floor(y + radius));
  const rowBytes = <usize>s << 2;
  const one = f64x2.splat(1);
  const reaches = f64x2.splat(reach);
  for (let j = y0; j <= y1; j++) {
    const dy = <f64>j - y;
    const dyy = f64x2.splat(dy * dy);
    // Two pixels at once; one beyond the last of a row is left out again.
    for (let i = x0; i <= x1; i += 2) {
      const dx = f64x2.sub(f64x2(<f64>i, <f64>(i + 1)), f64x2.splat(x));
      const d = f64x2.add(f64x2.mul(dx, dx), dyy);
      const inside = i64x2.bitmask(f64x2.lt(d, reaches)) & (i == x1 ? 1 : 3);
      if (inside == 0) continue;
      const p = picture + <usize>j * rowBytes + (<usize>i << 2);
      const gx = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(p + 4)), f64x2.promote_low_f32x4(v128.load64_zero(p - 4)));
      const gy = f64x2.sub(
        f64x2.promote_low_f32x4(v128.load64_zero(p + rowBytes)),
        f64x2.promote_low_f32x4(v128.load64_zero(p - rowBytes)),
      );
      const magnitude = f64x2.sqrt(f64x2.add(f64x2.mul(gx, gx), f64x2.mul(gy, gy)));
      const fade = f64x2.sub(one, f64x2.div(d, reaches));
      // Each gradient is shared between the two bins it lies between.
      const bin = f64x2.mul(turnsOf2(gy, gx), f64x2.splat(36));
      const low = f64x2.floor(bin);
      const part = f64x2.sub(bin, low);
      const weight = f64x2.mul(f64x2.mul(magnitude, fade), fade);
      const above = f64x2.mul(weight, part);
      const below = f64x2.mul(weight, f64x2.sub(one, part));
      const numbers = i32x4.trunc_sat_f64x2_s_zero(low);
      if ((inside & 1) != 0) addToBins(i32x4.extract_lane(numbers, 0), f64x2.extract_lane(below, 0), f64x2.extract_lane(above, 0));
      if ((inside & 2) != 0) addToBins(i32x4.extract_lane(numbers, 1), f64x2.extract_lane(below, 1), f64x2.extract_lane(above, 1));
    }
  }
  // Two rounds of [1 4 6 4 1] / 16.
  for (let round = 0; round < 2; round++) {
    const from = round == 0 ? HISTOGRAM : HISTOGRAM + 288;
    const to = round == 0 ? HISTOGRAM + 288 : HISTOGRAM;
    for (let i = 0; i < 36; i++) {
      const v =
        load<f64>(from + (<usize>((i + 34) % 36) << 3)) + load<f64>(from + (<usize>((i + 2) % 36) << 3)) +
        4 * (load<f64>(from + (<usize>((i + 35) % 36) << 3)) + load<f64>(from + (<usize>((i + 1) % 36) << 3))) +
        6 * load<f64>(from + (<usize>i << 3));
      store<f64>(to + (<usize>i << 3), v / 16);
    }
  }
}

// ---- Patch and hash ----

/** Between four pixels, at a place that lies in the picture; `at` is x and y. */
// @ts-ignore: decorator
@inline
function lerp2(picture: usize, rowBytes: usize, at: v128, corner: v128): f32 {
  const whole = i32x4.min_s(i32x4.trunc_sat_f64x2_s_zero(at), corner);
  const part = f32x4.demote_f64x2_zero(f64x2.sub(at, f64x2.convert_low_i32x4_s(whole)));
  const p = picture + <usize>i32x4.extract_lane(whole, 1) * rowBytes + (<usize>i32x4.extract_lane(whole, 0) << 2);
  // Left: top, bottom; right: top, bottom.
  const upper = v128.load64_zero(p);
  const lower = v128.load64_zero(p + rowBytes);
  const left = v128.shuffle<f32>(upper, lower, 0, 4, 0, 4);
  const right = v128.shuffle<f32>(upper, lower, 1, 5, 1, 5);
  const fx = v128.shuffle<f32>(part, part, 0, 0, 0, 0);
  const both = f32x4.add(left, f32x4.mul(f32x4.sub(right, left), fx));
  const top = f32x4.extract_lane(both, 0);
  const bottom = f32x4.extract_lane(both, 1);
  return top + (bottom - top) * f32x4.extract_lane(part, 1);
}

function samplePatch(at: usize, turns: f64, stretch: f64): void {
  const octave = load<i32>(at, 16);
  const x = <f64>load<f32>(at, 4);
  const y = <f64>load<f32>(at, 8);
  const sigma = <f64>load<f32>(at, 12);
  let picture = BASE;
  let w = width;
  let h = height;
  let s = stride;
  let zoom: f64 = 1;
  if (octave > 0) {
    const info = OCTAVE_AT + <usize>(octave - 1) * 16;
    w = load<i32>(info);
    h = load<i32>(info, 4);
    s = load<i32>(info, 8);
    picture = <usize>load<u32>(info, 12);
    zoom = <f64>(1 << (octave - 1));
  }
  const step = (2 * HALF_SIDE * sigma * Math.sqrt(stretch)) / <f64>PATCH / zoom;
  // A gradient turns when the picture is stretched: its part across shrinks.
  const seen = stretch == 1 ? turns : turnsOf(sineOf(turns), sineOf(turns + 0.25) / stretch);
  const cosine = sineOf(seen + 0.25) * step;
  const sine = sineOf(seen) * step;
  const ux = cosine / stretch;
  const vx = sine / stretch;
  const cx = x / zoom;
  const cy = y / zoom;
  const rowBytes = <usize>s << 2;
  const middle = <f64>(PATCH - 1) / 2;
  // Held within the picture; lanes that are only there to fill the vector stay 0.
  const last = f64x2(<f64>(w - 1), <f64>(h - 1));
  const corner = i32x4(w - 2, h - 2, 0, 0);
  const zero = f64x2.splat(0);
  const along = f64x2(ux, sine);
  let to = SAMPLES;
  for (let v = 0; v < PATCH; v++) {
    const dv = <f64>v - middle;
    let place = f64x2(cx - middle * ux - dv * vx, cy - middle * sine + dv * cosine);
    for (let u = 0; u < PATCH; u++, to += 4) {
      const at = f64x2.pmin(f64x2.pmax(place, zero), last);
      store<f32>(to, lerp2(picture, rowBytes, at, corner));
      place = f64x2.add(place, along);
    }
  }
}

/** 32 sums of a row at once stay in registers; each is taken from k = 0 upwards. */
function transform(): void {
  for (let i: usize = 0; i < 16; i++) {
    const row = DCT + i * (<usize>PATCH << 2);
    let s0 = i32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let s4 = s0;
    let s5 = s0;
    let s6 = s0;
    let s7 = s0;
    for (let k: usize = 0; k < <usize>PATCH; k++) {
      const d = v128.load32_splat(row + (k << 2));
      const at = SAMPLES + k * (<usize>PATCH << 2);
      s0 = f32x4.add(s0, f32x4.mul(d, v128.load(at)));
      s1 = f32x4.add(s1, f32x4.mul(d, v128.load(at, 16)));
      s2 = f32x4.add(s2, f32x4.mul(d, v128.load(at, 32)));
      s3 = f32x4.add(s3, f32x4.mul(d, v128.load(at, 48)));
      s4 = f32x4.add(s4, f32x4.mul(d, v128.load(at, 64)));
      s5 = f32x4.add(s5, f32x4.mul(d, v128.load(at, 80)));
      s6 = f32x4.add(s6, f32x4.mul(d, v128.load(at, 96)));
      s7 = f32x4.add(s7, f32x4.mul(d, v128.load(at, 112)));
    }
    const to = HALF + i * (<usize>PATCH << 2);
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    v128.store(to, s4, 64);
    v128.store(to, s5, 80);
    v128.store(to, s6, 96);
    v128.store(to, s7, 112);
  }
  for (let i: usize = 0; i < 16; i++) {
    const row = HALF + i * (<usize>PATCH << 2);
    let s0 = i32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let k: usize = 0; k < <usize>PATCH; k++) {
      const half = v128.load32_splat(row + (k << 2));
      const at = DCT_T + (k << 6);
      s0 = f32x4.add(s0, f32x4.mul(half, v128.load(at)));
      s1 = f32x4.add(s1, f32x4.mul(half, v128.load(at, 16)));
      s2 = f32x4.add(s2, f32x4.mul(half, v128.load(at, 32)));
      s3 = f32x4.add(s3, f32x4.mul(half, v128.load(at, 48)));
    }
    const to = COEFFICIENTS + (i << 6);
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
  }
}

/** The 128th smallest of the coefficients. */
function lowerMedian(): f32 {
  memory.copy(SORTED, COEFFICIENTS, 1024);
  let left: i32 = 0;
  let right: i32 = 255;
  while (left < right) {
    const pivot = load<f32>(SORTED + (<usize>((left + right) >> 1) << 2));
    let i = left;
    let j = right;
    while (i <= j) {
      while (load<f32>(SORTED + (<usize>i << 2)) < pivot) i++;
      while (load<f32>(SORTED + (<usize>j << 2)) > pivot) j--;
      if (i <= j) {
        const a = load<f32>(SORTED + (<usize>i << 2));
        store<f32>(SORTED + (<usize>i << 2), load<f32>(SORTED + (<usize>j << 2)));
        store<f32>(SORTED + (<usize>j << 2), a);
        i++;
        j--;
      }
    }
    if (127 <= j) right = j;
    else if (127 >= i) left = i;
    else break;
  }
  return load<f32>(SORTED + 127 * 4);
}

/** 32 bytes, the highest bit first, as PDQ prints them. */
function writeHash(to: usize): void {
  const median = f32x4.splat(lowerMedian());
  for (let byte: usize = 0; byte < 32; byte++) {
    const from = COEFFICIENTS + ((248 - 8 * byte) << 2);
    const low = i32x4.bitmask(f32x4.gt(v128.load(from), median));
    const high = i32x4.bitmask(f32x4.gt(v128.load(from, 16), median));
    store<u8>(to + byte, <u8>(low | (high << 4)));
  }
}

/** The patch mirrored along its orientation: rows of odd frequency change their sign. */
function mirror(): void {
  for (let i: usize = 0; i < 16; i += 2) {
    for (let j: usize = 0; j < 64; j += 16) {
      const at = COEFFICIENTS + (i << 6) + j;
      v128.store(at, f32x4.neg(v128.load(at)));
    }
  }
}

function describe(at: usize, turns: f64, stretch: f64): void {
  if (found == MAX_FEATURES) return;
  const to = FEATURES + <usize>found * FEATURE_BYTES;
  samplePatch(at, turns, stretch);
  transform();
  store<f32>(to, load<f32>(at, 4));
  store<f32>(to, load<f32>(at, 8), 4);
  store<f32>(to, load<f32>(at, 12), 8);
  store<f32>(to, <f32>turns, 12);
  store<f32>(to, load<f32>(at), 16);
  store<f32>(to, evenness(), 20);
  store<f32>(to, span, 24);
  store<f32>(to, <f32>stretch, 28);
  writeHash(to + 32);
  mirror();
  writeHash(to + 64);
  found++;
}

let span: f32 = 0;
/** Largest part of a patch's samples that lie in four whole levels next to one another; sets `span`. */
function evenness(): f32 {
  // The counts of the 256 levels lie where the hash sorts its coefficients afterwards.
  memory.fill(SORTED, 0, 1024);
  let low: f32 = 255;
  let high: f32 = 0;
  for (let i: usize = 0; i < <usize>(PATCH * PATCH); i++) {
    const sample = load<f32>(SAMPLES + (i << 2));
    low = min(low, sample);
    high = max(high, sample);
    const at = SORTED + (<usize>max(0, min(255, <i32>sample)) << 2);
    store<i32>(at, load<i32>(at) + 1);
  }
  span = high - low;
  let most: i32 = 0;
  for (let at = SORTED; at <= SORTED + 252 * 4; at += 4) {
    most = max(most, load<i32>(at) + load<i32>(at, 4) + load<i32>(at, 8) + load<i32>(at, 12));
  }
  return <f32>most / <f32>(PATCH * PATCH);
}

/**
 * Key points among the candidates, strongest first: those not near another. They are moved to the front of the heap. No
 * more than `most` are looked for.
 */
function thin(most: i32): i32 {
  let kept: i32 = 0;
  for (let n: i32 = 0; n < candidates && kept < most; n++) {
    const at = HEAP + <usize>n * CANDIDATE_BYTES;
    if (isNearAnother(at, kept)) continue;
    if (n != kept) memory.copy(HEAP + <usize>kept * CANDIDATE_BYTES, at, CANDIDATE_BYTES);
    kept++;
  }
  return kept;
}

/** Cell of a key point, GRID by GRID over a square of the longest side. */
// @ts-ignore: decorator
@inline
function cellOf(n: i32): i32 {
  const at = HEAP + <usize>n * CANDIDATE_BYTES;
  const longest = <f64>max(width, height);
  const column = <i32>Math.floor((<f64>load<f32>(at, 4) * <f64>GRID) / longest);
  const row = <i32>Math.floor((<f64>load<f32>(at, 8) * <f64>GRID) / longest);
  return row * GRID + column;
}

/**
 * Of `count` key points `limit`, spread over the picture: the stronger half as they are, the rest by cells, the one with
 * the fewest first. What is left stands at the front of the heap, strongest first.
 */
function spreadOut(count: i32, limit: i32): void {
  // SCRATCH is free by now: a byte for each key point that stays, how many each cell has, which is its next.
  const stays = SCRATCH;
  const counts = SCRATCH + <usize>CANDIDATES;
  const next = counts + <usize>(GRID * GRID) * 4;
  memory.fill(SCRATCH, 0, <usize>CANDIDATES + <usize>(GRID * GRID) * 8);
  const half = limit >> 1;
  for (let n: i32 = 0; n < half; n++) {
    store<u8>(stays + <usize>n, 1);
    const at = counts + (<usize>cellOf(n) << 2);
    store<i32>(at, load<i32>(at) + 1);
  }
  for (let cell: i32 = 0; cell < GRID * GRID; cell++) store<i32>(next + (<usize>cell << 2), nextOf(cell, half, count));
  for (let chosen = half; chosen < limit; chosen++) {
    let best: i32 = -1;
    for (let cell: i32 = 0; cell < GRID * GRID; cell++) {
      const n = load<i32>(next + (<usize>cell << 2));
      if (n == count) continue;
      if (best < 0) {
        best = cell;
        continue;
      }
      const held = load<i32>(counts + (<usize>cell << 2)) - load<i32>(counts + (<usize>best << 2));
      if (held < 0 || (held == 0 && n < load<i32>(next + (<usize>best << 2)))) best = cell;
    }
    const at = next + (<usize>best << 2);
    const n = load<i32>(at);
    store<u8>(stays + <usize>n, 1);
    store<i32>(at, nextOf(best, n + 1, count));
    const held = counts + (<usize>best << 2);
    store<i32>(held, load<i32>(held) + 1);
  }
  let kept: i32 = 0;
  for (let n: i32 = 0; n < count; n++) {
    if (load<u8>(stays + <usize>n) == 0) continue;
    if (n != kept) {
      const from = HEAP + <usize>n * CANDIDATE_BYTES;
      memory.copy(HEAP + <usize>kept * CANDIDATE_BYTES, from, CANDIDATE_BYTES);
    }
    kept++;
  }
}

/** The first key point from `from` on that lies in the cell; `count` if none does. */
function nextOf(cell: i32, from: i32, count: i32): i32 {
  for (let n = from; n < count; n++) if (cellOf(n) == cell) return n;
  return count;
}

/**
 * Features, strongest key point first: of at most `limit` key points one for each of up to two directions, and of the
 * first `stretched` ones also as if the picture were made narrower and wider. With `spread` not 0 the weaker half of the
 * key points is spread over the picture.
 */
export function find(limit: i32, stretched: i32, spread: i32): i32 {
  candidates = 0;
  order = 0;
  found = 0;
  makeBase();
  makeOctaves();
  sortCandidates();
  let count = thin(spread == 0 ? limit : CANDIDATES);
  if (spread != 0 && count > limit) {
    spreadOut(count, limit);
    count = limit;
  }
  for (let n: i32 = 0; n < count && found + 2 <= MAX_FEATURES; n++) {
    const at = HEAP + <usize>n * CANDIDATE_BYTES;
    directions(at);
    let peak: f64 = 0;
    for (let i = 0; i < 36; i++) peak = Math.max(peak, load<f64>(HISTOGRAM + (<usize>i << 3)));
    if (peak == 0) continue;
    // The highest first, then at most one more.
    let first = -1;
    for (let i = 0; i < 36; i++) if (first < 0 && load<f64>(HISTOGRAM + (<usize>i << 3)) == peak) first = i;
    const main = angleAt(first);
    describe(at, main, 1);
    let second = -1;
    let best: f64 = SECOND * peak;
    for (let i = 0; i < 36; i++) {
      const v = load<f64>(HISTOGRAM + (<usize>i << 3));
      if (i == first || v < best) continue;
      if (v > load<f64>(HISTOGRAM + (<usize>((i + 35) % 36) << 3)) && v > load<f64>(HISTOGRAM + (<usize>((i + 1) % 36) << 3))) {
        best = v;
        second = i;
      }
    }
    if (second >= 0) describe(at, angleAt(second), 1);
    if (n < stretched) {
      describe(at, main, NARROW);
      describe(at, main, WIDE);
    }
  }
  return found;
}

/** Parabola through a bin and its neighbours. */
function angleAt(bin: i32): f64 {
  const left = load<f64>(HISTOGRAM + (<usize>((bin + 35) % 36) << 3));
  const mid = load<f64>(HISTOGRAM + (<usize>bin << 3));
  const right = load<f64>(HISTOGRAM + (<usize>((bin + 1) % 36) << 3));
  const bend = left - 2 * mid + right;
  const shift = bend == 0 ? 0 : (0.5 * (left - right)) / bend;
  return (<f64>bin + shift) / 36;
}

/** Near in place and in size to a stronger one of the first `kept` of the heap. */
function isNearAnother(at: usize, kept: i32): bool {
  const x = load<f32>(at, 4);
  const y = load<f32>(at, 8);
  const sigma = load<f32>(at, 12);
  for (let i: i32 = 0; i < kept; i++) {
    const other = HEAP + <usize>i * CANDIDATE_BYTES;
    const size = load<f32>(other, 12);
    const dx = load<f32>(other, 4) - x;
    const dy = load<f32>(other, 8) - y;
    const near = min(sigma, size);
    if (dx * dx + dy * dy < near * near && max(sigma, size) < <f32>1.5 * near) return true;
  }
  return false;
}
