#!/usr/bin/env node
// The launcher: plain JavaScript that any Node from 18 on can read. The sources need Node 24 or newer; where the
// system's is older, this starts itself again under the one that npm brought.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const NEEDED_MAJOR = 24;
const MARK = "RECOURSE_LAUNCHED";

/** The program of the npm package `node`, or undefined. */
const bundledNode = () => {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    return [join(folder, "bin", "node"), join(folder, "bin", "node.exe")].find((path) => existsSync(path));
  } catch {
    return undefined;
  }
};

if (Number(process.versions.node.split(".")[0]) >= NEEDED_MAJOR) {
  if (process.env[MARK] !== undefined && process.channel) {
    // The channel to the launcher carries no messages: it closes when the launcher is gone, however it went
    // (`kill -9` can't be passed on), and then this process ends in order too.
    process.channel.unref();
    process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  }
  const { main } = await import("../src/main.ts");
  process.exitCode = await main(process.argv.slice(2));
} else {
  const node = bundledNode();
  if (node === undefined || process.env[MARK] !== undefined) {
    console.error(
      `error: Node ${NEEDED_MAJOR} or newer is needed; this is ${process.versions.node}. Run npm ci first.`,
    );
    process.exit(1);
  }
  const child = spawn(node, process.argv.slice(1), {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, [MARK]: "1" },
  });
  // From a terminal the child hears the signal too; what is passed on reaches it where only this process was told.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (!(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
    });
  }
  child.on("error", () => process.exit(1));
  child.on("exit", (code, signal) => {
    if (signal !== null) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code ?? 1);
  });
}
