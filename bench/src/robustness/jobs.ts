/** What the threads of a run do. Pictures are read and made there; only entries and counts travel. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FURNITURE_SIZE, furnitureSets } from "./furniture.ts";
import { keptOr } from "./kept.ts";
import { countAll, countPair, emptyCount, matchAll, type NamedEntry, type PairCount } from "./pairs.ts";
import { randomFrom, seedOf } from "./random.ts";
import type { MatchOutcome } from "./recogniser.ts";
import { recognisers } from "./recognisers.ts";
import { transforms } from "./transforms.ts";

/** A photograph by its name and file. */
export interface Photograph {
  readonly name: string;
  readonly file: string;
}

export type Job =
  | { readonly kind: "enter"; readonly photograph: Photograph }
  | {
      readonly kind: "try";
      /** Which of the photographs, and which transforms over it. */
      readonly index: number;
      readonly names: readonly string[];
      /** Of how many different pictures' bank entries each query is compared with besides its own. */
      readonly pairsPerQuery: number;
    }
  | { readonly kind: "make"; readonly set: string; readonly from: number; readonly to: number }
  | { readonly kind: "compare"; readonly entries: readonly NamedEntry[]; readonly from: number; readonly to: number };

export interface Trial {
  readonly transform: string;
  /** One for each recogniser. */
  readonly outcomes: readonly MatchOutcome[];
}

export interface JobResult {
  readonly entries?: readonly NamedEntry[];
  readonly trials?: readonly Trial[];
  /** Counts over pairs of different pictures, one for each recogniser. */
  readonly counts?: readonly PairCount[];
}

/** What every thread holds: all photographs and, once they are entered, their bank entries. */
export interface Shared {
  readonly photographs: readonly Photograph[];
  readonly entries: readonly NamedEntry[];
  /** Where queries and furniture are kept from run to run, if anywhere. */
  readonly keep?: string;
}

const OTHERS = 8;

const files = new Map<string, Buffer>();
function readOnce({ file }: Photograph): Buffer {
  const known = files.get(file);
  if (known !== undefined) return known;
  const read = readFileSync(file);
  files.set(file, read);
  return read;
}

async function queriesOf(picture: Uint8Array): Promise<readonly unknown[]> {
  const queries: unknown[] = [];
  for (const recogniser of recognisers) queries.push(await recogniser.query(picture));
  return queries;
}

async function enter(name: string, picture: Uint8Array): Promise<NamedEntry> {
  const bank: unknown[] = [];
  for (const recogniser of recognisers) bank.push(await recogniser.bank(picture));
  return { name, bank, query: await queriesOf(picture) };
}

/** The pictures a collage is filled with; none of them may count as a different picture for it. */
const othersOf = (index: number, count: number): readonly number[] =>
  Array.from({ length: Math.min(OTHERS, count - 1) }, (_unused, at) => (index + 1 + at * 7) % count).filter(
    (other) => other !== index,
  );

async function tryTransforms(
  { index, names, pairsPerQuery }: Extract<Job, { kind: "try" }>,
  { photographs, entries, keep }: Shared,
): Promise<JobResult> {
  const [photograph, own] = [photographs[index], entries[index]];
  if (photograph === undefined || own === undefined) throw new RangeError("no such photograph");
  const others = othersOf(index, photographs.length);
  const otherFiles = others.map((other) => readOnce(photographs[other]!));
  const counts = recognisers.map(emptyCount);
  const trials: Trial[] = [];
  for (const transform of transforms.filter(({ name }) => names.includes(name))) {
    const queries = await keptOr(keep, join("queries", transform.name, String(index)), async () =>
      queriesOf(await transform.apply(readOnce(photograph), index, otherFiles)),
    );
    const holdsOthers = transform.family === "collage" || transform.family === "picture-in-picture";
    const different = entries.flatMap((entry, at) =>
      at === index || (holdsOthers && others.includes(at)) ? [] : [entry],
    );
    const random = randomFrom(seedOf(transform.name, index));
    const start = Math.floor(random() * different.length);
    const outcomes: MatchOutcome[] = [];
    for (const [which, recogniser] of recognisers.entries()) {
      const query = queries[which];
      outcomes.push(recogniser.match(own.bank[which], query));
      const asked = [...different.slice(start), ...different.slice(0, start)].slice(0, pairsPerQuery);
      matchAll(recogniser, asked, which, query).forEach((outcome, at) => {
        countPair(counts[which]!, asked[at]!.name, `${photograph.name} ${transform.name}`, outcome);
      });
    }
    trials.push({ transform: transform.name, outcomes });
  }
  return { trials, counts };
}

async function makeFurniture(
  { set, from, to }: Extract<Job, { kind: "make" }>,
  { photographs, keep }: Shared,
): Promise<JobResult> {
  const found = furnitureSets.find(({ name }) => name === set);
  if (found === undefined) throw new RangeError("no such set");
  const pictures = photographs.slice(0, FURNITURE_SIZE).map(readOnce);
  const entries: NamedEntry[] = [];
  for (let index = from; index < to; index++)
    entries.push(
      await keptOr(keep, join("furniture", set, String(index)), async () =>
        enter(`${set} ${index}`, await found.make(index, pictures)),
      ),
    );
  return { entries };
}

export async function doJob(job: Job, shared: Shared): Promise<JobResult> {
  switch (job.kind) {
    case "enter":
      return { entries: [await enter(job.photograph.name, readFileSync(job.photograph.file))] };
    case "try":
      return tryTransforms(job, shared);
    case "make":
      return makeFurniture(job, shared);
    case "compare":
      return { counts: countAll(recognisers, job.entries, job.from, job.to) };
  }
}
