/** `recourse inspect` and `recourse scrub`, as anybody runs them. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launcher, lines, photographs, run } from "./run-recourse.ts";

const PLANTED = "PLANTED-Marta-Musterfrau";

/** A comment segment behind SOI. */
const withComment = (jpeg: Buffer, text = PLANTED): Buffer => {
  const body = Buffer.from(text);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, body.length + 2]), body, jpeg.subarray(2)]);
};

let folder = "";
let clean: Buffer = Buffer.alloc(0);
let dirty: Buffer = Buffer.alloc(0);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "recourse-scrub-"));
  const photograph = join(photographs, "clock.jpg");
  const first = await run(["scrub", photograph, "-o", join(folder, "clean.jpg")]);
  assert.equal(first.status, 0, first.stderr);
  clean = await readFile(join(folder, "clean.jpg"));
  dirty = withComment(clean);
});
after(() => rm(folder, { recursive: true, force: true }));

let made = 0;
/** A folder of its own for each test. */
const room = async (files: Readonly<Record<string, Buffer>> = {}): Promise<string> => {
  made += 1;
  const path = join(folder, `room-${made}`);
  await mkdir(path);
  for (const [name, bytes] of Object.entries(files)) {
    const parts = name.split("/");
    if (parts.length > 1) await mkdir(join(path, ...parts.slice(0, -1)), { recursive: true });
    await writeFile(join(path, name), bytes);
  }
  return path;
};

const json = (text: string): unknown[] => lines(text).map((line) => JSON.parse(line) as unknown);

const COMMENT = { kind: "author", where: "COM", name: "Comment", value: PLANTED, severity: "medium" };

test("inspect --json says what was found, and by its exit status whether", async () => {
  const at = await room({ "a.jpg": dirty, "b.jpg": clean, "c.jpg": Buffer.concat([clean, Buffer.from("behind")]) });
  const [a, b, c] = ["a.jpg", "b.jpg", "c.jpg"].map((name) => join(at, name));
  const { status, stdout } = await run(["inspect", at, "--json"]);
  assert.equal(status, 1);
  assert.deepEqual(json(stdout), [
    { file: a, format: "jpeg", findings: [COMMENT], trailingBytes: 0 },
    { file: b, format: "jpeg", findings: [], trailingBytes: 0 },
    {
      file: c,
      format: "jpeg",
      findings: [
        { kind: "hidden_media", where: "after the end", name: "trailing data", value: "behind", severity: "high" },
      ],
      trailingBytes: 6,
    },
  ]);
  const nothing = await run(["inspect", b!, "--json"]);
  assert.equal(nothing.status, 0);
});

test("inspect tells people in groups", async () => {
  const at = await room({ "a.jpg": dirty });
  const { status, stdout } = await run(["inspect", join(at, "a.jpg")]);
  assert.equal(status, 1);
  assert.equal(stdout, `${join(at, "a.jpg")}: jpeg\n  who made it, and texts\n    Comment: ${PLANTED}  (COM)\n`);
});

test("scrub -o writes a copy, says what went, and leaves the original as it was", async () => {
  const at = await room({ "a.jpg": dirty });
  const [file, output] = [join(at, "a.jpg"), join(at, "out.jpg")];
  const { status, stdout } = await run(["scrub", file, "-o", output, "--json"]);
  assert.equal(status, 0);
  const [answer] = json(stdout) as [{ kept: unknown[] }];
  assert.deepEqual(answer, { file, output, removed: [COMMENT], kept: answer.kept, sizeBytes: clean.length });
  assert.ok(answer.kept.every((what) => typeof what === "string"));
  assert.deepEqual(await readFile(output), clean);
  assert.deepEqual(await readFile(file), dirty);
  assert.deepEqual((await readdir(at)).toSorted(), ["a.jpg", "out.jpg"]);
  assert.equal((await run(["inspect", output])).status, 0);
});

test("scrub --in-place replaces the file, keeps its permissions and follows a link", async () => {
  const at = await room({ "a.jpg": dirty });
  await chmod(join(at, "a.jpg"), 0o640);
  await symlink("a.jpg", join(at, "link.jpg"));
  const { ino } = await stat(join(at, "a.jpg"));
  assert.equal((await run(["scrub", join(at, "link.jpg"), "--in-place"])).status, 0);
  assert.deepEqual(await readFile(join(at, "a.jpg")), clean);
  const replaced = await stat(join(at, "a.jpg"));
  assert.equal(replaced.mode & 0o777, 0o640);
  // Another file under the same name: it was replaced in one step, never written over.
  assert.notEqual(replaced.ino, ino);
  assert.deepEqual((await readdir(at)).toSorted(), ["a.jpg", "link.jpg"]);
});

test("scrub --out-dir walks folders, keeps places, overwrites nothing", async () => {
  const at = await room({ "in/a.jpg": dirty, "in/deep/er/b.jpg": dirty });
  const words = ["scrub", join(at, "in"), "--out-dir", join(at, "out"), "--json"];
  const { status, stdout } = await run(words);
  assert.equal(status, 0);
  assert.deepEqual(
    json(stdout).map((one) => (one as { output: string }).output),
    [join(at, "out", "a.jpg"), join(at, "out", "deep/er/b.jpg")],
  );
  assert.deepEqual(await readFile(join(at, "out", "deep/er/b.jpg")), clean);
  await writeFile(join(at, "out", "a.jpg"), "mine");
  const again = await run(words);
  assert.equal(again.status, 3);
  assert.deepEqual(
    json(again.stdout).map((one) => (one as { error: { code: string } }).error.code),
    ["output_exists", "output_exists"],
  );
  assert.equal(await readFile(join(at, "out", "a.jpg"), "latin1"), "mine");
  const neutral = await run(["scrub", join(at, "in"), "--out-dir", join(at, "neutral"), "--neutral-names"]);
  assert.equal(neutral.status, 0);
  for (const name of await readdir(join(at, "neutral"))) assert.match(name, /^[0-9a-f]{18}\.jpg$/u);
});

/** A PDF without pages, and with a name in it. */
const document = Buffer.from("%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj 2 0 obj <</Author(Marta)>> endobj\n%%EOF\n");

test("a PDF is looked into, and refused with the way to go on", async () => {
  const at = await room({ "a.pdf": document });
  const inspected = await run(["inspect", join(at, "a.pdf"), "--json"]);
  assert.equal(inspected.status, 1);
  const [told] = json(inspected.stdout) as { format: string; findings: { name: string; value: string }[] }[];
  assert.equal(told?.format, "pdf");
  assert.ok(told.findings.some(({ name, value }) => name === "Author" && value === "Marta"));
  const scrubbed = await run(["scrub", join(at, "a.pdf"), "-o", join(at, "b.pdf")]);
  assert.equal(scrubbed.status, 3);
  assert.match(scrubbed.stderr, /scrub_unsupported/u);
  assert.match(scrubbed.stderr, /pictures made of its pages/u);
  assert.deepEqual(await readdir(at), ["a.pdf"]);
});

test("what is refused has no output, and the rest is still cleaned", async () => {
  const at = await room({
    "1-empty.jpg": Buffer.alloc(0),
    "2-text.jpg": Buffer.from("no picture at all"),
    "3-cut.png": Buffer.from("\u0089PNG\r\n\u001a\n", "latin1"),
    "4-document.jpg": document,
    "5-good.png": dirty,
  });
  const { status, stdout } = await run(["scrub", at, "--out-dir", join(at, "out"), "--json"]);
  assert.equal(status, 3);
  const answers = json(stdout) as { file: string; error?: { code: string; message: string }; reason?: string }[];
  assert.deepEqual(
    answers.map(({ error }) => error?.code ?? "cleaned"),
    ["empty_file", "scrub_unknown_format", "scrub_damaged", "scrub_unsupported", "cleaned"],
  );
  for (const { error, reason } of answers.slice(0, 4)) {
    assert.ok(error !== undefined && error.message.length > 10 && typeof reason === "string");
    assert.ok(!JSON.stringify([error, reason]).includes("picture at all"));
  }
  // A wrong extension is no matter: the bytes tell.
  assert.deepEqual(await readdir(join(at, "out")), ["5-good.png"]);
  assert.deepEqual(await readFile(join(at, "out", "5-good.png")), clean);
  const inspected = await run(["inspect", at, "--json"]);
  assert.equal(inspected.status, 3);
  assert.equal(json(inspected.stdout).length, 6);
});

test("a refusal with --in-place leaves the file, and with -o what stood there", async () => {
  const broken = dirty.subarray(0, 200);
  const at = await room({ "a.jpg": broken, "old.jpg": clean });
  const place = await run(["scrub", join(at, "a.jpg"), "--in-place"]);
  assert.equal(place.status, 3);
  assert.match(place.stderr, /error scrub_damaged/u);
  assert.deepEqual(await readFile(join(at, "a.jpg")), broken);
  assert.equal((await run(["scrub", join(at, "a.jpg"), "-o", join(at, "old.jpg")])).status, 3);
  assert.deepEqual(await readFile(join(at, "old.jpg")), clean);
  assert.deepEqual((await readdir(at)).toSorted(), ["a.jpg", "old.jpg"]);
});

test("the file that is read is never the one that is written, by whatever name", async () => {
  const at = await room({ "a.jpg": dirty });
  await symlink("a.jpg", join(at, "b.jpg"));
  for (const output of ["a.jpg", "b.jpg"]) {
    const { status, stderr } = await run(["scrub", join(at, "a.jpg"), "-o", join(at, output)]);
    assert.equal(status, 3);
    assert.match(stderr, /output_exists/u);
  }
  assert.deepEqual(await readFile(join(at, "a.jpg")), dirty);
});

test("no target, two targets, two files for -o and a missing file are told apart", async () => {
  const at = await room({ "a.jpg": dirty, "b.jpg": dirty });
  const [a, b] = [join(at, "a.jpg"), join(at, "b.jpg")];
  assert.equal((await run(["scrub", a])).status, 2);
  assert.equal((await run(["scrub", a, "-o", join(at, "c.jpg"), "--in-place"])).status, 2);
  assert.equal((await run(["scrub", a, b, "-o", join(at, "c.jpg")])).status, 2);
  assert.equal((await run(["scrub", "-", "--in-place"], { input: dirty })).status, 2);
  const missing = await run(["scrub", join(at, "none.jpg"), "-o", join(at, "c.jpg"), "--json"]);
  assert.equal(missing.status, 3);
  assert.equal((json(missing.stdout)[0] as { error: { code: string } }).error.code, "file_unreadable");
  assert.equal((await run(["inspect", join(at, "none.jpg")])).status, 3);
  assert.deepEqual((await readdir(at)).toSorted(), ["a.jpg", "b.jpg"]);
});

test("standard input is cleaned into a file", async () => {
  const at = await room();
  const { status } = await run(["scrub", "-", "-o", join(at, "c.jpg")], { input: dirty });
  assert.equal(status, 0);
  assert.deepEqual(await readFile(join(at, "c.jpg")), clean);
});

test("a disk without room is told as such, leaves nothing half written and what stood there", async (t) => {
  if (process.platform === "win32") return t.skip("a limit for files is set by a shell");
  const large = await room({ "a.jpg": dirty, "old.jpg": clean });
  // No file may become larger than 20 blocks, of 512 or 1,024 bytes.
  assert.ok(clean.length > 20 * 1024);
  for (const words of [["--in-place"], ["-o", join(large, "old.jpg")], ["--out-dir", large, "--neutral-names"]]) {
    const { status, stderr } = spawnSync(
      "sh",
      [
        "-c",
        `trap '' XFSZ; ulimit -f 20; exec "$@"`,
        "sh",
        process.execPath,
        launcher,
        "scrub",
        join(large, "a.jpg"),
        ...words,
      ],
      { encoding: "utf8" },
    );
    assert.equal(status, 3, stderr);
    assert.match(stderr, /error output_unwritable/u);
  }
  assert.deepEqual(await readFile(join(large, "a.jpg")), dirty);
  assert.deepEqual(await readFile(join(large, "old.jpg")), clean);
  assert.deepEqual((await readdir(large)).toSorted(), ["a.jpg", "old.jpg"]);
});

const hasScript = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

test("a terminal sees a progress bar, a pipe does not", { skip: !hasScript && "no script(1) here" }, async () => {
  const at = await room({ "a.jpg": dirty, "b.jpg": dirty, "c.jpg": dirty });
  const piped = await run(["scrub", at, "--out-dir", join(at, "piped")]);
  assert.equal(piped.stderr, "");
  const command = [process.execPath, launcher, "scrub", at, "--out-dir", join(at, "out")]
    .map((word) => `'${word}'`)
    .join(" ");
  const shown = await new Promise<string>((resolve, reject) => {
    const child = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    child.stdout.on("data", (part: Buffer) => {
      text += part.toString();
    });
    child.on("error", reject);
    child.on("close", () => resolve(text));
  });
  // "piped" is below the folder too: six files.
  assert.match(shown, /\[#+\.*\] \d of 6/u);
  assert.match(shown, /1 thing removed/u);
});

test("a gain map stays if that is asked for, and only then", async () => {
  const text = `http://ns.adobe.com/xap/1.0/\0<rdf:Description hdrgm:Version="1.0" hdrgm:GainMapMax="2" hdrgm:HDRCapacityMax="2" dc:creator="${PLANTED}"/>`;
  const parameters = Buffer.concat([Buffer.from([0xff, 0xe1, 0, text.length + 2]), Buffer.from(text, "latin1")]);
  const map = Buffer.concat([clean.subarray(0, 2), parameters, clean.subarray(2)]);
  const at = await room({ "a.jpg": Buffer.concat([clean, map]) });
  const scrub = async (name: string, ...more: readonly string[]): Promise<readonly [unknown, Buffer]> => {
    const { status, stdout } = await run(["scrub", join(at, "a.jpg"), "-o", join(at, name), "--json", ...more]);
    assert.equal(status, 0);
    const [{ kept } = { kept: null }] = json(stdout) as { kept: unknown }[];
    return [kept, await readFile(join(at, name))];
  };
  const [without, plain] = await scrub("plain.jpg");
  assert.ok(!JSON.stringify(without).includes("gain map"));
  assert.deepEqual(plain, clean);
  const [withMap, both] = await scrub("both.jpg", "--keep-gain-map");
  assert.ok(Array.isArray(withMap) && withMap.includes("gain map"));
  assert.ok(both.includes('hdrgm:GainMapMax="2"') && !both.includes(PLANTED));
});
