/** Every screen in Chromium: light, dark, narrow, right to left, in colours of the system; searched for barriers. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { noChromium } from "../../../tools/chromium.ts";
import { lookForBarriers } from "./barriers.ts";
import { revealingJpeg } from "./revealing-files.ts";
import { readPhotograph, readVideo, startVisits, type Visits } from "./visit.ts";

describe("for everybody", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  const settings = [
    { name: "light", options: {} },
    { name: "dark", options: { colorScheme: "dark" as const } },
    { name: "360 pixels wide", options: { viewport: { width: 360, height: 740 } } },
    { name: "colours of the system", options: { forcedColors: "active" as const } },
    { name: "Arabic, 360 pixels wide", options: { locale: "ar", viewport: { width: 360, height: 740 } } },
  ];
  for (const { name, options } of settings) {
    it(`has no barriers and nothing beyond the edge: ${name}`, async () => {
      const { page, problems, close } = await visits.visit("/", { reducedMotion: "reduce", ...options });
      const catalogue = JSON.parse(
        await readFile(
          new URL(`../src/messages/${name.startsWith("Arabic") ? "ar" : "en"}.json`, import.meta.url),
          "utf8",
        ),
      );
      const barriers: string[] = [];
      const look = async (screen: string): Promise<void> => {
        for (const barrier of await lookForBarriers(page, "forcedColors" in options))
          barriers.push(`${screen}: ${barrier}`);
      };
      const press = (key: string) => page.getByRole("button", { name: catalogue[key] }).first().click();
      await look("intro");
      await press("help.show");
      await look("helplines");
      await press("intro.start");
      await look("start");
      await press("start.return");
      await press("return.open");
      await look("return");
      await press("app.back");
      await press("start.protect");
      await look("questions");
      await page.getByText(catalogue["questions.adult.no"], { exact: true }).click();
      await press("app.continue");
      await look("young");
      await press("app.back");
      await page.getByText(catalogue["questions.adult.yes"]).click();
      await page.getByText(catalogue["questions.consent.yes"]).click();
      await press("app.continue");
      await look("stronger");
      await press("app.continue");
      await page.getByText(catalogue["stronger.yes"]).click();
      await press("app.continue");
      await look("choose, empty");
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press("choose.button")]);
      await chooser.setFiles([
        { name: "rain-drops.jpg", mimeType: "image/jpeg", buffer: await readPhotograph("rain-drops") },
        { name: "kitchen.webm", mimeType: "video/webm", buffer: await readVideo("kitchen.webm") },
        { name: "x.png", mimeType: "image/png", buffer: Buffer.from("no picture at all, with a name") },
      ]);
      await page.locator(".tag-good").nth(1).waitFor();
      await page.locator(".field-error").waitFor();
      await look("choose, with a picture and a video");
      await press("choose.continue");
      await page.locator(".list .disclosure-button").first().click();
      await look("numbers");
      await press("numbers.send");
      await page.locator(".secret").first().waitFor();
      await look("done");
      await page.getByText(catalogue["done.kept"]).click();
      await press("done.finish");
      await look("status");
      await press("status.withdrawCase");
      await look("confirm");
      await page.goto(`${visits.server.url}/clean`);
      await press("intro.start");
      await page.locator(".drop-zone").waitFor();
      await look("clean, empty");
      const [cleanChooser] = await Promise.all([page.waitForEvent("filechooser"), press("clean.choose")]);
      await cleanChooser.setFiles([{ name: "a.jpg", mimeType: "image/jpeg", buffer: await revealingJpeg() }]);
      await page.locator(".kinds").waitFor();
      await press("clean.hidden.show");
      await press("clean.details");
      await press("clean.cant");
      await look("clean, what it gives away");
      await press("clean.cover");
      await press("cover.show");
      await press("cover.add");
      await press("cover.crop");
      await look("cover");
      await press("cover.apply");
      await page.getByText(catalogue["clean.covered"]).waitFor();
      const [moreChooser] = await Promise.all([page.waitForEvent("filechooser"), press("clean.choose")]);
      await moreChooser.setFiles([{ name: "x.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") }]);
      await page.locator(".field-error").waitFor();
      await page.locator(".row.end").getByRole("button").last().click();
      await page.locator(".facts").waitFor();
      await look("clean, done");
      await page.goto(`${visits.server.url}/try`);
      await page.locator("h1").waitFor();
      await look("try");
      await page.getByLabel(catalogue["try.key"]).fill(visits.server.gateKey);
      await press("try.or");
      await page.getByLabel(catalogue["try.signals"], { exact: true }).fill("xyz");
      await press("try.signals.ask");
      await page.locator(".field-error").waitFor();
      await look("try, with a wrong signal");
      const signals = [{ type: "md5" as const, value: createHash("md5").update(name).digest("hex") }];
      await visits.server.post(
        "/api/gate/bank/items",
        { signals },
        { authorization: `Bearer ${visits.server.adminKey}` },
      );
      await visits.server.checkUntil(signals, "match");
      await page.getByLabel(catalogue["try.signals"], { exact: true }).fill(signals[0]?.value ?? "");
      await press("try.signals.ask");
      await page.getByText(catalogue["try.match"]).waitFor();
      await look("try, with a match");
      const bar = await page
        .locator(".strength")
        .evaluate((track) =>
          [track, track.firstElementChild ?? track].map((part) => getComputedStyle(part).backgroundColor),
        );
      assert.notEqual(bar[0], bar[1], "how strong the match is can't be seen");
      assert.deepEqual(barriers, []);
      assert.deepEqual(problems, []);
      assert.equal(await page.evaluate(() => document.documentElement.dir), name.startsWith("Arabic") ? "rtl" : "ltr");
      await close();
    });
  }

  it("changes its language when asked", async () => {
    const { page, close } = await visits.visit();
    await page.getByLabel("Language").selectOption("es");
    await page.getByRole("heading", { name: "Antes de empezar" }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "es");
    await close();
  });
});
