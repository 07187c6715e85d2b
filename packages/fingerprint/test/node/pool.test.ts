import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import sharp from "sharp";
import { createFingerprintPool, fingerprintBytes } from "../../src/node/index.ts";
import { makePngBomb } from "../files.ts";

const noise = (side: number): Promise<Buffer> =>
  sharp({
    create: {
      width: side,
      height: side,
      channels: 3,
      background: "#888",
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  })
    .png()
    .toBuffer();

describe("the pool", () => {
  const pool = createFingerprintPool();
  after(() => pool.close());

  it("answers what the plain function answers, for good files and bad, many at once", async () => {
    const files = [
      await noise(300),
      await noise(700),
      Buffer.alloc(0),
      Buffer.from("text"),
      makePngBomb(20_000, 10_000),
    ];
    const many = [...files, ...files, ...files];
    const [pooled, plain] = await Promise.all([
      Promise.all(many.map((bytes) => pool.fingerprint(bytes))),
      Promise.all(many.map((bytes) => fingerprintBytes(bytes))),
    ]);
    assert.deepEqual(pooled, plain);
    assert.deepEqual(new Set(pooled.map((outcome) => outcome.ok)), new Set([true, false]));
  });

  it("leaves the caller's bytes and the caller's thread alone", async () => {
    const bytes = await noise(3000);
    const before = bytes.length;
    /** CPU time this thread itself spends, not the time on the clock: other work on the machine does not count. */
    const ownCpuOf = async (work: () => Promise<{ readonly ok: boolean }>): Promise<number> => {
      const spent: number[] = [];
      // The least of several: once, memory may be collected or code compiled in between.
      for (let run = 0; run < 5; run += 1) {
        const started = process.threadCpuUsage();
        assert.equal((await work()).ok, true);
        const { user, system } = process.threadCpuUsage(started);
        spent.push(user + system);
      }
      return Math.min(...spent);
    };
    const pooled = await ownCpuOf(() => pool.fingerprint(bytes));
    const plain = await ownCpuOf(() => fingerprintBytes(bytes));
    assert.equal(bytes.length, before);
    assert.ok(pooled < plain / 2, `${pooled} of ${plain} microseconds are spent in the caller's thread`);
  });

  it("ends files as cancelled when it is closed, and takes no more", async () => {
    const own = createFingerprintPool({ workers: 1 });
    const bytes = await noise(1500);
    const outcomes = Promise.all([own.fingerprint(bytes), own.fingerprint(bytes)]);
    await own.close();
    assert.deepEqual(await outcomes, [
      { ok: false, code: "cancelled" },
      { ok: false, code: "cancelled" },
    ]);
    assert.deepEqual(await own.fingerprint(bytes), { ok: false, code: "cancelled" });
  });
});
