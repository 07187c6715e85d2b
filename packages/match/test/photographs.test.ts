/** The ring index against the plain scan on PDQ hashes of real photographs, which are not spread as random ones are. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createRingIndex, createScanIndex, hashFromHex } from "../src/index.ts";
import { pack, randomFrom, turnBits } from "./hashes.ts";

/** As a bank holds them: of each photograph turned and mirrored, and of its windows. */
const bank = readFileSync(join(import.meta.dirname, "../../../fixtures/photograph-hashes/pdq.txt"), "utf8")
  .trimEnd()
  .split("\n")
  .map(hashFromHex);

/** The hash with so many bits turned side by side, from `first` on. */
const turnNeighbours = (hash: Uint8Array, bits: number, first: number): Uint8Array => {
  const turned = hash.slice();
  for (let bit = 0; bit < bits; bit += 1) {
    const place = (first + bit) % 256;
    turned[place >> 3] = turned[place >> 3]! ^ (1 << (place & 7));
  }
  return turned;
};

describe("hashes of photographs", () => {
  // More rows than the segment that is scanned has, so tables are asked; one by one, both.
  for (const [how, isBulk] of [
    ["at once", true],
    ["one by one", false],
  ] as const) {
    it(`answers as the plain scan does at every distance from 0 to 40 around them, added ${how}`, () => {
      const random = randomFrom(0x9d0);
      const [ring, scan] = [createRingIndex(), createScanIndex()];
      if (isBulk) for (const index of [ring, scan]) index.addMany(Uint32Array.from(bank.keys()), pack(bank));
      else for (const index of [ring, scan]) bank.forEach((hash, id) => index.add(id, hash));
      assert.equal(ring.size, bank.length);
      let others = 0;
      for (let bits = 0; bits <= 40; bits += 1) {
        // Each hash is asked about at five distances or more, each distance of an eighth of them.
        for (let entry = bits % 8; entry < bank.length; entry += 8) {
          const hash = bank[entry]!;
          const query = entry % 3 === 0 ? turnNeighbours(hash, bits, random(256)) : turnBits(hash, bits, random);
          for (const radius of new Set([bits, Math.max(0, bits - 1), 31])) {
            const hits = ring.query(query, radius);
            assert.deepEqual(hits, scan.query(query, radius));
            assert.equal(
              hits.some(({ id, distanceBits }) => id === entry && distanceBits === bits),
              bits <= radius,
            );
            others += hits.filter(({ id }) => id !== entry).length;
          }
        }
      }
      assert.ok(others > 100, `${others} hits of other hashes than the one that was asked about`);
    });
  }

  it("answers batches as the plain scan does, a photograph an id", () => {
    const random = randomFrom(0x9d1);
    const [ring, scan] = [createRingIndex(), createScanIndex()];
    for (const index of [ring, scan])
      index.addMany(
        Uint32Array.from(bank.keys(), (entry) => entry >> 4),
        pack(bank),
      );
    for (let bits = 0; bits <= 40; bits += 1) {
      const queries = Array.from({ length: 64 }, () => turnBits(bank[random(bank.length)]!, bits, random));
      for (const radius of [bits, 31]) {
        const votes = ring.queryVotes(queries, radius);
        assert.deepEqual(votes, scan.queryVotes(queries, radius));
        if (bits <= radius) assert.ok(votes.items.length > 0);
      }
    }
  });
});
