import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BankError, type NewMatch } from "@recourse/bank";
import { createMatchRecorder } from "../src/match-recorder.ts";

const match = (id: string): NewMatch => ({ id, partnerId: 1, itemId: "item", signalType: "pdq", distanceBits: 0 });

describe("the match recorder", () => {
  it("writes each match once, in order, whatever failed in between", async () => {
    const written: string[] = [];
    let failures = 2;
    const recorder = createMatchRecorder(
      async (matches) => {
        failures -= 1;
        if (failures >= 0) throw new BankError("database_unavailable");
        written.push(...matches.map(({ id }) => id));
      },
      () => assert.fail("nothing may be lost"),
    );
    await recorder.record([match("a"), match("b")]);
    await recorder.record([match("c")]);
    const until = Date.now() + 10_000;
    while (recorder.waiting > 0 && Date.now() < until) await sleep(20);
    await recorder.close();
    assert.deepEqual(written, ["a", "b", "c"]);
  });

  it("drops what is refused for good, and only that", async () => {
    const written: string[] = [];
    let lost = 0;
    const recorder = createMatchRecorder(
      async (matches) => {
        if (matches.some(({ id }) => id === "bad")) throw new Error("refused");
        written.push(...matches.map(({ id }) => id));
      },
      (count) => {
        lost += count;
      },
    );
    await recorder.record([match("a"), match("bad"), match("b")]);
    assert.deepEqual([written, lost, recorder.waiting], [["a", "b"], 1, 0]);
    assert.equal(await recorder.settle("a"), true);
    await recorder.close();
  });

  it("does not hold up a verdict when the database does not answer", async () => {
    const recorder = createMatchRecorder(
      () => new Promise(() => {}),
      () => {},
    );
    const outcome = await Promise.race([recorder.record([match("a")]).then(() => "answered"), sleep(5_000, "waited")]);
    assert.equal(outcome, "answered");
    assert.equal(recorder.waiting, 1);
  });

  it("keeps the newest and tells how many were lost when too many wait", async () => {
    let lost = 0;
    const recorder = createMatchRecorder(
      async () => {
        throw new BankError("database_unavailable");
      },
      (count) => {
        lost += count;
      },
    );
    const many = Array.from({ length: 30_000 }, (_unused, index) => match(String(index)));
    await recorder.record(many);
    await recorder.record(many);
    assert.deepEqual([recorder.waiting, lost], [50_000, 10_000]);
    await recorder.close();
  });
});
