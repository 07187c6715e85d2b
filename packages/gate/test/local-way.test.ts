import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FeedEntry } from "@recourse/bank";
import { createScanIndex } from "@recourse/match";
import type { LocalVotes } from "../src/index.ts";
import { createReplica, type Replica } from "../src/replica.ts";
import { add, hex, local, near, patches, pdq, withdrawal } from "./signals.ts";
import { spentMs } from "../../../tools/spent.ts";

/** A replica of items, each given by its patches, numbered from 1. */
const replicaOf = (...items: readonly (readonly string[])[]): Replica => {
  const replica = createReplica({ makeIndex: createScanIndex });
  replica.apply(items.map((values, at) => add(at + 1, at + 1, values.map(local))));
  return replica;
};
const ask = (replica: Replica, values: readonly string[]) => replica.findByPatches(values.map(local), 100);
const found = (replica: Replica, values: readonly string[]) => ask(replica, values).map(({ itemId }) => itemId);

describe("local hashes", () => {
  it("match by two patches that agree within 31 bits, by one or beyond they do not", () => {
    const item = patches(64);
    const replica = replicaOf(item, patches(64));
    const [first = "", second = "", third = ""] = item;
    const noise = patches(200);
    assert.deepEqual(ask(replica, [near(first, 31), near(second, 4), ...noise]), [
      {
        itemId: "item-1",
        bank: "recourse",
        signalType: "pdq-local",
        distanceBits: 4,
        score: 0.5,
        votes: 2,
      },
    ]);
    assert.deepEqual(found(replica, [near(first, 31), near(second, 32), ...noise]), []);
    assert.equal(ask(replica, [first, second, third])[0]?.score, 0.75);
    // The same patch twice, or two patches of the upload near one of the item, are one vote.
    assert.deepEqual(found(replica, [first, first]), []);
    assert.deepEqual(found(replica, [first, near(first, 3)]), []);
    // Neither do they ask by any other way, nor other signals by this one.
    assert.deepEqual(replica.find(item.map(local), 10), []);
    assert.deepEqual(replica.find([pdq(first)], 10), []);
    assert.deepEqual(replica.findByPatches([pdq(first), pdq(second)], 10), []);
  });

  it("match by patches that lie apart in the upload, in one spot of it they do not", () => {
    const item = patches(64);
    const replica = replicaOf(item);
    const patch = (value: string) => ({ type: "pdq-local", value, version: 1 }) as const;
    /** Patches of the item, each at a column and a row of 64. */
    const asked = (...at: readonly (readonly [number, number])[]) =>
      replica.findByPatches(
        at.map(([column, row], each) => ({ ...patch(item[each] ?? ""), place: row * 64 + column })),
        10,
      ).length;
    assert.equal(asked([10, 10], [12, 10]), 1);
    assert.equal(asked([10, 10], [10, 12]), 1);
    assert.equal(asked([10, 10], [11, 11]), 0);
    // However many: what lies about one point has many patches.
    assert.equal(asked([60, 60], [61, 61], [61, 60], [60, 61], [60, 60], [61, 61]), 0);
    assert.equal(asked([60, 60], [61, 61], [61, 60], [60, 61], [60, 60], [59, 61]), 1);
    // A column's end is not near the next row's beginning.
    assert.equal(asked([63, 10], [0, 11]), 1);
    // Where the check does not tell all places, it is not asked.
    const [first = "", second = ""] = item;
    assert.equal(replica.findByPatches([{ ...patch(first), place: 5 }, local(second)], 10).length, 1);
  });

  it("match by patches of different shape: what comes again within a picture is one witness", () => {
    const [shape = "", other = ""] = patches(2);
    // Windows of a house: alike, and too far from each other to be counted as one by the index.
    const again = [0, 1, 2, 3].map((seed) => near(shape, 31, seed));
    const replica = replicaOf([...again, other]);
    assert.deepEqual(found(replica, again), []);
    assert.deepEqual(found(replica, [...again, other]), ["item-1"]);
    assert.deepEqual(found(replica, [shape, near(shape, 64)]), []);
    // At 65 bits it is another shape.
    const far = near(shape, 65);
    assert.deepEqual(found(replicaOf([shape, far]), [shape, far]), ["item-1"]);
  });

  it("tell the judge what they have in common, and do what it says", () => {
    const questions: LocalVotes[] = [];
    const replica = createReplica({
      judgeLocal: (votes) => {
        questions.push(votes);
        return { match: votes.queryPatches >= 3, score: 0.9 };
      },
      isFurniture: (hash) => hash.startsWith("00"),
    });
    const item = [...patches(10), `00${hex(31)}`].map((value) =>
      value.startsWith("00") ? value : `11${value.slice(2)}`,
    );
    replica.apply([add(1, 1, item.map(local))]);
    assert.deepEqual(found(replica, item.slice(0, 2)), []);
    assert.deepEqual(found(replica, item.slice(8)), []);
    assert.deepEqual(found(replica, item.slice(0, 3)), ["item-1"]);
    const common = { held: 11, stoppedPatches: 0, silenced: 0, nearestBits: 0, varied: true };
    assert.deepEqual(questions, [
      { ...common, asked: 2, queryPatches: 2, knownPatches: 2 },
      // Furniture by the list that was given asks nothing; that the item holds it is told.
      { ...common, asked: 2, queryPatches: 2, knownPatches: 2, silenced: 1 },
      { ...common, asked: 3, queryPatches: 3, knownPatches: 3 },
    ]);
  });
});

describe("what unrelated items share", () => {
  const furniture = patches(6);
  /** An item of its own with the same furniture in it, saved again. */
  const furnished = (seed: number): string[] => [...patches(58), ...furniture.map((value) => near(value, 3, seed))];

  it("votes while two hold it, and no more when a third does, until one is withdrawn", () => {
    const items = [furnished(1), furnished(2), furnished(3)];
    const replica = replicaOf(...items.slice(0, 2));
    assert.deepEqual(found(replica, furniture), ["item-1", "item-2"]);
    replica.apply([add(3, 3, (items[2] ?? []).map(local))]);
    assert.deepEqual(found(replica, furniture), []);
    assert.equal(replica.stoppedPatches, furniture.length);
    // An item's own patches go on voting, with the furniture beside them.
    const mine = [...(items[0] ?? []).slice(0, 5), ...furniture];
    assert.deepEqual(
      ask(replica, mine).map(({ itemId, votes }) => [itemId, votes]),
      [["item-1", 5]],
    );
    replica.apply([withdrawal(4, 2)]);
    assert.deepEqual(found(replica, furniture), ["item-1", "item-3"]);
  });

  it("is not what several people have added of one picture, saved again by each", () => {
    const picture = patches(64);
    const copies = Array.from({ length: 7 }, (_unused, seed) => picture.map((value) => near(value, 8, seed)));
    // Not all of them found all patches, and each found some of its own.
    const items = copies.map((values, at) => [...values.slice(at, 45 + at), ...patches(20)]);
    const replica = replicaOf(...items);
    const crop = picture.slice(20, 30);
    assert.equal(found(replica, crop).length, 7);
    assert.equal(replica.stoppedPatches, 0);
    // A fully different holder of one patch does not change that; two do, for this one patch.
    const [shared = ""] = crop;
    replica.apply([add(8, 8, [shared, ...patches(63)].map(local))]);
    assert.equal(ask(replica, crop)[0]?.votes, 10);
    replica.apply([add(9, 9, [shared, ...patches(63)].map(local))]);
    assert.equal(ask(replica, crop)[0]?.votes, 9);
  });

  it("takes a vote for every four of them: what is left of a template is the template", () => {
    const template = patches(40);
    const onTemplate = (seed: number): string[] => [...patches(200), ...template.map((value) => near(value, 2, seed))];
    const items = [1, 2, 3, 4].map(onTemplate);
    const replica = replicaOf(...items);
    // Two items are on another version of it; with these patches they are the only ones.
    const [rare, own] = [patches(9), patches(20)];
    replica.apply([add(5, 5, [...own, ...rare, ...template, ...patches(200)].map(local))]);
    assert.deepEqual(found(replica, [...template, ...rare]), []);
    assert.deepEqual(found(replica, [...template, ...rare, ...own]), ["item-5"]);
    assert.deepEqual(found(replica, rare), ["item-5"]);
    // A gate that was shown the template knows the same of a bank of one.
    const shown = createReplica({ isFurniture: (hash) => template.includes(hash) });
    shown.apply([add(1, 5, [...own, ...rare, ...template].map(local))]);
    assert.deepEqual(found(shown, [...template, ...rare]), []);
    assert.deepEqual(found(shown, [...template, ...rare, ...own]), ["item-5"]);
  });

  it("is told to the judge", () => {
    const questions: LocalVotes[] = [];
    const replica = createReplica({
      judgeLocal: (votes) => {
        questions.push(votes);
        return { match: false, score: 0 };
      },
    });
    const items = [1, 2, 3].map(furnished);
    replica.apply(items.map((values, at) => add(at + 1, at + 1, values.map(local))));
    ask(replica, [...(items[0] ?? []).slice(0, 2), ...furniture]);
    assert.deepEqual(
      questions.map(({ asked, knownPatches, stoppedPatches, silenced }) => [
        asked,
        knownPatches,
        stoppedPatches,
        silenced,
      ]),
      [[8, 2, furniture.length, furniture.length]],
    );
  });

  it("gives the same answers after a restart, in whatever pages the feed comes", () => {
    const picture = patches(64);
    const first: FeedEntry[] = [];
    const items = new Map<number, readonly string[]>();
    const gone = new Set<number>();
    for (let number = 1; number <= 30; number += 1) {
      const values = number % 3 === 0 ? picture.map((value) => near(value, 6, number)) : furnished(number);
      items.set(number, values);
      first.push(add(first.length + 1, number, values.map(local)));
      if (number % 7 !== 0) continue;
      gone.add(number - 3);
      first.push(withdrawal(first.length + 1, number - 3));
    }
    // After a restart, the feed has nothing left of what was withdrawn.
    const second = first.map((entry) => (gone.has(entry.itemNumber) ? { ...entry, signals: [] } : entry));
    const questions = [furniture, picture.slice(0, 9), [...picture.slice(3, 8), ...furniture], ...items.values()];
    const stateAfter = (entries: readonly FeedEntry[], page: number) => {
      const replica = createReplica();
      for (let from = 0; from < entries.length; from += page) replica.apply(entries.slice(from, from + page));
      const answers = questions.map((values) => ask(replica, values));
      return { answers, stopped: replica.stoppedPatches, counts: replica.counts, items: replica.itemCount };
    };
    const live = stateAfter(first, 1);
    assert.ok(live.stopped > 0);
    assert.ok(live.answers.some((answer) => answer.length > 5));
    for (const page of [1, 3, 7, 500]) assert.deepEqual(stateAfter(second, page), live);
  });
});

describe("a picture that thousands have added", () => {
  it("is found still, by every sixteenth of them at least", () => {
    const picture = patches(8);
    const replica = createReplica();
    replica.apply(
      Array.from({ length: 6_000 }, (_unused, at) =>
        add(
          at + 1,
          at + 1,
          picture.map((value, patch) => local(near(value, (at + patch) % 6, at))),
        ),
      ),
    );
    const answer = ask(replica, [...picture, ...patches(100)]);
    assert.equal(answer.length, 100);
    assert.ok(answer.every(({ votes }) => votes === 8));
    assert.equal(replica.stoppedPatches, 0);
  });
});

describe("a bank that was poisoned", () => {
  it("with one patch in 100,000 items is answered in bounded time and memory", (test) => {
    const shared = patches(4);
    const mine = patches(64);
    const replica = createReplica();
    const page: FeedEntry[] = [add(1, 1, mine.map(local))];
    for (let number = 2; number <= 100_001; number += 1) {
      page.push(add(number, number, [...shared, ...patches(12)].map(local)));
    }
    replica.apply(page);
    const asked = [...mine.slice(0, 6), ...shared, ...patches(240)];
    ask(replica, asked);
    const before = process.memoryUsage().heapUsed;
    const startedAt = spentMs();
    const answer = ask(replica, asked);
    const ms = spentMs(startedAt);
    test.diagnostic(`${ms.toFixed(0)} ms, ${((process.memoryUsage().heapUsed - before) / 1e6).toFixed(1)} MB`);
    assert.deepEqual(
      answer.map(({ itemId, votes }) => [itemId, votes]),
      [["item-1", 6]],
    );
    assert.ok(ms < 10_000, `${ms} ms`);
  });
});
