import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { asRow, completeFigure, isWanted, mayAnswer } from "../src/figure.ts";
import { median, quantile, timeByTurns } from "../src/measure.ts";
import { scriptsOfPage, staticImports } from "../src/web.ts";

const machine = { cpu: "a cpu", cores: 2, memoryGb: 4, os: "an os" };

describe("a figure", () => {
  it("is wanted by the beginning of its name, and so is the benchmark that answers it", () => {
    assert.equal(isWanted("gate.hash_check.rps", []), true);
    assert.equal(isWanted("gate.hash_check.rps", ["web", "gate.hash"]), true);
    assert.equal(isWanted("gate.hash_check.rps", ["hash_check"]), false);
    assert.equal(mayAnswer("gate.hash_check.", ["gate"]), true);
    assert.equal(mayAnswer("gate.hash_check.", ["gate.hash_check.p99_ms"]), true);
    assert.equal(mayAnswer("gate.hash_check.", ["gate.add"]), false);
  });

  it("is printed with its peer, ratio, machine and versions, and without a peer if it has none", () => {
    const alone = { figure: "a.ms", value: 1.23456, unit: "ms", n: 3 };
    const versions = { node: "26.0.0" };
    assert.deepEqual(completeFigure(alone, machine, versions), { ...alone, value: 1.235, machine, versions });
    const beside = { ...alone, peer: "other", peerValue: 2.46912 };
    const printed = completeFigure(beside, machine, versions);
    assert.deepEqual(Object.keys(printed), [
      "figure",
      "value",
      "unit",
      "n",
      "peer",
      "peerValue",
      "ratio",
      "machine",
      "versions",
    ]);
    assert.equal(printed.ratio, 0.5);
    assert.deepEqual(asRow(beside), ["a.ms", "1.235 ms", "n=3", "other: 2.469 ms, ratio 0.5"]);
  });
});

describe("quantiles", () => {
  it("are values that were measured: the nearest rank", () => {
    const values = Array.from({ length: 200 }, (_unused, index) => 200 - index);
    assert.deepEqual(
      [quantile(values, 0), median(values), quantile(values, 0.99), quantile(values, 1)],
      [1, 100, 198, 200],
    );
    assert.equal(median([7]), 7);
    assert.throws(() => median([]), RangeError);
  });
});

describe("timing by turns", () => {
  it("runs both the same number of times and leaves the warm-up out", () => {
    const order: string[] = [];
    const { oursMs, peerMs } = timeByTurns(
      (run) => order.push(`ours ${run}`),
      (run) => order.push(`peer ${run}`),
      { runs: 2, warmUp: 1 },
    );
    assert.deepEqual(order, ["ours 0", "peer 0", "ours 1", "peer 1", "ours 2", "peer 2"]);
    assert.deepEqual([oursMs.length, peerMs.length], [2, 2]);
  });
});

describe("the scripts of a page", () => {
  it("are those its HTML loads, each once", () => {
    const html = `<head><link rel="stylesheet" href="/a.css"><link rel="icon" href="/icon.js.svg">
      <link rel="modulepreload" crossorigin href="/assets/b.js"><script type="module" crossorigin src="/assets/a.js"></script>
      <script src="./assets/b.js"></script></head>`;
    assert.deepEqual(scriptsOfPage(html), ["assets/b.js", "assets/a.js"]);
  });

  it("are followed by what a module imports at once, not by what it loads when needed", () => {
    const source = `import{a as t}from"./one.js";import"./two.js";const x=()=>import("./later.js");export*from"../three.js";`;
    assert.deepEqual(staticImports(source), ["./one.js", "./two.js", "../three.js"]);
    assert.deepEqual(staticImports(`const text="import the file './no.js'";import("./no.js")`), []);
  });
});
