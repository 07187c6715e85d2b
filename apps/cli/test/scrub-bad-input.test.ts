/** `recourse scrub` and files that lie, or a machine that stops: the original is there, whole, whatever happens. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { watch } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makeBmp } from "../../../packages/scrub/test/bmp/bmps.ts";
import { holdsPlanted, planted, stripBytes } from "../../../packages/scrub/test/files.ts";
import { type WholeFile, wholeFiles } from "../../../packages/scrub/test/bad-input/whole-files.ts";
import { lines, run, start } from "./run-recourse.ts";

let folder = "";
let files: readonly WholeFile[] = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "recourse-bad-"));
  files = await wholeFiles();
});
after(() => rm(folder, { recursive: true, force: true }));

const room = (): Promise<string> => mkdtemp(join(folder, "room-"));

test("a wrong extension is no matter: each format under the name of the next one is cleaned as what it is", async () => {
  const at = await room();
  const named = files.map(({ bytes, format }, index) => {
    const other = files[(index + 3) % files.length]?.format ?? format;
    return { name: `${String(index).padStart(2, "0")}.${other}`, bytes, format };
  });
  for (const { name, bytes } of named) await writeFile(join(at, name), bytes);
  const inspected = await run(["inspect", at, "--json"]);
  assert.equal(inspected.status, 1);
  assert.deepEqual(
    lines(inspected.stdout).map((line) => (JSON.parse(line) as { format: string }).format),
    named.map(({ format }) => format),
  );
  const { status, stderr } = await run(["scrub", at, "--in-place"]);
  assert.equal(status, 0, stderr);
  for (const { name, bytes } of named) {
    const cleaned = await readFile(join(at, name));
    assert.equal(holdsPlanted(cleaned), false, name);
    assert.deepEqual(cleaned, (await stripBytes(bytes)).bytes, name);
  }
});

test("empty files, one byte and what is no picture, under every extension: refused, and as they were", async () => {
  const at = await room();
  const bad = [Buffer.alloc(0), Buffer.from([0xff]), Buffer.from("PK\u0003\u0004 a document", "latin1")];
  const names: string[] = [];
  for (const { format } of files)
    for (const [n, bytes] of bad.entries()) {
      const name = `${n}-${format}.${format}`;
      await writeFile(join(at, name), bytes);
      if (!names.includes(name)) names.push(name);
    }
  const { status, stdout } = await run(["scrub", at, "--in-place", "--json"]);
  assert.equal(status, 3);
  const codes = lines(stdout).map((line) => (JSON.parse(line) as { error: { code: string } }).error.code);
  assert.deepEqual([...new Set(codes)].toSorted(), ["empty_file", "scrub_unknown_format"]);
  assert.equal(codes.length, names.length);
  for (const name of names) assert.deepEqual(await readFile(join(at, name)), bad[Number(name[0])], name);
  assert.deepEqual((await readdir(at)).toSorted(), names.toSorted());
});

const ROWS = 1 << 20;

/** Runs it until the new file begins to be there, then stops the program that way. */
const stopInTheMiddle = async (at: string, signal: NodeJS.Signals): Promise<NodeJS.Signals | number | null> => {
  const watcher = watch(at);
  const child = start(["scrub", join(at, "a.bmp"), "--in-place"]);
  child.stdin.end();
  child.stdout.resume();
  child.stderr.resume();
  watcher.on("change", () => child.kill(signal));
  const [status, killed] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  watcher.close();
  return killed ?? status;
};

test("--in-place, stopped in the middle, leaves the original to the last byte", async () => {
  // Large enough that there is a middle: 16 MiB of rows, and something before them.
  const dirty = makeBmp({ height: ROWS, gap: planted, pixels: Buffer.alloc(16 * ROWS) });
  for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
    const at = await room();
    await writeFile(join(at, "a.bmp"), dirty);
    const how = await stopInTheMiddle(at, signal);
    assert.notEqual(how, 0, `${signal}: it was done before it could be stopped`);
    assert.ok((await readFile(join(at, "a.bmp"))).equals(dirty), `${signal}: the original is another`);
    // Who is killed can't clear up; who is asked to stop does.
    const left = (await readdir(at)).filter((name) => name !== "a.bmp");
    if (signal === "SIGKILL") assert.ok(left.every((name) => /^\.recourse-[\w-]+\.tmp$/u.test(name)));
    else assert.deepEqual(left, [], signal);
    const { status, stderr } = await run(["scrub", join(at, "a.bmp"), "--in-place"]);
    assert.equal(status, 0, stderr);
    assert.equal(holdsPlanted((await readFile(join(at, "a.bmp"))).subarray(0, 4096)), false);
  }
});
