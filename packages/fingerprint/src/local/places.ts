/** Where a patch lies in an upload, told coarsely, so that votes can be asked to lie apart. */

/** Columns and rows, over a square of the picture's longest side. */
export const PLACE_GRID = 64;

/** `row * 64 + column` of a place in a picture of this longest side, in its own pixels. */
export function placeOf(x: number, y: number, longest: number): number {
  const cell = (at: number): number => Math.max(0, Math.min(PLACE_GRID - 1, Math.floor((at * PLACE_GRID) / longest)));
  return cell(y) * PLACE_GRID + cell(x);
}

/** The longer side of the box around the places, in 64ths of the longest side; 0 for fewer than two. */
export function spreadOf(places: readonly number[]): number {
  const extent = (cells: readonly number[]): number => {
    let [least, most] = [PLACE_GRID, 0];
    for (const cell of cells) [least, most] = [Math.min(least, cell), Math.max(most, cell)];
    return Math.max(0, most - least);
  };
  const rows = places.map((place) => Math.floor(place / PLACE_GRID));
  return Math.max(extent(rows), extent(places.map((place) => place % PLACE_GRID)));
}
