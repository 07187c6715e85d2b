import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Value } from "typebox/value";
import {
  AskedSignal,
  CASE_LIMITS,
  CHECK_LIMITS,
  fitsCheck,
  fitsItem,
  isPlainPdq,
  isShareable,
  ITEM_LIMITS,
  mediaOf,
  PLAIN_PDQ_KINDS,
  Signal,
  SIGNAL_KINDS,
  WINDOW_KINDS,
  WINDOWS,
} from "../src/index.ts";

const value = "0f".repeat(32);
const local: Signal = { type: "pdq-local", value, version: 1 };
const frame: Signal = { type: "vpdq", value, quality: 80, timestampMs: 1_000 };
const pdq = (kind?: (typeof SIGNAL_KINDS)[number]): Signal => ({ type: "pdq", value, ...(kind && { kind }) });
const many = (count: number, signal: Signal): Signal[] => Array.from({ length: count }, () => signal);

describe("signals", () => {
  it("have a kind for every window, turned every way", () => {
    assert.equal(new Set(SIGNAL_KINDS).size, SIGNAL_KINDS.length);
    assert.equal(WINDOW_KINDS.length, WINDOWS.length * PLAIN_PDQ_KINDS.length);
    assert.equal(SIGNAL_KINDS.length, WINDOW_KINDS.length + PLAIN_PDQ_KINDS.length + 2);
    assert.ok(SIGNAL_KINDS.includes("centre191x100-flipMinus1"));
  });

  const valid: readonly unknown[] = [
    local,
    frame,
    { ...frame, kind: "flipY", timestampMs: 0 },
    { ...frame, kind: "trimmed", timestampMs: 2_147_483_647 },
    pdq("barsCut-rot270"),
    { ...local, value: value.toUpperCase() },
  ];
  const invalid: readonly [string, unknown][] = [
    ["local, 63 digits", { ...local, value: value.slice(1) }],
    ["local, 66 digits", { ...local, value: `${value}00` }],
    ["local without a version", { type: "pdq-local", value }],
    ["local of another version", { ...local, version: 2 }],
    ["local with a version in letters", { ...local, version: "1" }],
    ["local with a place", { ...local, place: 1 }],
    ["a frame without a time", { type: "vpdq", value, quality: 80 }],
    ["a frame without a quality", { type: "vpdq", value, timestampMs: 0 }],
    ["a frame before the beginning", { ...frame, timestampMs: -1 }],
    ["a frame between milliseconds", { ...frame, timestampMs: 0.5 }],
    ["a frame beyond 32 bits", { ...frame, timestampMs: 2_147_483_648 }],
    ["a frame of a picture's kind", { ...frame, kind: "rot90" }],
    ["a frame, 32 digits", { ...frame, value: value.slice(32) }],
    ["pdq of an unknown window", { type: "pdq", value, kind: "centre2x1" }],
    ["pdq of an unknown turn", { type: "pdq", value, kind: "trimmed-original" }],
    ["pdq with a version", { type: "pdq", value, version: 1 }],
    ["md5 with a time", { type: "md5", value: value.slice(32), timestampMs: 1 }],
  ];
  it("are taken in every valid form", () => {
    for (const signal of valid) assert.equal(Value.Check(Signal, signal), true, JSON.stringify(signal));
  });
  for (const [name, signal] of invalid) {
    it(`are refused: ${name}`, () => assert.equal(Value.Check(Signal, signal), false));
  }

  it("of a check may say where a patch lies, those of an item may not", () => {
    for (const place of [0, 4095]) assert.equal(Value.Check(AskedSignal, { ...local, place }), true);
    for (const place of [-1, 4096, 0.5, "1"]) assert.equal(Value.Check(AskedSignal, { ...local, place }), false);
    assert.equal(Value.Check(AskedSignal, { ...frame, place: 1 }), false);
    for (const signal of valid) assert.equal(Value.Check(AskedSignal, signal), true);
    for (const [, signal] of invalid) assert.equal(Value.Check(AskedSignal, { ...Object(signal), place: -1 }), false);
  });

  it("leave for an exchange except local hashes, whatever else is with them", () => {
    const item: readonly Signal[] = [pdq("original"), local, frame, { type: "md5", value: value.slice(32) }, local];
    assert.deepEqual(
      item.filter(isShareable).map(({ type }) => type),
      ["pdq", "vpdq", "md5"],
    );
  });

  it("are plain PDQ when they are the whole picture, turned or mirrored", () => {
    const plain = [...SIGNAL_KINDS].filter((kind) => isPlainPdq(pdq(kind)));
    assert.deepEqual(plain, [...PLAIN_PDQ_KINDS]);
    assert.equal(isPlainPdq(pdq()), true);
    for (const signal of [local, frame]) assert.equal(isPlainPdq(signal), false);
  });
});

describe("limits", () => {
  it("are counted by type, for pictures, videos and checks", () => {
    assert.equal(fitsItem("image", many(512, local)), true);
    assert.equal(fitsItem("image", many(513, local)), false);
    assert.equal(fitsItem("image", [frame]), false);
    assert.equal(fitsItem("video", [...many(8_000, frame), ...many(4_096, local)]), true);
    assert.equal(fitsItem("video", many(8_001, frame)), false);
    assert.equal(fitsItem("video", many(4_097, local)), false);
    assert.equal(fitsItem("image", many(ITEM_LIMITS.image.pdq + 1, pdq())), false);
    assert.equal(fitsCheck([...many(2_000, frame), ...many(512, local), ...many(512, pdq())]), true);
    assert.equal(fitsCheck(many(2_001, frame)), false);
    assert.equal(fitsCheck(many(513, local)), false);
    assert.equal(fitsCheck(many(CHECK_LIMITS.others + 1, pdq())), false);
  });

  it("of an item sum up to what a request may hold of one", () => {
    const sum = Object.values(ITEM_LIMITS.video).reduce((all, each) => all + each, 0);
    assert.equal(CASE_LIMITS.signalsPerItem, sum);
  });

  it("tell a video by its frames", () => {
    assert.deepEqual([mediaOf([pdq(), frame]), mediaOf([pdq(), local])], ["video", "image"]);
  });
});
