/** Videos that Chromium makes, covers and looks at by itself: time of its own, frames one by one, nothing shows. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium, noChromium } from "../../../../tools/chromium.ts";
import type { FilmPlan } from "./film-plan.ts";
import { type Site, startSite } from "./site.ts";

interface Outcome<T> {
  readonly ok: boolean;
  readonly code?: string;
  readonly value?: T;
}
interface Seen {
  readonly hasSound: boolean;
  readonly frames: readonly { readonly timeSec: number; readonly luma: string }[];
}
interface Frames {
  readonly facts: object;
  readonly at: readonly number[];
  readonly following: readonly number[];
  readonly codes: readonly string[];
  readonly closed: string;
}
/** What the test page (page/main.ts) puts on its window. */
declare const window: {
  readonly door: {
    makeFilm(plan: FilmPlan): Promise<string>;
    seeFilm(): Promise<Seen>;
    frames(timesSec: readonly number[]): Promise<Outcome<Frames>>;
    video(redaction: object): Promise<Outcome<{ readonly base64: string; readonly hasSound: boolean }>>;
    follow(box: object, options: object): Promise<Outcome<{ readonly keyframes: readonly object[] }>>;
  };
};

const PLAN: FilmPlan = {
  container: "webm",
  width: 320,
  height: 180,
  framesPerSec: 10,
  seconds: 2,
  seed: 1,
  side: 40,
  top: 70,
  left: { from: 20, perSec: 60 },
  sound: true,
};

describe("browser door: a video's own time", { skip: noChromium, timeout: 300_000 }, () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  before(async () => {
    site = await startSite();
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(site.url);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  const choose = (base64: string): Promise<void> =>
    page.setInputFiles("#file", {
      name: "file",
      mimeType: "video/webm",
      buffer: Buffer.from(base64, "base64"),
    });
  const make = (plan: FilmPlan): Promise<string> => page.evaluate((given) => window.door.makeFilm(given), plan);

  it("frames come at the times that tracks mean; of many wishes the newest is granted; closed is closed", async () => {
    await choose(await make({ ...PLAN, startSec: 1.5 }));
    const outcome = await page.evaluate(() => window.door.frames([0, 1.52, 1.6, 2.05, 99]));
    assert.ok(outcome.ok && outcome.value, JSON.stringify(outcome));
    const { facts, at, following, codes, closed } = outcome.value;
    assert.deepEqual(facts, { width: 320, height: 180, startSec: 1.5, endSec: 3.5, hasSound: true });
    assert.deepEqual(at, [1.5, 1.5, 1.6, 2, 3.4]);
    assert.deepEqual(
      following,
      Array.from({ length: 19 }, (_, frame) => Math.round(10 * (1.6 + frame / 10)) / 10),
    );
    assert.deepEqual(codes, ["ok", "cancelled", "ok"]);
    assert.equal(closed, "cancelled");
  });

  for (const [sound, startSec] of [
    ["remove", 0],
    ["keep", 0],
    ["remove", 1.5],
    ["keep", 1.5],
  ] as const) {
    it(`a film that begins at ${startSec}, sound ${sound}: what was followed is covered in every frame`, async () => {
      const film = await make({ ...PLAN, startSec });
      await choose(film);
      const box = { x: 20, y: 70, width: 40, height: 40 };
      const followed = await page.evaluate(([a, b]) => window.door.follow(a, b), [box, { fromSec: startSec }] as const);
      assert.ok(followed.ok && followed.value, JSON.stringify(followed));
      const plan = { tracks: [{ keyframes: followed.value.keyframes }], sound };
      const outcome = await page.evaluate((given) => window.door.video(given), plan);
      assert.ok(outcome.ok && outcome.value, JSON.stringify(outcome));
      await choose(outcome.value.base64);
      const seen = await page.evaluate(() => window.door.seeFilm());
      assert.equal(seen.hasSound, sound === "keep");
      assert.equal(seen.frames.length, 20);
      for (const [at, frame] of seen.frames.entries()) {
        const luma = Buffer.from(frame.luma, "base64");
        const left = 20 + 6 * at;
        for (let y = 70; y < 110; y += 1) {
          for (let x = left; x < left + 40; x += 1) {
            const value = luma[y * 320 + x] ?? 255;
            assert.ok(value < 45, `frame ${at}: ${value} at ${x}, ${y}`);
          }
        }
        // The rest is there.
        assert.ok((luma[10 * 320 + 310] ?? 0) > 60);
      }
    });
  }

  it("without an encoder there is a code before anybody marks anything", async () => {
    await page.route(/frames-worker/u, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: `delete globalThis.VideoEncoder;${await answer.text()}` });
    });
    await choose(await make(PLAN));
    assert.deepEqual(await page.evaluate(() => window.door.frames([])), { ok: false, code: "encode_unsupported" });
    await page.unroute(/frames-worker/u);
  });
});
