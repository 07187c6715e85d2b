/** Gates that have nothing but the address of the feed, and a hub that has the database. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { makeKey } from "@recourse/bank";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import { noNatsServer, startTemporaryNats, type TemporaryNats } from "@recourse/bank/testing-nats";
import { flipBits, newItem, pdq, randomHex, startTestServer, type TestServer } from "./test-server.ts";

describe("gates without a database", { skip: noNatsServer() }, () => {
  let temporary: TemporaryBank;
  let nats: TemporaryNats;
  let hub: TestServer;
  let folder: string;
  const keys = [makeKey("gate"), makeKey("gate")];
  const gates: TestServer[] = [];
  const startGate = (number: number): Promise<TestServer> =>
    startTestServer({
      RECOURSE_ROLES: "gate",
      FEED_URL: nats.url,
      RECOURSE_GATE_KEY: keys[number]!,
      GATE_SNAPSHOT_DIR: join(folder, `${number}`),
    });
  const authorization = (number: number) => ({ authorization: `Bearer ${keys[number]}` });
  const check = (gate: TestServer, number: number, signals: readonly unknown[]) =>
    gate.post("/api/gate/check", { signals }, authorization(number));
  const checkUntil = async (gate: TestServer, number: number, signals: readonly unknown[], verdict: string) => {
    const until = Date.now() + 10_000;
    for (;;) {
      const answer = await check(gate, number, signals);
      if (answer.body.verdict === verdict || Date.now() > until) return answer;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  before(async () => {
    temporary = await startTemporaryBank();
    nats = await startTemporaryNats();
    folder = await mkdtemp(join(tmpdir(), "recourse-test-"));
    for (const [number, key] of keys.entries()) {
      await temporary.bank.addPartner({ name: `Platform ${number}`, role: "gate", key, disclosesName: true });
    }
    const env = { DATABASE_URL: temporary.connectionString, FEED_URL: nats.url, RECOURSE_ROLES: "hub" };
    hub = await startTestServer(env);
    // A gate can't start before anything was published.
    for (let number = 0; number < 2; number += 1) {
      const until = Date.now() + 20_000;
      while (gates.length === number) {
        const gate = await startGate(number).catch((error: unknown) => {
          if (Date.now() > until) throw error;
          return undefined;
        });
        if (gate !== undefined) gates.push(gate);
      }
    }
  });
  after(async () => {
    for (const gate of gates) await gate.close();
    await hub.close();
    await nats.close();
    await temporary.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("find what a person added, tell the hub, and forget it when it is withdrawn", async () => {
    const access = await hub.openCase();
    const value = randomHex(32);
    const item = newItem(pdq(value));
    await hub.post("/api/hub/case/items", { ...access, items: [item], proofOfWork: await hub.solve() });
    const near = [pdq(flipBits(value, 20))];
    for (const [number, gate] of gates.entries()) {
      const answer = await checkUntil(gate, number, near, "match");
      assert.equal(answer.body.verdict, "match");
      const { id } = answer.body.matches[0];
      const opinion = await gate.post(`/api/gate/matches/${id}/opinion`, { opinion: "blocked" }, authorization(number));
      assert.deepEqual([opinion.status, opinion.body], [200, { id, opinion: "blocked" }]);
      const other = await gates[1 - number]!.post(
        `/api/gate/matches/${id}/opinion`,
        { opinion: "blocked" },
        authorization(1 - number),
      );
      assert.deepEqual([other.status, other.body.error.code], [404, "match_unknown"]);
    }
    const status = await hub.post("/api/hub/case/status", access);
    assert.deepEqual(status.body.items[0].found, { platforms: 2, blocked: 2, names: ["Platform 0", "Platform 1"] });
    const late = await gates[0]!.get("/api/gate/late-matches", authorization(0));
    assert.deepEqual([late.status, late.body.matches], [200, []]);

    await hub.post("/api/hub/case/withdraw", access);
    for (const [number, gate] of gates.entries()) {
      assert.equal((await checkUntil(gate, number, near, "no_match")).body.verdict, "no_match");
    }
  });

  it("have no addresses that need a database, and let in the key of their own platform only", async () => {
    const [gate] = gates;
    assert.ok(gate !== undefined);
    const own = await gate.post("/api/gate/bank/items", { signals: [pdq()] }, authorization(0));
    assert.deepEqual([own.status, own.body.error.code], [404, "not_found"]);
    const wrong = await check(gate, 1, [pdq()]);
    assert.deepEqual([wrong.status, wrong.body.error.code], [401, "key_wrong"]);
    const health = await gate.get("/api/health");
    assert.deepEqual([health.body.status, health.body.roles], ["ok", ["gate"]]);
  });

  it("start from their snapshot while neither hub nor stream is there, and write matches down when they are back", async () => {
    const access = await hub.openCase();
    const item = newItem(pdq());
    await hub.post("/api/hub/case/items", { ...access, items: [item], proofOfWork: await hub.solve() });
    assert.equal((await checkUntil(gates[0]!, 0, item.signals, "match")).body.verdict, "match");
    assert.equal((await checkUntil(gates[1]!, 1, item.signals, "match")).body.verdict, "match");
    // Only what was compared with the bank is kept as a snapshot.
    const until = Date.now() + 10_000;
    for (;;) {
      const { body } = await gates[1]!.get("/api/gate/status", authorization(1));
      if (body.verifiedSequence === body.sequence || Date.now() > until) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await gates[1]!.close();
    await nats.nodes[0]!.kill();
    gates[1] = await startGate(1);
    assert.equal((await check(gates[1], 1, item.signals)).body.verdict, "match");
    const { body: away } = await gates[1].get("/api/gate/status", authorization(1));
    assert.deepEqual([away.connected, away.unrecorded], [false, 1]);
    await nats.nodes[0]!.start();
    const backUntil = Date.now() + 20_000;
    for (;;) {
      const { body } = await gates[1].get("/api/gate/status", authorization(1));
      if (body.connected === true && body.unrecorded === 0) break;
      assert.ok(Date.now() < backUntil, "the match was not written down");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await hub.post("/api/hub/case/withdraw", access);
    assert.equal((await checkUntil(gates[1], 1, item.signals, "no_match")).body.verdict, "no_match");
  });
});
