import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import type { FeedEntry } from "@recourse/bank";
import { createRingIndex, MatchError } from "@recourse/match";
import type { Signal } from "@recourse/protocol";
import { createReplica } from "../src/replica.ts";

const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
const entry = (
  sequence: number,
  operation: FeedEntry["operation"],
  number: number,
  ...signals: Signal[]
): FeedEntry => ({
  sequence,
  operation,
  itemId: `item-${number}`,
  itemNumber: number,
  bank: "recourse",
  signals,
});
const pdq = (value: string, quality = 100): Signal => ({ type: "pdq", value, quality });

describe("the replica", () => {
  it("holds what the feed added and forgets what it withdrew, exact values shared by two items too", () => {
    const replica = createReplica();
    const shared: Signal = { type: "md5", value: hex(16) };
    const first = hex(32);
    replica.apply([entry(1, "add", 1, pdq(first), shared), entry(2, "add", 2, pdq(hex(32)), shared)]);
    assert.deepEqual(
      replica.find([shared], 10).map((found) => found.itemId),
      ["item-1", "item-2"],
    );
    assert.deepEqual([replica.itemCount, replica.signalCount, replica.sequence], [2, 4, 2]);
    replica.apply([entry(3, "withdraw", 1)]);
    assert.deepEqual(replica.find([pdq(first)], 10), []);
    assert.deepEqual(
      replica.find([shared], 10).map((found) => found.itemId),
      ["item-2"],
    );
    replica.apply([entry(4, "withdraw", 2)]);
    assert.deepEqual([replica.itemCount, replica.signalCount], [0, 0]);
    assert.deepEqual(replica.find([shared], 10), []);
  });

  it("passes over what it has, and refuses a gap without changing anything", () => {
    const replica = createReplica();
    const value = hex(32);
    replica.apply([entry(1, "add", 1, pdq(value))]);
    replica.apply([entry(1, "add", 1, pdq(value)), entry(2, "withdraw", 1)]);
    assert.equal(replica.sequence, 2);
    assert.throws(() => replica.apply([entry(3, "add", 3, pdq(value)), entry(5, "add", 5, pdq(value))]), RangeError);
    assert.equal(replica.sequence, 2);
    assert.deepEqual(replica.find([pdq(value)], 10), []);
  });

  it("answers the best signal of each item, nearest first, up to the limit", () => {
    const replica = createReplica();
    const value = hex(32);
    const near = Buffer.from(value, "hex");
    near[0] = (near[0] ?? 0) ^ 0b111;
    replica.apply([
      entry(1, "add", 1, pdq(near.toString("hex"))),
      entry(2, "add", 2, pdq(value), pdq(near.toString("hex"))),
    ]);
    assert.deepEqual(
      replica.find([pdq(value)], 10).map(({ itemId, distanceBits }) => [itemId, distanceBits]),
      [
        ["item-2", 0],
        ["item-1", 3],
      ],
    );
    assert.equal(replica.find([pdq(value)], 1).length, 1);
  });

  it("takes in an add whose item was withdrawn since, and its withdrawal", () => {
    const replica = createReplica();
    replica.apply([entry(1, "add", 1), entry(2, "withdraw", 1)]);
    assert.deepEqual([replica.itemCount, replica.signalCount, replica.sequence], [0, 0, 2]);
  });

  it("loses nothing of a page when an index is full, and has all of it once there is room", () => {
    let isFull = false;
    const makeIndex = () => {
      const index = createRingIndex();
      return {
        ...index,
        get size() {
          return index.size;
        },
        addMany(ids: Uint32Array, hashes: Uint8Array) {
          if (isFull) throw new MatchError("memory_full");
          index.addMany(ids, hashes);
        },
      };
    };
    const replica = createReplica({ makeIndex });
    replica.settle();
    const [first, second] = [hex(32), hex(32)];
    replica.apply([entry(1, "add", 1, pdq(first))]);
    isFull = true;
    const page = [entry(2, "add", 2, pdq(second))];
    assert.throws(() => replica.apply(page), MatchError);
    assert.throws(() => replica.apply(page), MatchError);
    isFull = false;
    replica.apply(page);
    assert.deepEqual(
      replica.find([pdq(first)], 10).map(({ itemId }) => itemId),
      ["item-1"],
    );
    assert.deepEqual(
      replica.find([pdq(second)], 10).map(({ itemId }) => itemId),
      ["item-2"],
    );
  });

  it("answers with what it was given before it is settled, and forgets what is withdrawn before", () => {
    const replica = createReplica();
    const [kept, gone] = [hex(32), hex(32)];
    replica.apply([entry(1, "add", 1, pdq(kept)), entry(2, "add", 2, pdq(gone))]);
    assert.deepEqual(
      replica.find([pdq(kept)], 10).map(({ itemId }) => itemId),
      ["item-1"],
    );
    replica.apply([entry(3, "withdraw", 2)]);
    assert.deepEqual(replica.find([pdq(gone)], 10), []);
    replica.settle();
    assert.deepEqual(replica.find([pdq(gone)], 10), []);
    assert.deepEqual(
      replica.find([pdq(kept)], 10).map(({ itemId }) => itemId),
      ["item-1"],
    );
  });
});
