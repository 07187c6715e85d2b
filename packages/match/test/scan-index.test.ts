import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  createScanIndex,
  distanceBits,
  type HammingIndex,
  hashFromHex,
  hashToHex,
  MatchError,
  restoreScanIndex,
} from "../src/index.ts";

/** Counts bits one by one, on numbers of any size: slow, and hard to get wrong. */
const naiveDistance = (a: Uint8Array, b: Uint8Array): number => {
  const toBits = (hash: Uint8Array) => [...hash].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const bits = toBits(b);
  return [...toBits(a)].filter((bit, index) => bit !== bits[index]).length;
};

/** A model of an index: a list of pairs. */
const createModel = () => {
  let entries: { id: number; hash: Uint8Array }[] = [];
  return {
    add(id: number, hash: Uint8Array) {
      if (!entries.some((entry) => entry.id === id && naiveDistance(entry.hash, hash) === 0))
        entries.push({ id, hash });
    },
    remove(id: number) {
      const before = entries.length;
      entries = entries.filter((entry) => entry.id !== id);
      return before - entries.length;
    },
    query: (hash: Uint8Array, radiusBits: number) =>
      entries
        .map((entry) => ({ id: entry.id, distanceBits: naiveDistance(entry.hash, hash) }))
        .filter((hit) => hit.distanceBits <= radiusBits)
        .toSorted((a, b) => a.distanceBits - b.distanceBits || a.id - b.id),
    get size() {
      return entries.length;
    },
  };
};

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
/** Hashes near a few centres: what a bank of edits of the same pictures looks like. */
const clustered = fc
  .tuple(fc.constantFrom(0x00, 0x55, 0xff), fc.uniqueArray(fc.nat(255), { maxLength: 40 }))
  .map(([fill, flips]) => {
    const hash = new Uint8Array(32).fill(fill);
    for (const bit of flips) hash[bit >> 3] = (hash[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return hash;
  });
const hash = fc.oneof(bytes32, clustered);
const id = fc.oneof(fc.nat(9), fc.constantFrom(0, 0xffffffff));
const command = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), id, hash }),
  fc.record({ kind: fc.constant("remove" as const), id }),
  fc.record({ kind: fc.constant("query" as const), hash, radiusBits: fc.oneof(fc.nat(45), fc.nat(256)) }),
);

describe("the plain scan", () => {
  it("answers as the model does, through any order of adds, removals and queries", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
        let index: HammingIndex = createScanIndex();
        const model = createModel();
        for (const each of commands) {
          if (each.kind === "add") {
            index.add(each.id, each.hash);
            model.add(each.id, each.hash);
          } else if (each.kind === "remove") {
            assert.equal(index.remove(each.id), model.remove(each.id));
          } else {
            assert.deepEqual(index.query(each.hash, each.radiusBits), model.query(each.hash, each.radiusBits));
          }
          assert.equal(index.size, model.size);
        }
        index = restoreScanIndex(index.snapshot());
        assert.equal(index.size, model.size);
        for (const each of commands) {
          if (each.kind === "query") {
            assert.deepEqual(index.query(each.hash, each.radiusBits), model.query(each.hash, each.radiusBits));
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it("draws the line at every distance from 0 to 256 exactly", () => {
    const zero = new Uint8Array(32);
    const index = createScanIndex();
    for (let bits = 0; bits <= 256; bits += 1) {
      const far = new Uint8Array(32);
      // Spread, so that every word takes its share.
      for (let bit = 0; bit < bits; bit += 1) {
        const position = (bit * 37) % 256;
        far[position >> 3] = (far[position >> 3] ?? 0) | (1 << (position & 7));
      }
      index.add(bits, far);
    }
    for (let radius = 0; radius <= 256; radius += 1) {
      assert.deepEqual(
        index.query(zero, radius),
        Array.from({ length: radius + 1 }, (_unused, bits) => ({ id: bits, distanceBits: bits })),
      );
    }
  });

  it("leaves an entry that is there already as it is, and keeps one hash under several ids and several under one", () => {
    const index = createScanIndex();
    const [one, two] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(3)];
    for (const [each, bytes] of [
      [7, one],
      [7, one],
      [3, one],
      [7, two],
      [3, one],
      [7, two],
    ] as const)
      index.add(each, bytes);
    assert.equal(index.size, 3);
    assert.deepEqual(index.query(one, 32), [
      { id: 3, distanceBits: 0 },
      { id: 7, distanceBits: 0 },
      { id: 7, distanceBits: 32 },
    ]);
    one.fill(0xff); // copied at the time
    assert.equal(index.query(one, 0).length, 0);
    assert.equal(index.remove(7), 2);
    assert.equal(index.remove(7), 0);
    assert.deepEqual(index.query(two, 256), [{ id: 3, distanceBits: 32 }]);
  });

  it("tells hashes of one id apart by any single bit", () => {
    const index = createScanIndex();
    const zero = new Uint8Array(32);
    index.add(1, zero);
    for (let bit = 0; bit < 256; bit += 1) {
      const other = zero.slice();
      other[bit >> 3] = 1 << (bit & 7);
      index.add(1, other);
    }
    assert.equal(index.size, 257);
    assert.equal(index.query(zero, 0).length, 1);
    assert.equal(index.query(zero, 1).length, 257);
  });

  it("grows past its first capacity and keeps its entries", () => {
    const index = createScanIndex();
    const numbered = (number: number) => {
      const bytes = new Uint8Array(32);
      new DataView(bytes.buffer).setUint32(28, number);
      return bytes;
    };
    for (let number = 0; number < 5_000; number += 1) index.add(number, numbered(number));
    for (let number = 0; number < 5_000; number += 2) assert.equal(index.remove(number), 1);
    assert.equal(index.size, 2_500);
    for (let number = 0; number < 5_000; number += 1) {
      assert.equal(index.query(numbered(number), 0).length, number % 2);
    }
  });

  it("refuses what is no hash, id or radius, and stays as it was", () => {
    const index = createScanIndex();
    const good = new Uint8Array(32);
    for (const length of [0, 31, 33]) assert.throws(() => index.add(1, new Uint8Array(length)), RangeError);
    for (const wrong of [-1, 1.5, 2 ** 32, Number.NaN]) {
      assert.throws(() => index.add(wrong, good), RangeError);
      assert.throws(() => index.remove(wrong), RangeError);
    }
    for (const wrong of [-1, 257, 1.5, Number.NaN]) assert.throws(() => index.query(good, wrong), RangeError);
    // @ts-expect-error: what a caller without types could do
    assert.throws(() => index.query("00", 31), TypeError);
    assert.equal(index.size, 0);
  });
});

describe("a snapshot", () => {
  const index = createScanIndex();
  for (let number = 0; number < 5; number += 1) index.add(number * 1000, new Uint8Array(32).fill(number * 7));
  const whole = index.snapshot();

  it("has the form its documentation gives", () => {
    const view = new DataView(whole.buffer);
    assert.equal(new TextDecoder().decode(whole.subarray(0, 8)), "RCHAMIDX");
    assert.deepEqual([view.getUint32(8, true), view.getUint32(12, true)], [1, 5]);
    assert.equal(whole.length, 16 + 5 * 36 + 4);
    assert.equal(view.getUint32(16 + 36, true), 1000);
    assert.deepEqual(whole.subarray(16 + 36 + 4, 16 + 72), new Uint8Array(32).fill(7));
  });

  it("is refused when cut off anywhere, too long, or changed in any single byte", () => {
    for (let length = 0; length < whole.length; length += 1) {
      assert.throws(() => restoreScanIndex(whole.subarray(0, length)), MatchError);
    }
    assert.throws(() => restoreScanIndex(Uint8Array.from([...whole, 0])), MatchError);
    for (let offset = 0; offset < whole.length; offset += 1) {
      for (const change of [0x01, 0x80, 0xff]) {
        const damaged = whole.slice();
        damaged[offset] = (damaged[offset] ?? 0) ^ change;
        assert.throws(() => restoreScanIndex(damaged), MatchError, `byte ${offset}`);
      }
    }
  });

  it("is refused before anything is reserved when it claims more entries than it has", () => {
    const greedy = whole.slice();
    new DataView(greedy.buffer).setUint32(12, 0xffffffff, true);
    assert.throws(
      () => restoreScanIndex(greedy),
      (error) => error instanceof MatchError && error.code === "snapshot_length",
    );
  });
});

describe("hashes as text", () => {
  it("come back as they were, and their distance is a metric", () => {
    fc.assert(
      fc.property(hash, hash, hash, (a, b, c) => {
        assert.deepEqual(hashFromHex(hashToHex(a)), a);
        assert.deepEqual(hashFromHex(hashToHex(a).toUpperCase()), a);
        assert.equal(distanceBits(a, b), naiveDistance(a, b));
        assert.equal(distanceBits(a, b), distanceBits(b, a));
        assert.ok(distanceBits(a, c) <= distanceBits(a, b) + distanceBits(b, c));
      }),
    );
  });

  it("are refused when they are not 64 hex digits", () => {
    for (const text of ["", "0".repeat(63), "0".repeat(65), `${"0".repeat(63)}g`, ` ${"0".repeat(63)}`]) {
      assert.throws(() => hashFromHex(text), RangeError);
    }
  });
});
