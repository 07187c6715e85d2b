import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openLocalBank } from "../src/embedded/index.ts";
import { startTemporaryBank, type TemporaryBank } from "../src/testing.ts";

const pdq = () => ({ type: "pdq", value: randomBytes(32).toString("hex") }) as const;

describe("the embedded database", () => {
  let dataDir: string;
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "recourse-test-"));
  });
  after(() => rm(dataDir, { recursive: true, force: true }));

  it("starts over when a first start was cut off half way", async () => {
    await mkdir(join(dataDir, "postgres.new-cut"));
    const local = await openLocalBank({ env: {}, dataDir });
    await local.close();
    assert.deepEqual((await readdir(dataDir)).toSorted(), ["postgres", "postgres.log", "postgres.password"]);
    if (process.platform !== "win32") {
      assert.equal((await stat(join(dataDir, "postgres.password"))).mode & 0o077, 0);
    }
  });

  it("loses nothing acknowledged when its owner is killed, and is taken over by the next", async () => {
    const script = `
      import { openLocalBank } from ${JSON.stringify(new URL("../src/embedded/index.ts", import.meta.url).href)};
      const { bank } = await openLocalBank({ env: {}, dataDir: process.argv[1] });
      for (;;) {
        const { item } = await bank.addOwnItem([{ type: "pdq", value: ${JSON.stringify("ab".repeat(32))} }]);
        process.stdout.write(item + "\\n");
      }`;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script, dataDir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const until = Date.now() + 30_000;
    while (output.split("\n").length < 20 && Date.now() < until) await sleep(10);
    const gone = new Promise((resolve) => {
      child.once("close", resolve);
    });
    child.kill("SIGKILL");
    await gone;
    const acknowledged = output.split("\n").filter((line) => line.length === 36);
    assert.ok(acknowledged.length >= 19);
    const local = await openLocalBank({ env: {}, dataDir });
    try {
      const { items } = await local.bank.listOwnItems({ limit: 10_000 });
      const held = new Set(items.map((item) => item.item));
      assert.deepEqual(
        acknowledged.filter((item) => !held.has(item)),
        [],
      );
    } finally {
      await local.close();
    }
  });

  it("starts although the process number of the last run belongs to another program by now", async () => {
    await (await openLocalBank({ env: {}, dataDir })).close();
    const other = spawn("sleep", ["60"], { stdio: "ignore" });
    const pidFile = join(dataDir, "postgres", "postmaster.pid");
    await writeFile(pidFile, `${other.pid}\n${join(dataDir, "postgres")}\n1\n1\n\n\n\n\n`);
    const local = await openLocalBank({ env: {}, dataDir });
    await local.bank.ping();
    await local.close();
    other.kill();
  });

  it("is made once when two start on an empty folder at the same time", async () => {
    const empty = await mkdtemp(join(tmpdir(), "recourse-test-"));
    const script = `
      import { openLocalBank } from ${JSON.stringify(new URL("../src/embedded/index.ts", import.meta.url).href)};
      const local = await openLocalBank({ env: {}, dataDir: process.argv[1] });
      await local.bank.addOwnItem([{ type: "md5", value: "ab".repeat(16) }]);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await local.close();`;
    const statuses = await Promise.all(
      [1, 2].map(
        () =>
          new Promise((resolve) => {
            const words = ["--input-type=module-typescript", "-e", script, empty];
            spawn(process.execPath, words, { stdio: "inherit" }).once("close", resolve);
          }),
      ),
    );
    assert.deepEqual(statuses, [0, 0]);
    const local = await openLocalBank({ env: {}, dataDir: empty });
    assert.equal((await local.bank.listOwnItems()).items.length, 2);
    await local.close();
    await rm(empty, { recursive: true, force: true });
  });

  it("writes no value into its log", async () => {
    const local = await openLocalBank({ env: {}, dataDir });
    const secret = randomBytes(32).toString("hex");
    await assert.rejects(local.bank.findOwnItems(`${secret}zz`));
    await local.close();
    const log = await readFile(join(dataDir, "postgres.log"), "utf8");
    assert.ok(!log.includes(secret));
    assert.match(log, /invalid hexadecimal/);
  });
});

describe("a database that goes away", () => {
  let temporary: TemporaryBank;
  before(async () => {
    temporary = await startTemporaryBank();
  });
  after(() => temporary.close());

  it("is started again; refusals are clear, and readers go on where they were", async () => {
    const { bank } = temporary;
    const seen: number[] = [];
    const reader = bank.followFeed({
      after: 0,
      onEntries: (entries) => {
        seen.push(...entries.map((entry) => entry.sequence));
      },
    });
    const acknowledged: string[] = [];
    const refusals: unknown[] = [];
    let writing = true;
    const writer = (async () => {
      while (writing) {
        try {
          acknowledged.push((await bank.addOwnItem([pdq()])).item);
        } catch (error) {
          refusals.push(error);
          await sleep(50);
        }
      }
    })();
    await sleep(300);
    process.kill(await temporary.postgresPid(), "SIGKILL");
    const until = Date.now() + 30_000;
    const acknowledgedBefore = acknowledged.length;
    while ((acknowledged.length < acknowledgedBefore + 5 || refusals.length === 0) && Date.now() < until)
      await sleep(50);
    writing = false;
    await writer;
    assert.ok(refusals.length > 0, "the database was never away");
    for (const error of refusals) {
      assert.ok(error instanceof Error && "code" in error);
      assert.equal(error.code, "database_unavailable");
    }
    const { items } = await bank.listOwnItems({ limit: 10_000 });
    const held = new Set(items.map((item) => item.item));
    assert.deepEqual(
      acknowledged.filter((item) => !held.has(item)),
      [],
    );
    await reader.catchUp();
    await reader.close();
    assert.deepEqual(
      seen,
      Array.from({ length: (await bank.feedHead()).sequence }, (_unused, index) => index + 1),
    );
  });
});
