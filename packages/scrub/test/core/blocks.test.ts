/** Reading block by block into memory that is used again, and outputs of many pieces. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Output, outputSource, pour } from "../../src/core/pieces.ts";
import { ScannedRanges } from "../../src/core/scanned.ts";
import { Window } from "../../src/core/window.ts";
import { bytesSource } from "../../src/source.ts";
import { openFileSource } from "../../src/node/index.ts";
import { seeded } from "../fuzz/mutate.ts";
import { lentSource } from "../files.ts";

const MIB = 1 << 20;

const noise = (length: number, seed: number): Buffer => {
  const random = seeded(seed);
  return Buffer.from(Uint8Array.from({ length }, () => random(256)));
};

test("what was taken stays when its block is overwritten, however long it is", async () => {
  const bytes = noise(4 * MIB, 1);
  const window = new Window(lentSource(bytes));
  const places = [
    [10, 100],
    [70_000, 3000],
    [MIB - 5, MIB + 17],
    [2 * MIB, 1000],
    [3 * MIB + 1, MIB - 1],
  ] as const;
  const taken: Uint8Array[] = [];
  for (const [at, length] of places) {
    taken.push(await window.take(at, length));
    assert.ok(bytes.subarray(at, at + length).equals(await window.view(at, length)));
    assert.ok(bytes.subarray(at, at + length).equals((await window.block(at, length)).subarray(0, length)));
  }
  for (const [index, [at, length]] of places.entries())
    assert.ok(bytes.subarray(at, at + length).equals(taken[index]!), `${length} bytes from ${at}`);
});

test("an output of many pieces reads, pours and appends as if it were joined", async () => {
  const original = noise(3 * MIB, 2);
  const random = seeded(3);
  const output = new Output();
  const parts: Buffer[] = [];
  for (let i = 0; i < 20_000; i += 1) {
    // Ranges that touch the one before now and then, our own bytes small and large, and nothing at all.
    const length = random(40) === 0 ? random(5000) : random(60);
    if (random(2) === 0) {
      const own = noise(length, i);
      output.add(own);
      parts.push(own);
    } else {
      const from = random(original.length - length);
      const half = length >> 1;
      output.copy(from, half);
      output.copy(from + half, length - half);
      parts.push(original.subarray(from, from + length));
    }
  }
  const joined = Buffer.concat(parts);
  assert.equal(output.sizeBytes, joined.length);
  const twice = new Output();
  twice.add(Buffer.from("head"));
  twice.append(output);
  const source = outputSource(twice, lentSource(original));
  const whole = Buffer.concat([Buffer.from("head"), joined]);
  // Pieces large enough to be handed out as views, where the original is in memory, between small ones.
  twice.add(noise(100_000, 5));
  twice.copy(MIB - 7, MIB + 9);
  twice.append(output);
  const end = [noise(100_000, 5), original.subarray(MIB - 7, 2 * MIB + 2), joined];
  for (const from of [lentSource(original), bytesSource(original)]) {
    const poured: Buffer[] = [];
    await pour(twice, from, { write: (part) => void poured.push(Buffer.from(part)) });
    assert.ok(Buffer.concat(poured).equals(Buffer.concat([whole, ...end])));
    assert.ok(Math.max(...poured.map(({ length }) => length)) <= MIB);
  }
  const into = new Uint8Array(4096);
  for (let i = 0; i < 2000; i += 1) {
    const at = random(whole.length - 10_000);
    const length = random(8192);
    const bytes = await source.read(at, length, i % 2 === 0 ? into : undefined);
    assert.ok(whole.subarray(at, at + length).equals(bytes), `${length} bytes from ${at}`);
  }
});

test("an output that was cleared is as good as a new one, and what was appended from it stays", () => {
  const all = new Output();
  const part = new Output();
  for (const [index, text] of ["one", "two", "x".repeat(3000), "four"].entries()) {
    part.clear();
    part.add(Buffer.from(text));
    part.copy(1000 * index, 10);
    assert.equal(part.sizeBytes, text.length + 10);
    all.append(part);
  }
  const pieces = Array.from(all.pieces, (piece) =>
    "bytes" in piece ? Buffer.from(piece.bytes).toString() : [piece.from, piece.length],
  );
  assert.deepEqual(pieces, ["one", [0, 10], "two", [1000, 10], "x".repeat(3000), [2000, 10], "four", [3000, 10]]);
});

test("a range that was gone through is known where it was copied whole, and as large as it was found right for", () => {
  const ranges = new ScannedRanges();
  ranges.add(100, 50, 7);
  ranges.add(300, 20);
  assert.equal(ranges.known(), 0);
  const output = new Output();
  output.add(new Uint8Array(10));
  output.copy(90, 70); // Holds the first range, ten bytes in
  output.add(new Uint8Array(10));
  output.copy(300, 19); // One byte of the second is missing
  output.add(new Uint8Array(1));
  output.copy(100, 49);
  output.copy(149, 1); // Put together, it is the first range again
  const known = ranges.within(output);
  assert.equal(known.known(20, 7), 50);
  for (const [at, size] of [
    [20, 8],
    [20, 0],
    [19, 7],
    [21, 7],
    [0, 7],
    [90, 0],
    [10_000, 7],
  ] as const)
    assert.equal(known.known(at, size), 0, `${at} of ${size}`);
  assert.equal(known.known(110, 7), 50);
});

test("a file is read into memory that is lent, and into its own where that is too short", async () => {
  const folder = await mkdtemp(join(tmpdir(), "scrub-"));
  try {
    const bytes = noise(10_000, 4);
    await writeFile(join(folder, "file"), bytes);
    const source = await openFileSource(join(folder, "file"));
    const into = new Uint8Array(5000);
    const lent = await source.read(100, 5000, into);
    assert.equal(lent.buffer, into.buffer);
    assert.ok(bytes.subarray(100, 5100).equals(lent));
    const own = await source.read(0, 5001, into);
    assert.notEqual(own.buffer, into.buffer);
    assert.ok(bytes.subarray(0, 5001).equals(own));
    assert.ok(bytes.subarray(9000).equals(await source.read(9000, 5000, into)));
    assert.equal((await source.read(20_000, 10, into)).length, 0);
    await source.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
