import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Signal } from "@recourse/protocol";
import type { FramesQuestion } from "../src/index.ts";
import { createReplica, strongestFirst } from "../src/replica.ts";
import { add, frame, hex, local, near, patches, pdq, withdrawal } from "./signals.ts";
import { spentMs } from "../../../tools/spent.ts";

describe("pictures and windows", () => {
  it("say which window of the known picture matched", () => {
    const replica = createReplica();
    const [whole = "", square = ""] = patches(2);
    const signals: Signal[] = [
      { type: "pdq", value: whole, quality: 90, kind: "original" },
      { type: "pdq", value: square, quality: 90, kind: "centre1x1-flipY" },
    ];
    replica.apply([add(1, 1, signals)]);
    assert.deepEqual(replica.find([pdq(near(square, 16))], 10), [
      {
        itemId: "item-1",
        bank: "recourse",
        signalType: "pdq",
        distanceBits: 16,
        score: 0.75,
        kind: "centre1x1-flipY",
      },
    ]);
    // The stronger of two ways, and the stronger of two items first.
    replica.apply([add(2, 2, [pdq(near(square, 2))])]);
    assert.deepEqual(
      replica.find([pdq(square), pdq(near(whole, 9))], 10).map(({ itemId, kind, score }) => [itemId, kind, score]),
      [
        ["item-1", "centre1x1-flipY", 1],
        ["item-2", undefined, 31 / 32],
      ],
    );
  });

  it("are found by the frames of an upload, and find the video they are a still of", () => {
    const replica = createReplica();
    const shown = patches(5);
    const [still = ""] = shown;
    const picture = hex(32);
    replica.apply([
      add(1, 1, [...shown.map((value, second) => frame(second, value)), frame(60, still)]),
      add(2, 2, [{ type: "pdq", value: picture, quality: 90, kind: "rot90" }]),
    ]);
    assert.deepEqual(replica.find([pdq(near(still, 3))], 10), [
      {
        itemId: "item-1",
        bank: "recourse",
        signalType: "pdq",
        distanceBits: 3,
        score: 61 / 64,
        seconds: {
          item: [
            [0, 0],
            [60, 60],
          ],
          upload: [],
        },
      },
    ]);
    const upload = [
      ...patches(9).map((value, second) => frame(second, value)),
      frame(9, picture),
      frame(10, near(picture, 1)),
    ];
    assert.deepEqual(replica.find(upload, 10), [
      {
        itemId: "item-2",
        bank: "recourse",
        signalType: "vpdq",
        distanceBits: 0,
        score: 1,
        kind: "rot90",
        frames: 2,
        seconds: { item: [], upload: [[9, 10]] },
      },
    ]);
    assert.deepEqual(replica.find(upload.slice(0, 9), 10), []);
  });
});

describe("videos", () => {
  const known = patches(20);
  const video = known.map((value, second) => frame(second, value));
  const clip = known.slice(5, 10).map((value, second) => frame(100 + second, near(value, 5, second)));
  const noise = patches(30).map((value, second) => frame(second, value));

  it("say where they match, also when another way is the stronger", () => {
    const replica = createReplica();
    const keyFrame = patches(64);
    replica.apply([add(1, 1, [...video, ...keyFrame.map(local)])]);
    const upload = [...noise, ...clip, ...keyFrame.slice(0, 20).map(local)];
    const [byFrames] = replica.find(upload, 10);
    const [byPatches] = replica.findByPatches(upload, 10);
    assert.ok(byFrames?.seconds !== undefined && byPatches !== undefined && byPatches.score > byFrames.score);
    for (const ways of [
      [byFrames, byPatches],
      [byPatches, byFrames],
    ]) {
      assert.deepEqual(strongestFirst(ways, 10), [{ ...byPatches, seconds: byFrames.seconds }]);
    }
  });

  it("match by two different pictures, wherever they are in a long upload", () => {
    const replica = createReplica();
    replica.apply([add(1, 1, video)]);
    const [match, ...others] = replica.find([...noise, ...clip], 10);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [match?.itemId, match?.signalType, match?.distanceBits, match?.frames, match?.seconds],
      ["item-1", "vpdq", 5, 5, { item: [[5, 10]], upload: [[100, 104.25]] }],
    );
    assert.ok((match?.score ?? 0) > 0.4 && (match?.score ?? 0) < 1);
    replica.apply([withdrawal(2, 1)]);
    assert.deepEqual(replica.find(clip, 10), []);
    assert.deepEqual([replica.counts.vpdq, replica.signalCount], [0, 0]);
  });

  it("are not tied together by one picture that both show, unless it is all there is", () => {
    const replica = createReplica();
    replica.apply([add(1, 1, video)]);
    const [title = ""] = known;
    const titled = [frame(0, title), frame(1, near(title, 4)), frame(2, near(title, 4, 3))];
    assert.deepEqual(replica.find([...titled, ...noise.slice(5)], 10), []);
    assert.equal(replica.find(titled, 10).length, 1);
    // Frames without detail neither ask nor are held.
    const black = createReplica();
    black.apply([
      add(
        1,
        1,
        known.map((value, second) => frame(second, value, 49)),
      ),
    ]);
    assert.deepEqual(black.find(video, 10), []);
    assert.deepEqual(
      replica.find(
        video.map((signal) => ({ ...signal, quality: 49 })),
        10,
      ),
      [],
    );
  });

  it("are laid before the judge with pairs of times and all frames of both sides", () => {
    const questions: FramesQuestion[] = [];
    const replica = createReplica({
      judgeFrames: (question) => {
        questions.push(question);
        return { match: true, score: 0.7, seconds: { item: [[1, 2]], upload: [[3, 4]] } };
      },
    });
    const twin = hex(32);
    const twinned: Signal = { type: "vpdq", value: twin, quality: 100, timestampMs: 0, kind: "flipY" };
    replica.apply([add(1, 1, [...video, twinned])]);
    const window: Signal = { type: "vpdq", value: known[7] ?? "", quality: 80, timestampMs: 9_500, kind: "trimmed" };
    const [found] = replica.find([frame(9.5, hex(32), 90), window, frame(10, twin)], 10);
    assert.deepEqual([found?.score, found?.frames, found?.seconds], [0.7, 2, { item: [[1, 2]], upload: [[3, 4]] }]);
    const [question] = questions;
    assert.deepEqual(
      question?.pairs.toSorted((a, b) => a.uploadSec - b.uploadSec),
      [
        { uploadSec: 9.5, knownSec: 7, distanceBits: 0 },
        { uploadSec: 10, knownSec: 0, distanceBits: 0 },
      ],
    );
    assert.deepEqual(question?.upload[0]?.windows, [{ pdq: known[7], quality: 80 }]);
    assert.equal(question?.agreeing.length, 2);
    const held = question?.known() ?? [];
    assert.deepEqual(held.length, known.length);
    assert.deepEqual(held[0], { timestampSec: 0, pdq: known[0], quality: 100, mirrored: twin });
  });

  it("that show one picture for hours are answered in bounded time, on both sides", (test) => {
    const still = hex(32);
    const replica = createReplica();
    const shown = (count: number, shift: number) =>
      Array.from({ length: count }, (_unused, second) => frame(second, near(still, second % 9, shift)));
    replica.apply([1, 2, 3].map((number) => add(number, number, shown(8_000, number))));
    replica.settle();
    const startedAt = spentMs();
    const found = replica.find(shown(2_000, 5), 10);
    const ms = spentMs(startedAt);
    test.diagnostic(`${ms.toFixed(0)} ms`);
    assert.ok(ms < 10_000, `${ms} ms`);
    // One picture that is all there is on both sides is the same still: found, as weak.
    assert.ok(found.length > 0 && found.every(({ score }) => score <= 0.5), JSON.stringify(found));
  });
});

describe("a bank that was poisoned", () => {
  it("with one picture in 100,000 items is answered in bounded time", (test) => {
    const [value = ""] = patches(1);
    const replica = createReplica();
    const shared: Signal = { type: "md5", value: hex(16) };
    replica.apply(
      Array.from({ length: 100_000 }, (_unused, at) => add(at + 1, at + 1, [pdq(near(value, at % 20, at)), shared])),
    );
    replica.settle();
    const startedAt = spentMs();
    const found = replica.find([pdq(value), shared], 100);
    const ms = spentMs(startedAt);
    test.diagnostic(`${ms.toFixed(0)} ms`);
    assert.equal(found.length, 100);
    assert.ok(ms < 10_000, `${ms} ms`);
  });
});
