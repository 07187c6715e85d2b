/** Writing an index with its tables to a file and reading it again, beside reading the same file and doing nothing. */
import { type FileHandle, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadRingIndex, type RingIndex } from "@recourse/match";
import type { Figure } from "./figure.ts";
import { median } from "./measure.ts";

const RADIUS_BITS = 31;
const RUNS = 3;
/** What the index reads at once, too. */
const READ_BYTES = 3 * 2 ** 20;

const timed = async <Result>(work: () => Promise<Result>): Promise<readonly [Result, number]> => {
  const startedAt = performance.now();
  const result = await work();
  return [result, performance.now() - startedAt];
};

const answersOf = (index: RingIndex, queries: Uint8Array): string => {
  const answers = [];
  for (let at = 0; at < queries.length; at += 32) answers.push(index.query(queries.subarray(at, at + 32), RADIUS_BITS));
  return JSON.stringify(answers);
};

/** `queries` are hashes of which some have hits. The file is in the system's cache for both readings. */
export const measureLoad = async (name: string, index: RingIndex, queries: Uint8Array): Promise<readonly Figure[]> => {
  const folder = await mkdtemp(join(tmpdir(), "recourse-bench-"));
  try {
    const path = join(folder, "index");
    const [, saveMs] = await timed(() => writeFile(path, index.save()));
    const read = async <Result>(work: (file: FileHandle, size: number) => Promise<Result>) => {
      const file = await open(path);
      try {
        const { size } = await file.stat();
        return [...(await timed(() => work(file, size))), size] as const;
      } finally {
        await file.close();
      }
    };
    const loadMs: number[] = [];
    const plainMs: number[] = [];
    const freshMs: number[] = [];
    let sizeBytes = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const [, plain] = await read(async (file) => {
        const into = new Uint8Array(READ_BYTES);
        while ((await file.read(into)).bytesRead > 0);
      });
      const [, fresh] = await read(async (file, bytes) => {
        const into = new Uint8Array(bytes);
        for (let at = 0; at < bytes;) at += (await file.read(into, at, Math.min(READ_BYTES, bytes - at))).bytesRead;
      });
      const [loaded, load, size] = await read((file, bytes) =>
        loadRingIndex(async (into) => (await file.read(into)).bytesRead, bytes),
      );
      if (answersOf(loaded, queries) !== answersOf(index, queries))
        throw new Error("what was loaded answers otherwise");
      plainMs.push(plain);
      freshMs.push(fresh);
      loadMs.push(load);
      sizeBytes = size;
    }
    const mbPerS = (ms: number): number => sizeBytes / 1e3 / ms;
    const [load, plain, fresh] = [median(loadMs), median(plainMs), median(freshMs)];
    return [
      {
        figure: `${name}.load_s`,
        value: load / 1000,
        unit: "s",
        n: RUNS,
        peer: "reading the file into new memory",
        peerValue: fresh / 1000,
      },
      {
        figure: `${name}.load_mb_per_s`,
        value: mbPerS(load),
        unit: "MB/s",
        n: RUNS,
        peer: "reading the file, each part over the one before",
        peerValue: mbPerS(plain),
      },
      { figure: `${name}.save_s`, value: saveMs / 1000, unit: "s", n: 1 },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
};
