/** One run: the photographs, their bank entries, the threads, and the counts that the figures share. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FURNITURE_SIZE, furnitureSets } from "./furniture.ts";
import { countAtGate } from "./gate-banks.ts";
import type { Job, JobResult, Photograph, Trial } from "./jobs.ts";
import type { RobustnessOptions } from "./options.ts";
import { addCounts, emptyCount, type NamedEntry, type PairCount } from "./pairs.ts";
import { recognisers } from "./recognisers.ts";
import { startThreads, type Threads } from "./threads.ts";
import { quickTransforms, type Transform, transforms } from "./transforms.ts";

const FOLDER = fileURLToPath(new URL("../../../fixtures/photographs/", import.meta.url));

/** All photographs are in the bank and tried; each by so many of every 15 transforms, others by the next photograph. */
const TRIED_OF_15 = 4;
const TRIED_QUICK = 24;
const FURNITURE_QUICK = 48;
/** A million pairs in all, the photographs' own among them. */
const PAIRS = 1_000_000;
const PAIRS_PER_QUERY_QUICK = 40;
/** Pictures of a furniture set that are shown as harmless before the others are asked about. */
const HARMLESS = 20;
/** Queries of a stretch that a thread compares at once. */
const STRETCH = 16;

export interface NamedTrial extends Trial {
  readonly photograph: string;
}

export interface Session {
  readonly options: RobustnessOptions;
  /** The transforms of this run. */
  readonly transforms: readonly Transform[];
  /** The trials of a family, run at the first call. Counts of different pairs go into `different`. */
  tryFamily(family: string): Promise<readonly NamedTrial[]>;
  /** Pairs of different pictures so far, by how they were formed: one count for each recogniser. */
  readonly different: Map<string, readonly PairCount[]>;
  /** All pairs of photographs as they are, and of the folder that was named, if one was. */
  countPlainPairs(): Promise<void>;
  /** All pairs of a set of furniture; how many pictures it had and one count for each recogniser. */
  countFurniture(
    set: string,
  ): Promise<{ readonly pictures: number; readonly counts: readonly PairCount[]; readonly atGate: PairCount }>;
}

const PICTURE = /\.(jpe?g|png|webp)$/iu;

function listFolder(folder: string, prefix = ""): Photograph[] {
  return readdirSync(folder)
    .filter((name) => PICTURE.test(name))
    .toSorted()
    .map((name) => ({ name: prefix + name.replace(PICTURE, ""), file: join(folder, name) }));
}

/** Every k-th, so that the few are as varied as the many. */
const spread = (items: readonly unknown[], count: number): readonly number[] =>
  Array.from({ length: Math.min(count, items.length) }, (_unused, at) =>
    Math.floor((at * items.length) / Math.min(count, items.length)),
  );

function sumCounts(results: readonly JobResult[]): readonly PairCount[] {
  const sums = recognisers.map(emptyCount);
  for (const { counts } of results) counts?.forEach((count, which) => addCounts(sums[which]!, count));
  return sums;
}

async function compareAll(threads: Threads, entries: readonly NamedEntry[]): Promise<readonly PairCount[]> {
  const jobs: Job[] = [];
  for (let from = 0; from < entries.length; from += STRETCH)
    jobs.push({ kind: "compare", entries, from, to: Math.min(entries.length, from + STRETCH) });
  return sumCounts(await threads.run(jobs));
}

const enterAll = async (threads: Threads, photographs: readonly Photograph[]): Promise<readonly NamedEntry[]> =>
  (await threads.run(photographs.map((photograph) => ({ kind: "enter", photograph })))).flatMap(
    ({ entries = [] }) => entries,
  );

export async function startSession(options: RobustnessOptions): Promise<Session> {
  const photographs = [...listFolder(FOLDER), ...listFolder(join(FOLDER, "more"))];
  const threads = startThreads();
  const entries = await enterAll(threads, photographs);
  threads.share({ photographs, entries, ...(options.keep === undefined ? {} : { keep: options.keep }) });
  const chosen = options.quick ? quickTransforms : transforms;
  const tried = spread(photographs, options.quick ? TRIED_QUICK : photographs.length);
  /** A transform's number and a photograph's: both steps are prime to 15, so every combination has its turn. */
  const isTried = (transform: number, photograph: number): boolean =>
    options.quick || (transform * 4 + photograph * 7) % 15 < TRIED_OF_15;
  const trialCount = chosen.reduce(
    (sum, _transform, at) => sum + tried.filter((index) => isTried(at, index)).length,
    0,
  );
  const plainPairs = photographs.length * (photographs.length - 1);
  const pairsPerQuery = options.quick
    ? PAIRS_PER_QUERY_QUICK
    : Math.min(photographs.length - 1, Math.ceil((PAIRS - plainPairs) / trialCount));
  const different = new Map<string, readonly PairCount[]>();
  const families = new Map<string, Promise<readonly NamedTrial[]>>();

  const tryNow = async (family: string): Promise<readonly NamedTrial[]> => {
    const namesFor = (index: number): readonly string[] =>
      chosen.flatMap((transform, at) => (transform.family === family && isTried(at, index) ? [transform.name] : []));
    const results = await threads.run(
      tried.map((index) => ({ kind: "try", index, names: namesFor(index), pairsPerQuery })),
    );
    const sums = different.get("changed") ?? recognisers.map(emptyCount);
    sumCounts(results).forEach((count, which) => addCounts(sums[which]!, count));
    different.set("changed", sums);
    return results.flatMap(({ trials = [] }, at) =>
      trials.map((trial) => ({ ...trial, photograph: photographs[tried[at]!]!.name })),
    );
  };

  return {
    options,
    transforms: chosen,
    different,
    tryFamily: (family) => {
      const running = families.get(family) ?? tryNow(family);
      families.set(family, running);
      return running;
    },
    countPlainPairs: async () => {
      different.set("as they are", await compareAll(threads, entries));
      if (options.photographs === undefined) return;
      const folder = await enterAll(threads, listFolder(options.photographs, "folder "));
      different.set("of the folder", await compareAll(threads, folder));
    },
    countFurniture: async (set) => {
      if (!furnitureSets.some(({ name }) => name === set)) throw new RangeError("no such set");
      const pictures = options.quick ? FURNITURE_QUICK : FURNITURE_SIZE;
      const jobs: Job[] = [];
      for (let from = 0; from < pictures; from += 4)
        jobs.push({ kind: "make", set, from, to: Math.min(pictures, from + 4) });
      const made = (await threads.run(jobs)).flatMap(({ entries: some = [] }) => some);
      // What an operator does: shows the gate some of what its uploads share. The rest of the set is asked about.
      const shownAt = new Set(spread(made, HARMLESS));
      const harmless = made.filter((_entry, at) => shownAt.has(at));
      const rest = made.filter((_entry, at) => !shownAt.has(at));
      const learned = recognisers.map((recogniser, which) => {
        const queries = rest.map(({ query }) => query[which]);
        const shown = harmless.map(({ query }) => query[which]);
        return recogniser.learn?.(shown, queries) ?? queries;
      });
      const asked = rest.map((entry, at) => ({ ...entry, query: learned.map((queries) => queries[at]) }));
      return { pictures, counts: await compareAll(threads, asked), atGate: countAtGate(harmless, rest) };
    },
  };
}
