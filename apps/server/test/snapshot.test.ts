import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startServer } from "../src/index.ts";
import { type Answer, pdq, randomHex } from "./test-server.ts";

describe("a server that is started again", () => {
  let dataDir: string;
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "recourse-test-"));
  });
  after(() => rm(dataDir, { recursive: true, force: true }));

  const [gateKey, adminKey] = [`gate-${randomHex(16)}`, `admin-${randomHex(16)}`];
  /** Starts it, lets it be used, and stops it; answers what it printed. */
  const run = async (
    visit: (ask: (path: string, key: string, body?: unknown) => Promise<Answer["body"]>) => Promise<void>,
  ) => {
    const printed: string[] = [];
    const env = { RECOURSE_GATE_KEY: gateKey, RECOURSE_ADMIN_KEY: adminKey, PORT: "0", HOST: "127.0.0.1" };
    const server = await startServer({ env, dataDir, print: (line) => printed.push(line) });
    try {
      await visit(async (path, key, body) => {
        const response = await fetch(server.url.replace("localhost", "127.0.0.1") + path, {
          method: body === undefined ? "GET" : "POST",
          headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return response.json();
      });
    } finally {
      await server.close();
    }
    return printed;
  };

  it("has its gate begin with the snapshot it left, or, where that is spoilt, with the bank", async () => {
    const known = pdq();
    const snapshot = join(dataDir, "gate", "replica.snapshot");
    let left: unknown;
    const stateOf = ({ sequence, checksum, items, signals }: Record<string, unknown>) => ({
      sequence,
      checksum,
      items,
      signals,
    });
    await run(async (ask) => {
      await ask("/api/gate/bank/items", adminKey, { signals: [known] });
      for (let verdict = ""; verdict !== "match";) {
        ({ verdict } = await ask("/api/gate/check", gateKey, { signals: [known] }));
      }
      left = stateOf(await ask("/api/gate/status", gateKey));
    });
    assert.deepEqual(await readdir(join(dataDir, "gate")), ["replica.snapshot"]);
    const whole = await readFile(snapshot);

    const again = await run(async (ask) => {
      assert.deepEqual(stateOf(await ask("/api/gate/status", gateKey)), left);
      assert.equal((await ask("/api/gate/check", gateKey, { signals: [known] })).verdict, "match");
    });
    assert.ok(!again.some((line) => line.includes("snapshot")));

    await writeFile(snapshot, whole.subarray(0, -5));
    const spoilt = await run(async (ask) => {
      assert.deepEqual(stateOf(await ask("/api/gate/status", gateKey)), left);
      assert.equal((await ask("/api/gate/check", gateKey, { signals: [known] })).verdict, "match");
    });
    assert.ok(spoilt.includes("The gate's snapshot is not used: truncated"));
    assert.ok(!spoilt.join("\n").includes(known.value));
    // And leaves a good one behind.
    assert.equal((await readFile(snapshot)).length, whole.length);
    const last = await run(async (ask) => {
      assert.deepEqual(stateOf(await ask("/api/gate/status", gateKey)), left);
      assert.equal((await ask("/api/gate/check", gateKey, { signals: [known] })).verdict, "match");
    });
    assert.ok(!last.some((line) => line.includes("snapshot")));
  });
});
