/** Comparing videos, on made-up hashes: random ones are about 128 bits apart. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hexDistanceBits } from "../../src/core/distance.ts";
import { compareVideos } from "../../src/video/compare-videos.ts";
import { distanceWithin, wordsOf } from "../../src/core/hash-words.ts";
import type { ComparableFrame } from "../../src/video/stretches.ts";
import { randomFrom } from "../pictures.ts";

const random = randomFrom(5);
const anyHash = (): string => Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join("");
/** The hash with `bits` bits turned over, each in a digit of its own. */
const near = (hash: string, bits: number): string =>
  [...hash].map((digit, i) => (i < bits ? (Number.parseInt(digit, 16) ^ 1).toString(16) : digit)).join("");

type Film = readonly ComparableFrame[];
const film = (seconds: number, perSec = 2): Film =>
  Array.from({ length: seconds * perSec }, (_, i) => ({
    timestampSec: i / perSec,
    pdq: anyHash(),
    mirrored: anyHash(),
    quality: 100,
  }));
const shifted = (frames: Film, bySec: number, speed = 1): Film =>
  frames.map((frame) => ({ ...frame, timestampSec: frame.timestampSec / speed + bySec }));
const copied = (frames: Film, bits = 12): Film =>
  frames.map(({ timestampSec, pdq }) => ({ timestampSec, pdq: near(pdq, bits), quality: 90 }));
const between = (frames: Film, from: number, to: number): Film =>
  frames.filter(({ timestampSec }) => timestampSec >= from && timestampSec < to);

const spanNear = (spans: readonly (readonly [number, number])[], from: number, to: number): void => {
  assert.equal(spans.length, 1, JSON.stringify(spans));
  assert.ok(Math.abs(spans[0]![0] - from) <= 1 && Math.abs(spans[0]![1] - to) <= 1, JSON.stringify(spans));
};

describe("comparing videos", () => {
  it("the same video matches over its whole length", () => {
    const known = film(20);
    const result = compareVideos(known, copied(known));
    assert.equal(result.match, true);
    assert.equal(result.kind, "moving");
    assert.ok(result.score > 0.9, String(result.score));
    spanNear(result.seconds.known, 0, 20);
    spanNear(result.seconds.suspect, 0, 20);
  });

  it("a known clip inside a long upload, and an upload that is a part of a long known video", () => {
    const clip = film(6);
    const long = [...film(300), ...shifted(clip, 300), ...shifted(film(300), 306)];
    const inside = compareVideos(clip, copied(long));
    assert.equal(inside.match, true);
    spanNear(inside.seconds.known, 0, 6);
    spanNear(inside.seconds.suspect, 300, 306);
    const part = compareVideos(long, copied(clip));
    assert.equal(part.match, true);
    spanNear(part.seconds.known, 300, 306);
    spanNear(part.seconds.suspect, 0, 6);
  });

  for (const speed of [0.9, 1.1, 1.25]) {
    it(`speed ${speed}: times still agree`, () => {
      const known = film(120);
      const result = compareVideos(known, copied(shifted(between(known, 30, 90), -30 / speed, speed)));
      assert.equal(result.kind, "moving");
      spanNear(result.seconds.known, 30, 90);
      assert.ok(result.score > 0.9);
    });
  }

  it("mirrored is found and said", () => {
    const known = film(10);
    const upload = known.map(({ timestampSec, mirrored }) => ({ timestampSec, pdq: near(mirrored!, 9), quality: 80 }));
    const result = compareVideos(known, upload);
    assert.equal(result.mirrored, true);
    assert.equal(result.match, true);
  });

  it("a window of the upload's frames is as good as the frame", () => {
    const known = film(10);
    const upload = known.map(({ timestampSec, pdq }) => ({
      timestampSec,
      pdq: anyHash(),
      quality: 80,
      windows: [{ pdq: near(pdq, 20), quality: 70 }],
    }));
    assert.equal(compareVideos(known, upload).match, true);
  });

  it("cuts in another order: each part is found", () => {
    const known = film(30);
    const upload = copied([...shifted(between(known, 20, 30), -20), ...shifted(between(known, 0, 10), 10)]);
    const result = compareVideos(known, upload);
    assert.equal(result.match, true);
    assert.equal(result.seconds.known.length, 2, JSON.stringify(result.seconds));
    spanNear(result.seconds.suspect, 0, 20);
  });

  it("unrelated videos do not match, also at length", () => {
    assert.deepEqual(compareVideos(film(500), film(500)), {
      match: false,
      kind: null,
      score: 0,
      mirrored: false,
      seconds: { known: [], suspect: [] },
      distinct: 0,
    });
  });

  it("a title card that two videos share ties nothing together, however long it stands", () => {
    const card = { pdq: anyHash(), quality: 100 };
    const titled = (frames: Film): Film => [
      ...Array.from({ length: 8 }, (_, i) => ({ ...card, timestampSec: i })),
      ...shifted(frames, 8),
    ];
    assert.equal(compareVideos(titled(film(20)), titled(film(20))).match, false);
  });

  it("two shared pictures at times that fit no playing speed tie nothing together", () => {
    const [a, b] = [anyHash(), anyHash()];
    const frames = film(120);
    const known = frames.map((frame, i) => (i === 20 ? { ...frame, pdq: a } : i === 24 ? { ...frame, pdq: b } : frame));
    const upload = film(120).map((frame, i) =>
      i === 10 ? { ...frame, pdq: b } : i === 200 ? { ...frame, pdq: a } : frame,
    );
    assert.equal(compareVideos(known, upload).match, false);
  });

  it("black and plain frames count for nothing", () => {
    const black = (seconds: number): Film =>
      Array.from({ length: seconds }, (_, i) => ({ timestampSec: i, pdq: "0".repeat(64), quality: 0 }));
    assert.equal(compareVideos(black(20), black(20)).match, false);
    const known = film(10);
    const later = [...black(10), ...copied(shifted(known, 10))];
    assert.equal(compareVideos([...black(5), ...shifted(known, 5)], later).match, true);
  });

  it("a row of four faint pictures that are a little alike is found; three, or four in any order, are not", () => {
    const faint = (frames: Film, bits: number): Film =>
      frames.map(({ timestampSec, pdq }) => ({ timestampSec, pdq: near(pdq, bits), quality: 30 }));
    const known = faint(film(40), 0);
    const upload = (row: Film): Film => [...film(3), ...faint(row, 38)];
    const four = known.slice(20, 24);
    const found = compareVideos(known, upload(four));
    assert.equal(found.kind, "moving");
    assert.equal(found.distinct, 4);
    spanNear(found.seconds.known, 10, 12);
    spanNear(found.seconds.suspect, 10, 12);
    assert.equal(compareVideos(known, upload(four.slice(0, 3))).match, false);
    const shuffled = four.map((frame, i) => ({ ...frame, timestampSec: 10 + [30, 5, 22, 0][i]! }));
    assert.equal(compareVideos(known, upload(shuffled)).match, false);
    // One faint picture that stands, however long; and a row less alike than that.
    const standing = Array.from({ length: 40 }, (_, i) => ({ ...four[0]!, timestampSec: i }));
    assert.equal(compareVideos(standing, standing).match, false);
    assert.equal(compareVideos(known, [...film(3), ...faint(known, 42)]).match, false);
  });

  it("one frame and a static video are found as stills, and score low", () => {
    const [frame] = film(1);
    const still = Array.from({ length: 30 }, (_, i) => ({ ...frame!, timestampSec: i, pdq: near(frame!.pdq, i % 3) }));
    for (const [known, upload] of [
      [[frame!], copied([frame!])],
      [still, copied(still)],
      [still, copied([frame!])],
      [[frame!], copied(still)],
      [[...film(20), { ...frame!, timestampSec: 20 }], copied(still)],
    ] as const) {
      const result = compareVideos(known, upload);
      assert.equal(result.kind, "still");
      assert.ok(result.score <= 0.4);
    }
  });

  it("no frames: no match", () => {
    assert.equal(compareVideos([], film(3)).match, false);
    assert.equal(compareVideos(film(3), []).match, false);
    assert.equal(compareVideos([], []).match, false);
  });

  it("a hash that is none is misuse", () => {
    assert.throws(() => compareVideos([{ timestampSec: 0, pdq: "ab", quality: 100 }], film(1)), RangeError);
  });

  it("the longest videos in bounded processor time, also when all of it looks alike", (t) => {
    const before = process.cpuUsage();
    compareVideos(film(1000), film(2000));
    const two = [anyHash(), anyHash()];
    const repetitive = (n: number): Film =>
      Array.from({ length: n }, (_, i) => ({ timestampSec: i / 4, pdq: two[i % 2]!, quality: 100 }));
    assert.equal(compareVideos(repetitive(4000), repetitive(4000)).match, true);
    const { user, system } = process.cpuUsage(before);
    t.diagnostic(`${Math.round((user + system) / 1000)} ms of processor`);
    // A few seconds on the machines this was written on.
    assert.ok(user + system < 60e6, `${user + system} us`);
  });

  it("distances in words are those of the hex digits", () => {
    for (let i = 0; i < 200; i++) {
      const [a, b] = [anyHash(), anyHash()];
      assert.equal(distanceWithin(wordsOf([a]), 0, wordsOf([b]), 0, 256), hexDistanceBits(a, b));
    }
  });
});
