/** What a full run leaves in docs/robustness: curves, the table, the calibration, the pairs that came closest. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Curve, drawChart } from "./curve-svg.ts";
import type { NamedPair, PairCount } from "./pairs.ts";
import { recognisers } from "./recognisers.ts";
import type { NamedTrial } from "./session.ts";
import type { Transform } from "./transforms.ts";

const FOLDER = fileURLToPath(new URL("../../../docs/robustness/", import.meta.url));

/** What the numbers at the end of a family's names are; families without a line here have no curve. */
const UNITS: Readonly<Record<string, string>> = {
  jpeg: "JPEG quality",
  webp: "WebP quality",
  avif: "AVIF quality",
  resize: "size in % of each side",
  crop: "% of each side cut away",
  "crop-side": "% of one side cut away",
  stretch: "% wider",
  rotate: "degrees",
  straighten: "degrees, corners cut",
  perspective: "corners moved by up to % of the side",
  brightness: "brightness in %",
  contrast: "contrast in %",
  gamma: "exponent",
  saturation: "saturation in %",
  beauty: "window of the smoothing in pixels",
  blur: "standard deviation in tenths of a pixel",
  noise: "standard deviation in levels",
  emoji: "faces laid on",
  sticker: "stickers laid on",
  text: "lines of words",
  watermark: "opacity",
  collage: "pictures in the collage",
};

export const recallOf = (trials: readonly NamedTrial[], which: number): number =>
  trials.filter(({ outcomes }) => outcomes[which]?.match === true).length / Math.max(1, trials.length);

function write(name: string, text: string): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(FOLDER + name, text);
}

export function writeCurve(family: string, members: readonly Transform[], trials: readonly NamedTrial[]): void {
  const unit = UNITS[family];
  const measured = members.filter(({ parameter }) => parameter !== undefined);
  if (unit === undefined || measured.length < 2) return;
  const curves = recognisers.map(({ name }, which): Curve => ({
    name,
    points: measured
      .map(
        (transform) =>
          [
            transform.parameter ?? 0,
            recallOf(
              trials.filter((trial) => trial.transform === transform.name),
              which,
            ),
          ] as const,
      )
      .toSorted(([one], [other]) => one - other),
  }));
  write(`${family}.svg`, drawChart({ title: family, xLabel: unit, yLabel: "share found again", curves }));
}

interface CalibrationPoint {
  readonly threshold: number;
  /** Share of changed pictures at or above it. */
  readonly recall: number;
  /** Share of pairs of different pictures at or above it. */
  readonly falsePositiveRate: number;
}

/** What each threshold on the score alone would give; the recogniser's own decision may ask for more than the score. */
export function calibrate(count: PairCount, trials: readonly NamedTrial[], which: number): readonly CalibrationPoint[] {
  const same = new Map<number, number>();
  for (const { outcomes } of trials) {
    const score = Math.round(outcomes[which]?.score ?? 0);
    same.set(score, (same.get(score) ?? 0) + 1);
  }
  const scores = [...new Set([...same.keys(), ...count.scores.keys()])].toSorted((one, other) => other - one);
  let [found, wrong] = [0, 0];
  return scores.map((threshold) => {
    found += same.get(threshold) ?? 0;
    wrong += count.scores.get(threshold) ?? 0;
    return {
      threshold,
      recall: found / Math.max(1, trials.length),
      falsePositiveRate: wrong / Math.max(1, count.pairs),
    };
  });
}

export interface Findings {
  readonly trials: readonly NamedTrial[];
  readonly transforms: readonly Transform[];
  /** Pairs of different pictures by how they were formed; one count for each recogniser. */
  readonly different: ReadonlyMap<string, readonly PairCount[]>;
  readonly furniture: readonly {
    readonly set: string;
    readonly pictures: number;
    readonly counts: readonly PairCount[];
    /** Ours, as a gate with a bank of some of them finds it. */
    readonly atGate: PairCount;
  }[];
}

/** The trials that matched with the least to spare. */
export const weakestMatches = (trials: readonly NamedTrial[], which: number): readonly NamedPair[] =>
  trials
    .flatMap(({ photograph, transform, outcomes }) => {
      const outcome = outcomes[which];
      return outcome?.match === true ? [{ bank: photograph, query: `${photograph} ${transform}`, ...outcome }] : [];
    })
    .toSorted((one, other) => one.score - other.score)
    .slice(0, 12);

const pairRows = (pairs: readonly NamedPair[]): string =>
  pairs.map(({ bank, query, score, by = "" }) => `| ${bank} | ${query} | ${Math.round(score)} | ${by} |`).join("\n");

const pairTable = (title: string, pairs: readonly NamedPair[]): string =>
  pairs.length === 0
    ? `${title}: none.\n`
    : `${title}:\n\n| in the bank | asked about | score | by |\n|---|---|---|---|\n${pairRows(pairs)}\n`;

/** Writes table.md, calibration.json and calibration.svg. `sumOf` adds up one recogniser's counts. */
export function writeFindings(findings: Findings, sumOf: (which: number) => PairCount): void {
  const names = recognisers.map(({ name }) => name);
  const head = (first: string): string =>
    `| ${first} | ${names.join(" | ")} |\n|---|${names.map(() => "---|").join("")}\n`;
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const rows = findings.transforms.map(({ name }) => {
    const some = findings.trials.filter(({ transform }) => transform === name);
    return `| ${name} (${some.length}) | ${names.map((_name, which) => percent(recallOf(some, which))).join(" | ")} |`;
  });
  const formed = [...findings.different].map(
    ([how, counts]) =>
      `| ${how} (${counts[0]?.pairs ?? 0}) | ${counts.map(({ matches }) => String(matches)).join(" | ")} |`,
  );
  const furniture = findings.furniture.map(
    ({ set, pictures, counts }) =>
      `| ${set} (${pictures} pictures, ${counts[0]?.pairs ?? 0} pairs) | ${counts.map(({ matches }) => String(matches)).join(" | ")} |`,
  );
  const atGates = findings.furniture.map(({ set, atGate }) => `| ${set} (${atGate.pairs} pairs) | ${atGate.matches} |`);
  const close = names.map((name, which) => {
    const sum = sumOf(which);
    return `### ${name}\n\n${pairTable("False positives", sum.wrong)}\n${pairTable("Different pictures that came closest to a match", sum.nearest)}\n${pairTable("Matches with the least to spare", weakestMatches(findings.trials, which))}`;
  });
  write(
    "table.md",
    `# Measured robustness\n\nWritten by \`npm run bench -- robust\`; [README](../../bench/README.md) says how.\n\n## Changed pictures found again\n\n${head("transform (photographs)")}${rows.join("\n")}\n\n## Different pictures that matched\n\n${head("pairs (how many)")}${formed.join("\n")}\n\n## Pictures that share their furniture\n\nOrdered pairs within a set that matched. In memes-words-only all truly hold one picture.\n\n${head("set")}${furniture.join("\n")}\n\n## The same, twenty at a time in a gate's bank\n\n| set | matches |\n|---|---|\n${atGates.join("\n")}\n\n## Closest pairs\n\n${close.join("\n")}`,
  );
  const calibration = recognisers.map((_unused, which) => calibrate(sumOf(which), findings.trials, which));
  write(
    "calibration.json",
    `${JSON.stringify(Object.fromEntries(names.map((name, which) => [name, calibration[which]])), null, 2)}\n`,
  );
  const pairs = sumOf(0).pairs;
  write(
    "calibration.svg",
    drawChart({
      title: "false positives by threshold",
      xLabel: "share of all changed pictures found at the threshold",
      yLabel: `share of ${pairs} different pairs at or above it (0 is drawn at the bottom)`,
      logarithmicFrom: 1e-6,
      ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
      curves: names.map((name, which) => ({
        name,
        points: [
          [0, 0],
          ...(calibration[which] ?? []).map(({ recall, falsePositiveRate }) => [recall, falsePositiveRate] as const),
          [1, 1],
        ],
      })),
    }),
  );
}
