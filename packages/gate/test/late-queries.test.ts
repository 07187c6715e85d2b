import assert from "node:assert/strict";
import { it } from "node:test";
import { setImmediate as pause } from "node:timers/promises";
import { createLateQueries } from "../src/late-queries.ts";

it("late queries are done in order, after a pause, and turned away beyond the limit", async () => {
  let failed = 0;
  const queries = createLateQueries(() => {
    failed += 1;
  }, 3);
  const done: number[] = [];
  const accept = (number: number): boolean =>
    queries.accept(() => {
      if (number === 2) throw new Error("a defect");
      done.push(number);
    });
  assert.deepEqual([1, 2, 3, 4].map(accept), [true, true, true, false]);
  assert.deepEqual([done, queries.waiting, queries.skipped], [[], 3, 1]);
  while (queries.waiting > 0) await pause();
  await pause();
  assert.deepEqual([done, failed], [[1, 3], 1]);
  // Room again, and what was accepted is done before the end; nothing is accepted after it.
  assert.deepEqual([5, 6].map(accept), [true, true]);
  await queries.close();
  assert.deepEqual(done, [1, 3, 5, 6]);
  assert.equal(accept(7), false);
});
