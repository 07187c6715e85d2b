/** Asks an index the same things wherever it runs; in the page this very file, and what it imports. */
import {
  createRingIndex,
  createScanIndex,
  type HammingIndex,
  openRingReader,
  restoreRingIndex,
  type RingIndex,
} from "../../src/index.ts";
import { kernelAvailable, sharingAvailable } from "../../src/ring/kernel.ts";
import { hashOfId, pack, randomFrom, turnBits } from "../hashes.ts";

const LOADED = 20_000;
const ADDED = 5000;
const RADII = [0, 15, 31, 40, 90];

const fill = (index: HammingIndex): void => {
  index.addMany(
    Uint32Array.from({ length: LOADED }, (_unused, entry) => entry >> 2),
    pack(Array.from({ length: LOADED }, (_unused, entry) => hashOfId(entry))),
  );
  for (let entry = LOADED; entry < LOADED + ADDED; entry += 1) index.add(entry, hashOfId(entry));
  for (let id = 0; id < LOADED; id += 7) index.remove(id);
};

/** One line for each question. */
const ask = ({ query, queryVotes }: Pick<HammingIndex, "query" | "queryVotes">): readonly string[] => {
  const random = randomFrom(0xb405);
  const near = () => turnBits(hashOfId(random(LOADED + ADDED)), random(41), random);
  const lines: string[] = [];
  for (let turn = 0; turn < 60; turn += 1) {
    const hash = near();
    for (const radius of RADII) lines.push(JSON.stringify(query(hash, radius)));
  }
  for (let turn = 0; turn < 4; turn += 1) {
    const batch = Array.from({ length: 256 }, near);
    for (const radius of [31, 90]) lines.push(JSON.stringify(queryVotes(batch, radius)));
  }
  return lines;
};

/** What a reader in the same thread answers; undefined where there is none. */
const askReader = (index: RingIndex): readonly string[] | undefined => {
  const messages: unknown[] = [];
  const handle = index.openReader({ postMessage: (message) => void messages.push(message) });
  return handle === undefined ? undefined : ask(openRingReader(handle, () => messages.shift()));
};

export interface Answers {
  readonly hasKernel: boolean;
  readonly sharesMemory: boolean;
  readonly ring: readonly string[];
  /** From the ring's snapshot. */
  readonly restored: readonly string[];
  readonly reader: readonly string[] | undefined;
}

export const ringAnswers = (): Answers => {
  const index = createRingIndex({ readers: 1 });
  fill(index);
  return {
    hasKernel: kernelAvailable(),
    sharesMemory: sharingAvailable(),
    ring: ask(index),
    restored: ask(restoreRingIndex(index.snapshot())),
    reader: askReader(index),
  };
};

export const scanAnswers = (): readonly string[] => {
  const index = createScanIndex();
  fill(index);
  return ask(index);
};
