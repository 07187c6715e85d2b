/** Threads that ask an index while another one writes to it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MessageChannel, Worker } from "node:worker_threads";
import { createRingIndex, createScanIndex, MatchError, openRingReader, type RingIndex } from "../src/index.ts";
import { hashOfId, pack, randomFrom, turnBits } from "./hashes.ts";
import { FIRST_READER, REMOVED_EVERY, type ReaderReport, type ReaderTask } from "./reader-thread.ts";

const FIRST = 6000;
const IDS = 60_000;
const THREADS = 3;
/** Questions of each reader that the writer waits for after each thousand ids, however slow the machine is. */
const QUESTIONS = 5;

const startReader = (index: RingIndex, number: number, progress: Int32Array) => {
  const { port1, port2 } = new MessageChannel();
  port1.unref();
  const handle = index.openReader(port1);
  assert.ok(handle !== undefined);
  const task: ReaderTask = { handle, port: port2, seed: 77 + number, progress, number };
  const worker = new Worker(new URL("./reader-thread.ts", import.meta.url), {
    workerData: task,
    transferList: [port2],
  });
  return new Promise<ReaderReport>((resolve, reject) => {
    worker.on("message", resolve);
    worker.on("error", reject);
  });
};

/** A reader in this thread. */
const openHere = (index: RingIndex) => {
  const messages: unknown[] = [];
  const handle = index.openReader({ postMessage: (message) => void messages.push(message) });
  assert.ok(handle !== undefined);
  return { handle, messages, reader: openRingReader(handle, () => messages.shift()) };
};

describe("readers of a ring index", () => {
  it("miss nothing and find nothing wrong in three threads while one adds, removes and merges", async () => {
    const index = createRingIndex({ readers: THREADS });
    const progress = new Int32Array(new SharedArrayBuffer(4 * (FIRST_READER + THREADS)));
    index.addMany(
      Uint32Array.from({ length: FIRST }, (_unused, id) => id),
      pack(Array.from({ length: FIRST }, (_unused, id) => hashOfId(id))),
    );
    Atomics.store(progress, 0, FIRST);
    const reports = Promise.all(
      Array.from({ length: THREADS }, (_unused, number) => startReader(index, number, progress)),
    );
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    // One that fails ends the waiting too.
    reports.then(over, over);
    /** Lets each reader ask some more: the first time until its thread has started, which may take seconds. */
    const letAsk = async (): Promise<void> => {
      const asked = progress.slice(FIRST_READER);
      const hasAsked = (number: number): boolean =>
        Atomics.load(progress, FIRST_READER + number) >= asked[number]! + QUESTIONS;
      // And messages have to go out for nobody who waits for them.
      do await new Promise((resolve) => setTimeout(resolve, 1));
      while (!isOver && !asked.every((_asked, number) => hasAsked(number)));
    };
    await letAsk();
    let removed = 0;
    for (let id = FIRST; id < IDS; id += 1) {
      index.add(id, hashOfId(id));
      Atomics.store(progress, 0, id + 1);
      // Removals keep a distance of some thousand ids, and now and then catch up.
      const behind = id % 20_000 < 10_000 ? 2500 : 10;
      while (removed * REMOVED_EVERY < id - behind) {
        assert.equal(index.remove(removed * REMOVED_EVERY), 1);
        removed += 1;
        Atomics.store(progress, 1, removed);
      }
      if (id % 1000 === 0) await letAsk();
    }
    Atomics.store(progress, 2, 1);
    for (const report of await reports) {
      assert.deepEqual(report.faults, []);
      assert.ok(report.queries >= QUESTIONS * Math.floor((IDS - FIRST) / 1000), `${report.queries} queries`);
      assert.ok(report.added > 50_000 && report.removed > 15_000, "the thread asked while the writer wrote");
    }
    assert.equal(index.size, IDS - removed);
  });

  it("answer as the index does, after each kind of change", () => {
    const random = randomFrom(5);
    const index = createRingIndex({ readers: 2 });
    const scan = createScanIndex();
    const { reader } = openHere(index);
    const assertAlike = (): void => {
      for (let turn = 0; turn < 20; turn += 1) {
        const query = turnBits(hashOfId(random(9000)), random(40), random);
        for (const radius of [0, 31, 90]) {
          assert.deepEqual(reader.query(query, radius), scan.query(query, radius));
          assert.deepEqual(reader.queryVotes([query], radius), scan.queryVotes([query], radius));
        }
      }
    };
    assertAlike();
    const bulk = pack(Array.from({ length: 5000 }, (_unused, id) => hashOfId(id)));
    const ids = Uint32Array.from({ length: 5000 }, (_unused, id) => id);
    for (const each of [index, scan]) each.addMany(ids, bulk);
    assertAlike();
    for (let id = 5000; id < 9000; id += 1) for (const each of [index, scan]) each.add(id, hashOfId(id));
    assertAlike();
    for (let id = 0; id < 9000; id += 2) for (const each of [index, scan]) each.remove(id);
    assertAlike();
    for (let id = 0; id < 9000; id += 1) for (const each of [index, scan]) each.remove(id);
    assert.deepEqual(reader.query(hashOfId(1), 256), []);
  });

  it("say that they are behind rather than miss something", () => {
    const index = createRingIndex({ readers: 1 });
    const { reader, messages } = openHere(index);
    assert.deepEqual(reader.query(hashOfId(1), 31), []);
    index.add(1, hashOfId(1));
    const held = messages.splice(0);
    assert.equal(reader.isCurrent(), false);
    assert.throws(
      () => reader.query(hashOfId(1), 31),
      (error) => error instanceof MatchError && error.code === "reader_behind",
    );
    messages.push(...held);
    assert.equal(reader.isCurrent(), true);
    assert.deepEqual(reader.query(hashOfId(1), 31), [{ id: 1, distanceBits: 0 }]);
  });

  it("have as many places as were asked for", () => {
    const index = createRingIndex({ readers: 2 });
    const { reader } = openHere(index);
    const { handle } = openHere(index);
    assert.throws(() => openHere(index), RangeError);
    reader.close();
    reader.close();
    assert.throws(() => reader.query(hashOfId(1), 31), TypeError);
    openHere(index);
    index.releaseReader(handle);
    index.add(3, hashOfId(3));
    assert.deepEqual(openHere(index).reader.query(hashOfId(3), 0), [{ id: 3, distanceBits: 0 }]);
    assert.equal(createRingIndex().openReader({ postMessage: () => undefined }), undefined);
    for (const readers of [-1, 1.5, 65]) assert.throws(() => createRingIndex({ readers }), /readers/);
  });
});
