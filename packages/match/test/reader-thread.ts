/** A thread of the readers' test: asks without a pause what the writer's counters say must be there, or must be gone. */
import { parentPort, receiveMessageOnPort, type MessagePort, workerData } from "node:worker_threads";
import { distanceBits, openRingReader, type ReaderHandle } from "../src/index.ts";
import { hashOfId, randomFrom, turnBits } from "./hashes.ts";

export interface ReaderTask {
  readonly handle: ReaderHandle;
  readonly port: MessagePort;
  readonly seed: number;
  /**
   * How many ids were added, how many of every third were removed, and whether to stop: written by the writer. From
   * `FIRST_READER` on, how many questions each reader has asked: written by that one.
   */
  readonly progress: Int32Array;
  readonly number: number;
}

export interface ReaderReport {
  readonly queries: number;
  readonly faults: readonly string[];
  /** What was added or removed between the first query and the last. */
  readonly added: number;
  readonly removed: number;
}

/** Of the ids from 0 on, each third is removed again. */
export const REMOVED_EVERY = 3;

export const FIRST_READER = 3;

const run = ({ handle, port, seed, progress, number }: ReaderTask): ReaderReport => {
  const reader = openRingReader(handle, () => receiveMessageOnPort(port)?.message);
  const random = randomFrom(seed);
  const faults: string[] = [];
  const [addedFirst, removedFirst] = [Atomics.load(progress, 0), Atomics.load(progress, 1)];
  let queries = 0;
  while (Atomics.load(progress, 2) === 0 && faults.length < 10) {
    const removed = Atomics.load(progress, 1);
    const added = Atomics.load(progress, 0);
    // Half of them among the latest, where rows are on their way from one segment to the next.
    const id = random(2) === 0 ? random(added) : Math.max(0, added - 1 - random(3000));
    const mustBeThere = id % REMOVED_EVERY !== 0;
    const mustBeGone = !mustBeThere && id / REMOVED_EVERY < removed;
    const bits = random(32);
    const query = turnBits(hashOfId(id), bits, random);
    const hits = reader.query(query, 31);
    queries += 1;
    Atomics.store(progress, FIRST_READER + number, queries);
    const isThere = hits.some((hit) => hit.id === id);
    if (mustBeThere && !isThere) faults.push(`missed ${added - id} ids after its addition`);
    if (mustBeGone && isThere) faults.push("found after its removal");
    for (const hit of hits) {
      if (distanceBits(hashOfId(hit.id), query) !== hit.distanceBits) faults.push("wrong distance");
    }
    if (new Set(hits.map((hit) => hit.id)).size !== hits.length) faults.push("found twice");
    if (queries % 16 !== 0) continue;
    const later = Math.floor(random(added) / REMOVED_EVERY) * REMOVED_EVERY + 1;
    if (later >= added) continue;
    const { items } = reader.queryVotes([hashOfId(later), query], 31);
    const found = items.find((item) => item.id === later)?.queriesHit ?? 0;
    const expected = later === id && bits > 0 ? 2 : 1;
    if (found !== expected) faults.push(`${found} of ${expected} hit in a batch`);
  }
  reader.close();
  port.close();
  return {
    queries,
    faults,
    added: Atomics.load(progress, 0) - addedFirst,
    removed: Atomics.load(progress, 1) - removedFirst,
  };
};

// The cast: what the test sends.
if (parentPort !== null) parentPort.postMessage(run(workerData as ReaderTask));
