/** Figures of the exact search: `match.*`. */
import { createScanIndex, restoreScanIndex } from "@recourse/match";
import type { Benchmarks, Figure } from "./figure.ts";
import { faissFigures } from "./match-faiss.ts";
import { mixFigures } from "./match-mix.ts";
import { ringFigures } from "./match-ring.ts";
import { worstFigures } from "./match-worst.ts";
import { median, timeByTurns, timeRuns } from "./measure.ts";

const ENTRIES = 100_000;
const RADIUS_BITS = 31;

/** Random hashes from a seed (xorshift), the same in every run. A PDQ has about half of its bits set, as these have. */
const createHashes = (count: number, seed: number): readonly Uint8Array[] => {
  let state = seed;
  const nextWord = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
  return Array.from({ length: count }, () => new Uint8Array(Int32Array.from({ length: 8 }, nextWord).buffer));
};

const BITS_OF_BYTE = Uint8Array.from({ length: 256 }, (_unused, byte) => {
  let bits = 0;
  for (let rest = byte; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
});

/** The peer: each hash as it comes, byte by byte with a table, all 32 of them. */
const scanRows = (rows: readonly Uint8Array[], query: Uint8Array): number => {
  let hits = 0;
  for (const row of rows) {
    let sum = 0;
    for (let index = 0; index < 32; index += 1) sum += BITS_OF_BYTE[(row[index] ?? 0) ^ (query[index] ?? 0)] ?? 0;
    if (sum <= RADIUS_BITS) hits += 1;
  }
  return hits;
};

const queryFigure = async (): Promise<readonly Figure[]> => {
  const rows = createHashes(ENTRIES, 0x5eed);
  // Every second query is an entry with a few bits turned, so that both scans find something.
  const queries = createHashes(64, 0xfeed).map((hash, number) => {
    if (number % 2 === 0) return hash;
    const near = rows[number * 997]?.slice() ?? hash;
    near[3] = (near[3] ?? 0) ^ 0xff;
    return near;
  });
  const index = createScanIndex();
  rows.forEach((hash, id) => index.add(id, hash));
  const queryOf = (run: number): Uint8Array => queries[run % queries.length] ?? new Uint8Array(32);
  let [found, expected] = [0, 0];
  const { oursMs, peerMs } = timeByTurns(
    (run) => {
      found += index.query(queryOf(run), RADIUS_BITS).length;
    },
    (run) => {
      expected += scanRows(rows, queryOf(run));
    },
    { runs: 256, warmUp: 32 },
  );
  if (found !== expected || found === 0) throw new Error("the scan and its peer differ");
  return [
    {
      figure: "match.scan100k.us",
      value: 1000 * median(oursMs),
      unit: "us",
      n: oursMs.length,
      peer: "row by row with a byte table",
      peerValue: 1000 * median(peerMs),
    },
  ];
};

const restoreFigure = async (): Promise<readonly Figure[]> => {
  const index = createScanIndex();
  createHashes(ENTRIES, 0x5eed).forEach((hash, id) => index.add(id, hash));
  const bytes = index.snapshot();
  const timesMs = timeRuns(() => void restoreScanIndex(bytes), { runs: 15, warmUp: 3 });
  return [{ figure: "match.restore100k.ms", value: median(timesMs), unit: "ms", n: timesMs.length }];
};

export const figures: Benchmarks = {
  "match.scan100k.us": queryFigure,
  "match.restore100k.ms": restoreFigure,
  ...ringFigures,
  ...faissFigures,
  ...mixFigures,
  ...worstFigures,
};
