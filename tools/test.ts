/**
 * `npm test [-- FILTER...]`: Node's own test runner over every test of the repository; each filter is a piece of a
 * file's path, and files that hold one of them are run. Options (--test-name-pattern=...) go through to Node.
 * Two files at a time; browser tests come last, so that a mistake below them shows first. Without Chromium they skip
 * themselves, by name.
 */
import { spawn } from "node:child_process";
import { glob } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { findChromium } from "./chromium.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith("-"));
const filters = args.filter((arg) => !arg.startsWith("-"));

const found: string[] = [];
for (const folder of ["packages/*", "apps/*", "bench", "tools"])
  for await (const file of glob(`${folder}/test/**/*.test.ts`, { cwd: root })) found.push(file.replaceAll("\\", "/"));
const files = found
  .filter(
    (file) => !file.includes("node_modules") && (filters.length === 0 || filters.some((part) => file.includes(part))),
  )
  .toSorted();
if (files.length === 0) {
  console.error(filters.length === 0 ? "no tests found" : `no test file has ${filters.join(" or ")} in its path`);
  process.exit(2);
}

/** Runs the files and resolves to the exit code; a signal counts as a failure. */
const run = (some: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--test", "--test-reporter=spec", "--test-concurrency=2", ...options, ...some],
      { cwd: root, stdio: "inherit" },
    );
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });

const browser = files.filter((file) => file.endsWith(".browser.test.ts"));
const other = files.filter((file) => !browser.includes(file));
let exitCode = 0;
if (other.length > 0) exitCode = await run(other);
if (browser.length > 0) exitCode = (await run(browser)) || exitCode;

console.log(
  `${other.length} test files${browser.length === 0 ? "" : `, then ${browser.length} of browser tests ${findChromium() === undefined ? "(skipped: no Chromium on this machine)" : "in Chromium"}`}; Node ${process.versions.node}; ${exitCode === 0 ? "all passed" : "something failed"}`,
);
process.exitCode = exitCode;
