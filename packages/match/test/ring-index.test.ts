/** The ring index against the plain scan: not one hit less, not one more. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { committedKernel, generateKernel } from "../../../tools/kernel.ts";
import { RING } from "../scripts/build-kernel.ts";
import {
  createRingIndex,
  createScanIndex,
  type HammingIndex,
  MatchError,
  restoreRingIndex,
  restoreScanIndex,
} from "../src/index.ts";
import { kernelAvailable } from "../src/ring/kernel.ts";
import { permutation } from "../src/ring/permutation.ts";
import { createSegment, type Plan, type Segment, tellCount } from "../src/ring/segment.ts";
import { hashOfId, pack, type Random, randomFrom, randomHash, turnBits, turnInChunks } from "./hashes.ts";

// What is used here of a global that the project's library of types does not have.
declare const WebAssembly: { readonly Memory: unknown };

/** The same entries in both. */
const createPair = (ids: readonly number[], hashes: readonly Uint8Array[]) => {
  const ring = createRingIndex();
  const scan = createScanIndex();
  for (const index of [ring, scan]) index.addMany(Uint32Array.from(ids), pack(hashes));
  assert.equal(ring.size, scan.size);
  return { ring, scan };
};

const assertAlike = (ring: HammingIndex, scan: HammingIndex, query: Uint8Array, radiusBits: number): number => {
  const expected = scan.query(query, radiusBits);
  assert.deepEqual(ring.query(query, radiusBits), expected);
  return expected.length;
};

/** The hash that the index holds as these bits. */
const beforePermutation = (row: Uint8Array): Uint8Array => {
  const hash = new Uint8Array(32);
  permutation().undo(row, hash);
  return hash;
};

const PLAN: Plan = { tableRadius: 31, places: 1, isShared: false };

const hitsOf = (segment: Segment): BigUint64Array => segment.hits.slice(0, segment.kernel.hitCount());

/**
 * How many bits to turn in each chunk so that they are `radius` in all and only chunk `start` may lead to them: as
 * many as its share of the thresholds elsewhere, one less at the start; or the start's bits moved to its neighbour.
 */
const worstPatterns = (radius: number, start: number, tables: number): readonly (readonly number[])[] => {
  // Tables lie evenly over the chunks, shares evenly over the tables.
  const tablesBelow = (chunk: number) => Math.floor((chunk * tables) / 16);
  const sharesBelow = (table: number) => Math.floor((table * (radius + 1)) / tables);
  const share = (chunk: number) => sharesBelow(tablesBelow(chunk + 1)) - sharesBelow(tablesBelow(chunk));
  const even = Array.from({ length: 16 }, (_unused, chunk) => share(chunk) - (chunk === start ? 1 : 0));
  if (even[start]! < 0) return [];
  const leaning = even.slice();
  leaning[(start + 1) % 16] = leaning[(start + 1) % 16]! + leaning[start]!;
  leaning[start] = 0;
  return [even, leaning];
};

/** Rows in a segment with tables, built some at a time. */
const buildSegment = (rows: readonly Uint8Array[], tableBits: number, plan: Plan, budget: number): Segment => {
  const segment = createSegment(rows.length, tableBits, plan);
  new Uint8Array(segment.rows.buffer, segment.rows.byteOffset).set(pack(rows));
  segment.count = rows.length;
  tellCount(segment);
  while (segment.kernel.build(budget) === 0);
  return segment;
};

const ROWS = 3000;
const KINDS: Readonly<Record<string, (random: Random) => readonly Uint8Array[]>> = {
  random: (random) => Array.from({ length: ROWS }, () => randomHash(random)),
  clustered: (random) => {
    const centres = Array.from({ length: 40 }, () => randomHash(random));
    return Array.from({ length: ROWS }, () => turnBits(centres[random(40)]!, random(45), random));
  },
  "full of duplicates": (random) => {
    const few = Array.from({ length: 25 }, () => randomHash(random));
    return Array.from({ length: ROWS }, () => few[random(25)]!);
  },
  "all equal": (random) => {
    const only = randomHash(random);
    return Array.from({ length: ROWS }, () => only);
  },
  "all in one bucket of one chunk": (random) =>
    Array.from({ length: ROWS }, () => {
      const row = randomHash(random);
      row.fill(0x5a, 10, 14); // chunks 5 and 6: no sketch helps either
      return beforePermutation(row);
    }),
  "all in one bucket of every second chunk": (random) =>
    Array.from({ length: ROWS }, () => {
      const row = randomHash(random);
      for (let chunk = 0; chunk < 16; chunk += 2) row.fill(0x33, 2 * chunk, 2 * chunk + 2);
      return beforePermutation(row);
    }),
};

describe("the ring's kernel", () => {
  it("is what its source compiles to", () => {
    assert.equal(committedKernel(RING), generateKernel(RING), "run npm run build:kernel --workspace @recourse/match");
  });

  it("can be used here", () => assert.ok(kernelAvailable()));

  it("permutes bits one to one, and back", () => {
    const { apply, undo } = permutation();
    const seen = new Set<string>();
    for (let bit = 0; bit < 256; bit += 1) {
      const one = new Uint8Array(32);
      one[bit >> 3] = 1 << (bit & 7);
      const permuted = new Uint8Array(32);
      apply(one, permuted);
      seen.add(permuted.join());
      assert.equal(permuted.filter((byte) => byte !== 0).length, 1);
      assert.deepEqual(beforePermutation(permuted), one);
    }
    assert.equal(seen.size, 256);
    const random = randomFrom(3);
    const many = pack(Array.from({ length: 2500 }, () => randomHash(random)));
    const there = new Uint8Array(many.length);
    const back = new Uint8Array(many.length);
    apply(many, there);
    undo(there, back);
    assert.deepEqual(back, many);
  });
});

describe("the ring index", () => {
  for (const [kind, make] of Object.entries(KINDS)) {
    it(`answers as the plain scan does at every distance from 0 to 40: hashes ${kind}`, () => {
      const random = randomFrom(0xabc);
      const hashes = make(random);
      const { ring, scan } = createPair(
        hashes.map((_hash, entry) => entry % 2111),
        hashes,
      );
      let found = 0;
      for (let bits = 0; bits <= 40; bits += 1) {
        for (let turn = 0; turn < 4; turn += 1) {
          const query = turnBits(hashes[random(hashes.length)]!, bits, random);
          for (const radius of [31, bits, random(32)]) found += assertAlike(ring, scan, query, radius);
        }
      }
      assert.ok(found > 200);
      for (const radius of [0, 15, 31, 32, 100, 256]) assertAlike(ring, scan, randomHash(random), radius);
    });
  }

  for (const tableBits of [8, 13, 16]) {
    it(`finds what only one chunk of the ring leads to, at every radius: buckets by ${tableBits} bits`, () => {
      const random = randomFrom(0xbad);
      const rows = Array.from({ length: 1200 }, () => randomHash(random));
      const segment = buildSegment(rows, tableBits, PLAN, 500);
      let worst = 0;
      for (let radius = 0; radius <= 31; radius += 1) {
        for (let start = 0; start < 16; start += 1) {
          for (const counts of worstPatterns(radius, start, 16)) {
            const entry = random(rows.length);
            const query = turnInChunks(rows[entry]!, counts, random);
            segment.queries.set(query);
            // Asked straight, so that no scan can help out; alone, then as two of a batch.
            assert.equal(segment.kernel.ask(radius), 1);
            const hit = (BigInt(entry) << 32n) | BigInt(radius);
            assert.ok(hitsOf(segment).includes(hit), `radius ${radius}, chunk ${start}`);
            segment.queries.set(query, 32);
            assert.equal(segment.kernel.askMany(2, radius), 1);
            assert.ok(hitsOf(segment).includes(hit) && hitsOf(segment).includes(hit | (1n << 16n)));
            worst += 1;
          }
        }
      }
      assert.ok(worst > 400);
    });
  }

  it("finds what only one chunk leads to in an index built for each radius, at every radius up to it", () => {
    const random = randomFrom(0x7ab1);
    const rows = Array.from({ length: 600 }, () => randomHash(random));
    let lastBytes = 0;
    for (let tableRadius = 0; tableRadius <= 31; tableRadius += 1) {
      const segment = buildSegment(rows, 8 + (tableRadius % 9), { ...PLAN, tableRadius }, 5000);
      const tables = Math.min(16, tableRadius + 1);
      for (let radius = 0; radius <= tableRadius; radius += 1) {
        let worst = 0;
        for (let start = 0; start < 16; start += 1) {
          for (const counts of worstPatterns(radius, start, tables)) {
            const entry = random(rows.length);
            segment.queries.set(turnInChunks(rows[entry]!, counts, random));
            assert.equal(segment.kernel.ask(radius), 1);
            const hit = (BigInt(entry) << 32n) | BigInt(radius);
            assert.ok(hitsOf(segment).includes(hit), `built for ${tableRadius}, radius ${radius}, chunk ${start}`);
            worst += 1;
          }
        }
        assert.ok(worst >= Math.min(16, radius + 1));
      }
      if (tableRadius === 0) lastBytes = segment.shape.memory.buffer.byteLength;
      else if (tableRadius === 15) assert.ok(segment.shape.memory.buffer.byteLength > lastBytes);
    }
  });

  it("answers as the plain scan does whatever radius it was built for", () => {
    const random = randomFrom(0x7ad);
    const hashes = Array.from({ length: 4000 }, () => randomHash(random));
    const ids = Uint32Array.from(hashes.keys());
    const scan = createScanIndex();
    scan.addMany(ids, pack(hashes));
    for (let radiusBits = 0; radiusBits <= 31; radiusBits += 1) {
      const ring = createRingIndex({ radiusBits });
      ring.addMany(ids, pack(hashes));
      for (let bits = 0; bits <= 40; bits += 3) {
        const query = turnBits(hashes[random(4000)]!, bits, random);
        for (const radius of [bits, radiusBits, 31]) assertAlike(ring, scan, query, radius);
      }
    }
    for (const radiusBits of [-1, 32, 1.5]) assert.throws(() => createRingIndex({ radiusBits }), /radiusBits/);
  });

  it("finds rows that are so much alike that their tables are sorted without room beside them", () => {
    const random = randomFrom(0xe9);
    const rows = Array.from({ length: 150_000 }, () => {
      const row = randomHash(random);
      for (let byte = 1; byte < 32; byte += 2) row[byte] = 0x5a;
      return row;
    });
    for (const budget of [70_000, 2 ** 31]) {
      const segment = buildSegment(rows, 16, PLAN, budget);
      for (let turn = 0; turn < 16 * 64; turn += 1) {
        for (const counts of worstPatterns(15, turn % 16, 16)) {
          const entry = random(rows.length);
          segment.queries.set(turnInChunks(rows[entry]!, counts, random));
          assert.equal(segment.kernel.ask(15), 1);
          assert.ok(hitsOf(segment).includes((BigInt(entry) << 32n) | 15n));
        }
      }
    }
  });

  it("loses nothing where survivors of a whole batch are sorted out in the middle of one query's bucket", () => {
    const random = randomFrom(77);
    // 60 times 180 rows in one bucket of chunk 5, its sketches alike: many survive, but too few for any query to be scanned.
    const rows = Array.from({ length: 60 }, () => randomHash(random).subarray(10, 14)).flatMap((alike) =>
      Array.from({ length: 180 }, () => {
        const row = randomHash(random);
        row.set(alike, 10);
        return row;
      }),
    );
    const entries = Array.from({ length: 480 }, () => random(rows.length));
    // 31 bits off, so that no other chunk leads to them.
    const [pattern = []] = worstPatterns(31, 5, 16);
    for (const tableBits of [16, 9]) {
      const segment = buildSegment(rows, tableBits, PLAN, 100_000);
      segment.queries.set(pack(entries.map((entry) => turnInChunks(rows[entry]!, pattern, random))));
      assert.equal(segment.kernel.askMany(entries.length, 31), 1);
      const hits = new Set(hitsOf(segment));
      for (const [query, entry] of entries.entries()) {
        assert.ok(hits.has((BigInt(entry) << 32n) | (BigInt(query) << 16n) | 31n), `${tableBits} bits, query ${query}`);
      }
    }
  });

  it("finds random errors of 31 bits in tables of every width", () => {
    const random = randomFrom(0x31);
    for (const size of [512, 5_000, 20_000, 70_000, 150_000]) {
      const hashes = Array.from({ length: size }, () => randomHash(random));
      const index = createRingIndex();
      index.addMany(Uint32Array.from(hashes.keys()), pack(hashes));
      for (let turn = 0; turn < 400; turn += 1) {
        const entry = random(size);
        const query = turnBits(hashes[entry]!, 31, random);
        assert.deepEqual(index.query(query, 31), [{ id: entry, distanceBits: 31 }]);
        assert.deepEqual(index.query(query, 30), []);
      }
    }
  });

  it("answers as the plain scan does while rows come, go and move from level to level", () => {
    const random = randomFrom(0x1e4);
    let ring = createRingIndex();
    const scan = createScanIndex();
    const held: Uint8Array[] = [];
    const centre = randomHash(random);
    for (let turn = 0; turn < 90_000; turn += 1) {
      const chance = random(100);
      if (chance < 92) {
        const hash =
          chance < 2 && held.length > 0
            ? held[random(held.length)]!
            : chance < 4
              ? turnBits(centre, random(20), random)
              : randomHash(random);
        // Mostly growing ids, as a bank has them, and some that come again.
        const id = chance < 80 ? Math.floor(turn / 3) : random(30_000);
        ring.add(id, hash);
        scan.add(id, hash);
        held.push(hash);
      } else if (chance < 96) {
        const id = random(Math.floor(turn / 3) + 1);
        assert.equal(ring.remove(id), scan.remove(id));
      } else if (turn % 5 === 0 && held.length > 0) {
        assertAlike(ring, scan, turnBits(held[random(held.length)]!, random(36), random), 31);
        if (turn % 50 === 0) assertAlike(ring, scan, centre, random(64));
      }
      if (turn % 1000 === 0) assert.equal(ring.size, scan.size);
      if (turn === 60_000) {
        const bytes = ring.snapshot();
        ring = restoreRingIndex(bytes);
        assert.equal(restoreScanIndex(bytes).size, scan.size);
      }
    }
    // All of them go: what is left has to be nothing.
    for (let id = 0; id < 31_000; id += 1) assert.equal(ring.remove(id), scan.remove(id));
    assert.equal(ring.size, 0);
    assert.deepEqual(ring.query(centre, 256), []);
    ring.add(7, centre);
    assert.deepEqual(ring.query(centre, 0), [{ id: 7, distanceBits: 0 }]);
  });

  it("takes in many at once as it does one by one, older ones first", () => {
    const random = randomFrom(0xb01);
    const ring = createRingIndex();
    const scan = createScanIndex();
    for (const size of [10, 700, 3000, 1, 20_000, 513]) {
      const hashes = Array.from({ length: size }, () => randomHash(random));
      hashes.push(...hashes.slice(0, 5));
      const ids = Uint32Array.from(hashes, () => random(4000));
      ring.addMany(ids, pack(hashes));
      scan.addMany(ids, pack(hashes));
      // Again: nothing may change.
      ring.addMany(ids, pack(hashes));
      assert.equal(ring.size, scan.size);
      for (const hash of hashes.slice(0, 50)) assertAlike(ring, scan, turnBits(hash, random(34), random), 31);
    }
    const many = Array.from({ length: 900 }, () => randomHash(random));
    const twice = [...many, ...many];
    ring.addMany(new Uint32Array(1800).fill(0xffffffff), pack(twice));
    assert.equal(ring.size, scan.size + 900);
    assert.equal(ring.remove(0xffffffff), 900);
    assert.throws(() => ring.addMany(new Uint32Array(2), new Uint8Array(32)), RangeError);
    // @ts-expect-error: what a caller without types could do
    assert.throws(() => ring.addMany([1], new Uint8Array(32)), TypeError);
  });

  it("takes in hashes that come again under one id once, however many the id has, in order or not", () => {
    const random = randomFrom(0xb02);
    const hashes: Uint8Array[] = [];
    const ids: number[] = [];
    [3, 8, 9, 60, 512, 513, 700, 1, 40].forEach((count, id) => {
      // Half of them again, among them ones that begin alike.
      const own = Array.from({ length: Math.ceil(count / 2) }, () => randomHash(random));
      own.forEach((hash, number) => number % 2 === 0 && hash.fill(7, 0, 24));
      for (let number = 0; number < count; number += 1) {
        hashes.push(own[random(own.length)]!);
        ids.push(id * 3);
      }
    });
    const packed = pack(hashes);
    const shifted = new Uint8Array(packed.length + 1);
    shifted.set(packed, 1);
    const backwards = pack(hashes.toReversed());
    for (const [bytes, order] of [
      [packed, ids],
      [shifted.subarray(1), ids],
      [backwards, ids.toReversed()],
    ] as const) {
      const ring = createRingIndex();
      const scan = createScanIndex();
      for (const index of [ring, scan]) index.addMany(Uint32Array.from(order), bytes);
      assert.equal(ring.size, scan.size);
      assert.ok(ring.size < hashes.length);
      for (let turn = 0; turn < 200; turn += 1) {
        assertAlike(ring, scan, turnBits(hashes[random(hashes.length)]!, random(34), random), 31);
      }
      assert.deepEqual(ring.queryVotes(hashes.slice(0, 40), 31), scan.queryVotes(hashes.slice(0, 40), 31));
      for (let id = 0; id < 27; id += 1) assert.equal(ring.remove(id), scan.remove(id));
    }
  });

  it("writes and reads the snapshots of the plain scan", () => {
    const random = randomFrom(0x5a9);
    const hashes = Array.from({ length: 4000 }, () => randomHash(random));
    const { ring, scan } = createPair(
      hashes.map((_hash, entry) => entry >> 2),
      hashes,
    );
    assert.deepEqual(ring.snapshot(), scan.snapshot());
    assert.deepEqual(restoreRingIndex(scan.snapshot()).snapshot(), scan.snapshot());
    assert.equal(restoreRingIndex(createScanIndex().snapshot()).size, 0);
    const damaged = scan.snapshot();
    damaged[1000] = damaged[1000]! ^ 1;
    assert.throws(() => restoreRingIndex(damaged), MatchError);
  });

  it("works in a memory of more than 2 GiB, where numbers of 32 bits turn negative", () => {
    const random = randomFrom(0x26);
    const rows = Array.from({ length: 1000 }, () => randomHash(random));
    // Room for 24 million, of which only what is used is taken from the system.
    const segment = createSegment(24_000_000, 16, PLAN);
    assert.ok(segment.shape.memory.buffer.byteLength > 2.5 * 2 ** 30);
    new Uint8Array(segment.rows.buffer, segment.rows.byteOffset).set(pack(rows));
    segment.count = rows.length;
    tellCount(segment);
    while (segment.kernel.build(2 ** 31) === 0);
    for (let entry = 0; entry < rows.length; entry += 1) {
      segment.queries.set(turnBits(rows[entry]!, 31, random));
      assert.equal(segment.kernel.ask(31), 1);
      assert.ok(hitsOf(segment).includes((BigInt(entry) << 32n) | 31n));
    }
  });

  it("says that memory is full where a segment would pass 4 GiB", () => {
    assert.throws(
      () => createSegment(40_000_000, 16, PLAN),
      (error) => error instanceof MatchError && error.code === "memory_full",
    );
  });

  it("goes on answering with what it has when there is no memory for more, and takes more when there is", () => {
    const random = randomFrom(0x00f);
    const hashes = Array.from({ length: 12_000 }, () => randomHash(random));
    const ring = createRingIndex();
    const scan = createScanIndex();
    const { Memory } = WebAssembly;
    let refused = 0;
    const add = (id: number): void => {
      try {
        ring.add(id, hashes[id]!);
      } catch (error) {
        assert.ok(error instanceof MatchError && error.code === "memory_full");
        refused += 1;
        return;
      }
      scan.add(id, hashes[id]!);
    };
    for (let id = 0; id < 5000; id += 1) add(id);
    // What V8 does when the system gives no more.
    const full = function refuse(): never {
      throw new RangeError("WebAssembly.Memory(): could not allocate memory");
    };
    Object.assign(WebAssembly, { Memory: full });
    try {
      for (let id = 5000; id < 8000; id += 1) add(id);
      assert.throws(() => ring.addMany(Uint32Array.from(hashes.keys()), pack(hashes)), MatchError);
      for (let id = 0; id < 8000; id += 61) assertAlike(ring, scan, turnBits(hashes[id]!, random(36), random), 31);
      assert.equal(ring.remove(3), scan.remove(3));
      assert.equal(ring.size, scan.size);
    } finally {
      Object.assign(WebAssembly, { Memory });
    }
    assert.ok(refused > 500);
    refused = 0;
    for (let id = 5000; id < 12_000; id += 1) add(id);
    assert.equal(refused, 0);
    assert.equal(ring.size, scan.size);
    for (let id = 0; id < 12_000; id += 61) assertAlike(ring, scan, turnBits(hashes[id]!, random(36), random), 31);
  });

  it("names the argument that is of a wrong length or type, and stays as it was", () => {
    const index = createRingIndex();
    const good = new Uint8Array(32);
    index.add(7, good);
    const refuses = (kind: typeof TypeError | typeof RangeError, field: string, call: () => unknown): void => {
      assert.throws(call, (error) => error instanceof kind && error.message.startsWith(`${field}: `), field);
    };
    // What no compiler would let through.
    const wrongKinds = [undefined, null, "00".repeat(32), Array.from(good), new Uint16Array(16), new ArrayBuffer(32)];
    for (const kind of wrongKinds) {
      const wrong = kind as unknown as Uint8Array;
      refuses(TypeError, "hash", () => index.add(1, wrong));
      refuses(TypeError, "hash", () => index.query(wrong, 31));
    }
    for (const length of [0, 31, 33]) {
      const wrong = new Uint8Array(length);
      refuses(RangeError, "hash", () => index.add(1, wrong));
      refuses(RangeError, "hash", () => index.query(wrong, 31));
      refuses(RangeError, "hashes", () => index.queryVotes([wrong], 31));
      if (length > 0) refuses(RangeError, "hashes", () => index.queryVotes(wrong, 31));
      refuses(RangeError, "hashes", () => index.addMany(Uint32Array.of(1), wrong));
    }
    for (const wrong of [-1, 1.5, 2 ** 32, Number.NaN]) {
      refuses(RangeError, "id", () => index.add(wrong, good));
      refuses(RangeError, "id", () => index.remove(wrong));
    }
    for (const wrong of [-1, 257, 1.5, Number.NaN]) {
      refuses(RangeError, "radiusBits", () => index.query(good, wrong));
      refuses(RangeError, "radiusBits", () => index.queryVotes([good], wrong));
    }
    for (const wrong of [-1, 32, 1.5]) refuses(RangeError, "radiusBits", () => createRingIndex({ radiusBits: wrong }));
    for (const wrong of [-1, 65, 1.5]) refuses(RangeError, "readers", () => createRingIndex({ readers: wrong }));
    assert.deepEqual(index.query(good, 0), [{ id: 7, distanceBits: 0 }]);
  });

  it("leaves what is there twice as it is, and answers 0 for the removal of an id it has not", () => {
    const index = createRingIndex();
    const hash = hashOfId(1);
    const ids = Uint32Array.from({ length: 600 }, () => 5);
    index.addMany(ids, pack(Array.from(ids, () => hash)));
    index.add(5, hash);
    index.add(6, hash);
    assert.equal(index.size, 2);
    assert.deepEqual([index.remove(4), index.remove(2 ** 32 - 1), index.size], [0, 0, 2]);
    assert.deepEqual([index.remove(5), index.remove(5), index.size], [1, 0, 1]);
    index.add(5, hash);
    assert.deepEqual([index.size, index.remove(5), index.remove(6), index.size], [2, 1, 1, 0]);
  });
});
