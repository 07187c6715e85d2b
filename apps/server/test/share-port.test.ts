/** Several gates of one machine on one port, each with its own replica. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { makeKey } from "@recourse/bank";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import type { Signal } from "@recourse/protocol";
import { readConfig } from "../src/config.ts";
import { pdq, startTestServer, type TestServer } from "./test-server.ts";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isPossible = process.platform === "linux" && (major > 23 || (major === 23 && minor >= 1));
/** So many connections one after the other are shared out by the system: that all reach one of two is unheard of. */
const CONNECTIONS = 40;

describe("gates that share a port", { skip: isPossible ? false : "needs Linux and Node 23.1" }, () => {
  let temporary: TemporaryBank;
  const key = makeKey("gate");
  before(async () => {
    temporary = await startTemporaryBank();
    await temporary.bank.addPartner({ name: "Platform", role: "gate", key, disclosesName: true });
  });
  after(() => temporary.close());

  const start = (port: string, share = "1"): Promise<TestServer> =>
    startTestServer({
      DATABASE_URL: temporary.connectionString,
      RECOURSE_ROLES: "gate",
      RECOURSE_GATE_KEY: key,
      GATE_SHARE_PORT: share,
      PORT: port,
    });
  /** Each over a connection of its own. */
  const verdicts = async (gate: TestServer, signals: readonly Signal[]): Promise<ReadonlySet<string>> => {
    const seen = new Set<string>();
    for (let turn = 0; turn < CONNECTIONS; turn += 1) {
      const headers = { authorization: `Bearer ${key}`, connection: "close" };
      const answer = await gate.post("/api/gate/check", { signals }, headers);
      assert.equal(answer.status, 200);
      seen.add(answer.body.verdict);
    }
    return seen;
  };
  const untilAll = async (gate: TestServer, signals: readonly Signal[], verdict: string): Promise<void> => {
    const until = Date.now() + 60_000;
    for (;;) {
      const seen = await verdicts(gate, signals);
      if (seen.size === 1 && seen.has(verdict)) return;
      assert.ok(Date.now() < until, `not all answer ${verdict}`);
    }
  };

  it("each answer what the bank holds, and one goes on when the other ends", async () => {
    const { bank } = temporary;
    const first = await start("0");
    const { port } = new URL(first.url);
    const second = await start(port);
    const running = new Set([first, second]);
    try {
      assert.equal(new URL(second.url).port, port);
      const signals = [pdq()];
      assert.deepEqual(await verdicts(first, signals), new Set(["no_match"]));
      const { item } = await bank.addOwnItem(signals);
      await untilAll(first, signals, "match");
      await bank.removeOwnItem(item);
      await untilAll(first, signals, "no_match");
      await bank.addOwnItem(signals);
      await untilAll(first, signals, "match");
      running.delete(first);
      await first.close();
      assert.deepEqual(await verdicts(second, signals), new Set(["match"]));
    } finally {
      for (const gate of running) await gate.close();
    }
  });

  it("are told that the port is taken where one of them does not share it", async () => {
    const first = await start("0");
    try {
      await assert.rejects(start(new URL(first.url).port, ""), { code: "port_in_use" });
    } finally {
      await first.close();
    }
  });
});

describe("the setting to share a port", () => {
  it("is for gates alone, and 1 or empty", () => {
    assert.equal(readConfig({}).sharePort, false);
    assert.equal(readConfig({ GATE_SHARE_PORT: "1", RECOURSE_ROLES: "gate" }).sharePort, true);
    assert.throws(() => readConfig({ GATE_SHARE_PORT: "1" }), /GATE_SHARE_PORT needs RECOURSE_ROLES=gate/);
    assert.throws(() => readConfig({ GATE_SHARE_PORT: "yes", RECOURSE_ROLES: "gate" }), /1 or empty/);
  });
});
