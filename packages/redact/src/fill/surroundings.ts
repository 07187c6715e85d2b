/**
 * The `soft` look: covered pixels take the colours around them, washed inwards. Uncovered pixels are averaged in
 * cells, cells in ever larger ones (pull), and empty cells are filled from the larger ones (push; after Gortler et al.,
 * The Lumigraph, 1996). Covered pixels have no weight anywhere.
 */
import type { Pixels } from "../types.ts";

/** Cells along the longer side, at most: the look is a blur, and memory stays small. */
const CELLS = 256;

interface Grid {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each cell, meaningless where there is no weight. */
  readonly colours: Float64Array;
  /** 0 or 1: whether anything uncovered is in the cell. */
  readonly weights: Uint8Array;
}

const emptyGrid = (width: number, height: number): Grid => ({
  width,
  height,
  colours: new Float64Array(width * height * 3),
  weights: new Uint8Array(width * height),
});

export function surroundings({ width, height, data }: Pixels, covered: Uint8Array): void {
  const side = Math.max(1, Math.ceil(Math.max(width, height) / CELLS));
  const levels = [cells(width, height, data, covered, side)];
  for (let grid = levels[0]; grid !== undefined && grid.width * grid.height > 1; grid = levels.at(-1)) {
    levels.push(halve(grid));
  }
  if (levels.at(-1)?.weights[0] !== 1) return;
  for (let at = levels.length - 2; at >= 0; at--) {
    const [fine, coarse] = [levels[at], levels[at + 1]];
    if (fine && coarse) fillFrom(fine, coarse);
  }
  const [finest] = levels;
  if (finest === undefined) return;
  const rgb = [0, 0, 0];
  for (let at = 0; at < covered.length; at++) {
    if (covered[at] !== 1) continue;
    between(finest, ((at % width) + 0.5) / side, (Math.floor(at / width) + 0.5) / side, rgb);
    for (const [channel, value] of rgb.entries()) data[at * 4 + channel] = Math.round(value);
  }
}

/** Averages of the uncovered pixels of each cell of `side` x `side` pixels. */
function cells(width: number, height: number, data: Pixels["data"], covered: Uint8Array, side: number): Grid {
  const grid = emptyGrid(Math.ceil(width / side), Math.ceil(height / side));
  const counts = new Uint32Array(grid.weights.length);
  for (let at = 0; at < covered.length; at++) {
    if (covered[at] === 1) continue;
    const cell = Math.floor(Math.floor(at / width) / side) * grid.width + Math.floor((at % width) / side);
    add(grid.colours, cell, data[at * 4] ?? 0, data[at * 4 + 1] ?? 0, data[at * 4 + 2] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  average(grid, counts);
  return grid;
}

function halve(fine: Grid): Grid {
  const grid = emptyGrid(Math.ceil(fine.width / 2), Math.ceil(fine.height / 2));
  const counts = new Uint32Array(grid.weights.length);
  for (let at = 0; at < fine.weights.length; at++) {
    if (fine.weights[at] === 0) continue;
    const cell = (Math.floor(at / fine.width) >> 1) * grid.width + ((at % fine.width) >> 1);
    const { colours } = fine;
    add(grid.colours, cell, colours[at * 3] ?? 0, colours[at * 3 + 1] ?? 0, colours[at * 3 + 2] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  average(grid, counts);
  return grid;
}

function add(colours: Float64Array, cell: number, red: number, green: number, blue: number): void {
  colours[cell * 3] = (colours[cell * 3] ?? 0) + red;
  colours[cell * 3 + 1] = (colours[cell * 3 + 1] ?? 0) + green;
  colours[cell * 3 + 2] = (colours[cell * 3 + 2] ?? 0) + blue;
}

function average({ colours, weights }: Grid, counts: Uint32Array): void {
  for (const [cell, count] of counts.entries()) {
    if (count === 0) continue;
    weights[cell] = 1;
    for (let at = cell * 3; at < cell * 3 + 3; at++) colours[at] = (colours[at] ?? 0) / count;
  }
}

/** Fills empty cells from the coarser grid, which has none. */
function fillFrom(fine: Grid, coarse: Grid): void {
  const rgb = [0, 0, 0];
  for (let at = 0; at < fine.weights.length; at++) {
    if (fine.weights[at] === 1) continue;
    between(coarse, ((at % fine.width) + 0.5) / 2, (Math.floor(at / fine.width) + 0.5) / 2, rgb);
    fine.colours.set(rgb, at * 3);
  }
  fine.weights.fill(1);
}

/** The colour at a place given in cells, mixed from the four centres around it. */
function between({ width, height, colours }: Grid, x: number, y: number, rgb: number[]): void {
  const [fromX, fromY] = [Math.min(width - 1, Math.max(0, x - 0.5)), Math.min(height - 1, Math.max(0, y - 0.5))];
  const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const [shareX, shareY] = [fromX - left, fromY - top];
  for (let channel = 0; channel < 3; channel++) {
    const of = (cellX: number, cellY: number): number => colours[(cellY * width + cellX) * 3 + channel] ?? 0;
    const upper = of(left, top) * (1 - shareX) + of(right, top) * shareX;
    const lower = of(left, bottom) * (1 - shareX) + of(right, bottom) * shareX;
    rgb[channel] = upper * (1 - shareY) + lower * shareY;
  }
}
