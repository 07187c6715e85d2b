/** The Node door on the fixtures' videos, on copies made of them, and on what is damaged or lies. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { hexDistanceBits } from "../../src/core/distance.ts";
import { type VideoOptions, fingerprintVideoBytes, fingerprintVideoFile } from "../../src/node/index.ts";
import { compareVideos } from "../../src/video/compare-videos.ts";
import type { VideoFingerprint, VideoFrameHash } from "../../src/video/types.ts";
import { noFfmpeg, runFfmpeg } from "../ffmpeg.ts";

const fixtures = join(import.meta.dirname, "../../../../fixtures/videos");
const fixture = (name: string): string => join(fixtures, name);
const folder = mkdtempSync(join(tmpdir(), "recourse-video-"));
after(() => rmSync(folder, { recursive: true }));
const made = (name: string): string => join(folder, name);

async function read(path: string, options: VideoOptions = {}): Promise<VideoFingerprint> {
  const outcome = await fingerprintVideoFile(path, options);
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.fingerprint;
}

/**
 * Distances of frames shown at the same time. Not all are: which frames are skipped while decoding depends on how a
 * copy was encoded.
 */
const distancesOf = (known: readonly VideoFrameHash[], copy: readonly VideoFrameHash[], kind: "pdq" | "mirrored") =>
  copy.flatMap((frame) =>
    known
      .filter(({ timestampSec }) => Math.abs(timestampSec - frame.timestampSec) < 0.001)
      .map((other) => hexDistanceBits(other[kind], frame.pdq)),
  );

/** Name, media, codec, width, height, seconds. */
const EXPECTED: readonly (readonly [string, string, string, number, number, number])[] = [
  ["big-buck-bunny.mp4", "video/mp4", "h264", 640, 360, 5.28],
  ["desk.mkv", "video/x-matroska", "vp9", 360, 480, 8],
  ["evening.webm", "video/webm", "av1", 640, 360, 8],
  ["garden.mov", "video/quicktime", "h264", 480, 360, 9],
  ["harbour.mp4", "video/mp4", "hevc", 640, 360, 8],
  ["hike.mp4", "video/mp4", "h264", 640, 360, 9],
  ["kitchen.webm", "video/webm", "vp8", 480, 270, 8],
  ["macro.mp4", "video/mp4", "h264", 320, 240, 8],
  ["portrait-turned.mp4", "video/mp4", "h264", 270, 480, 8],
  ["road.webm", "video/webm", "vp9", 640, 360, 8],
  ["still.mp4", "video/mp4", "h264", 480, 270, 6],
  ["walk-uneven.mkv", "video/x-matroska", "h264", 480, 360, 9],
];

describe("Node door: videos", { skip: noFfmpeg }, () => {
  it("every fixture is in the table", () => {
    const names = readdirSync(fixtures).filter((name) => name !== "README.md");
    assert.deepEqual(
      names.toSorted(),
      EXPECTED.map(([name]) => name),
    );
  });

  for (const [name, media, codec, width, height, seconds] of EXPECTED) {
    it(`${name}: format, size, length, digests and frames`, async () => {
      const bytes = readFileSync(fixture(name));
      const fractions: number[] = [];
      const video = await read(fixture(name), { onProgress: (fraction) => fractions.push(fraction) });
      assert.deepEqual([video.media, video.codec, video.width, video.height], [media, codec, width, height]);
      assert.equal(video.complete, true);
      assert.ok(Math.abs(video.durationSec - seconds) < 0.3, String(video.durationSec));
      assert.equal(video.sizeBytes, bytes.length);
      assert.equal(video.sha256, createHash("sha256").update(bytes).digest("hex"));
      assert.equal(video.md5, createHash("md5").update(bytes).digest("hex"));
      assert.deepEqual(
        video.frames.map(({ timestampSec }) => timestampSec),
        video.frames.map(({ timestampSec }) => timestampSec).toSorted((a, b) => a - b),
      );
      for (let second = 0; second < Math.floor(seconds); second++) {
        assert.ok(video.frames.some(({ timestampSec }) => Math.floor(timestampSec) === second));
      }
      assert.ok(video.frames.filter(({ quality }) => quality >= 50).length > video.frames.length / 3);
      assert.equal(fractions.at(-1), 1);
      assert.deepEqual(
        fractions,
        fractions.toSorted((a, b) => a - b),
      );
    });
  }

  it("no two fixtures match, and each matches itself asked as bytes", async () => {
    const videos = await Promise.all(EXPECTED.map(([name]) => read(fixture(name))));
    for (const [i, a] of videos.entries()) {
      for (const [j, b] of videos.entries()) assert.equal(compareVideos(a.frames, b.frames).match, i === j);
    }
    const asked = await fingerprintVideoBytes(readFileSync(fixture("hike.mp4")), { purpose: "query" });
    const result = compareVideos(
      videos[EXPECTED.findIndex(([name]) => name === "hike.mp4")]!.frames,
      asked.ok ? asked.fingerprint.frames : [],
    );
    assert.ok(result.score > 0.9, JSON.stringify(result));
  });

  it("a rotation flag is applied: the same as the picture really turned", async () => {
    runFfmpeg("-i", fixture("portrait-turned.mp4"), "-crf", "18", made("turned.mp4"));
    const [flagged, turned] = [await read(fixture("portrait-turned.mp4")), await read(made("turned.mp4"))];
    assert.deepEqual([flagged.width, flagged.height], [turned.width, turned.height]);
    const distances = distancesOf(flagged.frames, turned.frames, "pdq");
    assert.ok(distances.length > 10 && Math.max(...distances) <= 10, String(distances));
  });

  it("the derived mirrored hashes are those of a mirrored copy", async () => {
    // Lossless, so that nothing but the mirroring differs.
    runFfmpeg("-i", fixture("garden.mov"), "-vf", "hflip", "-c:v", "libx264", "-qp", "0", made("mirrored.mp4"));
    const [plain, mirrored] = [await read(fixture("garden.mov")), await read(made("mirrored.mp4"))];
    const distances = distancesOf(plain.frames, mirrored.frames, "mirrored");
    assert.ok(distances.length > 10 && Math.max(...distances) <= 2, String(distances));
    assert.equal(compareVideos(plain.frames, mirrored.frames).mirrored, true);
  });

  it("uneven times are the true ones", async () => {
    const video = await read(fixture("walk-uneven.mkv"), { purpose: "query" });
    const steps = video.frames.slice(1).map((frame, i) => frame.timestampSec - video.frames[i]!.timestampSec);
    assert.ok(new Set(steps.map((step) => step.toFixed(3))).size > 5);
  });

  it("a query has windows of its frames; local hashes come of few different frames, when they are asked for", async () => {
    const query = await read(fixture("hike.mp4"), { purpose: "query", stronger: true });
    assert.ok(query.frames.every(({ windows }) => windows !== undefined));
    const frames = query.localFrames ?? [];
    assert.ok(frames.length >= 3 && frames.length <= 32);
    assert.ok(frames.every(({ local }) => local.bank.length === 0 && local.query.length > 20));
    const bank = await read(fixture("hike.mp4"), { stronger: true });
    assert.ok(bank.frames.every(({ windows }) => windows === undefined));
    assert.ok(bank.localFrames?.every(({ local }) => local.bank.length > 20 && local.query.length === 0));
    assert.equal((await read(fixture("hike.mp4"))).localFrames, undefined);
  });

  it("can be stopped, before and in the middle", async () => {
    const cancelled = { ok: false, code: "cancelled" };
    assert.deepEqual(await fingerprintVideoFile(fixture("hike.mp4"), { signal: AbortSignal.abort() }), cancelled);
    const abort = new AbortController();
    const onProgress = (fraction: number): void => void (fraction > 0.3 && abort.abort());
    assert.deepEqual(await fingerprintVideoFile(fixture("hike.mp4"), { signal: abort.signal, onProgress }), cancelled);
  });
});

describe("Node door: bad videos", { skip: noFfmpeg }, () => {
  const codeOf = async (path: string, options: VideoOptions = {}): Promise<string> => {
    const outcome = await fingerprintVideoFile(path, options);
    return outcome.ok ? "ok" : outcome.code;
  };
  const file = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(made(name), bytes);
    return made(name);
  };

  it("what is no video has its code, whatever its name says", async () => {
    assert.equal(await codeOf(file("empty.mp4", "")), "empty_file");
    assert.equal(await codeOf(file("text.mp4", "hello, this is no video".repeat(100))), "not_a_video");
    assert.equal(await codeOf(file("gif.mp4", "GIF89a".padEnd(500, "\0"))), "not_a_video");
    assert.equal(await codeOf(file("list.mp4", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")), "not_a_video");
    assert.equal(await codeOf(file("film.avi", "RIFF\x10\0\0\0AVI LIST".padEnd(500, "\0"))), "unsupported_format");
    assert.equal(await codeOf(made("missing.mp4")), "file_unreadable");
    assert.equal(await codeOf(folder), "file_unreadable");
    assert.equal(await codeOf(fixture("hike.mp4"), { limits: { bytes: 1000 } }), "file_too_large");
    for (const sound of ["sound.mp4", "sound.mkv"]) {
      runFfmpeg("-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", made(sound));
      assert.equal(await codeOf(made(sound)), "sound_only", sound);
    }
    runFfmpeg("-i", fixture("macro.mp4"), "-c:v", "mjpeg", made("mjpeg.mkv"));
    assert.equal(await codeOf(made("mjpeg.mkv")), "unsupported_format");
  });

  it("a wrong extension does not matter", async () => {
    copyFileSync(fixture("road.webm"), made("-road.jpg"));
    assert.equal((await read(made("-road.jpg"))).media, "video/webm");
  });

  it("no decoder: said so", async () => {
    const programs = { ffmpeg: made("no-ffmpeg"), ffprobe: made("no-ffprobe") };
    assert.equal(await codeOf(fixture("hike.mp4"), { programs }), "decoder_missing");
    assert.equal(
      await codeOf(fixture("hike.mp4"), { programs: { ...programs, ffprobe: "ffprobe" } }),
      "decoder_missing",
    );
  });

  it("cut off: what can be read is given, as incomplete", async () => {
    for (const name of ["hike.mp4", "road.webm", "walk-uneven.mkv"]) {
      const bytes = readFileSync(fixture(name));
      const cut = await read(file(`cut-${name}`, bytes.subarray(0, Math.floor(bytes.length * 0.6))));
      assert.equal(cut.complete, false, name);
      assert.ok(cut.durationSec > 2 && cut.durationSec < 8, `${name} ${cut.durationSec}`);
      const whole = await read(fixture(name));
      assert.equal(compareVideos(whole.frames, cut.frames).match, true);
    }
    // The index stands at the end of this one and is gone.
    const mov = readFileSync(fixture("garden.mov"));
    assert.equal(await codeOf(file("cut.mov", mov.subarray(0, mov.length / 2))), "video_damaged");
  });

  it("every kind of damage ends in a code or an incomplete answer, in bounded time", async () => {
    let seed = 9;
    const random = (below: number): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % below;
    const start = performance.now();
    for (const name of ["hike.mp4", "kitchen.webm", "harbour.mp4", "evening.webm"]) {
      for (let round = 0; round < 3; round++) {
        const bytes = Buffer.from(readFileSync(fixture(name)));
        for (let i = 0; i < 200; i++) bytes[64 + random(bytes.length - 64)] = random(256);
        const outcome = await fingerprintVideoFile(file("damaged", bytes));
        if (!outcome.ok) assert.match(outcome.code, /^(video_damaged|not_a_video|unsupported_format|too_many_pixels)$/);
      }
      for (const length of [12, 200, 1000]) {
        const outcome = await fingerprintVideoFile(file("damaged", readFileSync(fixture(name)).subarray(0, length)));
        assert.equal(outcome.ok, false, `${name} ${length}`);
      }
    }
    assert.ok(performance.now() - start < 300_000);
  });

  it("a damaged middle is told, and the rest is read", async () => {
    const bytes = Buffer.from(readFileSync(fixture("hike.mp4")));
    bytes.fill(0x5a, Math.floor(bytes.length * 0.5), Math.floor(bytes.length * 0.52));
    const video = await read(file("middle.mp4", bytes));
    assert.equal(video.complete, false);
    assert.equal(compareVideos((await read(fixture("hike.mp4"))).frames, video.frames).match, true);
  });

  it("a frame of absurd size is refused before anything is allocated for it", async () => {
    const limits = { pixels: 100_000 };
    assert.equal(await codeOf(fixture("hike.mp4"), { limits }), "too_many_pixels");
    // The container lies about the size: MP4 states it in the sample entry (ISO/IEC 14496-12, 12.1.3), WebM as 0xb0.
    const mp4 = Buffer.from(readFileSync(fixture("hike.mp4")));
    const entry = mp4.indexOf("avc1", mp4.indexOf("stsd"));
    mp4.writeUInt16BE(65_000, entry + 28);
    mp4.writeUInt16BE(65_000, entry + 30);
    const start = performance.now();
    const outcome = await fingerprintVideoFile(file("huge.mp4", mp4));
    assert.ok(
      outcome.ok ? outcome.fingerprint.width <= 640 : outcome.code === "too_many_pixels",
      JSON.stringify(outcome).slice(0, 100),
    );
    assert.ok(performance.now() - start < 60_000);
  });

  it("a container that claims a longer time than it holds is incomplete", async () => {
    const mkv = Buffer.from(readFileSync(fixture("desk.mkv")));
    // Duration of the segment (RFC 9559, ID 0x4489), an eight-byte float in milliseconds.
    const at = mkv.indexOf(Buffer.from([0x44, 0x89, 0x88]));
    assert.ok(at > 0);
    for (const claimedMs of [60_000, 1e15, Number.POSITIVE_INFINITY, -5]) {
      mkv.writeDoubleBE(claimedMs, at + 3);
      // The track's own claim stands in a tag, which is taken first.
      const tag = mkv.indexOf("00:00:08.");
      if (tag > 0) mkv.fill("x", tag, tag + 8);
      const video = await read(file("claims.mkv", mkv));
      assert.ok(video.durationSec < 9);
      if (claimedMs === 60_000) assert.equal(video.complete, false);
    }
  });

  it("longer than the limit: read up to it, and incomplete", async () => {
    const video = await read(fixture("hike.mp4"), { limits: { durationSec: 4 } });
    assert.equal(video.complete, false);
    assert.ok(Math.abs(video.durationSec - 4) < 0.5, String(video.durationSec));
  });

  it("one frame, and none", async () => {
    runFfmpeg("-i", fixture("hike.mp4"), "-frames:v", "1", made("one.mp4"));
    const one = await read(made("one.mp4"));
    assert.deepEqual([one.frames.length, one.complete], [1, true]);
    assert.equal(compareVideos((await read(fixture("hike.mp4"))).frames, one.frames).kind, "still");
    // Fragmented, cut before the first fragment: a whole header, and nothing that it describes.
    const fragments = ["-movflags", "+empty_moov+frag_keyframe"];
    runFfmpeg("-i", fixture("hike.mp4"), "-c", "copy", ...fragments, made("fragments.mp4"));
    const bytes = readFileSync(made("fragments.mp4"));
    file("none.mp4", bytes.subarray(0, bytes.indexOf("moof") - 4));
    assert.equal(await codeOf(made("none.mp4")), "video_damaged");
  });

  it("takes too long: stopped", async () => {
    assert.equal(await codeOf(fixture("hike.mp4"), { limits: { timeoutMs: 1 } }), "decode_timeout");
    assert.equal(await codeOf(fixture("hike.mp4"), { limits: { stallMs: 1 } }), "decode_timeout");
  });

  it("a file of zeros and gigabytes is not read into memory", async () => {
    const path = file("sparse.mp4", readFileSync(fixture("hike.mp4")).subarray(0, 2000));
    truncateSync(path, 3 * 1024 ** 3);
    const before = process.memoryUsage.rss();
    assert.equal(await codeOf(path), "video_damaged");
    assert.ok(process.memoryUsage.rss() - before < 200e6);
  });
});
