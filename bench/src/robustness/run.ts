/**
 * Robustness of recognition: `npm run bench -- robust`, `robust.crop`, `robust --quick`, `robust --photographs DIR`.
 * Every photograph is in the bank; some of them are changed by each transform and asked about. A figure is the share
 * found again, of a transform and of its whole family, ours beside plain PDQ on the same pictures. A full run writes
 * what it found to docs/robustness. Videos have a file of their own (`video-robustness.ts`).
 */
import type { Benchmarks, Figure } from "../figure.ts";
import { furnitureSets } from "./furniture.ts";
import { readOptions } from "./options.ts";
import { addCounts, emptyCount, type PairCount } from "./pairs.ts";
import { recognisers } from "./recognisers.ts";
import { type Findings, recallOf, writeCurve, writeFindings } from "./report.ts";
import { type NamedTrial, type Session, startSession } from "./session.ts";
import { transforms } from "./transforms.ts";

const FAMILIES = [...new Set(transforms.map(({ family }) => family))];
const OURS = 0;
const PEER = recognisers.length - 1;

let session: Promise<Session> | undefined;
/** All figures of one process share the banks, the threads and the trials. */
const sharedSession = (): Promise<Session> => (session ??= startSession(readOptions(process.argv.slice(2))));

const furnitureFound: { set: string; pictures: number; counts: readonly PairCount[]; atGate: PairCount }[] = [];

/** A figure beside the peer's, unless the peer is all there is. */
const beside = (figure: string, unit: string, n: number, valueOf: (which: number) => number): Figure => ({
  figure,
  value: valueOf(OURS),
  unit,
  n,
  ...(PEER === OURS ? {} : { peer: recognisers[PEER]?.name ?? "", peerValue: valueOf(PEER) }),
});

const recallFigure = (name: string, trials: readonly NamedTrial[]): Figure =>
  beside(`robust.${name}.recall`, "share", trials.length, (which) => recallOf(trials, which));

const measureFamily = async (family: string): Promise<readonly Figure[]> => {
  const running = await sharedSession();
  const members = running.transforms.filter((transform) => transform.family === family);
  if (members.length === 0) return [];
  const trials = await running.tryFamily(family);
  if (!running.options.quick) writeCurve(family, members, trials);
  return [
    recallFigure(family, trials),
    ...members.map(({ name }) =>
      recallFigure(
        name,
        trials.filter(({ transform }) => transform === name),
      ),
    ),
  ];
};

function sumOf(running: Session, which: number): PairCount {
  const sum = emptyCount();
  for (const counts of running.different.values()) addCounts(sum, counts[which] ?? emptyCount());
  return sum;
}

/** Runs what has not run yet of the transforms: their queries are asked against other pictures too. */
const allTrials = async (running: Session): Promise<readonly NamedTrial[]> => {
  const trials: NamedTrial[] = [];
  for (const family of FAMILIES) trials.push(...(await running.tryFamily(family)));
  return trials;
};

const measureFurniture = async (set: string): Promise<readonly Figure[]> => {
  const running = await sharedSession();
  const { pictures, counts, atGate } = await running.countFurniture(set);
  furnitureFound.push({ set, pictures, counts, atGate });
  return [
    beside(
      `robust.furniture.${set}.matches`,
      "pairs",
      counts[OURS]?.pairs ?? 0,
      (which) => counts[which]?.matches ?? 0,
    ),
    { figure: `robust.furniture.${set}.gate_matches`, value: atGate.matches, unit: "pairs", n: atGate.pairs },
  ];
};

const measureDifferent = async (): Promise<readonly Figure[]> => {
  const running = await sharedSession();
  const trials = await allTrials(running);
  await running.countPlainPairs();
  const sums = recognisers.map((_unused, which) => sumOf(running, which));
  const findings: Findings = {
    trials,
    transforms: running.transforms,
    different: running.different,
    furniture: furnitureFound,
  };
  if (!running.options.quick) writeFindings(findings, (which) => sums[which] ?? emptyCount());
  return [
    ...[...running.different].map(([how, counts]) =>
      beside(
        `robust.false_positives.${how.replaceAll(" ", "_")}.pairs`,
        "pairs",
        counts[OURS]?.pairs ?? 0,
        (which) => counts[which]?.matches ?? 0,
      ),
    ),
    beside("robust.false_positives.pairs", "pairs", sums[OURS]?.pairs ?? 0, (which) => sums[which]?.matches ?? 0),
  ];
};

export const figures: Benchmarks = {
  ...Object.fromEntries(FAMILIES.map((family) => [`robust.${family}.`, () => measureFamily(family)])),
  ...Object.fromEntries(furnitureSets.map(({ name }) => [`robust.furniture.${name}.`, () => measureFurniture(name)])),
  // Last: it counts what all the others asked, and writes the findings.
  "robust.false_positives.": measureDifferent,
};
