/** Covering parts of a video in Chromium: in no frame of what is saved is anything of what was covered. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import type { FilmPlan } from "../../../packages/redact/test/browser/film-plan.ts";
import { noChromium } from "../../../tools/chromium.ts";
import { type FilmVisits, momentIs, saveCovered, startFilmVisits } from "./film-visits.ts";
import { drawOn, findBarriers, readVideo } from "./visit.ts";

const [WIDTH, HEIGHT, RATE] = [320, 180, 10];
/** A square of bright noise that moves from left to right. */
const PLAN: FilmPlan = {
  container: "mp4",
  width: WIDTH,
  height: HEIGHT,
  framesPerSec: RATE,
  seconds: 2,
  seed: 1,
  side: 40,
  top: 70,
  left: { from: 20, perSec: 60 },
  sound: true,
};

describe("covering parts of a video", { skip: noChromium, timeout: 300_000 }, () => {
  let films: FilmVisits;
  before(async () => {
    films = await startFilmVisits();
  });
  after(() => films?.close());
  const makeFilm = (plan: FilmPlan) => films.makeFilm(plan);
  const seeFilm = (bytes: Buffer) => films.seeFilm(bytes);

  const moment = (page: Page) => page.getByRole("slider", { name: "Moment shown" });

  it("works by keyboard; in every frame the moving part is gone, and its voice; then the voice is kept", async () => {
    const outputs: (readonly Buffer[])[] = [];
    for (const [seed, sound] of [
      [1, "remove"],
      [2, "keep"],
    ] as const) {
      const original = await makeFilm({ ...PLAN, seed });
      const visit = await films.open(original);
      const { page, requests, problems, close } = visit;
      await page.getByRole("button", { name: "Show the video" }).waitFor();
      const asked = requests.length;
      const blur = () => page.locator(".stage > canvas").evaluate((element) => getComputedStyle(element).filter);
      assert.match(await blur(), /blur/);
      await page.getByRole("button", { name: "Show the video" }).press("Enter");
      assert.equal(await blur(), "none");
      await page.getByText("Nothing is marked yet.").waitFor();
      await page.getByRole("button", { name: "Add one in the middle" }).press("Enter");
      const mark = page.getByRole("button", { name: "Rectangle 1", exact: true });
      await mark.focus();
      for (let presses = 0; presses < 32; presses += 1) await page.keyboard.press("ArrowLeft");
      await page.getByText(/Rectangle 1: [56]% from the left, 38% from the top, 25% wide, 25% high/).waitFor();
      await moment(page).press("End");
      await momentIs(page, "0:01.9 of 0:02.0");
      await mark.focus();
      for (let presses = 0; presses < 36; presses += 1) await page.keyboard.press("ArrowRight");
      await page.getByText("covers the whole video · 2 places set").waitFor();
      // In between it is in between.
      await page.getByRole("button", { name: "Place before" }).press("Enter");
      await momentIs(page, "0:00.0 of 0:02.0");
      await page.getByRole("button", { name: "Next frame" }).press("Enter");
      await momentIs(page, "0:00.1 of 0:02.0");
      await page.getByText("Rectangle 1: 7% from the left").waitFor();
      await page.getByRole("button", { name: "Play" }).press("Enter");
      await page.getByRole("button", { name: "Pause" }).waitFor();
      await momentIs(page, "0:01.9 of 0:02.0");
      await page.getByRole("button", { name: "Play" }).waitFor();
      if (sound === "keep") await page.getByRole("radio", { name: "Keep it" }).check({ force: true });
      await page.getByRole("button", { name: "Cover it for good" }).press("Enter");
      await page
        .getByText(sound === "keep" ? "The sound was kept. Voices can be known." : "The sound was taken out.")
        .waitFor();
      const bytes = await saveCovered(page);
      for (const word of ["ediabunny", "Recourse", "2026"]) assert.ok(!bytes.includes(word), word);
      // The library that writes the video stamps the time as a number: two of them behind version and flags.
      for (const header of ["mvhd", "tkhd", "mdhd"])
        for (let at = bytes.indexOf(header); at !== -1; at = bytes.indexOf(header, at + 1))
          assert.equal(bytes.readBigUInt64BE(at + 8), 0n, header);
      const { hasSound, frames } = await seeFilm(bytes);
      assert.equal(hasSound, sound === "keep");
      assert.equal(frames.length, PLAN.seconds * RATE);
      outputs.push(frames);
      const shown = await seeFilm(original);
      for (const [at, frame] of frames.entries()) {
        const left = 20 + 6 * at;
        for (let y = 70; y < 110; y += 1) {
          for (let x = left; x < left + 40; x += 1) {
            const value = frame[y * WIDTH + x] ?? 255;
            assert.ok(value < 45, `frame ${at} shows ${value} at ${x}, ${y}`);
          }
        }
        // It was there before, and what is not covered still is.
        const middle = 90 * WIDTH + left + 20;
        assert.ok((shown.frames[at]?.[middle] ?? 0) > 100);
        for (const place of [10 * WIDTH + 300, 170 * WIDTH + 20]) {
          assert.ok(Math.abs((frame[place] ?? 0) - (shown.frames[at]?.[place] ?? 255)) < 25, `frame ${at} is changed`);
        }
      }
      for (const address of requests.slice(asked)) {
        assert.ok(address.startsWith(`${films.visits.server.url}/assets/`) || address.startsWith("blob:"), address);
      }
      assert.deepEqual(problems, []);
      await close();
    }
    // The films differ where the square is by up to 136 steps of brightness; what is saved of them does not.
    const [one = [], other = []] = outputs;
    let mostDifferent = 0;
    for (const [at, frame] of one.entries()) {
      for (let y = 70; y < 110; y += 1) {
        for (let x = 20 + 6 * at; x < 60 + 6 * at; x += 1) {
          const place = y * WIDTH + x;
          mostDifferent = Math.max(mostDifferent, Math.abs((frame[place] ?? 0) - (other[at]?.[place] ?? 255)));
        }
      }
    }
    assert.ok(mostDifferent <= 3, String(mostDifferent));
  });

  it("follows what is under a mark, from when until when it is said, and takes steps back", async () => {
    const { page, problems, close } = await films.open(await makeFilm({ ...PLAN, sound: false }));
    await page.getByRole("button", { name: "Show the video" }).click();
    await page.getByText("This video has no sound.").waitFor();
    const stage = page.getByRole("group", { name: "The picture and its marked parts" });
    await page.getByText("Oval", { exact: true }).click();
    await drawOn(
      page,
      stage,
      [
        [16, 66],
        [40, 90],
        [64, 114],
      ].map(([x = 0, y = 0]) => [x / WIDTH, y / HEIGHT] as const),
    );
    await page.getByText("Oval 1: 5% from the left").waitFor();
    await page.getByRole("button", { name: "Follow it from here" }).press("Enter");
    await page.getByText("Followed to the end.").waitFor();
    await page.getByText("covers the whole video · 20 places set").waitFor();
    await moment(page).fill("1");
    await momentIs(page, "0:01.0 of 0:02.0");
    // It was 16 at the beginning, and the square has gone 60 pixels.
    await page.getByText(/Oval 1: 2[34]% from the left/).waitFor();
    await page.getByRole("button", { name: "Cover from here on" }).press("Enter");
    await page.getByText("covers from 0:01.0 to 0:02.0", { exact: true }).waitFor();
    await moment(page).fill("1.5");
    await momentIs(page, "0:01.5 of 0:02.0");
    await page.getByRole("button", { name: "Cover up to here" }).press("Enter");
    await page.getByText("covers from 0:01.0 to 0:01.6", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Undo" }).press("Enter");
    await page.getByText("covers from 0:01.0 to 0:02.0", { exact: true }).waitFor();
    // Where it covers nothing, it is still in the list, and leads to where it begins.
    await moment(page).fill("0");
    await momentIs(page, "0:00.0 of 0:02.0");
    assert.equal(await page.getByRole("button", { name: "Oval 1", exact: true }).count(), 0);
    await page.getByRole("button", { name: "Oval 1: choose" }).press("Enter");
    await momentIs(page, "0:01.0 of 0:02.0");
    await page.getByRole("button", { name: "Cover it for good" }).press("Enter");
    await page.getByText("There was no sound.").waitFor();
    const { frames } = await seeFilm(await saveCovered(page));
    for (const [frame, luma] of frames.entries()) {
      const value = luma[90 * WIDTH + 40 + 6 * frame] ?? 0;
      if (frame < 10) assert.ok(value > 90, `frame ${frame} is covered: ${value}`);
      else assert.ok(value < 45, `frame ${frame} shows ${value}`);
    }
    assert.deepEqual(problems, []);
    await close();
  });

  it("stops when asked, and keeps the marks", async () => {
    const { page, close } = await films.open(await makeFilm({ ...PLAN, seconds: 1 }), {}, async (opened) => {
      // A worker that gets nowhere.
      await opened.route(/video-worker/u, (route) =>
        route.fulfill({ contentType: "text/javascript", body: "self.onmessage = () => {};" }),
      );
    });
    await page.getByRole("button", { name: "Add one in the middle" }).press("Enter");
    await page.getByRole("button", { name: "Cover it for good" }).press("Enter");
    await page.getByRole("progressbar", { name: "Drawing the video anew: 0%" }).waitFor();
    await page.getByRole("button", { name: "Stop" }).press("Enter");
    await page.getByText("Stopped, as you asked. Your marks are still here. Marked parts: 1").waitFor();
    await page.getByRole("button", { name: "Cover it for good" }).waitFor();
    await close();
  });

  it("says at once where the browser can't write videos, or can't read this one", async () => {
    const { page, close } = await films.open(await readVideo("hike.mp4"), {}, async (opened) => {
      await opened.route(/frames-worker/u, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `delete globalThis.VideoEncoder;${await response.text()}` });
      });
    });
    const alert = page.getByRole("alert");
    await alert.getByText("This browser can’t write videos.").waitFor();
    await alert.getByText("Nothing was covered, and your file is as it was.").waitFor();
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByRole("heading", { name: "Before you share" }).waitFor();
    await close();
  });

  for (const locale of ["en-GB", "ar-EG"]) {
    it(`has no barriers and fits 360 pixels (${locale})`, async () => {
      const visit = await films.visits.visit("/clean", { locale, viewport: { width: 360, height: 740 } });
      const { page, problems, close } = visit;
      await page.locator("main .button-primary").click();
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.locator(".drop-zone .button").click(),
      ]);
      await chooser.setFiles({ name: "a.mp4", mimeType: "video/mp4", buffer: await makeFilm(PLAN) });
      await page.locator(".clean-list .button-secondary").last().click();
      await page.locator(".timeline").waitFor();
      await page.locator(".cover .row .button-secondary").first().click();
      await page.locator(".cover .row .button-secondary").nth(1).click();
      await page.locator(".marks-list").waitFor();
      assert.deepEqual(await findBarriers(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 360, `${wide} pixels wide`);
      assert.deepEqual(problems, []);
      await close();
    });
  }
});
