/**
 * Figures of the ring index on what is not random misses: `match.mix1M.*` (one query in 100 is near an entry),
 * `match.photographs.*` (PDQ hashes of real photographs), and `match.fit.exponent`, how its time grows with its size.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createRingIndex, createScanIndex, type HammingIndex, hashFromHex } from "@recourse/match";
import type { Benchmarks, Figure } from "./figure.ts";
import { at, createBytes, idsOf, RADIUS_BITS, wantsTenMillion } from "./match-ring.ts";
import { median, quantile, timeRuns } from "./measure.ts";

const SIZE = 1_000_000;
const RUNS = 20_000;
const WARM_UP = 2000;
const MATCH_EVERY = 100;
/** Plain scans, every one of which the ring has to agree with; two of them of queries with a match. */
const SCAN_RUNS = 200;

type Random = (limit: number) => number;

const randomFrom = (seed: number): Random => {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
};

/** Turns so many different bits of one of the hashes. */
const turnBits = (hash: Uint8Array, bits: number, random: Random): void => {
  const places = new Set<number>();
  while (places.size < bits) places.add(random(256));
  for (const place of places) hash[place >> 3] = hash[place >> 3]! ^ (1 << (place & 7));
};

/** Puts entries of the bank, 0 to 31 bits turned, in the place of every hundredth query. */
const mixMatches = (queries: Uint8Array, bank: Uint8Array, random: Random): void => {
  for (let query = 0; query < queries.length / 32; query += MATCH_EVERY) {
    queries.set(at(bank, random(bank.length / 32)), query * 32);
    turnBits(at(queries, query), random(RADIUS_BITS + 1), random);
  }
};

const load = (index: HammingIndex, bank: Uint8Array): HammingIndex => {
  index.addMany(idsOf(bank.length / 32), bank);
  return index;
};

const measureMix = (name: string, bank: Uint8Array, queries: Uint8Array): readonly Figure[] => {
  const ring = load(createRingIndex(), bank);
  const scan = load(createScanIndex(), bank);
  const hits = (index: HammingIndex, query: number) => index.query(at(queries, query), RADIUS_BITS);
  let missed = 0;
  const timesMs = timeRuns(
    (run) => {
      if (hits(ring, run).length === 0 && run % MATCH_EVERY === 0) missed += 1;
    },
    { runs: RUNS, warmUp: WARM_UP },
  );
  const answers: (readonly unknown[])[] = [];
  const scanMs = timeRuns((run) => void answers.push(hits(scan, run)), { runs: SCAN_RUNS, warmUp: 3 });
  const differ = answers.some((answer, query) => JSON.stringify(answer) !== JSON.stringify(hits(ring, query)));
  if (missed > 0 || differ) throw new Error("the ring and the scan differ");

  const sumMs = timesMs.reduce((sum, timeMs) => sum + timeMs, 0);
  const peer = "plain scan";
  const us = (share: number): Pick<Figure, "value" | "unit" | "n" | "peer" | "peerValue"> => ({
    value: 1000 * quantile(timesMs, share),
    unit: "us",
    n: timesMs.length,
    peer,
    peerValue: 1000 * quantile(scanMs, share),
  });
  return [
    {
      figure: `${name}.qps`,
      value: (1000 * RUNS) / sumMs,
      unit: "1/s",
      n: RUNS,
      peer,
      peerValue: 1000 / median(scanMs),
    },
    { figure: `${name}.p50_us`, ...us(0.5) },
    { figure: `${name}.p99_us`, ...us(0.99) },
    { figure: `${name}.max_us`, ...us(1) },
  ];
};

const mixOfRandom = async (): Promise<readonly Figure[]> => {
  const bank = createBytes(SIZE, 0x5eed);
  const queries = createBytes(RUNS + WARM_UP, 0xd1ce);
  mixMatches(queries, bank, randomFrom(0x1111));
  return measureMix("match.mix1M", bank, queries);
};

/** So many hashes from the file's in turn, each with `least` to `most` bits turned. */
const tile = (hashes: readonly Uint8Array[], count: number, [least, most]: [number, number], random: Random) => {
  const tiled = new Uint8Array(count * 32);
  for (let entry = 0; entry < count; entry += 1) {
    tiled.set(hashes[entry % hashes.length] ?? new Uint8Array(32), entry * 32);
    turnBits(at(tiled, entry), least + random(most - least + 1), random);
  }
  return tiled;
};

/**
 * A million from 2,379: each stands 420 times in the bank, 0 to 96 bits turned, so that there are near ones, and many
 * that just are not. Strangers have 64 to 96 turned.
 */
const mixOfPhotographs = async (): Promise<readonly Figure[]> => {
  const file = join(import.meta.dirname, "../../fixtures/photograph-hashes/pdq.txt");
  const hashes = (await readFile(file, "utf8")).trimEnd().split("\n").map(hashFromHex);
  const random = randomFrom(0x9d9);
  const bank = tile(hashes, SIZE, [0, 96], random);
  const queries = tile(hashes, RUNS + WARM_UP, [64, 96], random);
  mixMatches(queries, bank, random);
  return measureMix("match.photographs", bank, queries);
};

/** The slope of the line through the logarithms (least squares): 1 is time that grows as the size does. */
const exponentOf = (points: readonly (readonly [size: number, timeMs: number])[]): number => {
  const logs = points.map(([size, timeMs]) => [Math.log(size), Math.log(timeMs)] as const);
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length;
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
};

const fit = async (): Promise<readonly Figure[]> => {
  const sizes = [10_000, 100_000, 1_000_000, ...(wantsTenMillion ? [10_000_000] : [])];
  const misses = createBytes(6000, 0xd1ce);
  const medianMs = (create: () => HammingIndex, size: number, runs: number, warmUp: number): number => {
    const index = load(create(), createBytes(size, 0x5eed));
    return median(timeRuns((run) => void index.query(at(misses, run), RADIUS_BITS), { runs, warmUp }));
  };
  const ring = sizes.map((size) => [size, medianMs(createRingIndex, size, 5000, 1000)] as const);
  const scan = sizes.map((size) => [size, medianMs(createScanIndex, size, 50, 5)] as const);
  return [
    {
      figure: "match.fit.exponent",
      value: exponentOf(ring),
      unit: "",
      n: sizes.length,
      peer: "plain scan",
      peerValue: exponentOf(scan),
    },
    ...ring.map(([size, timeMs], place) => ({
      figure: `match.fit.${size}.p50_us`,
      value: 1000 * timeMs,
      unit: "us",
      n: 5000,
      peer: "plain scan",
      peerValue: 1000 * (scan[place]?.[1] ?? Number.NaN),
    })),
  ];
};

export const mixFigures: Benchmarks = {
  "match.mix1M": mixOfRandom,
  "match.photographs": mixOfPhotographs,
  "match.fit": fit,
};
