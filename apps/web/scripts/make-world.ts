/**
 * Writes `src/clean/world.generated.ts`: the coasts of the world, coarse, as one SVG path. Run with the path of
 * `land-110m.json` of the npm package world-atlas 2.0.2 (ISC), which holds the land of Natural Earth 4.1.0, scale
 * 1:110m (public domain). Only this script reads it: the page needs no map of anybody's server.
 */
import { readFile, writeFile } from "node:fs/promises";

interface Topology {
  readonly transform: { readonly scale: readonly [number, number]; readonly translate: readonly [number, number] };
  readonly arcs: readonly (readonly (readonly [number, number])[])[];
  readonly objects: {
    readonly land: { readonly geometries: readonly { readonly arcs: readonly (readonly (readonly number[])[])[] }[] };
  };
}
type Point = readonly [number, number];

/** Units of the path a degree, and how far in units a point may be from a line to be left out. */
const UNITS = 2;
const TOLERANCE = 0.9;
/** Smaller islands are left out, in square units; and the Antarctic, which takes a fifth of the picture. */
const SMALLEST = 4;
const SOUTHERNMOST = -58;

const [, , input] = process.argv;
if (input === undefined) throw new Error("the path of land-110m.json is needed");
// The form is TopoJSON's; a wrong file fails below.
const { transform, arcs, objects } = JSON.parse(await readFile(input, "utf8")) as Topology;

const arcPoints = (index: number): readonly Point[] => {
  let x = 0;
  let y = 0;
  const points = (arcs[index < 0 ? ~index : index] ?? []).map(([dx, dy]): Point => {
    x += dx;
    y += dy;
    return [x * transform.scale[0] + transform.translate[0], y * transform.scale[1] + transform.translate[1]];
  });
  return index < 0 ? points.map((_point, at) => points[points.length - 1 - at] ?? [0, 0]) : points;
};

const distance = ([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number => {
  const length = Math.hypot(bx - ax, by - ay);
  if (length === 0) return Math.hypot(x - ax, y - ay);
  return Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length;
};

/** Douglas and Peucker's: keeps what is farther from the line between the ends than the tolerance. */
const simplify = (points: readonly Point[]): readonly Point[] => {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 3) return points;
  let farthest = 0;
  let most = 0;
  for (const [index, point] of points.entries()) {
    const away = distance(point, first, last);
    if (away > most) [farthest, most] = [index, away];
  }
  if (most <= TOLERANCE) return [first, last];
  return [...simplify(points.slice(0, farthest + 1)).slice(0, -1), ...simplify(points.slice(farthest))];
};

const area = (points: readonly Point[]): number =>
  Math.abs(
    points.reduce((sum, [x, y], index) => {
      const [nx, ny] = points[(index + 1) % points.length] ?? [0, 0];
      return sum + x * ny - nx * y;
    }, 0) / 2,
  );

/** A ring over the 180th meridian as one ring for each side: it jumps from one edge of the picture to the other. */
const cutAtEdge = (ring: readonly Point[]): readonly (readonly Point[])[] => {
  const jumps = ring.flatMap(([x], index) => (Math.abs(x - (ring[index - 1]?.[0] ?? x)) > 180 ? [index] : []));
  const [first] = jumps;
  if (first === undefined) return [ring];
  const turned = [...ring.slice(first, -1), ...ring.slice(0, first)];
  const starts = jumps.map((jump) => jump - first);
  return starts.map((start, index) => turned.slice(start, starts[index + 1] ?? turned.length));
};

const rings = objects.land.geometries
  .flatMap((geometry) =>
    geometry.arcs.flatMap((polygon) =>
      polygon.map((ring) => ring.flatMap((index, at) => arcPoints(index).slice(at === 0 ? 0 : 1))),
    ),
  )
  .flatMap(cutAtEdge);
let path = "";
for (const ring of rings) {
  if (ring.every(([, latitude]) => latitude < SOUTHERNMOST)) continue;
  const scaled = ring.map(([x, y]): Point => [UNITS * (x + 180), UNITS * (90 - y)]);
  if (area(scaled) < SMALLEST) continue;
  // A ring is cut in two, so that its ends are not one point.
  const half = Math.floor(scaled.length / 2);
  const points = [...simplify(scaled.slice(0, half + 1)), ...simplify(scaled.slice(half)).slice(1, -1)].map(
    ([x, y]): Point => [Math.round(x), Math.round(y)],
  );
  if (points.length < 3) continue;
  let [px, py] = points[0] ?? [0, 0];
  path += `M${px} ${py}l`;
  const steps: string[] = [];
  for (const [x, y] of points.slice(1)) {
    if (x !== px || y !== py) steps.push(`${x - px} ${y - py}`);
    [px, py] = [x, y];
  }
  path += `${steps.join(" ").replaceAll(" -", "-")}z`;
}

await writeFile(
  new URL("../src/clean/world.generated.ts", import.meta.url),
  `/** Made by scripts/make-world.ts from Natural Earth's land, 1:110m, version 4.1.0 (public domain). Don't edit. */

/** The coasts of the world: x is ${UNITS} units a degree east of 180° west, y ${UNITS} units a degree south of the north pole. */
export const WORLD_PATH =
  "${path}";
`,
);
