/**
 * Figures of the ring index where it can gain little or nothing, beside the plain scan in the same run:
 * `match.worst.KIND.rRADIUS.us` for one query, `match.worst.KIND.rRADIUS.votes_us` for a batch of 16. A ratio above 1
 * would mean that somebody who chooses hashes or radius can make it slower than having no index.
 */
import { createRingIndex, createScanIndex, type HammingIndex } from "@recourse/match";
import type { Benchmarks, Figure } from "./figure.ts";
import { at, createBytes } from "./match-ring.ts";
import { median, timeByTurns } from "./measure.ts";

const SIZE = 50_000;
const BATCH = 16;
const RADII = [0, 31, 32, 128, 256];
const RUNS = { runs: 9, warmUp: 3 };

/** Where the index puts each bit (packages/match/src/ring/permutation.ts): whoever wants to hurt it knows that. */
const placesOfBits = (): readonly number[] => {
  const places = Array.from({ length: 256 }, (_unused, bit) => bit);
  let state = 0x52434831;
  for (let left = 255; left > 0; left -= 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const other = (state >>> 0) % (left + 1);
    [places[left], places[other]] = [places[other] ?? 0, places[left] ?? 0];
  }
  return places;
};

/** Clears the bits that come to these places, so that chunks of 16 are the same in all hashes. */
const clearPlaces = (hashes: Uint8Array, isCleared: (place: number) => boolean): Uint8Array => {
  const mask = new Uint8Array(32).fill(0xff);
  placesOfBits().forEach((place, bit) => {
    if (isCleared(place)) mask[bit >> 3] = (mask[bit >> 3] ?? 0) & ~(1 << (bit & 7));
  });
  return hashes.map((byte, index) => byte & (mask[index % 32] ?? 0));
};

/** Each hash one of 50, with about 24 of its bits turned. */
const cluster = (hashes: Uint8Array, seed: number): Uint8Array => {
  const [a, b, c] = [1, 2, 3].map((number) => createBytes(hashes.length / 32, seed + number));
  // A bit that is set in three random words is one in eight; in four, one in sixteen.
  return hashes.map((byte, index) => {
    const centre = hashes[(Math.floor(index / 32) % 50) * 32 + (index % 32)] ?? 0;
    return centre ^ (byte & (a?.[index] ?? 0) & (b?.[index] ?? 0) & ((c?.[index] ?? 0) | 0x11));
  });
};

const KINDS: Readonly<Record<string, () => Uint8Array>> = {
  random: () => createBytes(SIZE, 0x5eed),
  all_equal: () => createBytes(SIZE, 0x5eed).map((_byte, index) => (index % 32) * 7),
  // Chunks 5 and 6: no sketch helps either.
  one_bucket: () => clearPlaces(createBytes(SIZE, 0x5eed), (place) => place >= 80 && place < 112),
  half_of_the_buckets: () => clearPlaces(createBytes(SIZE, 0x5eed), (place) => (place >> 4) % 2 === 0),
  clustered: () => cluster(createBytes(SIZE, 0x5eed), 0xc1),
};

const measureKind = (kind: string, bank: Uint8Array): readonly Figure[] => {
  const [ring, scan] = [createRingIndex(), createScanIndex()];
  // Each its own, since equal hashes under one id are one entry.
  const ids = Uint32Array.from({ length: SIZE }, (_unused, entry) => entry);
  for (const index of [ring, scan]) index.addMany(ids, bank);
  const queryOf = (run: number): Uint8Array => at(bank, (run * 7919) % SIZE);
  const batchOf = (run: number): readonly Uint8Array[] =>
    Array.from({ length: BATCH }, (_unused, number) => {
      const query = queryOf(run * BATCH + number).slice();
      // Different ones, as equal ones count once.
      query[number] = (query[number] ?? 0) ^ 1;
      return query;
    });
  return RADII.flatMap((radius) => {
    const compare = (name: string, ask: (index: HammingIndex, run: number) => unknown): Figure => {
      if (JSON.stringify(ask(ring, 0)) !== JSON.stringify(ask(scan, 0)))
        throw new Error("the ring and the scan differ");
      const { oursMs, peerMs } = timeByTurns(
        (run) => void ask(ring, run),
        (run) => void ask(scan, run),
        RUNS,
      );
      return {
        figure: `match.worst.${kind}.r${radius}.${name}`,
        value: 1000 * median(oursMs),
        unit: "us",
        n: oursMs.length,
        peer: "plain scan",
        peerValue: 1000 * median(peerMs),
      };
    };
    return [
      compare("us", (index, run) => index.query(queryOf(run), radius)),
      compare("votes_us", (index, run) => index.queryVotes(batchOf(run), radius)),
    ];
  });
};

export const worstFigures: Benchmarks = Object.fromEntries(
  Object.entries(KINDS).map(([kind, make]) => [`match.worst.${kind}`, async () => measureKind(kind, make())]),
);
