import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "recourse-test-"));
});
after(() => rm(folder, { recursive: true, force: true }));

describe("npm start", () => {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    it(`leaves no server behind when npm gets ${signal}`, async () => {
      const root = fileURLToPath(new URL("../../../", import.meta.url));
      const env = { ...process.env, PORT: "0", HOST: "127.0.0.1", RECOURSE_DATA: join(folder, signal) };
      const child = spawn("npm", ["start"], { cwd: root, env, stdio: ["ignore", "pipe", "ignore"] });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
      // The server holds the pipe too: it closes only when the server is gone.
      const closed = new Promise((resolve) => {
        child.once("close", resolve);
      });
      const until = Date.now() + 60_000;
      while (!output.includes("is running") && Date.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 20));
      assert.match(output, /is running/);
      child.kill(signal);
      await closed;
    });
  }
});
