/**
 * Coded data of pictures, in AssemblyScript for WebAssembly SIMD: where the next marker of a JPEG stands, and whether
 * text stands where none belongs. The same in TypeScript: src/core/hidden-text.ts and src/jpeg/scan-data.ts.
 *
 * Use: write up to CAPACITY bytes at `dataAt()` and one more, the byte that follows or whatever is to be taken for it;
 * before them up to CARRIED bytes that came before, for text over two pieces. Nothing is kept between calls.
 */

/** Text is a run of this many printable characters ... */
const RUN: u32 = 24;
/** ... of which so many are different. */
const DIFFERENT: u32 = 12;

const COUNTS: usize = 1024; // A byte for each character; statics lie below (--memoryBase in the build script)
const CARRIED: u32 = 64;
const DATA: usize = 2048;
/** Small enough to stay in the processor's cache between being copied here and being read twice. */
const CAPACITY: u32 = 65536;

export function dataAt(): usize {
  return DATA;
}
export function capacity(): u32 {
  return CAPACITY;
}
export function carriedLimit(): u32 {
  return CARRIED;
}

@inline
function isEndAt(at: usize): bool {
  if (load<u8>(at) != 0xff) return false;
  const next = <u32>load<u8>(at + 1);
  return next != 0 && (next & 0xf8) != 0xd0;
}

/** All bits of each byte that is 0xFF and followed by something other than a stuffed 0 (ITU-T T.81, B.1.1.5) or a restart. */
@inline
function endsIn(at: usize): v128 {
  const next = v128.load(at + 1);
  const isCoded = v128.or(
    i8x16.eq(next, i8x16.splat(0)),
    i8x16.eq(v128.and(next, i8x16.splat(<i8>0xf8)), i8x16.splat(<i8>0xd0)),
  );
  return v128.andnot(i8x16.eq(v128.load(at), i8x16.splat(-1)), isCoded);
}

/** Index of the first byte of a marker in `length` bytes, or -1. */
export function findMarker(length: u32): i32 {
  const end = DATA + length;
  let at = DATA;
  // 64 bytes a step; what is behind the last is read, too, and told apart below.
  for (; at < end; at += 64) {
    const found = v128.or(
      v128.or(endsIn(at), endsIn(at + 16)),
      v128.or(endsIn(at + 32), endsIn(at + 48)),
    );
    if (v128.any_true(found)) {
      const stop = min(at + 64, end);
      for (let one = at; one < stop; one += 1) if (isEndAt(one)) return <i32>(one - DATA);
    }
  }
  return -1;
}

@inline
function isPrintable(at: usize): bool {
  return <u32>load<u8>(at) - 0x20 <= 0x5e;
}

/** All bits of each byte that is not printable. */
@inline
function othersIn(at: usize): v128 {
  return i8x16.gt_u(i8x16.sub(v128.load(at), i8x16.splat(0x20)), i8x16.splat(0x5e));
}

/** Whether some RUN bytes in a row, all of which are printable, are of enough different characters. */
function isText(from: usize, to: usize): bool {
  memory.fill(COUNTS, 0, 128);
  let different: u32 = 0;
  for (let at = from; at < to; at += 1) {
    const entered = COUNTS + load<u8>(at);
    const count = load<u8>(entered);
    store<u8>(entered, count + 1);
    if (count == 0) different += 1;
    if (at >= from + RUN) {
      const left = COUNTS + load<u8>(at - RUN);
      const rest = load<u8>(left) - 1;
      store<u8>(left, rest);
      if (rest == 0) different -= 1;
    }
    if (different >= DIFFERENT && at + 1 >= from + RUN) return true;
  }
  return false;
}

/** Whether text stands in the `carried` bytes before the data and the first `length` of it. */
export function holdsText(carried: u32, length: u32): bool {
  const end = DATA + length;
  let at = DATA - carried;
  // Where the last run that was looked at ended: no other reaches back over it.
  let before = at;
  // A run holds eight whole bytes at a multiple of eight, counted from anywhere, and does so before the last fifteen.
  while (at + 16 <= end) {
    const others = othersIn(at);
    if (i64x2.all_true(others)) {
      at += 16;
      continue;
    }
    const inside = i64x2.extract_lane(others, 0) == 0 ? at : at + 8;
    let from = inside;
    while (from > before && isPrintable(from - 1)) from -= 1;
    let to = inside + 8;
    while (to < end && isPrintable(to)) to += 1;
    if (to >= from + RUN && isText(from, to)) return true;
    at = to;
    before = to;
  }
  return false;
}
