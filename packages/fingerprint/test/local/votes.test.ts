/** Votes, where they lie, and what a query tells of it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { localHashes } from "../../src/local/patches.ts";
import { placeOf, spreadOf } from "../../src/local/places.ts";
import { areVaried, countVotes, judgeVotes, voteCounter } from "../../src/local/votes.ts";
import { bankSignals, localSignals, querySignals } from "../../src/signals.ts";
import { fingerprintBytes } from "../../src/node/index.ts";
import { photograph, photographPath } from "./pictures.ts";

describe("places", () => {
  it("are 64 columns and rows over a square of the longest side", () => {
    assert.equal(placeOf(0, 0, 512), 0);
    assert.equal(placeOf(511.9, 0, 512), 63);
    assert.equal(placeOf(8, 16, 512), 2 * 64 + 1);
    assert.equal(placeOf(8, 16, 256), 4 * 64 + 2);
    assert.equal(placeOf(600, -3, 512), 63);
  });

  it("spread over the longer side of the box around them", () => {
    assert.equal(spreadOf([]), 0);
    assert.equal(spreadOf([700]), 0);
    assert.equal(spreadOf([0, 3]), 3);
    assert.equal(spreadOf([0, 3 * 64 + 1, 5]), 5);
    // Neighbours in number, a whole row apart in the picture.
    assert.equal(spreadOf([63, 64]), 63);
  });
});

describe("votes", () => {
  it("match by two that lie apart; one, or many in one spot, are a near miss", () => {
    const of = (patches: number, spread?: number) =>
      judgeVotes({ queryPatches: patches, knownPatches: patches, ...(spread === undefined ? {} : { spread }) });
    assert.deepEqual(of(0), { match: false, score: 0, votes: 0 });
    assert.deepEqual(of(1), { match: false, score: 0.25, votes: 1 });
    assert.deepEqual(of(2), { match: true, score: 0.5, votes: 2 });
    assert.deepEqual(of(2, 2), { match: true, score: 0.5, votes: 2 });
    assert.deepEqual(of(9, 1), { match: false, score: 0.25, votes: 9 });
    assert.equal(of(4, 60).score, 0.875);
    // One for every four that are silenced, twelve at most.
    const beside = (patches: number, silenced: number) =>
      judgeVotes({ queryPatches: patches, knownPatches: patches, silenced }).match;
    assert.deepEqual(
      [beside(2, 8), beside(2, 9), beside(3, 12), beside(11, 400), beside(12, 400)],
      [true, false, true, false, true],
    );
    assert.equal(judgeVotes({ queryPatches: 5, knownPatches: 1 }).match, false);
    // Of two votes one is close; of three none has to be.
    const close = (patches: number, nearestBits: number) =>
      judgeVotes({ queryPatches: patches, knownPatches: patches, nearestBits });
    assert.equal(close(2, 26).match, true);
    assert.deepEqual(close(2, 28), { match: false, score: 0.25, votes: 2 });
    assert.equal(close(3, 30).match, true);
    assert.deepEqual(judgeVotes({ queryPatches: 5, knownPatches: 5, varied: false }), {
      match: false,
      score: 0.25,
      votes: 5,
    });
  });

  it("of one shape and its mirror image are not varied", async () => {
    const { bank } = localHashes(await photograph("moss"), "bank");
    // Without the stretched ones each hash is followed by its twin, unless a value came before.
    const pairs = Array.from({ length: 40 }, (_unused, at) => [bank[2 * at]!, bank[2 * at + 1]!]);
    for (const pair of pairs) assert.equal(areVaried(pair), false);
    for (let at = 1; at < pairs.length; at++) assert.equal(areVaried([pairs[0]![0]!, pairs[at]![0]!]), true);
  });

  it("of one shape that comes again are not varied", () => {
    const zero = "0".repeat(64);
    assert.equal(areVaried([]), false);
    assert.equal(areVaried([zero, zero]), false);
    assert.equal(areVaried([zero, "f".repeat(16) + "0".repeat(48)]), false);
    assert.equal(areVaried([zero, zero, "f".repeat(16) + "1" + "0".repeat(47)]), true);
  });

  it("for many pictures at once are those for each of them", async () => {
    const names = ["moss", "clock", "fig", "planks"];
    const pictures = await Promise.all(names.map(async (name) => localHashes(await photograph(name), "both")));
    const count = voteCounter(pictures.map(({ bank }) => bank));
    for (const { query, places } of pictures) {
      const found = count(query, places);
      for (const [number, { bank }] of pictures.entries()) {
        const alone = countVotes(bank, query, places);
        assert.deepEqual(found.get(number) ?? { ...alone, nearestBits: null }, alone);
      }
    }
    assert.equal(voteCounter([])(pictures[0]!.query, pictures[0]!.places).size, 0);
  });

  it("of a picture with itself lie all over it", async () => {
    const { bank, query, places } = localHashes(await photograph("moss"), "both");
    const { spread = 0, queryPatches } = countVotes(bank, query, places);
    assert.ok(queryPatches > 50 && spread > 40, `${queryPatches} votes over ${spread}`);
    assert.ok(places.every((place) => place >= 0 && place < 64 * 64));
    assert.equal(places.length, query.length);
  });
});

describe("signals of local hashes", () => {
  it("keep their place with their value when they are put in order", () => {
    const values = ["b", "a", "c"].map((digit) => digit.repeat(64));
    assert.deepEqual(
      localSignals(values, [7, 8, 9]).map(({ value, place }) => [value[0], place]),
      [
        ["a", 8],
        ["b", 7],
        ["c", 9],
      ],
    );
  });

  it("of a query have a place, those of a bank have none", async () => {
    const outcome = await fingerprintBytes(readFileSync(photographPath("moss")), { purpose: "both", stronger: true });
    assert.ok(outcome.ok);
    const local = (signals: ReturnType<typeof bankSignals>) => signals.filter(({ type }) => type === "pdq-local");
    const asked = local(querySignals(outcome.fingerprint));
    const held = local(bankSignals(outcome.fingerprint));
    assert.ok(asked.length > 50 && asked.every((signal) => "place" in signal));
    assert.ok(held.length > 50 && !held.some((signal) => "place" in signal));
  });
});
