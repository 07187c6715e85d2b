import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import { type Signal, SIGNAL_KINDS, VPDQ_KINDS } from "@recourse/protocol";
import fc from "fast-check";
import { decodeEntry, encodeEntry, type FeedEntry, itemNumberOf } from "../src/index.ts";

const hexOf = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => Buffer.from(value).toString("hex"));
const quality = fc.integer({ min: 0, max: 100 });
const signal: fc.Arbitrary<Signal> = fc.oneof(
  fc.record({ type: fc.constantFrom("md5" as const), value: hexOf(16) }),
  fc.record({ type: fc.constantFrom("sha256" as const), value: hexOf(32) }),
  fc.record({ type: fc.constantFrom("pdq-local" as const), value: hexOf(32), version: fc.constantFrom(1 as const) }),
  fc.record(
    { type: fc.constantFrom("pdq" as const), value: hexOf(32), quality, kind: fc.constantFrom(...SIGNAL_KINDS) },
    { requiredKeys: ["type", "value"] },
  ),
  fc.record(
    {
      type: fc.constantFrom("vpdq" as const),
      value: hexOf(32),
      quality,
      timestampMs: fc.integer({ min: 0, max: 2_147_483_647 }),
      kind: fc.constantFrom(...VPDQ_KINDS),
    },
    { requiredKeys: ["type", "value", "quality", "timestampMs"] },
  ),
);
const entry: fc.Arbitrary<FeedEntry> = fc.record({
  sequence: fc.maxSafeNat(),
  operation: fc.constantFrom("add", "withdraw"),
  itemId: fc.uuid(),
  itemNumber: fc.integer({ min: 0, max: 0xffff_ffff }),
  bank: fc.string({ maxLength: 20 }),
  signals: fc.array(signal, { maxLength: 12 }),
});

describe("an entry of the feed as bytes", () => {
  it("comes back as it was", () => {
    fc.assert(
      fc.property(entry, (one) => {
        const bytes = encodeEntry(one);
        // fast-check makes objects without a prototype.
        assert.deepEqual(decodeEntry(bytes), structuredClone(one));
        assert.equal(itemNumberOf(bytes), one.itemNumber);
      }),
    );
  });

  it("is refused when it is cut off anywhere or has something behind it", () => {
    const [one] = fc.sample(
      entry.filter(({ signals }) => signals.length > 3),
      { numRuns: 1, seed: 3 },
    );
    assert.ok(one !== undefined);
    const bytes = encodeEntry(one);
    for (let length = 0; length < bytes.length; length += 1) {
      assert.equal(decodeEntry(bytes.subarray(0, length)), undefined, `cut to ${length}`);
    }
    assert.equal(decodeEntry(Buffer.concat([bytes, Buffer.alloc(1)])), undefined);
  });

  it("never throws and never takes much memory for bytes that are none", () => {
    const one = { sequence: 1, operation: "add", itemId: randomUUID(), itemNumber: 1, bank: "own" } as const;
    const bytes = encodeEntry({ ...one, signals: [{ type: "md5", value: "ab".repeat(16) }] });
    for (let round = 0; round < 20_000; round += 1) {
      const changed = Buffer.from(bytes);
      for (const at of randomBytes(1 + (round % 3))) changed[at % changed.length] = randomBytes(1)[0] ?? 0;
      decodeEntry(changed);
      decodeEntry(randomBytes(round % 80));
    }
    // Says that four thousand million signals follow.
    const many = Buffer.from(bytes);
    many.writeUInt32LE(0xffff_ffff, 32);
    assert.equal(decodeEntry(many), undefined);
  });

  it("refuses what no bank holds: another version, quality, kind, type, time", () => {
    const one = { sequence: 1, operation: "add", itemId: randomUUID(), itemNumber: 1, bank: "" } as const;
    const frame = { type: "vpdq", value: "ab".repeat(32), quality: 60, timestampMs: 5, kind: "flipY" } as const;
    const bytes = encodeEntry({ ...one, signals: [frame] });
    const at = bytes.length - 40;
    const withByte = (offset: number, value: number): Buffer => {
      const changed = Buffer.from(bytes);
      changed[offset] = value;
      return changed;
    };
    for (const [offset, value] of [
      [0, 2],
      [1, 3],
      [15, 1],
      [at, 6],
      [at + 1, 101],
      [at + 1, 255],
      [at + 2, 2],
      [at + 7, 0x80],
      [37, 0x7a],
    ] as const) {
      assert.equal(decodeEntry(withByte(offset, value)), undefined, `byte ${offset}`);
    }
    assert.throws(() => encodeEntry({ ...one, itemId: "item-1", signals: [] }), RangeError);
    assert.throws(() => encodeEntry({ ...one, bank: "b".repeat(256), signals: [] }), RangeError);
  });

  it("takes half a megabyte for the largest item", () => {
    const value = "ab".repeat(32);
    const signals: Signal[] = [
      ...Array.from({ length: 8_000 }, (): Signal => ({ type: "vpdq", value, quality: 60, timestampMs: 5 })),
      ...Array.from({ length: 4_096 }, (): Signal => ({ type: "pdq-local", value, version: 1 })),
      ...Array.from({ length: 752 }, (): Signal => ({ type: "pdq", value })),
    ];
    const one = { sequence: 1, operation: "add", itemId: randomUUID(), itemNumber: 1, bank: "recourse" } as const;
    assert.ok(encodeEntry({ ...one, signals }).length < 500_000);
  });
});
