/** The permutation of bits. Tables have 64 x 16 entries of 32 bytes: where the bits of each nibble go. */

export function permute(table: usize, source: usize, target: usize, rowCount: u32): void {
  for (let row: u32 = 0; row < rowCount; row++) {
    let low = i64x2.splat(0);
    let high = i64x2.splat(0);
    let entries = table;
    for (let byte: usize = 0; byte < 32; byte++) {
      const value = <usize>load<u8>(source + byte);
      const first = entries + ((value & 15) << 5);
      const second = entries + 512 + ((value >> 4) << 5);
      low = v128.or(low, v128.or(v128.load(first), v128.load(second)));
      high = v128.or(high, v128.or(v128.load(first, 16), v128.load(second, 16)));
      entries += 1024;
    }
    v128.store(target, low);
    v128.store(target, high, 16);
    source += 32;
    target += 32;
  }
}
