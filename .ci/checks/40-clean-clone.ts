/**
 * What a stranger does: clone, `npm ci`, `npm start`, on a port and data folder of its own. Then what must survive:
 * an acknowledged item after `kill -9` of everything, PostgreSQL included, and after an orderly restart.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "recourse-clone-"));
// The embedded PostgreSQL does not run as root and has to enter the folder as somebody else.
chmodSync(folder, 0o755);
const clone = join(folder, "recourse");
const data = join(folder, "data");
const port = 18_000 + Math.floor(Math.random() * 2000);
const url = `http://127.0.0.1:${port}`;
const gateKey = `gate-${randomBytes(16).toString("hex")}`;
const adminKey = `admin-${randomBytes(16).toString("hex")}`;
const hash = randomBytes(32).toString("hex");

// A group of its own, so that all of it can be killed at once by the id of what was started here.
const start = async (): Promise<{ readonly child: ChildProcess; readonly seconds: number }> => {
  const from = performance.now();
  const child = spawn("npm", ["start"], {
    cwd: clone,
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      PORT: String(port),
      HOST: "127.0.0.1",
      RECOURSE_DATA: data,
      RECOURSE_GATE_KEY: gateKey,
      RECOURSE_ADMIN_KEY: adminKey,
    },
  });
  for (let waitedMs = 0; waitedMs < 120_000; waitedMs += 100) {
    assert.equal(child.exitCode, null, "npm start ended by itself");
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    if (answer?.ok === true) return { child, seconds: (performance.now() - from) / 1000 };
    await delay(100);
  }
  throw new Error("no health within two minutes");
};

const call = async (path: string, key: string, body: unknown): Promise<unknown> => {
  const answer = await fetch(url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path} answered ${answer.status}`);
  return answer.json();
};

const verdict = async (): Promise<string> => {
  const signals = [{ type: "pdq", value: hash }];
  return ((await call("/api/gate/check", gateKey, { signals })) as { verdict: string }).verdict;
};

/** Waits until the verdict is the expected one; the replica of a gate is filled just after its start. */
const expectVerdict = async (expected: string): Promise<void> => {
  let last = "";
  for (let waitedMs = 0; waitedMs < 5000; waitedMs += 50) {
    last = await verdict();
    if (last === expected) return;
    await delay(50);
  }
  assert.equal(last, expected);
};

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => void child.once("exit", () => resolve()));

let child: ChildProcess | undefined;
try {
  execFileSync("git", ["clone", "--quiet", "--no-hardlinks", root, clone], { stdio: "inherit" });
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: clone, stdio: "inherit" });

  const first = await start();
  child = first.child;
  assert.equal(await verdict(), "no_match");
  await call("/api/gate/bank/items", adminKey, { signals: [{ type: "pdq", value: hash }] });
  await expectVerdict("match");

  // Power cut: npm, launcher and server at once, and PostgreSQL by the id it wrote down itself.
  const pidFile = [join(data, "postgres/postmaster.pid"), join(data, "postgres/data/postmaster.pid")].find((path) =>
    existsSync(path),
  );
  assert.ok(child.pid !== undefined);
  process.kill(-child.pid, "SIGKILL");
  if (pidFile !== undefined) process.kill(Number(readFileSync(pidFile, "utf8").split("\n")[0]), "SIGKILL");
  else console.log("PostgreSQL's process file was not found: it lives on, and the next start has to adopt it");
  await ended(child);
  await delay(500);

  const second = await start();
  child = second.child;
  await expectVerdict("match");
  assert.ok(child.pid !== undefined);
  process.kill(-child.pid, "SIGTERM");
  await ended(child);

  const third = await start();
  child = third.child;
  await expectVerdict("match");
  const page = await fetch(`${url}/`);
  assert.equal(page.status, 200);
  assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'/u);
  const times = [first, second, third].map(({ seconds }) => seconds.toFixed(1));
  console.log(
    `clean clone: started in ${times[0]} s, after kill -9 in ${times[1]} s, after a restart in ${times[2]} s; nothing lost`,
  );
} finally {
  if (child?.pid !== undefined && child.exitCode === null) {
    process.kill(-child.pid, "SIGTERM");
    await ended(child);
  }
  rmSync(folder, { recursive: true, force: true });
}
