import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Signal } from "@recourse/protocol";
import { cropped } from "../../../packages/fingerprint/test/copies.ts";
import { noFfmpeg, runFfmpeg } from "../../../packages/fingerprint/test/ffmpeg.ts";
import { startTestServer, type TestServer } from "../../server/test/test-server.ts";
import { hex, lines, photographs, run, start, vectors, videos } from "./run-recourse.ts";

const vector = join(vectors, "010-dead-640x480.png");

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "recourse-test-"));
});
after(() => rm(folder, { recursive: true, force: true }));

describe("recourse fingerprint", () => {
  it("prints one object a line, with the fields in their order", async () => {
    const { status, stdout, stderr } = await run(["fingerprint", vector, "--json"]);
    assert.deepEqual([status, stderr], [0, ""]);
    const found = JSON.parse(stdout);
    assert.deepEqual(Object.keys(found), [
      "file",
      "media",
      "sizeBytes",
      "sha256",
      "md5",
      "width",
      "height",
      "pdq",
      "quality",
      "dihedral",
      "query",
    ]);
    const expected = (await readFile(join(vectors, "expected.jsonl"), "utf8"))
      .split("\n")
      .map((line) => (line === "" ? {} : JSON.parse(line)))
      .find((each) => each.name === "010-dead-640x480");
    assert.deepEqual(
      [found.file, found.media, found.width, found.height, found.pdq, found.quality, found.dihedral],
      [vector, "image/png", 640, 480, expected.pdq, expected.quality, expected.dihedral],
    );
  });

  it("goes on after a file it can't read, keeps the order, and ends with 3", async () => {
    const empty = join(folder, "empty.jpg");
    const text = join(folder, "text.png");
    await writeFile(empty, "");
    await writeFile(text, "no picture");
    const missing = join(folder, "missing.jpg");
    const { status, stdout } = await run(["fingerprint", empty, vector, text, missing, "--json"]);
    assert.equal(status, 3);
    const found = lines(stdout).map((line) => JSON.parse(line));
    assert.deepEqual(
      found.map((each) => [each.file, each.error?.code]),
      [
        [empty, "empty_file"],
        [vector, undefined],
        [text, "not_an_image"],
        [missing, "file_unreadable"],
      ],
    );
    assert.deepEqual(Object.keys(found[0]), ["file", "error"]);
    assert.deepEqual(Object.keys(found[0].error), ["code", "message"]);
  });

  it("walks folders in order, and reads standard input", async () => {
    const nested = join(folder, "walk", "inner");
    await mkdir(nested, { recursive: true });
    const bytes = await readFile(vector);
    for (const name of ["b.png", "a.png"]) await writeFile(join(nested, name), bytes);
    await symlink(join(nested, "a.png"), join(nested, "c.png"));
    await symlink(join(nested, "gone.png"), join(nested, "d.png"));
    await symlink(nested, join(nested, "circle"));
    const walked = await run(["fingerprint", join(folder, "walk"), "--json"]);
    assert.deepEqual(
      lines(walked.stdout).map((line) => JSON.parse(line).file),
      ["a.png", "b.png", "c.png"].map((name) => join(nested, name)),
    );
    const piped = await run(["fingerprint", "-", "--json"], { input: bytes });
    assert.equal(JSON.parse(piped.stdout).sizeBytes, bytes.length);
  });

  it("reads every photograph, each with enough detail to be matched", async () => {
    const { status, stdout } = await run(["fingerprint", photographs, "--json"]);
    assert.equal(status, 3, "a folder's README is no picture");
    const found = lines(stdout).map((line) => JSON.parse(line));
    const pictures = found.filter((each) => each.file.endsWith(".jpg"));
    assert.ok(pictures.length >= 30);
    const others = found.filter((each) => !each.file.endsWith(".jpg"));
    assert.ok(others.every((each) => each.file.endsWith("README.md") && each.error.code === "not_an_image"));
    assert.deepEqual(
      pictures.filter((each) => !(each.quality >= 50)),
      [],
    );
    assert.equal(new Set(pictures.map((each) => each.pdq)).size, pictures.length);
  });

  it("reads no more of standard input than a file may have", async () => {
    const { status, stdout } = await run(["fingerprint", "-", "--json"], { input: Buffer.alloc(65 * 1024 * 1024, 1) });
    assert.deepEqual([status, JSON.parse(stdout).error.code], [3, "file_too_large"]);
  });

  it("shows no bar and no colour in a pipe", async () => {
    const { stderr, stdout } = await run(["fingerprint", vector, vector]);
    assert.equal(stderr, "");
    assert.doesNotMatch(stdout, /[\r\u001b]/);
  });
});

describe("recourse match", () => {
  it("prints lines and distances, sorted, zero-based, blank lines counted", async () => {
    const near = (value: string, bits: number): string => {
      const bytes = Buffer.from(value, "hex");
      for (let bit = 0; bit < bits; bit += 1) bytes[bit] = (bytes[bit] ?? 0) ^ 1;
      return bytes.toString("hex");
    };
    const [one, two] = [hex(), hex()];
    const bank = join(folder, "bank.txt");
    const queries = join(folder, "queries.txt");
    await writeFile(bank, [near(one, 31), "", two, one.toUpperCase(), near(one, 32)].join("\n"));
    await writeFile(queries, `${hex()}\r\n${one}\r\n${near(two, 7)}\r\n`);
    const found = await run(["match", "--bank", bank, "--queries", queries]);
    assert.deepEqual([found.status, found.stdout], [0, "1\t0\t31\n1\t3\t0\n2\t2\t7\n"]);
    const wider = await run(["match", "--bank", bank, "--queries", "-", "--radius", "32"], { input: `${one}\n` });
    assert.equal(wider.stdout, "0\t0\t31\n0\t3\t0\n0\t4\t32\n");
  });

  it("names the line that is no hash", async () => {
    const bank = join(folder, "bad.txt");
    await writeFile(bank, `${hex()}\n${hex(31)}\n`);
    const { status, stderr } = await run(["match", "--bank", bank, "--queries", "-"]);
    assert.equal(status, 2);
    assert.match(stderr, /^error signal_invalid: .*\(bank, line 1, counted from 0\)$/m);
  });

  it("stops at a line that has no end, before it is in memory", async () => {
    const bank = join(folder, "one.txt");
    await writeFile(bank, `${hex()}\n`);
    const child = start(["match", "--bank", bank, "--queries", "-"]);
    let sentBytes = 0;
    child.stdin.on("error", () => {});
    const endless = setInterval(() => {
      sentBytes += 65_536;
      child.stdin.write(Buffer.alloc(65_536, 0x61));
    }, 1);
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    clearInterval(endless);
    assert.equal(status, 2);
    assert.match(stderr, /^error signal_invalid: .*\(queries, line 0, counted from 0\)$/m);
    assert.ok(sentBytes > 0);
  });

  it("ends in peace when its reader goes away", async () => {
    const bank = join(folder, "same.txt");
    await writeFile(bank, `${"0".repeat(64)}\n`.repeat(2_000));
    const child = start(["match", "--bank", bank, "--queries", bank]);
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const status = await new Promise((resolve) => child.on("close", resolve));
    assert.deepEqual([status, stderr], [0, ""]);
  });

  it("says so when a list can't be opened", async () => {
    const { status, stderr } = await run(["match", "--bank", join(folder, "nowhere"), "--queries", "-"]);
    assert.equal(status, 2);
    assert.match(stderr, /^error file_unreadable: /);
  });
});

describe("words that are not understood", () => {
  it("end with 2 and say how it is done", async () => {
    const tries = [
      ["frobnicate"],
      ["fingerprint"],
      ["match", "--bank", "x"],
      ["serve", "--port", "x"],
      ["bank", "remove"],
      ["bank", "add"],
      ["compare", "one"],
    ];
    for (const words of tries) {
      const { status, stderr } = await run(words);
      assert.equal(status, 2, words.join(" "));
      assert.match(stderr, /^error usage: /, words.join(" "));
    }
    assert.equal((await run(["--help"])).status, 0);
    const commands = ["serve", "fingerprint", "compare", "check", "match", "bank add", "bank list", "bank remove"];
    for (const command of commands) {
      const { status, stdout } = await run([...command.split(" "), "--help"]);
      assert.equal(status, 0);
      assert.ok(stdout.includes(`Example:\n  $ recourse ${command} `), command);
    }
    assert.match((await run(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
  });
});

describe("with a server", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  it("adds to the own bank beside the running server, checks, lists and removes", async () => {
    const env = { RECOURSE_DATA: server.dataDir };
    const { stdout } = await run(["fingerprint", vector, "--json"]);
    const { pdq } = JSON.parse(stdout);
    const gate = ["--server", server.url, "--key", server.gateKey, "--json"];
    assert.equal((await run(["check", vector, ...gate])).status, 0);

    const added = await run(["bank", "add", "--hash", pdq.toUpperCase(), "--json"], { env });
    assert.equal(added.status, 0, added.stderr);
    await server.checkUntil([{ type: "pdq", value: pdq }], "match");
    for (const more of [[], ["--upload"]]) {
      const checked = await run(["check", vector, ...gate, ...more]);
      assert.equal(checked.status, 1, checked.stderr);
      const answer = JSON.parse(checked.stdout);
      assert.deepEqual([answer.verdict, answer.matches[0].distance, answer.matches[0].bank], ["match", 0, "own"]);
    }
    const listed = await run(["bank", "list", "--json"], { env });
    assert.deepEqual(
      lines(listed.stdout).map((line) => JSON.parse(line)),
      [JSON.parse(added.stdout)],
    );
    const removed = await run(["bank", "remove", "--hash", pdq], { env });
    assert.equal(removed.status, 0, removed.stderr);
    await server.checkUntil([{ type: "pdq", value: pdq }], "no_match");
    // The server goes on: the command line did not stop its database.
    assert.equal((await server.get("/api/health")).body.status, "ok");
  });

  it("adds files to the own bank, and finds their copies", { skip: noFfmpeg }, async () => {
    const gate = ["--server", server.url, "--key", server.gateKey, "--json"];
    const admin = ["--server", server.url, "--key", server.adminKey];
    const picture = join(photographs, "clock.jpg");
    const hike = join(videos, "hike.mp4");
    const missing = join(folder, "missing.jpg");
    const copy = join(folder, "cropped.jpg");
    const part = join(folder, "part.mp4");
    await writeFile(copy, await cropped(picture));
    runFfmpeg("-ss", "2", "-i", hike, "-vf", "scale=320:-2", part);

    const plain = await run(["bank", "add", picture, "--json", ...admin]);
    assert.equal(plain.status, 0, plain.stderr);
    const [item] = lines(plain.stdout).map((line) => JSON.parse(line));
    assert.equal(item.file, picture);
    assert.deepEqual(new Set(item.signals.map((each: Signal) => each.type)), new Set(["pdq", "md5", "sha256"]));

    const added = await run(["bank", "add", picture, missing, hike, "--stronger", "--json", ...admin]);
    assert.equal(added.status, 3, added.stderr);
    const [first, unread, video] = lines(added.stdout).map((line) => JSON.parse(line));
    assert.deepEqual([first.file, unread.error.code, video.file], [picture, "file_unreadable", hike]);
    for (const [each, type] of [
      [first, "pdq-local"],
      [video, "pdq-local"],
      [video, "vpdq"],
    ]) {
      assert.ok(
        each.signals.some((signal: Signal) => signal.type === type),
        type,
      );
    }
    await server.checkUntil([{ type: "sha256", value: video.signals.at(-1).value }], "match");

    const checked = await run(["check", copy, part, ...gate]);
    assert.equal(checked.status, 1, checked.stderr);
    const answers = lines(checked.stdout).map((line) => JSON.parse(line));
    assert.deepEqual(
      answers.map((answer) => [answer.verdict, answer.matches[0]?.item]),
      [
        ["match", first.item],
        ["match", video.item],
      ],
    );
    assert.equal(answers[0].matches[0].signalType, "pdq-local");
    for (const each of [item, first, video]) {
      assert.equal((await run(["bank", "remove", "--item", each.item, ...admin])).status, 0);
    }
  });

  it("does the same over HTTP, and refuses with the server's code", async () => {
    const admin = ["--server", server.url, "--key", server.adminKey];
    const hash = hex();
    const added = await run(["bank", "add", "--hash", hash, "--json", ...admin]);
    assert.equal(added.status, 0, added.stderr);
    assert.equal(JSON.parse((await run(["bank", "list", "--json", ...admin])).stdout).signals[0].value, hash);
    assert.equal((await run(["bank", "remove", "--item", JSON.parse(added.stdout).item, ...admin])).status, 0);
    const wrongKey = await run(["bank", "list", "--server", server.url, "--key", server.gateKey]);
    assert.deepEqual([wrongKey.status, wrongKey.stderr.startsWith("error key_wrong: ")], [3, true]);
    const unknown = ["bank", "remove", "--hash", hex()];
    for (const way of [
      ["--server", server.url, "--key", server.adminKey],
      ["--data", server.dataDir],
    ]) {
      const { status, stderr } = await run([...unknown, ...way]);
      assert.deepEqual([status, stderr.startsWith("error item_unknown: ")], [3, true]);
    }
    const several = await run(["bank", "add", "--hash", hex(), hex(16), "--json", ...admin]);
    assert.deepEqual(
      lines(several.stdout).map((line) => JSON.parse(line).signals[0].type),
      ["pdq", "md5"],
    );
    const nobody = await run(["check", vector, "--server", "http://127.0.0.1:9", "--key", "x"]);
    assert.deepEqual([nobody.status, /server_unreachable/.test(nobody.stderr)], [3, true]);
    assert.equal((await run(["bank", "add", "--hash", "abc", ...admin])).status, 2);
  });
});
