import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { drawChart } from "../../src/robustness/curve-svg.ts";
import { FURNITURE_SIZE, furnitureSets } from "../../src/robustness/furniture.ts";
import { keptOr } from "../../src/robustness/kept.ts";
import { readOptions } from "../../src/robustness/options.ts";
import { addCounts, countAll, countPair, emptyCount } from "../../src/robustness/pairs.ts";
import { plainPdq, type Recogniser } from "../../src/robustness/recogniser.ts";
import { calibrate, recallOf } from "../../src/robustness/report.ts";

const photograph = (name: string): Buffer =>
  readFileSync(new URL(`../../../fixtures/photographs/${name}.jpg`, import.meta.url));

/** Entries are numbers; two match when they are at most 1 apart. */
const byNumber: Recogniser<number, number> = {
  name: "by number",
  bank: async (picture) => picture.length,
  query: async (picture) => picture.length,
  match: (bank, query) => ({ score: 10 - Math.abs(bank - query), match: Math.abs(bank - query) <= 1 }),
};

const entry = (name: string, value: number) => ({ name, bank: [value], query: [value] });

describe("pairs of different pictures", () => {
  it("are all ordered pairs but those of a picture with itself", () => {
    const entries = [entry("a", 1), entry("b", 2), entry("c", 7)];
    const [count] = countAll([byNumber], entries, 0, 3);
    assert.ok(count);
    assert.deepEqual([count.pairs, count.matches], [6, 2]);
    assert.deepEqual(
      [...count.scores].toSorted(([one], [other]) => one - other),
      [
        [4, 2],
        [5, 2],
        [9, 2],
      ],
    );
    assert.deepEqual(count.wrong.map(({ bank, query }) => bank + query).toSorted(), ["ab", "ba"]);
    assert.deepEqual(
      count.nearest.map(({ score }) => score),
      [5, 5, 4, 4],
    );
  });

  it("add up over stretches to the same as in one go, and keep the closest only", () => {
    const entries = Array.from({ length: 30 }, (_unused, at) => entry(String(at), at * 3));
    const whole = countAll([byNumber], entries, 0, 30)[0]!;
    const sum = emptyCount();
    for (let from = 0; from < 30; from += 7) addCounts(sum, countAll([byNumber], entries, from, from + 7)[0]!);
    assert.deepEqual([sum.pairs, sum.matches, sum.nearest.length], [870, 0, 12]);
    assert.deepEqual(sum.scores, whole.scores);
    assert.ok(sum.nearest.every(({ score }) => score === 7));
  });

  it("give a calibration that ends with everything found and everything wrong", () => {
    const count = emptyCount();
    for (const score of [1, 2, 2, 5]) countPair(count, "a", "b", { score, match: false });
    const trials = [3, 5, 9, 9].map((score) => ({
      photograph: "a",
      transform: "t.1",
      outcomes: [{ score, match: score > 4 }],
    }));
    const curve = calibrate(count, trials, 0);
    assert.deepEqual(curve[0], { threshold: 9, recall: 0.5, falsePositiveRate: 0 });
    assert.deepEqual(curve[1], { threshold: 5, recall: 0.75, falsePositiveRate: 0.25 });
    assert.deepEqual(curve.at(-1), { threshold: 1, recall: 1, falsePositiveRate: 1 });
    assert.equal(recallOf(trials, 0), 0.75);
  });
});

describe("a run that goes on", () => {
  it("makes nothing twice, and keeps nothing unless it is told where", async () => {
    const folder = mkdtempSync(join(tmpdir(), "recourse-kept-"));
    let made = 0;
    const make = async () => [{ hash: "ab", at: ++made }, new Uint32Array([7, 8])] as const;
    const first = await keptOr(folder, "queries/crop.5/3", make);
    assert.deepEqual(await keptOr(folder, "queries/crop.5/3", make), first);
    assert.equal(made, 1);
    assert.notDeepEqual(await keptOr(folder, "queries/crop.5/4", make), first);
    assert.notDeepEqual(await keptOr(undefined, "queries/crop.5/3", make), first);
    assert.equal(made, 3);
    rmSync(folder, { recursive: true });
  });
});

describe("the peer", () => {
  it("is plain PDQ: itself at 0, the mirrored picture beyond 31", async () => {
    const picture = photograph("kite");
    const outcome = plainPdq.match(await plainPdq.bank(picture), await plainPdq.query(picture));
    assert.deepEqual(outcome, { score: 256, match: true, by: "pdq", distance: 0 });
    const other = plainPdq.match(await plainPdq.bank(picture), await plainPdq.query(photograph("cups")));
    assert.equal(other.match, false);
    assert.ok((other.distance ?? 0) > 80);
  });
});

describe("furniture", () => {
  it("has pictures that differ, the same in every run", async () => {
    const photographs = ["kite", "cups"].map(photograph);
    for (const set of furnitureSets) {
      const [one, other, again] = await Promise.all([0, 1, 0].map((index) => set.make(index, photographs)));
      assert.ok(one && other && again);
      assert.ok(one.equals(again), set.name);
      assert.ok(!one.equals(other), set.name);
    }
    assert.equal(FURNITURE_SIZE, 300);
  });
});

describe("a curve", () => {
  it("is an SVG with its words, a line a recogniser and both colour schemes", () => {
    const drawn = drawChart({
      title: "crop <all>",
      xLabel: "% cut",
      yLabel: "found",
      curves: [
        {
          name: "ours",
          points: [
            [5, 1],
            [60, 0.5],
          ],
        },
        {
          name: "peer",
          points: [
            [5, 0.1],
            [60, 0],
          ],
        },
      ],
    });
    assert.match(drawn, /aria-label="crop &lt;all>"/u);
    assert.match(drawn, /prefers-color-scheme:dark/u);
    assert.equal(drawn.match(/<polyline/gu)?.length, 2);
    assert.equal(drawn.match(/<circle/gu)?.length, 4);
    for (const word of ["ours", "peer", "% cut", "found"]) assert.ok(drawn.includes(word), word);
    assert.doesNotMatch(drawn, /NaN|Infinity/u);
  });
});

describe("the options of a run", () => {
  it("are read beside names of figures", () => {
    assert.deepEqual(readOptions(["robust.crop", "--quick"]), { quick: true });
    assert.deepEqual(readOptions(["--photographs", "some/folder", "--json"]), {
      quick: false,
      photographs: "some/folder",
    });
  });
});
