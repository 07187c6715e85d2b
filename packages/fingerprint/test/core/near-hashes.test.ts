/** Everything within 31 bits is found, and nothing else. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { distanceWithin, wordsOf } from "../../src/core/hash-words.ts";
import { NEAR_BITS, nearHashes } from "../../src/core/near-hashes.ts";
import { randomFrom } from "../pictures.ts";

const random = randomFrom(23);
const anyHash = (): string => Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join("");

/** The hash with so many different bits of it turned over. */
function turned(hash: string, bits: number): string {
  const digits = [...hash].map((digit) => Number.parseInt(digit, 16));
  const places = new Set<number>();
  while (places.size < bits) places.add(Math.floor(random() * 256));
  for (const place of places) digits[place >> 2]! ^= 1 << (place & 3);
  return digits.map((digit) => digit.toString(16)).join("");
}

describe("near hashes", () => {
  it("are all that lie within 31 bits, and no others", () => {
    const asked = Array.from({ length: 60 }, anyHash);
    // For each: one at every distance around the limit, and some that have nothing to do with it.
    const held = asked.flatMap((hash) => [0, 1, 16, 30, 31, 32, 33].map((bits) => turned(hash, bits)));
    const [known, questions] = [wordsOf([...held, ...Array.from({ length: 500 }, anyHash)]), wordsOf(asked)];
    const index = nearHashes(known);
    for (let at = 0; at < asked.length; at++) {
      const found = new Map<number, number>();
      index.find(questions, at, (number, bits) => {
        assert.ok(!found.has(number), "told once");
        found.set(number, bits);
      });
      const expected = new Map<number, number>();
      for (let number = 0; number < known.count; number++) {
        const bits = distanceWithin(known, number, questions, at, 256);
        if (bits <= NEAR_BITS) expected.set(number, bits);
      }
      assert.deepEqual(new Map([...found].toSorted(([a], [b]) => a - b)), expected);
      assert.ok(found.size >= 5);
    }
  });

  it("are found where bits are turned evenly over all pieces, the hardest case", () => {
    const hash = "0".repeat(64);
    // Two bits in each of fifteen pieces and one in the sixteenth: 31.
    const far = `${"0011".repeat(15)}0001`.replaceAll("0011", "0003");
    const index = nearHashes(wordsOf([far, far.replace("0001", "0003")]));
    const found: number[] = [];
    index.find(wordsOf([hash]), 0, (number) => found.push(number));
    assert.deepEqual(found, [0]);
  });

  it("of nothing are none", () => {
    nearHashes(wordsOf([])).find(wordsOf([anyHash()]), 0, () => assert.fail());
  });
});
