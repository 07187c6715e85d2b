/** Batches of queries: the plain scan against a count by hand, then the ring index against the plain scan. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRingIndex, createScanIndex, distanceBits, type VoteOptions, type Votes } from "../src/index.ts";
import { pack, type Random, randomFrom, randomHash, turnBits } from "./hashes.ts";

interface Item {
  readonly id: number;
  readonly hashes: readonly Uint8Array[];
}

const keyOf = (hash: Uint8Array): string => hash.join();

/** From the definition, without bounds. */
const countByHand = (items: readonly Item[], queries: readonly Uint8Array[], radiusBits: number): readonly Votes[] => {
  const firsts = new Map<string, number>();
  queries.forEach((query, number) => firsts.set(keyOf(query), firsts.get(keyOf(query)) ?? number));
  const pairsOf = (hashes: readonly Uint8Array[]) =>
    hashes.flatMap((hash, ordinal) =>
      [...firsts.values()].flatMap((query) => {
        const bits = distanceBits(hash, queries[query]!);
        return bits <= radiusBits ? [{ query, ordinal, distanceBits: bits }] : [];
      }),
    );
  return items
    .map(({ id, hashes }) => {
      const pairs = pairsOf(hashes);
      const queriesHit = new Set(pairs.map((pair) => pair.query)).size;
      const hashesHit = new Set(pairs.map((pair) => pair.ordinal)).size;
      return { id, queriesHit, hashesHit, pairs, truncated: false };
    })
    .filter((votes) => votes.queriesHit > 0)
    .toSorted((a, b) => b.queriesHit - a.queriesHit || b.hashesHit - a.hashesHit || a.id - b.id);
};

const createBoth = () => [createRingIndex(), createScanIndex()] as const;

const createItems = (count: number, random: Random): readonly Item[] => {
  const shared = Array.from({ length: 5 }, () => randomHash(random));
  return Array.from({ length: count }, (_unused, id) => ({
    id: id * 3,
    hashes: Array.from({ length: 1 + random(12) }, (_none, ordinal) =>
      ordinal === 0 && id % 9 === 0 ? turnBits(shared[random(5)]!, random(20), random) : randomHash(random),
    ),
  }));
};

/** Patches of some items, changed a little, among strangers. */
const createQueries = (items: readonly Item[], count: number, random: Random): readonly Uint8Array[] =>
  Array.from({ length: count }, (_unused, number) => {
    if (number % 3 === 0) return randomHash(random);
    const { hashes } = items[random(number % 3 === 1 ? 4 : items.length)]!;
    return turnBits(hashes[random(hashes.length)]!, random(36), random);
  });

describe("votes", () => {
  it("are counted as by hand, in both indexes, whatever the way the entries came", () => {
    const random = randomFrom(0x70e);
    const items = createItems(600, random);
    const [ring, scan] = createBoth();
    const [bulk] = createBoth();
    for (const { id, hashes } of items) {
      for (const hash of hashes) for (const index of [ring, scan]) index.add(id, hash);
    }
    bulk.addMany(
      Uint32Array.from(items.flatMap(({ id, hashes }) => hashes.map(() => id))),
      pack(items.flatMap(({ hashes }) => hashes)),
    );
    for (const size of [1, 2, 40, 512]) {
      const queries = createQueries(items, size, random);
      for (const radius of [31, 20, 33]) {
        const expected = { items: countByHand(items, queries, radius).slice(0, 5000), truncated: false };
        const options = { maxItems: 5000, maxPairs: 512 };
        assert.deepEqual(scan.queryVotes(queries, radius, options), expected);
        assert.deepEqual(ring.queryVotes(queries, radius, options), expected);
        assert.deepEqual(bulk.queryVotes(pack(queries), radius, options), expected);
      }
    }
  });

  it("go on being right while items come and go, hashes of one item in several segments", () => {
    const random = randomFrom(0x90);
    const [ring, scan] = createBoth();
    const items = createItems(700, random);
    for (let round = 0; round < 8; round += 1) {
      for (const { id, hashes } of items) {
        if (random(10) === 0) assert.equal(ring.remove(id), scan.remove(id));
        else if (random(2) === 0) {
          const added = [hashes[random(hashes.length)]!, turnBits(hashes[0]!, random(30), random)];
          for (const hash of added) for (const index of [ring, scan]) index.add(id, hash);
        }
      }
      for (const size of [1, 30, 300]) {
        const queries = createQueries(items, size, random);
        const options = { maxItems: 2000, maxPairs: 300 };
        assert.deepEqual(ring.queryVotes(queries, 31, options), scan.queryVotes(queries, 31, options));
      }
    }
  });

  it("count equal queries once and name the first", () => {
    const random = randomFrom(5);
    const [hash, other] = [randomHash(random), randomHash(random)];
    for (const index of createBoth()) {
      index.add(9, other);
      index.add(9, hash);
      assert.deepEqual(index.queryVotes([randomHash(random), hash, hash, other, hash], 31).items, [
        {
          id: 9,
          queriesHit: 2,
          hashesHit: 2,
          pairs: [
            { query: 3, ordinal: 0, distanceBits: 0 },
            { query: 1, ordinal: 1, distanceBits: 0 },
          ],
          truncated: false,
        },
      ]);
      assert.deepEqual(index.queryVotes([], 31), { items: [], truncated: false });
      assert.deepEqual(index.queryVotes([hash, hash, hash], 31, { minQueries: 2 }).items, []);
    }
  });

  for (const [name, size, perItem] of [
    ["in the delta", 1500, 50],
    ["in tables", 6000, 60],
    ["in tables, one hash an item", 3000, 1],
  ] as const) {
    it(`stay bounded and exactly counted when everything is near everything: ${name}`, () => {
      const random = randomFrom(0xf1a7);
      const centre = randomHash(random);
      const [ring, scan] = createBoth();
      const hashes = Array.from({ length: size }, () => turnBits(centre, random(15), random));
      const ids = Uint32Array.from(hashes, (_hash, entry) => Math.floor(entry / perItem));
      if (size > 2000) ring.addMany(ids, pack(hashes));
      else hashes.forEach((hash, entry) => ring.add(ids[entry]!, hash));
      scan.addMany(ids, pack(hashes));
      const queries = Array.from({ length: 300 }, () => turnBits(centre, random(15), random));
      for (const options of [{}, { maxItems: 3, maxPairs: 5 }, { maxPairs: 1 }] as readonly VoteOptions[]) {
        const answer = ring.queryVotes(queries, 31, options);
        assert.deepEqual(answer, scan.queryVotes(queries, 31, options));
        assert.equal(answer.truncated, size / perItem > (options.maxItems ?? 256));
        for (const votes of answer.items) {
          assert.equal(votes.pairs.length, options.maxPairs ?? 64);
          assert.ok(votes.truncated && votes.queriesHit > 250);
        }
      }
    });
  }

  it("refuse what is no batch and no option", () => {
    const random = randomFrom(8);
    for (const index of createBoth()) {
      const good = [randomHash(random)];
      assert.throws(() => index.queryVotes(new Uint8Array(33), 31), RangeError);
      assert.throws(() => index.queryVotes([new Uint8Array(31)], 31), RangeError);
      // @ts-expect-error: what a caller without types could do
      assert.throws(() => index.queryVotes("00", 31), TypeError);
      const many = Array.from({ length: 513 }, () => randomHash(random));
      assert.throws(() => index.queryVotes(many, 31), RangeError);
      assert.deepEqual(index.queryVotes([...many.slice(0, 512), ...many.slice(0, 512)], 31).items, []);
      for (const option of ["maxItems", "maxPairs", "minQueries"]) {
        for (const wrong of [0, -1, 1.5, 1e6]) {
          assert.throws(() => index.queryVotes(good, 31, { [option]: wrong }), RangeError);
        }
      }
    }
  });
});
