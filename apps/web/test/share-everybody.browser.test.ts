/** The screens of sharing to the page, in each language, narrow, dark, right to left: searched for barriers. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { noChromium } from "../../../tools/chromium.ts";
import { lookForBarriers } from "./barriers.ts";
import { shareTo, startFront, type Front } from "./share-visit.ts";
import { startVisits, type Visits } from "./visit.ts";

describe("sharing to the page, for everybody", { skip: noChromium }, () => {
  let visits: Visits;
  let front: Front;
  before(async () => {
    visits = await startVisits();
    front = await startFront(visits.server.url);
  });
  after(async () => {
    await front?.close();
    await visits?.close();
  });

  const viewport = { width: 360, height: 740 };
  for (const { language, options } of [
    { language: "en", options: { viewport } },
    { language: "en", options: { viewport, colorScheme: "dark" as const } },
    { language: "es", options: { viewport, locale: "es" } },
    { language: "ar", options: { viewport, locale: "ar" } },
  ]) {
    it(`has no barriers and nothing beyond the edge: ${JSON.stringify(options)}`, async () => {
      const { page, problems, close } = await visits.visit("/", { reducedMotion: "reduce", ...options });
      const catalogue = JSON.parse(
        await readFile(new URL(`../src/messages/${language}.json`, import.meta.url), "utf8"),
      );
      const barriers: string[] = [];
      const look = async (screen: string): Promise<void> => {
        for (const barrier of await lookForBarriers(page, false)) barriers.push(`${screen}: ${barrier}`);
      };
      const press = (key: string) => page.getByRole("button", { name: catalogue[key], exact: true }).click();
      await page.goto(`${front.url}/clean`);
      await press("intro.start");
      await press("share.title");
      await page.getByText(catalogue["share.lead"]).waitFor();
      await look("off");
      await press("share.on");
      await page.getByText(catalogue["share.isOn"]).waitFor();
      await look("on");
      await shareTo(page, front.url, [
        { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("no picture at all") },
      ]);
      await page.locator(".field-error").waitFor();
      await look("with a file that can't be cleaned");
      await page.goto("about:blank");
      await page.goto(`${front.url}/clean#shared`);
      await page.getByText(catalogue["share.problem.share_lost"]).waitFor();
      await look("lost");
      await press("share.titleOn");
      await press("share.off");
      await page.getByText(catalogue["share.isOff"]).waitFor();
      await look("off again");
      await shareTo(page, front.url, [{ name: "a.jpg", mimeType: "image/jpeg", buffer: Buffer.from("x") }]);
      await page.getByRole("heading", { name: catalogue["share.sent.title"] }).waitFor();
      await look("refused");
      // As the installed app has it, whose worker the browser has dropped.
      await page.addInitScript(() => {
        const ask = window.matchMedia.bind(window);
        window.matchMedia = (query) => ask(query === "(display-mode: standalone)" ? "all" : query);
      });
      await press("share.sent.choose");
      await press("intro.start");
      await page.getByText(catalogue["share.dropped"]).waitFor();
      await page.getByRole("button", { name: catalogue["share.on"], exact: true }).waitFor();
      await look("dropped");
      assert.equal(await page.evaluate(() => document.documentElement.dir), language === "ar" ? "rtl" : "ltr");
      assert.deepEqual(barriers, []);
      assert.deepEqual(problems, []);
      await close();
    });
  }
});
