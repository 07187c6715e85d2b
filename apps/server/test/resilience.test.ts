import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import { newItem, pdq, randomHex, startTestServer, type TestServer } from "./test-server.ts";

/** PostgreSQL's first process and its children. */
const postgresFamily = (pid: number): readonly number[] => {
  const { stdout } = spawnSync("ps", ["-e", "-o", "pid=,ppid="], { encoding: "utf8" });
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  return [pid, ...rows.flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []))];
};

const postgresPid = async (dataDir: string): Promise<number> =>
  Number((await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8")).split("\n")[0]);

describe("a database that goes away in the middle", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  it("leaves the gate checking, refuses what it can't keep, and loses nothing it accepted", async () => {
    const access = await server.openCase();
    const known = pdq();
    const item = newItem(known);
    const send = async (items: readonly unknown[]) =>
      server.post("/api/hub/case/items", { ...access, items, proofOfWork: await server.solve() });
    await send([item]);
    await server.checkUntil([known], "match");

    const pid = await postgresPid(server.dataDir);
    // Stopped, not killed, with all its children: it holds its connections and answers nothing, the worst way to be
    // away. And longer than what the gate remembers counts as fresh.
    const group = postgresFamily(pid);
    for (const each of group) process.kill(each, "SIGSTOP");
    await sleep(6_000);
    const startedAt = performance.now();
    const during = await server.check([known]);
    assert.equal(during.body.verdict, "match");
    assert.equal((await server.check([pdq()])).body.verdict, "no_match");
    assert.ok(performance.now() - startedAt < 4_000, "the verdicts waited for the database");
    // An opinion on a match that is not written yet is for later, not for never.
    const early = await server.post(
      `/api/gate/matches/${during.body.matches[0].id}/opinion`,
      { opinion: "blocked" },
      { authorization: `Bearer ${server.gateKey}` },
    );
    assert.deepEqual([early.status, early.body.error.code], [503, "database_unavailable"]);
    for (const each of group) process.kill(each, "SIGKILL");
    const away = await server.post("/api/hub/case/status", access);
    assert.deepEqual([away.status, away.body.error.code], [503, "database_unavailable"]);

    assert.equal((await server.check([known])).body.verdict, "match");
    const fresh = newItem(pdq());
    const until = Date.now() + 30_000;
    let last = await send([fresh]);
    while (last.status !== 200 && Date.now() < until) {
      assert.deepEqual([last.status, last.body.error.code], [503, "database_unavailable"]);
      assert.ok(last.headers.has("retry-after"));
      await sleep(50);
      last = await send([fresh]);
    }
    assert.equal(last.status, 200);
    const items = last.body.items.map(({ itemId }: { itemId: string }) => itemId);
    assert.deepEqual(items, [item.itemId, fresh.itemId]);
    assert.equal((await server.checkUntil(fresh.signals, "match")).body.verdict, "match");
    // The match of the check made while it was away is written down by now.
    const foundUntil = Date.now() + 5_000;
    let found = 0;
    while (found === 0 && Date.now() < foundUntil) {
      await sleep(50);
      found = (await server.post("/api/hub/case/status", access)).body.items[0].found.platforms;
    }
    assert.equal(found, 1);
  });
});

describe("several servers on one database named by DATABASE_URL", () => {
  let temporary: TemporaryBank;
  before(async () => {
    temporary = await startTemporaryBank();
  });
  after(() => temporary.close());

  it("act as hub and gates of one bank, and start no database of their own", async () => {
    const env = { DATABASE_URL: temporary.connectionString };
    const hub = await startTestServer({ ...env, RECOURSE_ROLES: "hub" });
    const gates = [
      await startTestServer({ ...env, RECOURSE_ROLES: "gate", RECOURSE_PLATFORM_NAME: "Example" }),
      await startTestServer({ ...env, RECOURSE_ROLES: "gate" }),
    ];
    try {
      assert.deepEqual(await readdir(hub.dataDir), []);
      assert.equal((await hub.check([pdq()])).body.error.code, "not_found");
      const access = await hub.openCase();
      const item = newItem(pdq());
      await hub.post("/api/hub/case/items", { ...access, items: [item], proofOfWork: await hub.solve() });
      for (const gate of gates) assert.equal((await gate.checkUntil(item.signals, "match")).body.verdict, "match");
      const status = await hub.post("/api/hub/case/status", access);
      assert.deepEqual(status.body.items[0].found, { platforms: 2, blocked: 0, names: ["Example"] });
      await hub.post("/api/hub/case/withdraw", access);
      for (const gate of gates)
        assert.equal((await gate.checkUntil(item.signals, "no_match")).body.verdict, "no_match");
    } finally {
      await Promise.all([hub, ...gates].map((server) => server.close()));
    }
  });
});

describe("a server that is stopped", () => {
  let dataDir: string;
  const children: ChildProcess[] = [];
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "recourse-test-"));
  });
  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    const pid = await postgresPid(dataDir).catch(() => 0);
    if (pid > 0) {
      try {
        process.kill(pid, "SIGINT");
      } catch {
        // It is gone already.
      }
    }
    await sleep(500);
    await rm(dataDir, { recursive: true, force: true });
  });

  const script = `
    import { startServer } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
    try {
      const server = await startServer({ env: process.env, print: (line) => console.log(line) });
      console.log("URL " + server.url);
      process.on("SIGTERM", async () => { await server.close(); process.exit(0); });
    } catch (error) {
      console.log("FAILED " + error.code);
      process.exit(1);
    }`;

  const start = async (): Promise<{ child: ChildProcess; output: () => string; url: string }> => {
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
      env: { ...process.env, PORT: "0", HOST: "127.0.0.1", RECOURSE_DATA: dataDir },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    const until = Date.now() + 60_000;
    while (!/^(URL|FAILED) /m.test(text) && Date.now() < until) await sleep(20);
    return { child, output: () => text, url: /^URL (.*)$/m.exec(text)?.[1]?.replace("localhost", "127.0.0.1") ?? "" };
  };

  it("prints new keys once, and holds every acknowledged item after kill -9 of server and database", async () => {
    const first = await start();
    const gateKey = /Gate key\s+(\S+)/.exec(first.output())?.[1];
    const adminKey = /Admin key\s+(\S+)/.exec(first.output())?.[1];
    assert.ok(gateKey !== undefined && adminKey !== undefined);

    const acknowledged: string[] = [];
    const add = async (url: string): Promise<void> => {
      const value = randomHex(32);
      const response = await fetch(`${url}/api/gate/bank/items`, {
        method: "POST",
        headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
        body: JSON.stringify({ signals: [{ type: "pdq", value }] }),
      });
      if (response.status === 201) acknowledged.push(value);
    };
    const verdicts = async (url: string): Promise<readonly string[]> =>
      Promise.all(
        acknowledged.map(async (value) => {
          const response = await fetch(`${url}/api/gate/check`, {
            method: "POST",
            headers: { authorization: `Bearer ${gateKey}`, "content-type": "application/json" },
            body: JSON.stringify({ signals: [{ type: "pdq", value }] }),
          });
          const body: unknown = await response.json();
          return typeof body === "object" && body !== null && "verdict" in body ? String(body.verdict) : "none";
        }),
      );

    // Killed in the middle of writing: the server first, PostgreSQL left alone.
    const gone = new Promise((resolve) => {
      first.child.once("close", resolve);
    });
    const writing = (async () => {
      for (;;) await add(first.url);
    })().catch(() => {});
    while (acknowledged.length < 20) await sleep(5);
    first.child.kill("SIGKILL");
    await Promise.all([gone, writing]);

    const second = await start();
    assert.doesNotMatch(second.output(), /key/i);
    assert.ok((await verdicts(second.url)).every((verdict) => verdict === "match"));

    // Both at once, as when the power goes.
    const goneToo = new Promise((resolve) => {
      second.child.once("close", resolve);
    });
    await add(second.url);
    process.kill(await postgresPid(dataDir), "SIGKILL");
    second.child.kill("SIGKILL");
    await goneToo;
    const third = await start();
    assert.ok((await verdicts(third.url)).every((verdict) => verdict === "match"));

    // A second server on the same folder is refused, and does no harm to the first.
    const intruder = await start();
    assert.match(intruder.output(), /^FAILED data_in_use$/m);
    assert.ok((await verdicts(third.url)).every((verdict) => verdict === "match"));

    // Nor when the database died in between, and the lock of the first with it.
    const oldPid = await postgresPid(dataDir);
    process.kill(oldPid, "SIGKILL");
    const back = Date.now() + 30_000;
    while (!(await fetch(`${third.url}/api/health`).then((answer) => answer.text())).includes('"ok"')) {
      assert.ok(Date.now() < back);
      await sleep(100);
    }
    await sleep(1_500);
    assert.match((await start()).output(), /^FAILED data_in_use$/m);
    assert.ok((await verdicts(third.url)).every((verdict) => verdict === "match"));

    // Stopped in order, nothing is left running.
    const pid = await postgresPid(dataDir);
    const ended = new Promise((resolve) => {
      third.child.once("close", resolve);
    });
    third.child.kill("SIGTERM");
    assert.equal(await ended, 0);
    assert.throws(() => process.kill(pid, 0));
  });
});
