/** The real server as a process of its own, started as anybody starts it, on a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("../../apps/cli/bin/recourse.mjs", import.meta.url));
const pageBuild = fileURLToPath(new URL("../../apps/web/build/main.ts", import.meta.url));
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  readonly gateKey: string;
  readonly adminKey: string;
  /** From the start of the process to the first answer of its health address. */
  readonly startMs: number;
  /** Ends it as Ctrl-C does, and waits until it is gone. */
  stop(): Promise<void>;
}

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode === null && child.signalCode === null
    ? new Promise((resolve) => child.once("exit", resolve))
    : Promise.resolve(child.exitCode);

/** Builds the page if its sources changed, so that no start has to. */
export const buildPage = async (): Promise<void> => {
  const status = await ended(spawn(process.execPath, [pageBuild], { stdio: ["ignore", "ignore", "inherit"] }));
  if (status !== 0) throw new Error("the page could not be built");
};

/** Calls `work` with a new empty folder, which is gone afterwards. */
export const withFolder = async <Result>(work: (folder: string) => Promise<Result>): Promise<Result> => {
  const folder = await mkdtemp(join(tmpdir(), "recourse-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Starts a server on a free port of the loopback interface. Throws when it ends or does not answer in time. */
export const startServerProcess = async (dataDir: string): Promise<ServerProcess> => {
  const gateKey = randomBytes(24).toString("hex");
  const adminKey = randomBytes(24).toString("hex");
  const startedAt = performance.now();
  const child = spawn(process.execPath, [launcher, "serve", "--port", "0", "--data", dataDir], {
    env: {
      ...process.env,
      DATABASE_URL: "",
      HOST: "127.0.0.1",
      RECOURSE_GATE_KEY: gateKey,
      RECOURSE_ADMIN_KEY: adminKey,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await ended(child);
    clearTimeout(late);
  };
  const port = new Promise<number>((resolve, reject) => {
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /http:\/\/localhost:(\d+)\//.exec(printed);
      if (found !== null) resolve(Number(found[1]));
    });
    child.once("exit", () => reject(new Error("the server ended before it was up")));
    setTimeout(() => reject(new Error("the server did not start in time")), START_TIMEOUT_MS).unref();
  });
  try {
    const url = `http://127.0.0.1:${await port}`;
    const health = await fetch(`${url}/api/health`);
    if (health.status !== 200) throw new Error(`the server is not healthy: ${health.status}`);
    await health.arrayBuffer();
    return { url, pid: child.pid ?? 0, gateKey, adminKey, startMs: performance.now() - startedAt, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Posts JSON and answers the parsed body. Throws on any status but success. */
export const post = async (url: string, key: string, body: unknown): Promise<unknown> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return answer;
};
