/** Curves as SVG, readable on light and dark pages: the colours follow the reader's setting, lines differ by dashes too. */

export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly Curve[];
  /** Where numbers stand below the chart; every x of the curves when left out. */
  readonly ticks?: readonly number[];
  /** From largest value at the top; 1 when left out. */
  readonly logarithmicFrom?: number;
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 400, 64, 24, 56, 84];
const DASHES = ["", "9 6", "3 5", "12 4 3 4"];

const STYLE = `<style>text{font:14px system-ui,sans-serif;fill:#1b1f24}.grid{stroke:#c8ccd1;stroke-width:1}.line{fill:none;stroke-width:3}.c0{stroke:#0b5fa5}.c1{stroke:#b3411a}.c2{stroke:#2f6f3e}.c3{stroke:#6d3f9c}.d0{fill:#0b5fa5}.d1{fill:#b3411a}.d2{fill:#2f6f3e}.d3{fill:#6d3f9c}.paper{fill:#fff}@media (prefers-color-scheme:dark){text{fill:#e6e9ec}.grid{stroke:#454b52}.paper{fill:#14181c}.c0{stroke:#6cb8f5}.c1{stroke:#f59a6c}.c2{stroke:#82cf95}.c3{stroke:#c9a0f2}.d0{fill:#6cb8f5}.d1{fill:#f59a6c}.d2{fill:#82cf95}.d3{fill:#c9a0f2}}</style>`;

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const short = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.01 ? value.toExponential(0) : String(Number(value.toPrecision(4)));

export function drawChart({ title, xLabel, yLabel, curves, ticks, logarithmicFrom }: Chart): string {
  const xs = [...new Set(curves.flatMap(({ points }) => points.map(([x]) => x)))].toSorted((a, b) => a - b);
  const [low, high] = [xs.at(0) ?? 0, xs.at(-1) ?? 1];
  const place = (x: number): number => LEFT + ((x - low) / (high - low || 1)) * (WIDTH - LEFT - RIGHT);
  const share = (y: number): number =>
    logarithmicFrom === undefined ? y : 1 - Math.log10(Math.max(y, logarithmicFrom)) / Math.log10(logarithmicFrom);
  const rise = (y: number): number => HEIGHT - BOTTOM - share(y) * (HEIGHT - TOP - BOTTOM);
  const levels =
    logarithmicFrom === undefined
      ? [0, 0.25, 0.5, 0.75, 1]
      : Array.from({ length: Math.round(-Math.log10(logarithmicFrom)) + 1 }, (_unused, power) => 10 ** -power);
  const grid = levels.map(
    (y) =>
      `<path class="grid" d="M${LEFT} ${rise(y)}H${WIDTH - RIGHT}"/><text x="${LEFT - 8}" y="${rise(y) + 5}" text-anchor="end">${short(y)}</text>`,
  );
  // Numbers that would stand on each other are left out; the dots tell where the values are.
  const roomy: number[] = [];
  for (const x of ticks ?? xs) if (place(x) - place(roomy.at(-1) ?? -Infinity) >= 24) roomy.push(x);
  const numbers = roomy.map(
    (x) => `<text x="${place(x)}" y="${HEIGHT - BOTTOM + 22}" text-anchor="middle">${short(x)}</text>`,
  );
  const drawn = curves.map(({ name, points }, index) => {
    const line = points.map(([x, y]) => `${place(x).toFixed(1)},${rise(y).toFixed(1)}`).join(" ");
    const dots =
      points.length > 40
        ? ""
        : points
            .map(
              ([x, y]) =>
                `<circle class="d${index % 4}" cx="${place(x).toFixed(1)}" cy="${rise(y).toFixed(1)}" r="4"/>`,
            )
            .join("");
    const legendX = LEFT + index * 220;
    const legend = `<path class="line c${index % 4}" stroke-dasharray="${DASHES[index % 4]}" d="M${legendX} ${HEIGHT - 14}h36"/><text x="${legendX + 44}" y="${HEIGHT - 9}">${escape(name)}</text>`;
    return `<polyline class="line c${index % 4}" stroke-dasharray="${DASHES[index % 4]}" points="${line}"/>${dots}${legend}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(title)}">
${STYLE}
<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>
<text x="${LEFT}" y="24" font-weight="bold">${escape(title)}</text>
<text x="${LEFT}" y="44">${escape(yLabel)}</text>
<text x="${WIDTH - RIGHT}" y="${HEIGHT - BOTTOM + 44}" text-anchor="end">${escape(xLabel)}</text>
${[...grid, ...numbers, ...drawn].join("\n")}
</svg>
`;
}
