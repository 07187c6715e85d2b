/**
 * A drawn signature: lines of a pen, as text in the facts ("x,y x,y;x,y x,y"). Whole numbers from 0 to 1000 across the
 * field it was drawn in, and from 0 to 1000 down it, whose height is `FIELD_HEIGHT` of its width.
 */

export type Point = readonly [x: number, y: number];
export type Stroke = readonly Point[];

export const FIELD_HEIGHT = 0.3;

/** Enough for a long name in a steady hand. */
export const MAX_STROKES = 200;
export const MAX_POINTS = 2500;

/** undefined for what is no drawing: other characters, numbers out of range, nothing in it, or too much. */
export const readStrokes = (value: string): readonly Stroke[] | undefined => {
  const lines = value.split(";", MAX_STROKES + 1);
  if (lines.length > MAX_STROKES) return undefined;
  const strokes: Stroke[] = [];
  let count = 0;
  for (const line of lines) {
    const stroke: Point[] = [];
    for (const pair of line.trim().split(/ +/u, MAX_POINTS + 1)) {
      const [, x, y] = /^(\d{1,4}),(\d{1,4})$/u.exec(pair) ?? [];
      if (x === undefined || y === undefined || Number(x) > 1000 || Number(y) > 1000) return undefined;
      stroke.push([Number(x), Number(y)]);
    }
    count += stroke.length;
    if (count > MAX_POINTS) return undefined;
    strokes.push(stroke);
  }
  return strokes;
};

/** The other way: points are rounded and kept within 0 to 1000, and what is over the bounds is left out. */
export const writeStrokes = (strokes: readonly Stroke[]): string => {
  const within = (value: number): number => Math.min(1000, Math.max(0, Math.round(value)));
  let left = MAX_POINTS;
  return strokes
    .slice(0, MAX_STROKES)
    .map((stroke) => {
      const points = stroke.slice(0, left).map(([x, y]) => `${within(x)},${within(y)}`);
      left -= points.length;
      return points.join(" ");
    })
    .filter((line) => line !== "")
    .join(";");
};
