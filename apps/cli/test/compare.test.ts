import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { cropped, screenshot, turned } from "../../../packages/fingerprint/test/copies.ts";
import { noFfmpeg, runFfmpeg } from "../../../packages/fingerprint/test/ffmpeg.ts";
import { lines, photographs, run, videos } from "./run-recourse.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "recourse-test-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const photograph = (name: string): string => join(photographs, `${name}.jpg`);
const video = (name: string): string => join(videos, name);

const compare = async (known: string, suspect: string) => {
  const { status, stdout } = await run(["compare", known, suspect, "--json"]);
  const printed = lines(stdout);
  assert.equal(printed.length, 1, "one object");
  return { status, ...JSON.parse(printed[0] ?? "") };
};

describe("recourse compare, of two pictures", () => {
  it("finds the same bytes, under another name and ending", async () => {
    const copy = join(folder, "copy.mp4");
    await copyFile(photograph("clock"), copy);
    const found = await compare(photograph("clock"), copy);
    assert.deepEqual([found.status, found.match, found.by, found.score, found.distance], [0, true, "sha256", 1, 0]);
  });

  it("finds copies that were cropped, turned, or shown in an app", async () => {
    const copies = [
      ["cropped", await cropped(photograph("clock")), "pdq-local"],
      ["turned", await turned(photograph("facade"), 8), "pdq-local"],
      ["screenshot", await screenshot(photograph("fig")), undefined],
    ] as const;
    for (const [name, bytes, by] of copies) {
      const path = join(folder, `${name}.jpg`);
      await writeFile(path, bytes);
      const known = photograph({ cropped: "clock", turned: "facade", screenshot: "fig" }[name]);
      const found = await compare(known, path);
      assert.deepEqual([found.status, found.match], [0, true], name);
      if (by !== undefined) assert.equal(found.by, by, name);
      assert.ok(found.votes >= 2 && found.score >= 0.5 && found.score <= 1, name);
    }
  });

  it("says no of another picture, with status 1", async () => {
    const found = await compare(photograph("clock"), photograph("storm-road"));
    assert.deepEqual([found.status, found.match], [1, false]);
    assert.ok(found.distance > 31 && found.score < 0.5 && found.votes < 2);
    assert.ok(!("seconds" in found));
  });

  it("says in a sentence how they were found", async () => {
    const same = await run(["compare", photograph("clock"), photograph("clock")]);
    assert.equal(same.stdout, "Match: They are the same file, byte for byte (score 1.00).\n");
    const other = await run(["compare", photograph("clock"), photograph("storm-road")]);
    assert.match(
      other.stdout,
      /^No match: the nearest hashes differ in \d+ of 256 bits, \d+ patches agree \(score 0\.\d\d\)\.\n$/,
    );
  });
});

describe("recourse compare, of what can't be read", () => {
  it("ends with 3 and says of each side what is wrong", async () => {
    const empty = join(folder, "empty.jpg");
    const text = join(folder, "text.png");
    const inside = join(folder, "inside");
    const damaged = join(folder, "damaged.mp4");
    await writeFile(empty, "");
    await writeFile(text, "no picture");
    await mkdir(inside);
    await writeFile(damaged, Buffer.concat([Buffer.from([0, 0, 0, 16]), Buffer.from("ftypisom"), Buffer.alloc(64)]));
    const tries = [
      [empty, "empty_file"],
      [text, "not_an_image"],
      [join(folder, "missing.jpg"), "file_unreadable"],
      [inside, "file_unreadable"],
      ...(noFfmpeg === false ? [[damaged, "video_damaged"]] : []),
    ] as [string, string][];
    for (const [file, code] of tries) {
      for (const words of [
        [file, photograph("clock")],
        [photograph("clock"), file],
      ]) {
        const { status, stdout, stderr } = await run(["compare", ...words, "--json"]);
        assert.deepEqual([status, stderr], [3, ""]);
        const { file: named, error } = JSON.parse(stdout);
        assert.deepEqual([named, error.code, Object.keys(error)], [file, code, ["code", "message"]]);
      }
    }
    const both = await run(["compare", empty, text]);
    assert.deepEqual([both.status, both.stdout], [3, ""]);
    assert.match(both.stderr, /error empty_file: .*\n.*error not_an_image: /);
    assert.equal((await run(["compare", "-", "-"])).status, 2);
  });
});

describe("recourse compare, with videos", { skip: noFfmpeg }, () => {
  it("finds a part of a video, made smaller, and says where on both sides", async () => {
    const part = join(folder, "part.webm");
    runFfmpeg(
      "-ss",
      "3",
      "-i",
      video("hike.mp4"),
      "-t",
      "5",
      "-vf",
      "scale=320:-2",
      "-c:v",
      "libvpx",
      "-b:v",
      "400k",
      part,
    );
    for (const [known, suspect, way] of [
      [video("hike.mp4"), part, 1],
      [part, video("hike.mp4"), -1],
    ] as const) {
      const found = await compare(known, suspect);
      assert.deepEqual([found.status, found.match, found.by], [0, true, "vpdq"]);
      const shift = (found.seconds.known[0][0] - found.seconds.suspect[0][0]) * way;
      assert.ok(Math.abs(shift - 3) < 1, `shifted by ${shift}`);
    }
    const { stdout } = await run(["compare", video("hike.mp4"), part]);
    assert.match(
      stdout,
      /^Match: Hashes of frames agree .* in the known from 0:0\d\.\d to .* in the suspect from 0:00\.\d/,
    );
  });

  it("finds a cropped one by the patches of its frames", async () => {
    const crop = join(folder, "crop.mp4");
    runFfmpeg("-i", video("hike.mp4"), "-vf", "crop=iw*0.6:ih*0.6", "-c:v", "libx264", "-crf", "26", crop);
    const found = await compare(video("hike.mp4"), crop);
    assert.deepEqual([found.status, found.match, found.by], [0, true, "pdq-local"]);
    assert.ok(found.votes >= 2 && found.seconds.known.length > 0);
  });

  it("finds a still of a video, and a picture that a video shows", async () => {
    const still = join(folder, "still.png");
    runFfmpeg("-ss", "4", "-i", video("hike.mp4"), "-frames:v", "1", still);
    const asked = await compare(video("hike.mp4"), still);
    assert.deepEqual([asked.status, asked.match, asked.seconds.suspect], [0, true, []]);
    assert.ok(asked.seconds.known.some(([from]: [number]) => Math.abs(from - 4) < 1));
    const known = await compare(still, video("hike.mp4"));
    assert.deepEqual([known.status, known.match, known.seconds.known], [0, true, []]);
    assert.ok(known.seconds.suspect.some(([from]: [number]) => Math.abs(from - 4) < 1));
  });

  it("says no of others, with status 1", async () => {
    for (const [known, suspect] of [
      [video("hike.mp4"), video("desk.mkv")],
      [photograph("storm-road"), video("hike.mp4")],
      [video("hike.mp4"), photograph("storm-road")],
    ] as const) {
      const found = await compare(known, suspect);
      assert.deepEqual([found.status, found.match], [1, false]);
    }
  });
});
