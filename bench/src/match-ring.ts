/**
 * Figures of the ring index beside the plain scan, on random hashes and random misses at radius 31: `match.SIZE.*`.
 * Ten million takes a minute and 6 GB, and 25 million, all that one memory is meant to hold, three minutes and 12 GB: only
 * when one of their names is asked for, or with BENCH_MATCH_10M=1, BENCH_MATCH_25M=1. `match.merging1M.*`: merging.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRingIndex, createScanIndex, type HammingIndex, type RingIndex } from "@recourse/match";
import type { Benchmarks, Figure } from "./figure.ts";
import { measureLoad } from "./match-snapshot.ts";
import { median, quantile, timeRuns } from "./measure.ts";

export const RADIUS_BITS = 31;
/** More is not written to a file here. */
const MOST_SAVED = 10_000_000;
const BATCH = 256;
/** Hashes of one item, as the patches of a picture are. */
const HASHES_OF_ITEM = 64;

/** The id of each of so many hashes. */
export const idsOf = (size: number): Uint32Array =>
  Uint32Array.from({ length: size }, (_unused, entry) => Math.floor(entry / HASHES_OF_ITEM));

/** Random bytes from a seed (xorshift32), the same in every run. */
export const createBytes = (hashes: number, seed: number): Uint8Array => {
  const words = new Int32Array(hashes * 8);
  let state = seed;
  for (let word = 0; word < words.length; word += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[word] = state;
  }
  return new Uint8Array(words.buffer);
};

/** One of the hashes. */
export const at = (bytes: Uint8Array, hash: number): Uint8Array => bytes.subarray(hash * 32, hash * 32 + 32);

/** Every fourth is an entry with 31 bits turned, the others are strangers. */
const createQueries = (bank: Uint8Array, count: number, seed: number): Uint8Array => {
  const queries = createBytes(count, seed);
  for (let query = 0; query < count; query += 4) {
    const entry = at(bank, (query * 7919) % (bank.length / 32));
    queries.set(entry, query * 32);
    for (let bit = 0; bit < RADIUS_BITS; bit += 1)
      queries[query * 32 + bit] = queries[query * 32 + bit]! ^ (1 << (bit & 7));
  }
  return queries;
};

/** What the process holds once rubbish is gone. */
const residentBytes = (): number => {
  setFlagsFromString("--expose-gc");
  // The cast: what the flag puts there.
  const collect = runInNewContext("gc") as () => void;
  for (let turn = 0; turn < 3; turn += 1) collect();
  return process.memoryUsage.rss();
};

const build = <Index extends HammingIndex>(create: () => Index, ids: Uint32Array, bank: Uint8Array) => {
  const index = create();
  const [buildMs = 0] = timeRuns(() => index.addMany(ids, bank), { runs: 1, warmUp: 0 });
  return { index, buildMs };
};

const countHits = (index: HammingIndex, queries: Uint8Array, count: number): number => {
  let hits = 0;
  for (let query = 0; query < count; query += 1) hits += index.query(at(queries, query), RADIUS_BITS).length;
  return hits;
};

const measure = async (name: string, size: number): Promise<readonly Figure[]> => {
  const bank = createBytes(size, 0x5eed);
  const ids = idsOf(size);
  const before = residentBytes();
  const { index: ring, buildMs } = build(createRingIndex, ids, bank);
  const bytesPerHash = (residentBytes() - before) / size;
  if (segmentsOf(ring).length !== 1) throw new Error("more than one memory");
  const { index: scan, buildMs: scanBuildMs } = build(createScanIndex, ids, bank);

  const near = createQueries(bank, 32, 0xfeed);
  const expected = countHits(scan, near, 32);
  if (countHits(ring, near, 32) !== expected || expected < 8) throw new Error("the ring and the scan differ");

  const runs = 20_000;
  const misses = createBytes(runs + 2000, 0xd1ce);
  const timesMs = timeRuns((run) => void ring.query(at(misses, run), RADIUS_BITS), { runs, warmUp: 2000 });
  const scanRuns = Math.max(8, Math.min(200, 2e8 / size));
  const scanMs = timeRuns((run) => void scan.query(at(misses, run), RADIUS_BITS), { runs: scanRuns, warmUp: 3 });
  const sumMs = timesMs.reduce((sum, timeMs) => sum + timeMs, 0);

  const batches = createBytes(BATCH * 35, 0xba7c);
  const batchOf = (run: number): Uint8Array => batches.subarray(run * BATCH * 32, (run + 1) * BATCH * 32);
  const batchMs = timeRuns((run) => void ring.queryVotes(batchOf(run), RADIUS_BITS), { runs: 30, warmUp: 5 });

  const peer = "plain scan";
  const n = timesMs.length;
  return [
    { figure: `${name}.qps`, value: (1000 * n) / sumMs, unit: "1/s", n, peer, peerValue: 1000 / median(scanMs) },
    { figure: `${name}.p50_us`, value: 1000 * median(timesMs), unit: "us", n, peer, peerValue: 1000 * median(scanMs) },
    { figure: `${name}.p99_us`, value: 1000 * quantile(timesMs, 0.99), unit: "us", n },
    { figure: `${name}.max_us`, value: 1000 * quantile(timesMs, 1), unit: "us", n },
    {
      figure: name === "match.10M" ? "match.votes_10M.ms" : `${name}.votes.ms`,
      value: median(batchMs),
      unit: "ms",
      n: batchMs.length,
      peer: "256 plain scans",
      peerValue: BATCH * median(scanMs),
    },
    { figure: `${name}.votes_p99.ms`, value: quantile(batchMs, 0.99), unit: "ms", n: batchMs.length },
    { figure: `${name}.build_s`, value: buildMs / 1000, unit: "s", n: 1, peer, peerValue: scanBuildMs / 1000 },
    { figure: `${name}.bytes_per_hash`, value: bytesPerHash, unit: "B", n: 1 },
    ...(size > MOST_SAVED ? [] : await measureLoad(name, ring, near)),
  ];
};

/** The segments an index lies in, a memory each, as its snapshot tells them in the beginning. */
const segmentsOf = (index: RingIndex): readonly { readonly level: number; readonly isLeaving: boolean }[] => {
  const [head] = index.save();
  if (head === undefined) return [];
  const segments = new DataView(head.buffer).getUint32(12, true);
  return Array.from({ length: segments }, (_unused, number) => ({
    level: head[32 + 12 * number + 8] ?? 0,
    isLeaving: head[32 + 12 * number + 9] === 1,
  }));
};

/** Memories of 4 GiB are the most there are; 25 million entries have to fit one. */
const measureTwentyFiveMillion = async (): Promise<readonly Figure[]> => measure("match.25M", 25_000_000);

/**
 * Queries between adds while a segment of a million is merged, beside the same queries when nothing is: in the index's
 * own thread each can only wait for the add before it.
 */
const mergingFigures = (): readonly Figure[] => {
  const [first, lead, steps, queriesPerStep] = [900_000, 152_000, 4000, 2];
  const bank = createBytes(first, 0x5eed);
  const more = createBytes(lead + 20 * steps, 0xadd);
  const misses = createBytes(2000, 0xd1ce);
  const index = createRingIndex();
  index.addMany(
    Uint32Array.from({ length: first }, (_unused, id) => id),
    bank,
  );
  const ask = (run: number): void => void index.query(at(misses, run % 2000), RADIUS_BITS);
  const runs = steps * queriesPerStep;
  const idleMs = timeRuns(ask, { runs, warmUp: 2000 });
  // So many that a full segment of 131,072 is on its way into that of 900,000.
  for (let entry = 0; entry < lead; entry += 1) index.add(first + entry, at(more, entry));
  const assertMerging = (): void => {
    if (!segmentsOf(index).some(({ level, isLeaving }) => level === 2 && isLeaving))
      throw new Error("nothing is merged");
  };
  assertMerging();
  const addMs: number[] = [];
  const queryMs: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    for (let turn = 0; turn < 20; turn += 1) {
      const entry = lead + 20 * step + turn;
      addMs.push(...timeRuns(() => index.add(first + entry, at(more, entry)), { runs: 1, warmUp: 0 }));
    }
    for (let turn = 0; turn < queriesPerStep; turn += 1) {
      queryMs.push(...timeRuns(() => ask(step * queriesPerStep + turn), { runs: 1, warmUp: 0 }));
    }
  }
  assertMerging();
  const beside = (share: number) => ({
    value: 1000 * quantile(queryMs, share),
    unit: "us",
    n: runs,
    peer: "nothing merged",
    peerValue: 1000 * quantile(idleMs, share),
  });
  return [
    { figure: "match.merging1M.query_p50_us", ...beside(0.5) },
    { figure: "match.merging1M.query_p99_us", ...beside(0.99) },
    { figure: "match.merging1M.query_max_us", ...beside(1) },
    { figure: "match.merging1M.add_p99_us", value: 1000 * quantile(addMs, 0.99), unit: "us", n: addMs.length },
    { figure: "match.merging1M.add_p999_us", value: 1000 * quantile(addMs, 0.999), unit: "us", n: addMs.length },
    { figure: "match.merging1M.add_max_ms", value: quantile(addMs, 1), unit: "ms", n: addMs.length },
  ];
};

/** Entries added one by one, merging included. */
const addFigures = (): readonly Figure[] => {
  const count = 300_000;
  const bank = createBytes(count, 0xadd);
  const index = createRingIndex();
  const timesMs = timeRuns((run) => index.add(run, at(bank, run)), { runs: count, warmUp: 0 });
  return [
    {
      figure: "match.ring_add.us",
      value: (1000 * timesMs.reduce((sum, timeMs) => sum + timeMs, 0)) / count,
      unit: "us",
      n: count,
    },
    { figure: "match.ring_add.p999_us", value: 1000 * quantile(timesMs, 0.999), unit: "us", n: count },
    { figure: "match.ring_add.max_ms", value: quantile(timesMs, 1), unit: "ms", n: count },
  ];
};

/** True when a word or the environment asks for these figures, and not all there are. */
const wants = (variable: string, keys: readonly string[]): boolean =>
  process.env[variable] === "1" ||
  process.argv.slice(2).some((word) => keys.some((key) => key.startsWith(word) || word.startsWith(key)));

/** Not when `match` alone is asked for. */
const isLargestWanted =
  process.env["BENCH_MATCH_25M"] === "1" || process.argv.slice(2).some((word) => word.startsWith("match.25M"));

export const wantsTenMillion = wants("BENCH_MATCH_10M", ["match.10M", "match.votes_10M", "match.faiss.10M"]);

let tenMillion: Promise<readonly Figure[]> | undefined;
/** Measured once for both keys. */
const measureTenMillion = async (key: string): Promise<readonly Figure[]> => {
  tenMillion ??= measure("match.10M", 10_000_000);
  return (await tenMillion).filter(({ figure }) => figure.startsWith(key));
};

export const ringFigures: Benchmarks = {
  "match.100k": async () => measure("match.100k", 100_000),
  "match.1M": async () => measure("match.1M", 1_000_000),
  ...(wantsTenMillion
    ? {
        "match.10M": async () => measureTenMillion("match.10M"),
        "match.votes_10M": async () => measureTenMillion("match.votes_10M"),
      }
    : {}),
  ...(isLargestWanted ? { "match.25M": measureTwentyFiveMillion } : {}),
  "match.ring_add": async () => addFigures(),
  "match.merging1M": async () => mergingFigures(),
};
