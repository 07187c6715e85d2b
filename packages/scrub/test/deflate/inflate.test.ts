/** The inflater against zlib's: the same bytes, the same end, in whatever pieces; damaged streams likewise. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateSync, inflateSync } from "node:zlib";
import { inflate, Inflater } from "../../src/deflate/inflate.ts";
import { seeded } from "../fuzz/mutate.ts";

const random = seeded(12);
/** Bytes like those of pictures and texts: noise, few values, runs, repetitions from far away. */
const samples: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from("a"),
  Buffer.from(Array.from({ length: 70_000 }, () => random(256))),
  Buffer.from(Array.from({ length: 70_000 }, () => random(3) * random(2))),
  Buffer.alloc(100_000, 7),
  Buffer.from(Array.from({ length: 90_000 }, (_, at) => (at % 32_768 < 300 ? at % 251 : random(9)))),
];
const streams = samples.flatMap((plain) =>
  [constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE].flatMap((strategy) =>
    [0, 1, 9].map((level) => ({ plain, packed: deflateSync(plain, { level, strategy }) })),
  ),
);

test("what zlib packs comes out, kept or counted, whole or in pieces, and the end is found", () => {
  for (const { plain, packed } of streams) {
    const followed = Buffer.concat([packed, Buffer.from("behind the end")]);
    for (const pieceBytes of [followed.length, 1 + random(20), 1 + random(2000)]) {
      for (const mode of ["keep", "count"] as const) {
        const inflater = new Inflater(plain.length, mode);
        let taken = 0;
        for (let at = 0; at < followed.length && inflater.state === "open"; at += pieceBytes)
          taken += inflater.push(followed.subarray(at, at + pieceBytes));
        assert.equal(inflater.state, "done");
        assert.equal(inflater.outputBytes, plain.length);
        assert.equal(taken, packed.length);
        assert.equal(inflater.inputBytes, packed.length);
        if (mode === "keep") assert.ok(plain.equals(inflater.output));
      }
    }
  }
});

test("one byte more than the limit is too much, and nothing is written beyond it", () => {
  for (const { plain, packed } of streams) {
    if (plain.length === 0) continue;
    for (const mode of ["keep", "count"] as const) {
      const inflater = new Inflater(plain.length - 1, mode);
      // What follows lets the last codes be read as those before them are.
      inflater.push(Buffer.concat([packed, Buffer.alloc(20)]));
      assert.equal(inflater.state, "broken");
      if (mode === "keep") assert.ok(plain.subarray(0, -1).equals(inflater.output));
    }
    assert.equal(inflate(packed, plain.length - 1), null);
    assert.ok(plain.equals(inflate(packed, plain.length) ?? Buffer.alloc(0)));
  }
});

test("a run from before the beginning is refused", () => {
  // Last block, fixed codes; "a", three from `distance` back, end (RFC 1951, 3.2.6); codes with their first bit first.
  const streamOf = (distance: number): Buffer => {
    const bits = ["1", "10", "10010001", "0000001", (distance - 1).toString(2).padStart(5, "0"), "0000000"].join("");
    const bytes = bits.match(/.{1,8}/gu)?.map((part) => Number.parseInt([...part].toReversed().join(""), 2)) ?? [];
    return Buffer.concat([
      Buffer.from([0x78, 0x9c]),
      Buffer.from(bytes),
      Buffer.from("03ce0185", "hex"),
      Buffer.alloc(20),
    ]);
  };
  for (const mode of ["keep", "count"] as const) {
    const [right, wrong] = [new Inflater(100, mode), new Inflater(100, mode)];
    right.push(streamOf(1));
    assert.deepEqual([right.state, right.outputBytes], ["done", 4]);
    wrong.push(streamOf(2));
    assert.deepEqual([wrong.state, wrong.outputBytes], ["broken", 1]);
  }
});

test("of damaged streams nothing comes out that zlib does not read the same", () => {
  let read = 0;
  for (let run = 0; run < 4000; run += 1) {
    const { plain, packed } = streams[random(streams.length)] ?? { plain: Buffer.alloc(0), packed: Buffer.alloc(0) };
    const damaged = Buffer.from(packed.subarray(0, 400));
    // Where codes are described is where most can go wrong.
    damaged[random(Math.min(damaged.length, 120))] = random(256);
    const inflater = new Inflater(2 * plain.length + 1000, "keep");
    inflater.push(damaged);
    let theirs: Buffer | null = null;
    try {
      theirs = inflateSync(damaged, { finishFlush: constants.Z_SYNC_FLUSH });
    } catch {
      // Broken, and what came before is not told.
    }
    if (inflater.state === "open" && theirs !== null) {
      read += 1;
      // Theirs may hold back what it has not flushed, ours stops where a whole code is not there.
      const length = Math.min(theirs.length, inflater.outputBytes);
      assert.ok(theirs.subarray(0, length).equals(inflater.output.subarray(0, length)));
      assert.ok(theirs.length - length <= 258, "more is read by zlib");
    }
    // Ours refuses more: filling bits that are set, lengths without an end of block.
    if (inflater.state === "done") assert.ok(theirs?.equals(inflater.output) === true);
  }
  assert.ok(read > 100, `${read}`);
});
