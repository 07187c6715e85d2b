import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { NewMatch } from "@recourse/bank";
import { createMatchRecorder } from "../src/match-recorder.ts";

const match = (id: string): NewMatch => ({ id, partnerId: 1, itemId: "item", signalType: "pdq", distanceBits: 0 });

describe("the match recorder", () => {
  it("writes each match once, in order, whatever failed in between", async () => {
    const written: string[] = [];
    let failures = 2;
    const recorder = createMatchRecorder(
      async (matches) => {
        failures -= 1;
        if (failures >= 0) throw new Error("away");
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
        throw new Error("away");
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
