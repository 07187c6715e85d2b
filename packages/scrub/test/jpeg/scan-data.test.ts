import assert from "node:assert/strict";
import { test } from "node:test";
import { TextWatch } from "../../src/core/hidden-text.ts";
import { findMarker } from "../../src/jpeg/scan-data.ts";
import { seeded } from "../fuzz/mutate.ts";

/** Coded data of no meaning: no run of text, stuffed zeros and restarts. `shift` moves it in memory. */
const coded = (length: number, seed: number, shift: number): Uint8Array => {
  const random = seeded(seed);
  const bytes = new Uint8Array(length + shift).subarray(shift);
  for (let at = 0; at < length; at += 1) bytes[at] = at % 20 === 0 ? 0x80 : random(255);
  for (let at = 7; at + 1 < length; at += 31) bytes.set([0xff, random(2) === 0 ? 0 : 0xd0 + random(8)], at);
  return bytes;
};

test("a marker is found wherever it stands, and nothing else is taken for one", () => {
  for (let shift = 0; shift < 4; shift += 1) {
    for (let at = 0; at < 70; at += 1) {
      for (const from of [0, 1, 2, 3, 5]) {
        const bytes = coded(80, at + 1, shift);
        assert.equal(findMarker(bytes, from), -1);
        if (at < from) continue;
        // What stood before may have been the first half of a pair.
        if (bytes[at - 1] === 0xff) bytes[at - 1] = 0x11;
        bytes.set([0x11, 0xff, 0xd9, 0x11], at);
        assert.equal(findMarker(bytes, from), at + 1, `shift ${shift}, at ${at}, from ${from}`);
      }
    }
    const last = coded(80, 3, shift);
    last[79] = 0xff;
    assert.equal(findMarker(last, 0), 79);
  }
});

test("24 characters of text are found wherever they stand, in one block or over two; 23 are not", () => {
  const text = new TextEncoder().encode("Marta, Main Street 14, X");
  assert.equal(text.length, 24);
  const holds = (...blocks: readonly Uint8Array[]): boolean => {
    const watch = new TextWatch();
    try {
      for (const block of blocks) watch.push(block);
      return false;
    } catch {
      return true;
    }
  };
  for (let shift = 0; shift < 4; shift += 1) {
    for (let at = 1; at < 70; at += 1) {
      const bytes = coded(100, at, shift).fill(0x80, at - 1, at + 25);
      bytes.set(text, at);
      assert.equal(holds(bytes), true, `shift ${shift}, at ${at}`);
      assert.equal(
        holds(bytes.subarray(0, at + 9), bytes.subarray(at + 9)),
        true,
        `over two, shift ${shift}, at ${at}`,
      );
      bytes[at + 12] = 0x80;
      assert.equal(holds(bytes), false);
      bytes.fill(0x41, at, at + 24);
      assert.equal(holds(bytes), false, "one letter over and over is no text");
    }
  }
  // Before text, letters that are none: they belong to the same run.
  const long = new Uint8Array(300).fill(0x41);
  long.set(text, 200);
  assert.equal(holds(long), true);
});
