/** Videos in Chromium, under the real page's policy, against the Node door on the same files. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium, noChromium } from "../../../../tools/chromium.ts";
import { hexDistanceBits } from "../../src/core/distance.ts";
import { fingerprintVideoFile } from "../../src/node/index.ts";
import { compareVideos } from "../../src/video/compare-videos.ts";
import type { VideoOutcome } from "../../src/video/types.ts";
import { type Site, startSite } from "../browser/site.ts";
import { noFfmpeg, runFfmpeg } from "../ffmpeg.ts";

/** What the test page (browser/page/main.ts) puts on its window. */
interface Door {
  readonly progress: readonly number[];
  runVideo(cancelAt?: number): Promise<VideoOutcome>;
}
declare const window: { readonly door: Door };

const fixtures = join(import.meta.dirname, "../../../../fixtures/videos");
const bytesOf = (name: string): Buffer => readFileSync(join(fixtures, name));

describe("browser door: videos", { skip: noChromium || noFfmpeg, timeout: 300_000 }, () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  before(async () => {
    site = await startSite();
    browser = await launchChromium();
    page = await browser.newPage();
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(site.url);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  async function run(bytes: Buffer, cancelAt?: number): Promise<VideoOutcome> {
    await page.setInputFiles("#file", { name: "file", mimeType: "application/octet-stream", buffer: bytes });
    return page.evaluate((at) => window.door.runVideo(at), cancelAt);
  }

  it("nothing of it is loaded before a video is chosen", () => {
    assert.ok(site.requests.every((path) => !path.includes("video")));
  });

  for (const name of ["kitchen.webm", "road.webm", "evening.webm", "desk.mkv", "hike.mp4", "portrait-turned.mp4"]) {
    it(`${name}: as in Node`, async (t) => {
      const [here, there] = [await run(bytesOf(name)), await fingerprintVideoFile(join(fixtures, name))];
      // H.264 is not in every build of Chromium.
      if (!here.ok && here.code === "unsupported_format" && name.endsWith("mp4")) return t.skip("no H.264 here");
      assert.ok(here.ok && there.ok, JSON.stringify([here, there]).slice(0, 200));
      const { frames: ours, ...facts } = here.fingerprint;
      const { frames: theirs, ...expected } = there.fingerprint;
      assert.deepEqual(
        { ...facts, durationSec: Math.round(facts.durationSec) },
        { ...expected, durationSec: Math.round(expected.durationSec) },
      );
      const distances = ours.flatMap((frame) =>
        theirs
          .filter((other) => Math.abs(other.timestampSec - frame.timestampSec) < 0.002 && other.quality >= 50)
          .map((other) => hexDistanceBits(other.pdq, frame.pdq)),
      );
      t.diagnostic(`${distances.length} frames at the same time, ${Math.max(...distances)} bits at most`);
      assert.ok(distances.length > 3 && Math.max(...distances) <= 12, String(distances));
      assert.equal(compareVideos(theirs, ours).match, true);
      const { progress } = await page.evaluate(() => ({ progress: window.door.progress }));
      assert.ok(progress.length > 5 && progress.every((each, i) => i === 0 || each >= progress[i - 1]!));
    });
  }

  it("bad input has its code, and what can be read is read", async () => {
    assert.deepEqual(await run(Buffer.alloc(0)), { ok: false, code: "empty_file" });
    assert.deepEqual(await run(Buffer.from("hello")), { ok: false, code: "not_a_video" });
    assert.deepEqual(await run(Buffer.from("RIFF\x10\0\0\0AVI LIST")), { ok: false, code: "unsupported_format" });
    const folder = mkdtempSync(join(tmpdir(), "recourse-sound-"));
    const sound = join(folder, "sound.webm");
    runFfmpeg("-f", "lavfi", "-i", "sine=d=1", "-c:a", "libopus", sound);
    assert.deepEqual(await run(readFileSync(sound)), { ok: false, code: "sound_only" });
    rmSync(folder, { recursive: true });
    const webm = bytesOf("road.webm");
    assert.equal((await run(webm.subarray(0, 200))).ok, false);
    const cut = await run(webm.subarray(0, Math.floor(webm.length * 0.6)));
    assert.ok(cut.ok && !cut.fingerprint.complete, JSON.stringify(cut).slice(0, 200));
  });

  it("can be stopped, and the next one works", async () => {
    assert.deepEqual(await run(bytesOf("road.webm"), 0.3), { ok: false, code: "cancelled" });
    assert.ok((await run(bytesOf("kitchen.webm"))).ok);
  });

  it("asked for nothing but its own files, and broke no policy", () => {
    const own = /^\/(|favicon\.ico|assets\/(index|worker|video-worker)-[\w-]+\.js)$/;
    assert.deepEqual(
      site.requests.filter((path) => !own.test(path)),
      [],
    );
    // The page has no icon.
    assert.deepEqual(
      problems.filter((problem) => !problem.includes("404")),
      [],
    );
  });
});
