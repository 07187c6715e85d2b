/**
 * The ring index beside faiss's exact binary indexes, in one run on the same hashes: `match.faiss.SIZE.*`. Only where
 * FAISS_PYTHON names a Python that has faiss and numpy (`pip install faiss-cpu`). faiss runs in a process of its own with
 * one thread, by turns with ours; it also judges: all three must answer the same pairs.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createRingIndex, type RingIndex } from "@recourse/match";
import type { Benchmarks, Figure } from "./figure.ts";
import { at, createBytes, RADIUS_BITS, wantsTenMillion } from "./match-ring.ts";
import { median, timeRuns } from "./measure.ts";

const KINDS = ["flat", "multihash"] as const;
const NAMES = { flat: "IndexBinaryFlat", multihash: "IndexBinaryMultiHash(256, 16, 16), nflip 1" } as const;
const BATCH = 256;
const TURNS = 5;
/** Distances of what is looked for on purpose: within the radius and beyond it. */
const FARTHEST_BITS = 40;

interface Cost {
  readonly seconds: number;
  readonly bytes: number;
}

interface Built extends Record<(typeof KINDS)[number], Cost> {
  readonly version: string;
  /** What it was compiled for, empty for any processor. */
  readonly vectors: string;
}

interface Faiss {
  ask(command: object): Promise<unknown>;
  end(): Promise<void>;
}

const startFaiss = (python: string): Faiss => {
  const script = fileURLToPath(new URL("../scripts/faiss_peer.py", import.meta.url));
  const child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => resolve());
  });
  // Told where it is waited for, below.
  ended.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(command) {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      const { value, done } = await lines.next();
      if (done === true) {
        await ended;
        throw new Error("faiss gave no answer");
      }
      return JSON.parse(value) as unknown;
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
};

/** Every second is an entry with 0 to 40 different bits turned, the others are strangers. */
const createMixed = (bank: Uint8Array, count: number): Uint8Array => {
  const queries = createBytes(count, 0xfa155);
  for (let query = 0; query < count; query += 2) {
    const hash = at(queries, query);
    hash.set(at(bank, (query * 7919) % (bank.length / 32)));
    // 97 and 256 have no common factor, so no bit is turned twice.
    const turned = (query / 2) % (FARTHEST_BITS + 1);
    for (let turn = 0; turn < turned; turn += 1) {
      const bit = (query * 31 + turn * 97) & 255;
      hash[bit >> 3] = hash[bit >> 3]! ^ (1 << (bit & 7));
    }
  }
  return queries;
};

/** Query, row and distance of each pair, in one order. */
const inOrder = (triples: Uint32Array): readonly string[] =>
  Array.from({ length: triples.length / 3 }, (_unused, pair) =>
    triples.slice(3 * pair, 3 * pair + 3).join(" "),
  ).toSorted();

const ourPairs = (ring: RingIndex, queries: Uint8Array): Uint32Array => {
  const pairs: number[] = [];
  for (let query = 0; query < queries.length / 32; query += 1)
    for (const { id, distanceBits } of ring.query(at(queries, query), RADIUS_BITS)) pairs.push(query, id, distanceBits);
  return Uint32Array.from(pairs);
};

/** How many pairs all found; throws unless they found the same. */
const compareAnswers = async (faiss: Faiss, ring: RingIndex, queries: Uint8Array, folder: string): Promise<number> => {
  const path = join(folder, "mixed");
  const out = join(folder, "pairs");
  await writeFile(path, queries);
  const ours = inOrder(ourPairs(ring, queries));
  for (const kind of KINDS) {
    await faiss.ask({ do: "answers", kind, queries: path, out });
    const bytes = await readFile(out);
    const theirs = inOrder(new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)));
    if (theirs.length !== ours.length || theirs.some((pair, number) => pair !== ours[number]))
      throw new Error(`faiss ${NAMES[kind]} found ${theirs.length} pairs, the ring index ${ours.length}, or others`);
  }
  if (ours.length < queries.length / 32 / 4) throw new Error("next to nothing was found");
  return ours.length;
};

interface Effort {
  /** Queries of a turn one at a time: ours, and each of theirs. */
  readonly ours: number;
  readonly theirs: number;
  /** Queries whose answers are compared. */
  readonly compared: number;
}

const measureBeside = async (
  python: string,
  name: string,
  size: number,
  effort: Effort,
): Promise<readonly Figure[]> => {
  const folder = await mkdtemp(join(tmpdir(), "recourse-faiss-"));
  const faiss = startFaiss(python);
  try {
    const bank = createBytes(size, 0x5eed);
    await writeFile(join(folder, "bank"), bank);
    // The cast: what faiss_peer.py answers.
    const built = (await faiss.ask({ do: "build", bank: join(folder, "bank") })) as Built;
    await rm(join(folder, "bank"));
    const ring = createRingIndex();
    const ids = Uint32Array.from({ length: size }, (_unused, row) => row);
    const [buildMs = 0] = timeRuns(() => ring.addMany(ids, bank), { runs: 1, warmUp: 0 });

    const pairs = await compareAnswers(faiss, ring, createMixed(bank, effort.compared), folder);

    const most = Math.max(effort.ours, effort.theirs, BATCH);
    const misses = createBytes((TURNS + 1) * most, 0xd1ce);
    const queries = join(folder, "misses");
    await writeFile(queries, misses);
    const secondsOf = async (kind: string, from: number, count: number, batch: number): Promise<number> =>
      ((await faiss.ask({ do: "time", kind, queries, from, count, batch })) as Cost).seconds;
    const ours = { one: [] as number[], batch: [] as number[] };
    const theirs = {
      flat: { one: [] as number[], batch: [] as number[] },
      multihash: { one: [] as number[], batch: [] as number[] },
    };
    // The first turn is to warm up.
    for (let turn = 0; turn <= TURNS; turn += 1) {
      const from = turn * most;
      const times = timeRuns((run) => void ring.query(at(misses, from + run), RADIUS_BITS), {
        runs: effort.ours,
        warmUp: 0,
      });
      const batches = timeRuns(
        () => void ring.queryVotes(misses.subarray(32 * from, 32 * (from + BATCH)), RADIUS_BITS),
        { runs: 1, warmUp: 0 },
      );
      for (const kind of KINDS) {
        const one = (await secondsOf(kind, from, effort.theirs, 1)) / effort.theirs;
        const batch = await secondsOf(kind, from, BATCH, BATCH);
        if (turn === 0) continue;
        theirs[kind].one.push(one);
        theirs[kind].batch.push(batch);
      }
      if (turn === 0) continue;
      ours.one.push(times.reduce((sum, timeMs) => sum + timeMs, 0) / 1000 / effort.ours);
      ours.batch.push(median(batches) / 1000);
    }
    return KINDS.flatMap((kind) => {
      const peer = `faiss ${built.version} ${NAMES[kind]}${built.vectors === "" ? "" : `, ${built.vectors}`}`;
      const { seconds, bytes } = built[kind];
      return [
        {
          figure: `${name}.${kind}.qps`,
          value: 1 / median(ours.one),
          unit: "1/s",
          n: TURNS,
          peer,
          peerValue: 1 / median(theirs[kind].one),
        },
        {
          figure: `${name}.${kind}.batch256_ms`,
          value: 1000 * median(ours.batch),
          unit: "ms",
          n: TURNS,
          peer,
          peerValue: 1000 * median(theirs[kind].batch),
        },
        { figure: `${name}.${kind}.build_s`, value: buildMs / 1000, unit: "s", n: 1, peer, peerValue: seconds },
        { figure: `${name}.${kind}.bytes_per_hash`, value: bytes / size, unit: "B", n: 1 },
        { figure: `${name}.${kind}.same_pairs`, value: pairs, unit: "pairs", n: effort.compared },
      ];
    });
  } finally {
    await faiss.end();
    await rm(folder, { recursive: true });
  }
};

const python = process.env["FAISS_PYTHON"];

export const faissFigures: Benchmarks =
  python === undefined
    ? {}
    : {
        "match.faiss.100k": () =>
          measureBeside(python, "match.faiss.100k", 100_000, { ours: 20_000, theirs: 200, compared: 4_000 }),
        "match.faiss.1M": () =>
          measureBeside(python, "match.faiss.1M", 1_000_000, { ours: 20_000, theirs: 200, compared: 2_000 }),
        ...(wantsTenMillion
          ? {
              "match.faiss.10M": () =>
                measureBeside(python, "match.faiss.10M", 10_000_000, { ours: 20_000, theirs: 40, compared: 400 }),
            }
          : {}),
      };
