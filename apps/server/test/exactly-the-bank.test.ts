/** Gates in processes of their own on one bank: whatever happens, each holds exactly what the bank has in force. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import { pdq, randomHex } from "./test-server.ts";

const gateKey = `gate-${randomHex(16)}`;
const SCRIPT = `
  import { startServer } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
  const server = await startServer({ env: process.env, print: (line) => console.log(line) });
  console.log("URL " + server.url);
  process.on("SIGTERM", async () => { await server.close(); process.exit(0); });`;

interface GateProcess {
  readonly url: string;
  readonly printed: () => string;
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

describe("gates in processes of their own, on one bank", () => {
  let temporary: TemporaryBank;
  let folder: string;
  const children = new Set<ChildProcess>();
  before(async () => {
    temporary = await startTemporaryBank();
    folder = await mkdtemp(join(tmpdir(), "recourse-test-"));
  });
  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    await temporary.close();
    await rm(folder, { recursive: true, force: true });
  });

  const startGate = async (name: string): Promise<GateProcess> => {
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", SCRIPT], {
      env: {
        ...process.env,
        PORT: "0",
        HOST: "127.0.0.1",
        DATABASE_URL: temporary.connectionString,
        RECOURSE_ROLES: "gate",
        RECOURSE_GATE_KEY: gateKey,
        GATE_SNAPSHOT_DIR: join(folder, name),
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.add(child);
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    const until = Date.now() + 60_000;
    while (!/^URL /m.test(text) && Date.now() < until) await sleep(20);
    const url = /^URL (.*)$/m.exec(text)?.[1]?.replace("localhost", "127.0.0.1");
    assert.ok(url !== undefined, "the gate did not start");
    return {
      url,
      printed: () => text,
      stop: (signal) =>
        new Promise((resolve) => {
          child.once("close", () => {
            children.delete(child);
            resolve();
          });
          child.kill(signal);
        }),
    };
  };

  /** The status, once the gate has compared itself with the bank at this number; fails after 30 seconds. */
  const settledAt = async ({ url }: GateProcess, sequence: number): Promise<Record<string, unknown>> => {
    const until = Date.now() + 30_000;
    for (;;) {
      const response = await fetch(`${url}/api/gate/status`, { headers: { authorization: `Bearer ${gateKey}` } });
      const body: unknown = await response.json();
      assert.ok(typeof body === "object" && body !== null);
      const status = Object.fromEntries(Object.entries(body));
      if (status["sequence"] === sequence && status["verifiedSequence"] === sequence) return status;
      assert.ok(Date.now() < until, "the gate did not come to where the bank is");
      await sleep(50);
    }
  };

  const expectSame = async (...gates: readonly GateProcess[]): Promise<void> => {
    const { sequence, checksum, recomputed } = await temporary.bank.auditFeed();
    assert.equal(checksum, recomputed);
    for (const gate of gates) assert.equal((await settledAt(gate, sequence))["checksum"], recomputed);
  };

  it("have its checksum after a killed gate, a killed database and a restart, while it changes", async () => {
    const { bank } = temporary;
    const added: string[] = [];
    let isWriting = true;
    let changes = 0;
    // What the bank did not acknowledge may be in force or not; the checksum says the same on all sides either way.
    const write = async (): Promise<void> => {
      while (isWriting) {
        try {
          added.push((await bank.addOwnItem([pdq(), pdq()])).item);
          const [oldest] = added;
          if (added.length > 40 && oldest !== undefined) await bank.removeOwnItem(oldest).then(() => added.shift());
          changes += 1;
        } catch {
          await sleep(50);
        }
      }
    };
    const more = async (count: number): Promise<void> => {
      const enough = changes + count;
      while (changes < enough) await sleep(10);
    };
    const first = await startGate("first");
    let second = await startGate("second");
    const writing = write();
    try {
      await more(60);
      await second.stop("SIGKILL");
      await more(30);
      second = await startGate("second");
      process.kill(await temporary.postgresPid(), "SIGKILL");
      await more(60);
      await second.stop("SIGTERM");
      await more(30);
      second = await startGate("second");
      await more(30);
    } finally {
      isWriting = false;
      await writing;
    }
    await expectSame(first, second);
    assert.ok(!first.printed().includes("anew"), "the first gate lost nothing it would have to read anew");

    await first.stop("SIGTERM");
    await second.stop("SIGTERM");
  });
});
