import assert from "node:assert/strict";
import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { run, type RunOptions, start, vectors } from "./run-recourse.ts";

const vector = join(vectors, "010-dead-640x480.png");

/** The path without the Node that npm brought. */
const systemPath = (process.env["PATH"] ?? "")
  .split(":")
  .filter((entry) => !entry.includes("node_modules"))
  .join(":");
const older = ["node", "/usr/bin/node", "/usr/local/bin/node", "/usr/bin/nodejs"].find((node) => {
  const { stdout } = spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8", env: { PATH: systemPath } });
  const major = Number((stdout ?? "").split(".")[0]);
  return major >= 18 && major < 24;
});
const needsOlder = { skip: older === undefined ? "no Node from 18 to 23 on this machine" : false };

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "recourse-test-"));
});
after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Starts `recourse serve` and waits until it says where it is. */
const serve = async (options: RunOptions = {}) => {
  const child = start(["serve", "--port", "0", "--data", folder], {
    ...options,
    env: { DATABASE_URL: "", HOST: "127.0.0.1", RECOURSE_GATE_KEY: "k".repeat(32), ...options.env },
  });
  let printed = "";
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /http:\/\/localhost:(\d+)\//.exec(printed);
      if (found !== null) resolve(Number(found[1]));
    });
    child.stderr.pipe(process.stderr);
    child.once("exit", (status) => reject(new Error(`ended with ${status}: ${printed}`)));
  });
  return { child, url: `http://127.0.0.1:${port}`, printed: () => printed };
};

const ended = async (child: ChildProcess): Promise<readonly unknown[]> =>
  child.exitCode === null && child.signalCode === null ? once(child, "exit") : [child.exitCode, child.signalCode];

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/api/health`).then(
    (response) => response.ok,
    () => false,
  );

const untilGone = async (url: string): Promise<boolean> => {
  for (const until = Date.now() + 20_000; Date.now() < until;) {
    if (!(await answers(url))) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
};

describe("recourse serve", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`runs until ${signal}, then stops in order`, async () => {
      const server = await serve();
      assert.equal(await answers(server.url), true);
      server.child.kill(signal);
      assert.deepEqual(await ended(server.child), [0, null]);
      assert.match(server.printed(), /\nStopping\.\n$/);
      assert.equal(await answers(server.url), false);
    });
  }

  it("goes at once on a second signal", async () => {
    const server = await serve();
    server.child.kill("SIGTERM");
    server.child.kill("SIGINT");
    const [status] = await ended(server.child);
    assert.equal(status, 1);
  });

  it("says which port is taken by its code, and ends with 1", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const words = ["serve", "--port", String(port), "--data", folder];
    const { status, stderr } = await run(words, { env: { DATABASE_URL: "", HOST: "127.0.0.1" } });
    other.close();
    assert.deepEqual([status, stderr.startsWith("error port_in_use: ")], [1, true]);
  });
});

describe("the launcher", () => {
  const options: RunOptions = { node: older ?? "", env: { PATH: systemPath } };

  it(
    "starts itself under the bundled Node when the system's is older, and passes the status on",
    needsOlder,
    async () => {
      const ok = await run(["fingerprint", vector, "--json"], options);
      assert.equal(ok.status, 0, ok.stderr);
      assert.equal(JSON.parse(ok.stdout).width, 640);
      assert.equal((await run(["fingerprint", "missing"], options)).status, 3);
    },
  );

  it("passes signals on", needsOlder, async () => {
    const server = await serve(options);
    server.child.kill("SIGTERM");
    assert.deepEqual(await ended(server.child), [0, null]);
    assert.equal(await answers(server.url), false);
  });

  it("leaves no server behind when it is killed", needsOlder, async () => {
    const server = await serve(options);
    server.child.kill("SIGKILL");
    assert.equal(await untilGone(server.url), true);
  });
});
