import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Signal } from "@recourse/protocol";
import { type HeldItem, readItem } from "../src/held/held-item.ts";
import { createHeldItems, type HeldItems } from "../src/held/held-items.ts";
import { decodeHeld, encodeHeld, soundLength } from "../src/held/held-record.ts";
import { add, frame, hex, local, patches, pdq } from "./signals.ts";

const itemOf = (number: number, signals: readonly Signal[]): HeldItem => readItem(add(1, number, signals)).item;
const md5 = (value: string): Signal => ({ type: "md5", value });
const sha256 = (value: string): Signal => ({ type: "sha256", value });

const kinds: readonly Signal[] = [
  { type: "pdq", value: hex(32), quality: 100, kind: "original" },
  { type: "pdq", value: hex(32), quality: 90, kind: "rot90" },
];
const still = hex(32);
const various: readonly HeldItem[] = [
  itemOf(1, [pdq(hex(32))]),
  itemOf(2, [md5(hex(16)), md5(hex(16)), sha256(hex(32)), ...kinds, ...patches(90).map(local)]),
  itemOf(3, [frame(0, still), frame(1, hex(32)), frame(2, still), pdq(still)]),
  itemOf(4, [{ type: "vpdq", value: hex(32), quality: 70, timestampMs: 5, kind: "flipY" }]),
  itemOf(5, [pdq(hex(32), 10)]),
  { ...itemOf(6, [pdq(hex(32))]), itemId: "0f8fad5b-d9cb-469f-a165-70867728950e", bank: "Änderung" },
];

const isRecord = (bytes: Buffer): boolean => bytes.length > 0 && soundLength(bytes, 0, bytes.length) === bytes.length;

/** What tells an item from any other here. */
const nameOf = ({ exact, sketch, checksum }: HeldItem): string => [exact[0], sketch[0], sketch.at(-1), checksum].join();

const recordsOf = (items: HeldItems): Map<number, string> => {
  const cut = items.cut();
  const found = new Map<number, string>();
  for (const record of cut.records()) {
    const number = record.readUInt32LE(4);
    assert.ok(!found.has(number), "each once");
    found.set(number, nameOf(decodeHeld(record)));
  }
  cut.close();
  return found;
};

describe("items as bytes", () => {
  it("come back as they were, of every type of signal", () => {
    for (const item of various) assert.deepEqual(decodeHeld(encodeHeld(7, item)), item);
    assert.throws(() => encodeHeld(1, { ...various[0]!, itemId: "" }), /itemId/);
    assert.throws(() => encodeHeld(1, { ...various[0]!, bank: "b".repeat(256) }), /bank/);
  });

  it("are taken for none when they are cut off, or have lengths that don't add up", () => {
    const record = encodeHeld(7, various[2]!);
    assert.ok(isRecord(record));
    for (let length = 0; length < record.length; length += 1) {
      assert.ok(!isRecord(record.subarray(0, length)));
      const cut = Buffer.from(record.subarray(0, length));
      if (length >= 4) cut.writeUInt32LE(length, 0);
      if (length >= 66 && isRecord(cut)) assert.throws(() => decodeHeld(cut), RangeError);
    }
    for (const at of [44, 48, 52, 56, 60]) {
      const wrong = Buffer.from(record);
      wrong.writeUInt32LE(0x7fff_ffff, at);
      assert.ok(!isRecord(wrong));
    }
    // A number of times that nobody has room for.
    const times = record.indexOf(Buffer.from([3, 0, 0, 0])) >= 0 ? record.indexOf(Buffer.from([2, 0, 0, 0]), 66) : -1;
    assert.ok(times > 0);
    const greedy = Buffer.from(record);
    greedy.writeUInt32LE(0xffff_ffff, times);
    assert.throws(() => decodeHeld(greedy), RangeError);
  });
});

describe("the items that are held", () => {
  it("are found by number and by exact hash, however many hold it, and no more when they are gone", () => {
    const items = createHeldItems();
    const shared = hex(32);
    for (let number = 1; number <= 3000; number += 1) {
      items.add(number, itemOf(number, [sha256(shared), md5(hex(16)), pdq(hex(32)), local(hex(32))]));
    }
    assert.deepEqual([items.size, items.hashes, items.patches], [3000, 3000, 3000]);
    assert.equal([...items.holders(`sha256:${shared}`)].length, 3000);
    const one = items.get(77)!;
    assert.deepEqual([...items.holders(one.exact[0]!)], [77]);
    // The same first half is another value, and so is the same value as another type.
    assert.deepEqual([...items.holders(`md5:${shared.slice(0, 32)}`)], []);
    for (let number = 1; number <= 3000; number += 1) if (number % 3 > 0) items.remove(number);
    assert.deepEqual([...items.holders(one.exact[0]!)], []);
    assert.equal(items.get(77), undefined);
    assert.deepEqual(
      new Set(items.holders(`sha256:${shared}`)),
      new Set(Array.from({ length: 1000 }, (_unused, at) => 3 * at + 3)),
    );
    for (let number = 3; number <= 3000; number += 3) items.remove(number);
    items.remove(3);
    assert.deepEqual([items.size, items.hashes, items.patches, items.checksum], [0, 0, 0, "0".repeat(32)]);
    items.add(77, one);
    assert.deepEqual(items.get(77), one);
    assert.deepEqual([...items.holders(`sha256:${shared}`)], [77]);
  });

  it("move when most of what lies beside them is gone, and a cut still holds what it held", () => {
    const items = createHeldItems();
    const expected = new Map<number, string>();
    const base = itemOf(1, [md5(hex(16))]);
    const put = (number: number): void => {
      // Some 1.7 KB each: several chunks of 4 MiB.
      const item = { ...base, exact: [`md5:${hex(16)}`], patches: 400, sketch: new Uint32Array(400).fill(number) };
      items.add(number, item);
      expected.set(number, nameOf(item));
    };
    for (let number = 1; number <= 9000; number += 1) put(number);
    const cut = items.cut();
    const before = new Map(expected);
    const reading = cut.records();
    const seen = new Map<number, string>();
    const read = (count: number): void => {
      for (let turn = 0; turn < count; turn += 1) {
        const { value, done } = reading.next();
        if (done === true) return;
        assert.ok(!seen.has(value.readUInt32LE(4)));
        seen.set(value.readUInt32LE(4), nameOf(decodeHeld(value)));
      }
    };
    read(100);
    for (let number = 1; number <= 9000; number += 1) {
      if (number % 4 === 0) continue;
      items.remove(number);
      expected.delete(number);
      if (number % 50 === 1) put(number + 20_000);
    }
    read(9_000);
    cut.close();
    assert.deepEqual(seen, before);
    assert.deepEqual(recordsOf(items), expected);
    for (const [number, name] of expected) assert.equal(nameOf(items.get(number)!), name);
    // And once more, where places are given out again.
    for (const number of [...expected.keys()].filter((each) => each % 8 !== 0)) {
      items.remove(number);
      expected.delete(number);
      put(number + 100_000);
    }
    assert.deepEqual(recordsOf(items), expected);
  });

  it("come back from their records, each once", () => {
    const items = createHeldItems();
    various.forEach((item, at) => items.add(at + 1, item));
    const restored = createHeldItems();
    const cut = items.cut();
    const block = Buffer.concat(
      [...cut.records()].flatMap((record) => [record, Buffer.alloc((8 - (record.length % 8)) % 8)]),
    );
    cut.close();
    assert.equal(restored.restore(block), various.length);
    assert.equal(createHeldItems().restore(Buffer.concat([block, block.subarray(0, 72)])), undefined);
    for (const spoilt of [
      block.subarray(8),
      block.subarray(0, -8),
      Buffer.concat([block, Buffer.alloc(8)]),
      Buffer.concat([block, block]),
    ]) {
      assert.equal(createHeldItems().restore(spoilt), undefined);
    }
    assert.deepEqual(recordsOf(restored), recordsOf(items));
    assert.deepEqual(
      [restored.size, restored.checksum, restored.counts, restored.hashes, restored.patches],
      [items.size, items.checksum, items.counts, items.hashes, items.patches],
    );
    for (const value of various[1]!.exact) assert.deepEqual([...restored.holders(value)], [2]);
    for (const [at, item] of various.entries()) assert.deepEqual(restored.get(at + 1), item);
  });
});
