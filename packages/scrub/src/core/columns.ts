/** Columns of numbers that grow. Of a long video there are hundreds of thousands, and each would cost ten times as an object. */

interface Numbers<Self> {
  readonly length: number;
  set(values: Self, offset?: number): void;
}

/** `column` with room for `count` numbers: itself, or a copy twice as long at least. What it held is kept. */
export const withRoom = <Column extends Numbers<Column>>(
  column: Column,
  count: number,
  make: (length: number) => Column,
): Column => {
  if (count <= column.length) return column;
  const more = make(Math.max(count, 2 * column.length, 4));
  more.set(column);
  return more;
};

export const float64 = (length: number): Float64Array => new Float64Array(length);
export const uint32 = (length: number): Uint32Array => new Uint32Array(length);
