import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hexDistanceBits } from "../src/core/distance.ts";
import { createFrameKeeper, framesToRead } from "../src/frames.ts";
import { bankSignals, querySignals } from "../src/signals.ts";
import { DIHEDRAL_KINDS, type Dihedral, type Fingerprint, type PdqResult } from "../src/types.ts";

/** A result whose eight hashes are all different; `n` under 16. */
function result(n: number, quality: number): PdqResult {
  const hash = (i: number): string => `${n.toString(16).repeat(8)}${i.toString(16).repeat(56)}`;
  // The cast: fromEntries forgets that every kind is there.
  const dihedral = Object.fromEntries(DIHEDRAL_KINDS.map((kind, i) => [kind, hash(i)])) as Dihedral;
  return { pdq: dihedral.original, quality, dihedral };
}

const file = {
  media: "image/gif",
  sizeBytes: 1,
  sha256: "b".repeat(64),
  md5: "a".repeat(32),
  width: 9,
  height: 9,
  windows: [],
};
const digests = [
  { type: "md5", value: file.md5 },
  { type: "sha256", value: file.sha256 },
];

describe("signals", () => {
  it("a still picture banks eight hashes and asks for one", () => {
    const fingerprint: Fingerprint = { ...file, ...result(1, 90) };
    const banked = bankSignals(fingerprint);
    assert.deepEqual(
      banked.flatMap((signal) => (signal.type === "pdq" ? [signal.kind] : [])),
      [...DIHEDRAL_KINDS],
    );
    assert.deepEqual(banked.slice(8), digests);
    assert.deepEqual(querySignals(fingerprint), [
      { type: "pdq", value: fingerprint.pdq, quality: 90, kind: "original" },
      ...digests,
    ]);
  });

  it("the picture on white and the frames are added under their own kind", () => {
    const fingerprint: Fingerprint = {
      ...file,
      ...result(1, 90),
      flattened: result(2, 80),
      frames: [{ ...result(3, 70), index: 4 }],
    };
    assert.equal(bankSignals(fingerprint).length, 3 * 8 + 2);
    assert.deepEqual(
      querySignals(fingerprint).map((signal) =>
        signal.type === "pdq" ? `${signal.kind} ${signal.quality}` : signal.type,
      ),
      ["original 90", "flattened 80", "frame 70", "md5", "sha256"],
    );
  });

  it("quality under 50 and values that are there already are left out", () => {
    const poor: Fingerprint = {
      ...file,
      ...result(1, 49),
      flattened: result(2, 50),
      frames: [{ ...result(2, 60), index: 1 }],
    };
    assert.equal(bankSignals(poor).length, 8 + 2);
    assert.deepEqual(querySignals({ ...file, ...result(1, 49) }), digests);
  });
});

describe("frames", () => {
  it("reads all of a short animation, and of a long one 256 evenly spread, first and last included", () => {
    assert.deepEqual(framesToRead(3), [0, 1, 2]);
    const spread = framesToRead(10_000);
    assert.equal(new Set(spread).size, 256);
    assert.equal(spread[0], 0);
    assert.equal(spread.at(-1), 9_999);
    const steps = spread.slice(1).map((frame, i) => frame - spread[i]!);
    assert.ok(Math.max(...steps) - Math.min(...steps) <= 1);
  });

  it("keeps a frame only when it is more than 8 bits from every kept one, and 32 at most", () => {
    const at = (bits: number): PdqResult => {
      const value = (2n ** BigInt(bits) - 1n).toString(16).padStart(64, "0");
      return { pdq: value, quality: 100, dihedral: { ...result(0, 0).dihedral, original: value } };
    };
    assert.equal(hexDistanceBits(at(0).pdq, at(8).pdq), 8);
    const keeper = createFrameKeeper(at(0));
    for (const bits of [8, 9, 16, 18, 5]) assert.ok(keeper.offer(bits, at(bits)));
    assert.deepEqual(
      keeper.kept.map((frame) => frame.index),
      [9, 18],
    );
    const many = createFrameKeeper(at(0));
    let taken = 0;
    const random = Array.from({ length: 40 }, (_, i) => i);
    for (const i of random) {
      taken++;
      const value = i
        .toString(2)
        .padStart(6, "0")
        .replaceAll("0", "00000000")
        .replaceAll("1", "ffffffff")
        .padEnd(64, "5");
      if (!many.offer(i, { ...at(0), pdq: value })) break;
    }
    assert.equal(many.kept.length, 32);
    assert.ok(taken < 40);
  });
});
