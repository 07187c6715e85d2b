/** Videos through the browser door in Chromium; FFmpeg makes them and judges what comes out. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium, noChromium } from "../../../../tools/chromium.ts";
import type { Keyframe, Region } from "../../src/index.ts";
import { type Site, startSite } from "./site.ts";

const noFfmpeg: string | false = spawnSync("ffmpeg", ["-version"]).status === 0 ? false : "no FFmpeg on this machine";

interface Outcome<T> {
  readonly ok: boolean;
  readonly code?: string;
  readonly value?: T;
}
interface Video {
  readonly base64: string;
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly hasSound: boolean;
  readonly frames: number;
}
interface Followed {
  readonly keyframes: readonly Keyframe[];
  readonly confidence: number;
  readonly lostAtSec?: number;
}
/** What the test page (page/main.ts) puts on its window. */
declare const window: {
  readonly door: {
    readonly progress: readonly number[];
    video(redaction: object, cancelAt?: number): Promise<Outcome<Video>>;
    follow(box: object, options: object): Promise<Outcome<Followed>>;
  };
};

const [WIDTH, HEIGHT, RATE, SECONDS] = [320, 180, 10, 3];
/** Where the thing that is covered is at a time. */
const leftAt = (timeSec: number): number => 20 + 40 * timeSec;
const [TOP, SIDE] = [70, 40];

describe("browser door: videos", { skip: noChromium || noFfmpeg, timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "recourse-redact-video-"));
  let site: Site;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  before(async () => {
    site = await startSite();
    browser = await launchChromium();
    page = await browser.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().includes("404")) problems.push(message.text());
    });
    await page.goto(site.url);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    rmSync(folder, { recursive: true });
  });

  function ffmpeg(...args: readonly string[]): Buffer {
    const { status, stdout, stderr } = spawnSync("ffmpeg", ["-v", "error", "-y", ...args], { maxBuffer: 1 << 28 });
    assert.equal(status, 0, String(stderr));
    return stdout;
  }

  /** A thing of noise that moves over a still, coarse ground, with sound and a planted title. Lossless. */
  function film(seed: number, goneAtSec = 99): Buffer {
    const path = join(folder, `${seed}.webm`);
    ffmpeg(
      "-f",
      "lavfi",
      "-i",
      `mandelbrot=s=${WIDTH}x${HEIGHT}:r=1:end_pts=1,loop=-1:1:0,fps=${RATE}`,

      "-f",
      "lavfi",
      "-i",
      `color=gray:s=10x10:r=${RATE},geq=lum='mod(X*37*${seed}+Y*91+X*Y*${seed}*17\\,256)':cb=128:cr=128,scale=${SIDE}x${SIDE}:flags=neighbor`,

      "-f",
      "lavfi",
      "-i",
      "sine=frequency=440:sample_rate=48000",

      "-filter_complex",
      `[0][1]overlay=x='20+40*t':y=${TOP}:enable='lt(t,${goneAtSec})'[v]`,
      "-map",
      "[v]",
      "-map",
      "2:a",
      "-t",
      String(SECONDS),

      "-c:v",
      "libvpx-vp9",
      "-lossless",
      "1",
      "-pix_fmt",
      "yuv420p",
      "-c:a",
      "libopus",
      "-metadata",
      "title=PLANTED-TITLE",
      path,
    );
    return readFileSync(path);
  }

  /** Brightness of every frame, as FFmpeg decodes it. */
  function decoded(video: Video): readonly Buffer[] {
    const path = join(folder, "out");
    writeFileSync(path, Buffer.from(video.base64, "base64"));
    const all = ffmpeg("-i", path, "-f", "rawvideo", "-pix_fmt", "gray", "-");
    return Array.from({ length: all.length / (WIDTH * HEIGHT) }, (_, at) =>
      all.subarray(at * WIDTH * HEIGHT, (at + 1) * WIDTH * HEIGHT),
    );
  }

  async function choose(buffer: Buffer): Promise<void> {
    await page.setInputFiles("#file", { name: "file", mimeType: "application/octet-stream", buffer });
  }
  async function run(buffer: Buffer, redaction: object, cancelAt?: number): Promise<Outcome<Video>> {
    await choose(buffer);
    return page.evaluate(([plan, at]) => window.door.video(plan, at), [redaction, cancelAt] as const);
  }

  const region = (timeSec: number): Region => ({
    kind: "rectangle",
    x: leftAt(timeSec),
    y: TOP,
    width: SIDE,
    height: SIDE,
  });
  const keyframes = [0, SECONDS].map((timeSec) => ({ timeSec, region: region(timeSec) }));

  it("every frame is covered where the region is at its time, and what differed inside is gone", async () => {
    const films = [film(1), film(2)];
    const outputs: (readonly Buffer[])[] = [];
    for (const source of films) {
      const outcome = await run(source, { tracks: [{ keyframes }], sound: "remove" });
      assert.ok(outcome.ok && outcome.value, JSON.stringify(outcome));
      const { width, height, hasSound, frames, base64 } = outcome.value;
      assert.deepEqual(
        { width, height, hasSound, frames },
        { width: WIDTH, height: HEIGHT, hasSound: false, frames: 30 },
      );
      assert.ok(!Buffer.from(base64, "base64").includes("PLANTED"));
      outputs.push(decoded(outcome.value));
      const progress = await page.evaluate(() => window.door.progress);
      assert.ok(progress.length > 2 && progress.every((each, at) => at === 0 || each >= progress[at - 1]!));
    }
    const [one, other] = outputs;
    assert.equal(one!.length, 30);
    let [brightestInside, mostDifferent, outside] = [0, 0, 0];
    for (const [at, frame] of one!.entries()) {
      const left = Math.round(leftAt(at / RATE));
      for (let y = 0; y < HEIGHT; y++) {
        for (let x = 0; x < WIDTH; x++) {
          const value = frame[y * WIDTH + x]!;
          const isInside = x >= left && x < left + SIDE && y >= TOP && y < TOP + SIDE;
          if (isInside) brightestInside = Math.max(brightestInside, value);
          else if (value > 60) outside++;
          mostDifferent = Math.max(mostDifferent, Math.abs(value - other![at]![y * WIDTH + x]!));
        }
      }
    }
    // Black, but for what the new encoding does at edges: it never had anything else there.
    assert.ok(brightestInside < 40, String(brightestInside));
    // The inside was all that differed.
    assert.ok(mostDifferent <= 3, String(mostDifferent));
    assert.ok(outside > 30 * 500, String(outside));
  });

  it("the sound is kept if that is said", async () => {
    const outcome = await run(film(1), { tracks: [{ keyframes }], sound: "keep" });
    assert.equal(outcome.value?.hasSound, true, JSON.stringify(outcome).slice(0, 200));
  });

  it("a thing is followed, and what is lost is said", async () => {
    await choose(film(1));
    const box = { x: leftAt(0), y: TOP, width: SIDE, height: SIDE };
    const outcome = await page.evaluate(([a, b]) => window.door.follow(a, b), [box, { fromSec: 0 }] as const);
    assert.ok(outcome.ok && outcome.value, JSON.stringify(outcome));
    assert.equal(outcome.value.lostAtSec, undefined, JSON.stringify(outcome.value).slice(-200));
    assert.ok(outcome.value.keyframes.length >= 29);
    for (const { timeSec, region: found } of outcome.value.keyframes) {
      assert.ok(
        found.kind === "rectangle" && Math.abs(found.x + found.width / 2 - leftAt(timeSec) - SIDE / 2) < 4,
        `${timeSec}: ${JSON.stringify(found)}`,
      );
    }
    await choose(film(1, 1.5));
    const cut = await page.evaluate(([a, b]) => window.door.follow(a, b), [box, { fromSec: 0 }] as const);
    assert.ok(cut.ok && cut.value?.lostAtSec !== undefined, JSON.stringify(cut).slice(0, 200));
    assert.ok(Math.abs(cut.value.lostAtSec - 1.5) < 0.15, String(cut.value.lostAtSec));
    assert.ok(cut.value.confidence < 0.4 && cut.value.keyframes.length < 17);
  });

  it("bad input has its code, and work can be stopped", async () => {
    const plan = { tracks: [{ keyframes }], sound: "remove" };
    assert.deepEqual(await run(Buffer.alloc(0), plan), { ok: false, code: "empty_file" });
    assert.deepEqual(await run(Buffer.from("hello, this is no video at all"), plan), {
      ok: false,
      code: "not_a_video",
    });
    assert.deepEqual(await run(film(1), plan, 0), { ok: false, code: "cancelled" });
    await assert.rejects(run(film(1), { tracks: [{ keyframes: [] }], sound: "remove" }), /track_invalid/u);
    assert.deepEqual(problems, []);
  });
});
