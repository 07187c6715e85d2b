/**
 * PDQ's pixel work in AssemblyScript for WebAssembly SIMD: luma, two rounds of box filter, decimation, DCT, quality.
 * The results are the plain implementation's (src/core/plain.ts) bit for bit: each lane does the same float32
 * operations in the same order, only four neighbours at a time. What makes it fast:
 *  - along rows, the four lanes are four rows (interleaved); along columns, they are four columns;
 *  - rows stream through: the columns pass keeps only as many rows as its window has;
 *  - the last rows pass divides only at the 64 columns that are read, the last columns pass only at the 64 rows.
 *
 * Use: `begin(width, height, channels, chunkRows)` answers where to put pixels, or 0 if the picture needs more than
 * MEMORY_LIMIT. Put up to `chunkRows` rows there (a multiple of 4, except at the picture's end), call `push(rows)`,
 * repeat, then `finish()`, which answers where the 256 float32 coefficients are, followed by the quality as float32.
 */

const MEMORY_LIMIT: usize = 48 << 20;
// Statics lie below this address (--memoryBase in the build script).
const MATRIX: usize = 1024; // 16 x 64 float32: D
const TRANSPOSED: usize = MATRIX + 16 * 64 * 4; // 64 x 16 float32: D'
const HALF: usize = TRANSPOSED + 16 * 64 * 4; // 16 x 64 float32: D A
const RESULT: usize = HALF + 16 * 64 * 4; // 256 float32 and the quality
const SAMPLES: usize = RESULT + 257 * 4 + 12; // 64 x 64 float32: A
const COLUMN_AT: usize = SAMPLES + 64 * 64 * 4; // 65 int32: columns read, then a stop
const ROW_AT: usize = COLUMN_AT + 65 * 4; // 65 int32: rows read, then a stop
const SUMS_TWO: usize = (ROW_AT + 65 * 4 + 15) & ~15; // 64 float32: running sums of the second columns pass
const DYNAMIC: usize = SUMS_TWO + 64 * 4;

let width: i32 = 0;
let height: i32 = 0;
let channels: i32 = 0;
let stride: usize = 0; // bytes of a row of floats, a multiple of 16
let rowWindow: i32 = 0;
let rowAhead: i32 = 0;
let columnWindow: i32 = 0;
let columnAhead: i32 = 0;
let ringRows: i32 = 0;

let pixels: usize = 0; // the chunk the caller fills
let lanes: usize = 0; // one line of four interleaved rows
let ring: usize = 0; // rows after the first rows pass
let sums: usize = 0; // running sums of the first columns pass
let four: usize = 0; // four rows after the first columns pass
let narrow: usize = 0; // ring of rows of 64 after the second rows pass

let rowsIn: i32 = 0; // rows after the first rows pass
let rowsStepped: i32 = 0; // steps of the first columns pass
let columnSize: i32 = 0; // samples in its window
let rowsOut: i32 = 0; // rows it gave
let narrowRows: i32 = 0; // ring size of the second columns pass
let narrowIn: i32 = 0;
let narrowStepped: i32 = 0;
let narrowSize: i32 = 0;
let sampled: i32 = 0; // rows of A written

/** Where the caller writes D (1024 float32) once, before anything else. */
export function matrix(): usize {
  return MATRIX;
}

/** Call once after D is written. */
export function prepare(): void {
  for (let i: usize = 0; i < 16; i++) {
    for (let j: usize = 0; j < 64; j++) {
      store<f32>(TRANSPOSED + ((j * 16 + i) << 2), load<f32>(MATRIX + ((i * 64 + j) << 2)));
    }
  }
}

export function begin(w: i32, h: i32, c: i32, chunkRows: i32): usize {
  width = w;
  height = h;
  channels = c;
  const padded = (w + 3) & ~3;
  stride = (<usize>padded) << 2;
  rowWindow = (w + 127) >> 7;
  rowAhead = ((rowWindow + 2) >> 1) - 1;
  columnWindow = (h + 127) >> 7;
  columnAhead = ((columnWindow + 2) >> 1) - 1;
  ringRows = columnWindow + 4;
  narrowRows = columnWindow + 4;

  const pixelBytes = (<u64>w * <u64>c * <u64>chunkRows + 64 + 15) & ~15;
  const need: u64 =
    <u64>DYNAMIC + pixelBytes + <u64>stride * 4 + <u64>stride * <u64>ringRows + <u64>stride + <u64>stride * 4 +
    <u64>narrowRows * 256;
  if (need > <u64>MEMORY_LIMIT) return 0;
  const pages = <i32>((need + 65535) >> 16);
  if (memory.size() < pages && memory.grow(pages - memory.size()) < 0) return 0;

  pixels = DYNAMIC;
  lanes = pixels + <usize>pixelBytes;
  ring = lanes + stride * 4;
  sums = ring + stride * <usize>ringRows;
  four = sums + stride;
  narrow = four + stride * 4;

  for (let i: i32 = 0; i < 64; i++) {
    store<i32>(COLUMN_AT + (<usize>i << 2), <i32>(((<f64>i + 0.5) * <f64>w) / 64));
    store<i32>(ROW_AT + (<usize>i << 2), <i32>(((<f64>i + 0.5) * <f64>h) / 64));
  }
  store<i32>(COLUMN_AT + 256, i32.MAX_VALUE);
  store<i32>(ROW_AT + 256, i32.MAX_VALUE);
  memory.fill(sums, 0, stride);
  memory.fill(SUMS_TWO, 0, 256);
  memory.fill(four, 0, stride * 4);
  rowsIn = 0;
  rowsStepped = 0;
  columnSize = 0;
  rowsOut = 0;
  narrowIn = 0;
  narrowStepped = 0;
  narrowSize = 0;
  sampled = 0;
  return pixels;
}

/** Luma of four neighbouring pixels of a row, float32 lanes. */
// @ts-ignore: decorator
@inline
function luma(r: v128, g: v128, b: v128): v128 {
  return f32x4.add(
    f32x4.add(
      f32x4.mul(f32x4.splat(0.299), f32x4.convert_i32x4_s(r)),
      f32x4.mul(f32x4.splat(0.587), f32x4.convert_i32x4_s(g)),
    ),
    f32x4.mul(f32x4.splat(0.114), f32x4.convert_i32x4_s(b)),
  );
}

// @ts-ignore: decorator
@inline
function luma3(at: usize): v128 {
  const p = v128.load(at);
  const zero = i8x16.splat(0);
  return luma(
    i8x16.shuffle(p, zero, 0, 16, 16, 16, 3, 16, 16, 16, 6, 16, 16, 16, 9, 16, 16, 16),
    i8x16.shuffle(p, zero, 1, 16, 16, 16, 4, 16, 16, 16, 7, 16, 16, 16, 10, 16, 16, 16),
    i8x16.shuffle(p, zero, 2, 16, 16, 16, 5, 16, 16, 16, 8, 16, 16, 16, 11, 16, 16, 16),
  );
}

// @ts-ignore: decorator
@inline
function luma4(at: usize): v128 {
  const p = v128.load(at);
  const low = i32x4.splat(0xff);
  return luma(v128.and(p, low), v128.and(i32x4.shr_u(p, 8), low), v128.and(i32x4.shr_u(p, 16), low));
}

// @ts-ignore: decorator
@inline
function luma1(at: usize): v128 {
  const p = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
  return luma(p, p, p);
}

/** Writes four vectors as a 4x4 transpose, to four addresses. */
// @ts-ignore: decorator
@inline
function transpose(a: v128, b: v128, c: v128, d: v128, to0: usize, to1: usize, to2: usize, to3: usize): void {
  const ab = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const cd = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const AB = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const CD = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  v128.store(to0, i8x16.shuffle(ab, cd, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  v128.store(to1, i8x16.shuffle(ab, cd, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
  v128.store(to2, i8x16.shuffle(AB, CD, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  v128.store(to3, i8x16.shuffle(AB, CD, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
}

// @ts-ignore: decorator
@inline
function ringRow(row: i32): usize {
  return ring + <usize>(row % ringRows) * stride;
}

/** Takes `rows` rows of pixels from the chunk. */
export function push(rows: i32): void {
  const rowBytes = <usize>(width * channels);
  for (let y: i32 = 0; y < rows; y += 4) {
    const from = pixels + <usize>y * rowBytes;
    const here = min(4, rows - y);
    // Rows past the end repeat the last one: their lanes are never read.
    interleave(from, from + rowBytes * <usize>min(1, here - 1), from + rowBytes * <usize>min(2, here - 1), from + rowBytes * <usize>min(3, here - 1));
    firstRows();
    for (let k: i32 = 0; k < here; k++) {
      rowsIn++;
      columnsStep();
    }
  }
}

function interleave(r0: usize, r1: usize, r2: usize, r3: usize): void {
  let to = lanes;
  const end = lanes + stride * 4;
  if (channels == 3) {
    for (; to < end; to += 64) {
      transpose(luma3(r0), luma3(r1), luma3(r2), luma3(r3), to, to + 16, to + 32, to + 48);
      r0 += 12; r1 += 12; r2 += 12; r3 += 12;
    }
  } else if (channels == 4) {
    for (; to < end; to += 64) {
      transpose(luma4(r0), luma4(r1), luma4(r2), luma4(r3), to, to + 16, to + 32, to + 48);
      r0 += 16; r1 += 16; r2 += 16; r3 += 16;
    }
  } else {
    for (; to < end; to += 64) {
      transpose(luma1(r0), luma1(r1), luma1(r2), luma1(r3), to, to + 16, to + 32, to + 48);
      r0 += 4; r1 += 4; r2 += 4; r3 += 4;
    }
  }
}

let rowSum: v128 = i32x4.splat(0);

/** One step of the rows pass on the interleaved line: the sum over the window that ends at `front`. */
// @ts-ignore: decorator
@inline
function boxAt(front: i32): v128 {
  let size = front + 1;
  if (front < width) rowSum = f32x4.add(rowSum, v128.load(lanes + (<usize>front << 4)));
  else size = width;
  if (front >= rowWindow) {
    rowSum = f32x4.sub(rowSum, v128.load(lanes + (<usize>(front - rowWindow) << 4)));
    size -= front - rowWindow + 1;
  }
  return f32x4.div(rowSum, f32x4.splat(<f32>size));
}

/** First rows pass: the interleaved line, four rows of the ring. */
function firstRows(): void {
  const to0 = ringRow(rowsIn);
  const to1 = ringRow(rowsIn + 1);
  const to2 = ringRow(rowsIn + 2);
  const to3 = ringRow(rowsIn + 3);
  rowSum = i32x4.splat(0);
  let front: i32 = 0;
  for (; front < rowAhead; front++) boxAt(front);
  // Results overwrite the line behind the window only after they were read, so they go out in fours at once.
  const window = f32x4.splat(<f32>rowWindow);
  const back = <usize>rowWindow << 4;
  let x: i32 = 0;
  const full = width - 4;
  for (; x + rowAhead < rowWindow && x < width; x += 4) four4(x, to0, to1, to2, to3);
  let sum = rowSum;
  for (; x + rowAhead <= full; x += 4) {
    const at = lanes + (<usize>(x + rowAhead) << 4);
    sum = f32x4.sub(f32x4.add(sum, v128.load(at)), v128.load(at - back));
    const a = f32x4.div(sum, window);
    sum = f32x4.sub(f32x4.add(sum, v128.load(at, 16)), v128.load(at - back, 16));
    const b = f32x4.div(sum, window);
    sum = f32x4.sub(f32x4.add(sum, v128.load(at, 32)), v128.load(at - back, 32));
    const c = f32x4.div(sum, window);
    sum = f32x4.sub(f32x4.add(sum, v128.load(at, 48)), v128.load(at - back, 48));
    const d = f32x4.div(sum, window);
    const offset = <usize>x << 2;
    transpose(a, b, c, d, to0 + offset, to1 + offset, to2 + offset, to3 + offset);
  }
  rowSum = sum;
  for (; x < width; x += 4) four4(x, to0, to1, to2, to3);
}

function four4(x: i32, to0: usize, to1: usize, to2: usize, to3: usize): void {
  const front = x + rowAhead;
  const a = boxAt(front);
  const b = boxAt(front + 1);
  const c = boxAt(front + 2);
  const d = boxAt(front + 3);
  const offset = <usize>x << 2;
  transpose(a, b, c, d, to0 + offset, to1 + offset, to2 + offset, to3 + offset);
}

/** One step of the first columns pass: a row enters (if there is one), one leaves, and a row comes out. */
function columnsStep(): void {
  const front = rowsStepped++;
  const enters = front < height;
  const leaves = front >= columnWindow;
  const entering = ringRow(front);
  const leaving = ringRow(front - columnWindow);
  if (enters) columnSize++;
  if (leaves) columnSize--;
  if (front < columnAhead) {
    for (let x: usize = 0; x < stride; x += 16) {
      v128.store(sums + x, f32x4.add(v128.load(sums + x), v128.load(entering + x)));
    }
    return;
  }
  const size = f32x4.splat(<f32>columnSize);
  const to = four + <usize>(rowsOut & 3) * stride;
  if (enters && leaves) {
    for (let x: usize = 0; x < stride; x += 16) {
      const sum = f32x4.sub(f32x4.add(v128.load(sums + x), v128.load(entering + x)), v128.load(leaving + x));
      v128.store(sums + x, sum);
      v128.store(to + x, f32x4.div(sum, size));
    }
  } else {
    for (let x: usize = 0; x < stride; x += 16) {
      let sum = v128.load(sums + x);
      if (enters) sum = f32x4.add(sum, v128.load(entering + x));
      if (leaves) sum = f32x4.sub(sum, v128.load(leaving + x));
      v128.store(sums + x, sum);
      v128.store(to + x, f32x4.div(sum, size));
    }
  }
  rowsOut++;
  if ((rowsOut & 3) == 0 || rowsOut == height) secondRows(((rowsOut - 1) & 3) + 1);
}

/** Second rows pass over the four rows that came out: only the 64 columns that are read are divided. */
function secondRows(rows: i32): void {
  let to = lanes;
  const end = lanes + stride * 4;
  let from = four;
  for (; to < end; to += 64, from += 16) {
    transpose(
      v128.load(from), v128.load(from + stride), v128.load(from + stride * 2), v128.load(from + stride * 3),
      to, to + 16, to + 32, to + 48,
    );
  }
  rowSum = i32x4.splat(0);
  let front: i32 = 0;
  let value: v128 = i32x4.splat(0);
  for (let j: usize = 0; j < 64; j++) {
    const stop = load<i32>(COLUMN_AT + (j << 2)) + rowAhead;
    // A column that is read twice (pictures narrower than 64) has the same value again.
    if (stop >= front) {
      let sum = rowSum;
      for (; front < stop && front < rowWindow; front++) {
        if (front < width) sum = f32x4.add(sum, v128.load(lanes + (<usize>front << 4)));
      }
      let at = lanes + (<usize>front << 4);
      const back = <usize>rowWindow << 4;
      const until = min(stop, width);
      for (; front < until; front++, at += 16) {
        sum = f32x4.sub(f32x4.add(sum, v128.load(at)), v128.load(at - back));
      }
      for (; front < stop; front++, at += 16) sum = f32x4.sub(sum, v128.load(at - back));
      rowSum = sum;
      value = boxAt(front++);
    }
    narrowStore(j, rows, value);
  }
  for (let k: i32 = 0; k < rows; k++) {
    narrowIn++;
    narrowStep();
  }
}

// @ts-ignore: decorator
@inline
function narrowRow(row: i32): usize {
  return narrow + (<usize>(row % narrowRows) << 8);
}

// @ts-ignore: decorator
@inline
function narrowStore(j: usize, rows: i32, value: v128): void {
  const offset = j << 2;
  v128.store_lane<f32>(narrowRow(narrowIn) + offset, value, 0);
  if (rows > 1) v128.store_lane<f32>(narrowRow(narrowIn + 1) + offset, value, 1);
  if (rows > 2) v128.store_lane<f32>(narrowRow(narrowIn + 2) + offset, value, 2);
  if (rows > 3) v128.store_lane<f32>(narrowRow(narrowIn + 3) + offset, value, 3);
}

/** One step of the second columns pass: only the 64 rows that are read are divided. */
function narrowStep(): void {
  const front = narrowStepped++;
  const enters = front < height;
  const leaves = front >= columnWindow;
  const entering = narrowRow(front);
  const leaving = narrowRow(front - columnWindow);
  if (enters) narrowSize++;
  if (leaves) narrowSize--;
  for (let x: usize = 0; x < 256; x += 16) {
    let sum = v128.load(SUMS_TWO + x);
    if (enters) sum = f32x4.add(sum, v128.load(entering + x));
    if (leaves) sum = f32x4.sub(sum, v128.load(leaving + x));
    v128.store(SUMS_TWO + x, sum);
  }
  const row = front - columnAhead;
  const size = f32x4.splat(<f32>narrowSize);
  while (load<i32>(ROW_AT + (<usize>sampled << 2)) == row) {
    const to = SAMPLES + (<usize>sampled << 8);
    for (let x: usize = 0; x < 256; x += 16) v128.store(to + x, f32x4.div(v128.load(SUMS_TWO + x), size));
    sampled++;
  }
}

/** Ends the picture; answers where the 256 coefficients and then the quality are. */
export function finish(): usize {
  while (rowsStepped < height + columnAhead) columnsStep();
  while (narrowStepped < height + columnAhead) narrowStep();
  for (let i: usize = 0; i < 16; i++) {
    for (let j: usize = 0; j < 256; j += 16) {
      let sum = i32x4.splat(0);
      for (let k: usize = 0; k < 64; k++) {
        const d = v128.load32_splat(MATRIX + (i << 8) + (k << 2));
        sum = f32x4.add(sum, f32x4.mul(d, v128.load(SAMPLES + (k << 8) + j)));
      }
      v128.store(HALF + (i << 8) + j, sum);
    }
  }
  for (let i: usize = 0; i < 16; i++) {
    for (let j: usize = 0; j < 64; j += 16) {
      let sum = i32x4.splat(0);
      for (let k: usize = 0; k < 64; k++) {
        const half = v128.load32_splat(HALF + (i << 8) + (k << 2));
        sum = f32x4.add(sum, f32x4.mul(half, v128.load(TRANSPOSED + (k << 6) + j)));
      }
      v128.store(RESULT + (i << 6) + j, sum);
    }
  }
  store<f32>(RESULT + 1024, quality());
  return RESULT;
}

// @ts-ignore: decorator
@inline
function difference(u: v128, v: v128): v128 {
  const scaled = f32x4.div(f32x4.mul(f32x4.sub(u, v), f32x4.splat(100)), f32x4.splat(255));
  return i32x4.abs(i32x4.trunc_sat_f32x4_s(scaled));
}

function quality(): f32 {
  let total = i32x4.splat(0);
  const lastLane = i32x4(-1, -1, -1, 0);
  for (let i: usize = 0; i < 64; i++) {
    for (let j: usize = 0; j < 256; j += 16) {
      const at = SAMPLES + (i << 8) + j;
      const u = v128.load(at);
      if (i < 63) total = i32x4.add(total, difference(u, v128.load(at + 256)));
      const across = difference(u, v128.load(at + 4));
      total = i32x4.add(total, j == 240 ? v128.and(across, lastLane) : across);
    }
  }
  const sum =
    i32x4.extract_lane(total, 0) + i32x4.extract_lane(total, 1) + i32x4.extract_lane(total, 2) + i32x4.extract_lane(total, 3);
  return <f32>min(100, sum / 90);
}
