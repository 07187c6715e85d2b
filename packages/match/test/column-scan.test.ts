/** The column scan against the plain one: not one hit less, not one more, by whichever of its ways. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { committedKernel, generateKernel } from "../../../tools/kernel.ts";
import { COLUMN } from "../scripts/build-kernel.ts";
import { createColumnKernel } from "../src/column/kernel.ts";
import { findPlainly } from "../src/column/plain.ts";
import { type ColumnQuestion, createColumnScan, distanceBits, MAX_COLUMN_QUERIES } from "../src/index.ts";
import { pack, type Random, randomFrom, randomHash, turnBits, turnInChunks } from "./hashes.ts";

/** More rows than the kernel takes at once. */
const MANY_ROWS = 70_000;

const columnsOf = (hashes: readonly Uint8Array[]) => ({
  first: pack(hashes.map((hash) => Uint8Array.from([...hash.subarray(0, 16), ...new Uint8Array(16)]))).filter(
    (_byte, at) => at % 32 < 16,
  ),
  rest: pack(hashes).filter((_byte, at) => at % 32 >= 16),
});

type HitLine = string;
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What a finder tells, as lines in one order; with `groups`, the group instead of which query of it. */
const linesOf = (
  find: (onHit: (row: number, query: number, distance: number) => void) => void,
  groups?: Uint32Array,
): readonly HitLine[] => {
  const lines: HitLine[] = [];
  find((row, query, distance) => lines.push(`${row} ${groups?.[query] ?? query} ${distance}`));
  return lines.toSorted(byText);
};

const scan = createColumnScan();

/** Asks both; answers how many hits there are, each told once at least, and once exactly by the plain one. */
const assertAlike = (question: ColumnQuestion, first: Uint8Array, rest: Uint8Array | undefined): number => {
  scan.ask(question);
  const { groups } = question;
  const found = linesOf((onHit) => scan.find(first, rest, onHit), groups);
  const expected = linesOf((onHit) => findPlainly(question, first, rest, onHit), groups);
  // Distances of one row and group: the nearest must be among what is told, and nothing that is no hit.
  const ungrouped = linesOf((onHit) => findPlainly({ ...question, groups: undefined }, first, rest, onHit));
  if (groups === undefined) assert.deepEqual([...new Set(found)], expected);
  else {
    const foundSet = new Set(found);
    assert.ok(
      expected.every((line) => foundSet.has(line)),
      "the nearest of a group is missing",
    );
    assert.ok(found.length <= ungrouped.length * 16);
  }
  return expected.length;
};

const near = (random: Random, hash: Uint8Array, from: number, to: number): readonly Uint8Array[] =>
  Array.from({ length: to - from + 1 }, (_unused, bits) => turnBits(hash, from + bits, random));

describe("the column scan", () => {
  it("has its kernel committed as its source compiles", () => {
    const message = "run npm run build:kernel --workspace @recourse/match";
    assert.equal(committedKernel(COLUMN), generateKernel(COLUMN), message);
    assert.notEqual(createColumnKernel(), null, "without WebAssembly the plain way is compared with itself");
  });

  for (const count of [1, 2, 11, 19, 20, 64, 300]) {
    it(`tells what the plain scan tells: ${count} queries, every distance from 0 to 40`, () => {
      const random = randomFrom(count);
      const queries = Array.from({ length: count }, () => randomHash(random));
      const rows = [
        ...Array.from({ length: 300 }, () => randomHash(random)),
        ...queries.slice(0, 12).flatMap((query) => near(random, query, 0, 40)),
      ];
      const { first, rest } = columnsOf(rows);
      for (const radiusBits of [0, 1, 7, 15, 16, 30, 31]) {
        const hits = assertAlike({ queries: pack(queries), hashBytes: 32, radiusBits }, first, rest);
        assert.ok(hits >= Math.min(count, 12) * (radiusBits + 1));
      }
    });
  }

  it("finds what only one chunk of the ring leads to, and nothing at 32 bits", () => {
    const random = randomFrom(7);
    const query = randomHash(random);
    const strangers = Array.from({ length: 19 }, () => randomHash(random));
    const rows = [];
    for (let start = 0; start < 16; start += 1) {
      // Two bits in every chunk but one, which has one, each of its 16; then none, and one more in its neighbour.
      const even = Array.from({ length: 16 }, (_unused, chunk): number => (chunk === start ? 0 : 2));
      for (let bit = 0; bit < 16; bit += 1) {
        const row = turnInChunks(query, even, random);
        const at = 2 * start + (bit >> 3);
        row[at] = row[at]! ^ (1 << (bit & 7));
        rows.push(row);
      }
      const leaning = even.slice();
      leaning[(start + 1) % 16] = 3;
      rows.push(turnInChunks(query, leaning, random));
    }
    const tooFar = Array.from({ length: 64 }, () => turnBits(query, 32, random));
    const { first, rest } = columnsOf([...rows, ...tooFar]);
    const question = { queries: pack([query, ...strangers]), hashBytes: 32, radiusBits: 31 } as const;
    scan.ask(question);
    assert.equal(scan.needsRest, true, "this many queries go through the sieve");
    assert.equal(assertAlike(question, first, rest), 16 * 17);
  });

  it("finds a near row wherever it stands among those that are looked at together", () => {
    const random = randomFrom(23);
    const far = Array.from({ length: 40 }, () => randomHash(random));
    for (const count of [1, 2, 19]) {
      const queries = Array.from({ length: count }, () => randomHash(random));
      for (let length = 1; length <= 25; length += 1) {
        for (let place = 0; place < length; place += 1) {
          const rows = far.slice(0, length);
          rows[place] = turnBits(queries[place % count]!, 31, random);
          const { first, rest } = columnsOf(rows);
          assert.equal(assertAlike({ queries: pack(queries), hashBytes: 32, radiusBits: 31 }, first, rest), 1);
        }
      }
    }
  });

  it("goes on where a block is larger than the kernel's window", () => {
    const random = randomFrom(11);
    const bytes = new Uint8Array(new Uint32Array(MANY_ROWS * 8).map(() => random(2 ** 32)).buffer);
    const first = bytes.subarray(0, MANY_ROWS * 16);
    const rest = bytes.subarray(MANY_ROWS * 16);
    for (const count of [1, 5, 40]) {
      const queries = Array.from({ length: count }, (_unused, query) => {
        const row = query === 0 ? MANY_ROWS - 1 : random(MANY_ROWS);
        const hash = Uint8Array.from([
          ...first.subarray(row * 16, row * 16 + 16),
          ...rest.subarray(row * 16, row * 16 + 16),
        ]);
        return turnBits(hash, 31, random);
      });
      assert.equal(assertAlike({ queries: pack(queries), hashBytes: 32, radiusBits: 31 }, first, rest), count);
    }
  });

  it("tells every hit where all rows and all queries are equal, more than it has room for at once", () => {
    const hash = randomHash(randomFrom(3));
    for (const [rows, count] of [
      [3000, 1],
      [3000, 9],
      [600, 64],
    ] as const) {
      const { first, rest } = columnsOf(Array.from({ length: rows }, () => hash));
      const queries = pack(Array.from({ length: count }, () => hash));
      const question = { queries, hashBytes: 32, radiusBits: 31 } as const;
      assert.equal(assertAlike(question, first, rest), rows * count);
      const groups = Uint32Array.from({ length: count }, (_unused, query) => query % 3);
      assert.equal(assertAlike({ ...question, groups }, first, rest), rows * Math.min(3, count));
    }
  });

  it("tells of a group the nearest, exactly once where rows are compared", () => {
    const random = randomFrom(5);
    const hash = randomHash(random);
    for (const extra of [0, 40]) {
      const queries = [...near(random, hash, 2, 9), ...Array.from({ length: extra }, () => randomHash(random))];
      const groups = Uint32Array.from(queries, (_query, at) => (at < 8 ? at % 2 : at));
      const { first, rest } = columnsOf([hash]);
      const question = { queries: pack(queries), hashBytes: 32, radiusBits: 31, groups } as const;
      assert.equal(assertAlike(question, first, rest), 2);
      scan.ask(question);
      const best = new Map<number, number>();
      scan.find(first, rest, (_row, query, distance) => {
        best.set(groups[query]!, Math.min(distance, best.get(groups[query]!) ?? 99));
      });
      assert.deepEqual([best.get(0), best.get(1), best.size], [2, 3, 2]);
    }
  });

  it("asks for half of the bytes where queries are few, and confirms with the rest", () => {
    const random = randomFrom(9);
    const query = randomHash(random);
    const rows = [...near(random, query, 20, 40), ...Array.from({ length: 500 }, () => randomHash(random))];
    const { first, rest } = columnsOf(rows);
    scan.ask({ queries: query, hashBytes: 32, radiusBits: 31 });
    assert.equal(scan.needsRest, false);
    const confirmed: number[] = [];
    let candidates = 0;
    scan.find(first, undefined, (row, number, firstDistance) => {
      candidates += 1;
      const distance = scan.confirm(number, firstDistance, rest.subarray(row * 16, row * 16 + 16));
      assert.equal(distance, distanceBits(query, rows[row]!) <= 31 ? distanceBits(query, rows[row]!) : undefined);
      if (distance !== undefined) confirmed.push(distance);
    });
    assert.deepEqual(confirmed, [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]);
    assert.ok(candidates > confirmed.length, "some are near in the first half only");
  });

  it("finds the same bytes, of 16 and of 32, among others that share half of them", () => {
    const random = randomFrom(13);
    const hashes = Array.from({ length: 200 }, () => randomHash(random));
    const twins = hashes
      .slice(0, 50)
      .map((hash) => Uint8Array.from([...hash.subarray(0, 16), ...randomHash(random).subarray(0, 16)]));
    const { first, rest } = columnsOf([...hashes, ...twins]);
    const asked = hashes.slice(40, 60);
    assert.equal(assertAlike({ queries: pack(asked), hashBytes: 32, radiusBits: 0 }, first, rest), 20);
    const halves = Uint8Array.from(asked.flatMap((hash) => [...hash.subarray(0, 16)]));
    assert.equal(assertAlike({ queries: halves, hashBytes: 16, radiusBits: 0 }, first, undefined), 30);
    assert.equal(assertAlike({ queries: halves, hashBytes: 16, radiusBits: 5 }, first, undefined), 30);
    scan.ask({ queries: pack(asked), hashBytes: 32, radiusBits: 0 });
    assert.equal(scan.needsRest, false);
  });

  it("is the same without WebAssembly", () => {
    const random = randomFrom(17);
    const queries = Array.from({ length: 20 }, () => randomHash(random));
    const { first, rest } = columnsOf(queries.flatMap((query) => near(random, query, 28, 34)));
    const plain = createColumnScan(null);
    const question = { queries: pack(queries), hashBytes: 32, radiusBits: 31 } as const;
    plain.ask(question);
    scan.ask(question);
    const lines = linesOf((onHit) => plain.find(first, rest, onHit));
    assert.equal(lines.length, 80);
    assert.deepEqual([...new Set(linesOf((onHit) => scan.find(first, rest, onHit)))], lines);
  });

  it("refuses what does not fit together, and answers nothing for nothing", () => {
    const random = randomFrom(19);
    const hash = randomHash(random);
    const question = { queries: hash, hashBytes: 32, radiusBits: 31 } as const;
    assert.throws(() => createColumnScan().find(hash, hash, () => {}), TypeError);
    assert.throws(() => scan.ask({ ...question, queries: hash.subarray(1) }), RangeError);
    assert.throws(() => scan.ask({ ...question, radiusBits: 32 }), RangeError);
    assert.throws(() => scan.ask({ ...question, radiusBits: 0.5 }), RangeError);
    assert.throws(() => scan.ask({ ...question, groups: Uint32Array.of(1) }), RangeError);
    assert.throws(() => scan.ask({ ...question, queries: new Uint8Array(32 * (MAX_COLUMN_QUERIES + 1)) }), RangeError);
    scan.ask(question);
    assert.throws(() => scan.find(hash.subarray(1), undefined, () => {}), RangeError);
    assert.throws(() => scan.find(hash, hash.subarray(16), () => {}), RangeError);
    assert.throws(() => scan.confirm(1, 0, hash.subarray(16)), RangeError);
    scan.ask({ ...question, queries: pack(Array.from({ length: 20 }, () => hash)) });
    assert.throws(() => scan.find(hash, undefined, () => {}), RangeError);
    scan.find(new Uint8Array(0), new Uint8Array(0), () => assert.fail());
    scan.ask({ ...question, queries: new Uint8Array(0) });
    scan.find(hash, hash, () => assert.fail());
  });

  it("takes as many queries as it says", () => {
    const random = randomFrom(23);
    const queries = new Uint8Array(MAX_COLUMN_QUERIES * 32).map(() => random(256));
    const last = queries.subarray(-32);
    const { first, rest } = columnsOf([turnBits(last, 31, random), turnBits(last, 32, random)]);
    scan.ask({ queries, hashBytes: 32, radiusBits: 31 });
    assert.deepEqual(
      [...new Set(linesOf((onHit) => scan.find(first, rest, onHit)))],
      [`0 ${MAX_COLUMN_QUERIES - 1} 31`],
    );
  });
});
