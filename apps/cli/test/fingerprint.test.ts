import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  bankSet,
  everySecond,
  type FingerprintOutcome,
  querySet,
  type VideoFingerprint,
  videoQuerySignals,
} from "@recourse/fingerprint";
import { createFingerprintPool, type FingerprintPool, fingerprintVideoFile } from "@recourse/fingerprint/node";
import { noFfmpeg } from "../../../packages/fingerprint/test/ffmpeg.ts";
import { lines, photographs, run, start, vectors, videos } from "./run-recourse.ts";

const pictures = ["clock.jpg", "storm-road.jpg"].map((name) => join(photographs, name));
const vector = join(vectors, "010-dead-640x480.png");

const parsed = (stdout: string) => lines(stdout).map((line) => JSON.parse(line));
const found = (outcome: FingerprintOutcome) => {
  assert.ok(outcome.ok);
  return outcome.fingerprint;
};
const asHash = ({ kind, value, quality }: { kind: string; value: string; quality: number }) => ({
  kind,
  pdq: value,
  quality,
});

describe("recourse fingerprint, of pictures", () => {
  const asked: FingerprintPool = createFingerprintPool({ purpose: "query", stronger: true });
  const held: FingerprintPool = createFingerprintPool({ purpose: "bank", stronger: true });
  after(async () => {
    await asked.close();
    await held.close();
  });

  it("with --set says what a bank holds and what a gate asks", async () => {
    const files = [...pictures, vector];
    const { status, stdout } = await run(["fingerprint", ...files, "--set", "--json"]);
    assert.equal(status, 0);
    const printed = parsed(stdout);
    assert.equal(printed.length, files.length);
    for (const [i, file] of files.entries()) {
      const bytes = await readFile(file);
      const query = found(await asked.fingerprint(bytes));
      const bank = found(await held.fingerprint(bytes));
      const line = printed[i];
      assert.equal(line.file, file);
      assert.deepEqual(line.query, querySet(query).map(asHash));
      assert.deepEqual(line.set, bankSet(bank).map(asHash));
      assert.deepEqual(line.local, bank.local?.bank);
      assert.deepEqual(line.localQuery, query.local?.query);
      assert.ok(file === vector || (line.local.length >= 64 && line.localQuery.length >= 64));
      assert.ok([...line.local, ...line.localQuery].every((hash: string) => /^[0-9a-f]{64}$/.test(hash)));
      assert.ok(!("windows" in line));
    }
  });

  it("asks the same without --set, and prints no more than that", async () => {
    const [plain] = parsed((await run(["fingerprint", pictures[0] ?? "", "--json"])).stdout);
    const [full] = parsed((await run(["fingerprint", pictures[0] ?? "", "--set", "--json"])).stdout);
    assert.deepEqual(
      Object.keys(plain),
      Object.keys(full).filter((key) => !["set", "local", "localQuery"].includes(key)),
    );
    assert.deepEqual({ ...full, ...plain }, full);
  });

  it("counts in its text what --set adds", async () => {
    const { stdout } = await run(["fingerprint", pictures[0] ?? "", "--set"]);
    assert.match(stdout, /\n {2}\d+ hashes in a bank, \d+ asked with, \d+ local\n$/);
  });
});

describe("recourse fingerprint, of videos", { skip: noFfmpeg }, () => {
  const hike = join(videos, "hike.mp4");
  let query: VideoFingerprint;
  before(async () => {
    const outcome = await fingerprintVideoFile(hike, { purpose: "query" });
    assert.ok(outcome.ok);
    query = outcome.fingerprint;
  });

  it("prints a hash a second and what a gate asks", async () => {
    const { status, stdout } = await run(["fingerprint", hike, pictures[0] ?? "", "--json"]);
    assert.equal(status, 0);
    const [line, picture] = parsed(stdout);
    assert.equal(picture.media, "image/jpeg");
    assert.deepEqual(
      [line.file, line.media, line.codec, line.sha256, line.md5, line.width, line.height, line.durationSec],
      [hike, "video/mp4", "h264", query.sha256, query.md5, 640, 360, query.durationSec],
    );
    assert.equal(line.complete, true);
    assert.deepEqual(
      line.vpdq,
      everySecond(query.frames).map(({ frame, timestampSec, pdq, quality }) => ({ frame, timestampSec, pdq, quality })),
    );
    assert.equal(line.vpdq.length, 9);
    const signals = videoQuerySignals(query).filter(({ type }) => type === "vpdq");
    assert.deepEqual(
      new Set(line.query.map((each: { pdq: string }) => each.pdq)),
      new Set(signals.map(({ value }) => value)),
    );
    assert.equal(new Set(line.query.map((each: { pdq: string }) => each.pdq)).size, line.query.length);
    assert.ok(line.query.length <= 2000);
    assert.deepEqual(Object.keys(line.query[0]), ["kind", "pdq", "quality"]);
    assert.ok(!("frames" in line || "localFrames" in line || "localQuery" in line));
  });

  it("with --set prints the local hashes it asks with", async () => {
    const [line] = parsed((await run(["fingerprint", hike, "--set", "--json"])).stdout);
    assert.ok(line.localQuery.length > 100);
    assert.ok(line.localQuery.every((hash: string) => /^[0-9a-f]{64}$/.test(hash)));
  });

  it("reads one from standard input, whatever it is called", async () => {
    const { status, stdout } = await run(["fingerprint", "-", "--json"], { input: await readFile(hike) });
    assert.equal(status, 0);
    assert.equal(parsed(stdout)[0].sha256, query.sha256);
  });

  it("reads every video of the fixtures", async () => {
    const { status, stdout } = await run(["fingerprint", videos, "--json"]);
    assert.equal(status, 3, "the folder's README is none");
    const read = parsed(stdout).filter(({ error }) => error === undefined);
    assert.ok(read.length >= 12);
    assert.ok(read.every(({ vpdq, durationSec }) => vpdq.length >= 1 && durationSec > 1));
  });

  it("is stopped by Ctrl-C, in order", async () => {
    const movie = await readFile(hike);
    const child = start(["fingerprint", "-", "--json"]);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin.on("error", () => {});
    // More than a pipe holds: once it is written, the command is reading.
    const bytes = Buffer.concat(Array.from({ length: 10 }, () => movie));
    child.stdin.write(bytes, () => child.kill("SIGINT"));
    const status = await new Promise((resolve) => child.on("close", resolve));
    assert.deepEqual([status, stdout, stderr], [130, "", "error cancelled: Stopped, as you asked.\n"]);
  });
});
