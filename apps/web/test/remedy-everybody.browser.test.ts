/** Every screen of plan and notices in Chromium: light, dark, narrow, right to left, in colours of the system. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { noChromium } from "../../../tools/chromium.ts";
import { lookForBarriers } from "./barriers.ts";
import { startVisits, type Visits } from "./visit.ts";

const catalogue = async (language: string): Promise<Readonly<Record<string, string>>> => {
  const read = async (name: string) =>
    JSON.parse(await readFile(new URL(`../src/messages/${name}.json`, import.meta.url), "utf8")) as Record<
      string,
      string
    >;
  return { ...(await read(language)), ...(await read(`remedy/${language}`)) };
};

describe("plan and notices for everybody", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  for (const { name, language, options } of [
    { name: "light", language: "en", options: {} },
    { name: "dark", language: "en", options: { colorScheme: "dark" as const } },
    { name: "360 pixels wide", language: "en", options: { viewport: { width: 360, height: 740 } } },
    { name: "colours of the system", language: "en", options: { forcedColors: "active" as const } },
    {
      name: "Arabic, 360 pixels wide",
      language: "ar",
      options: { locale: "ar", viewport: { width: 360, height: 740 } },
    },
    { name: "Spanish, dark", language: "es", options: { locale: "es", colorScheme: "dark" as const } },
  ]) {
    it(`has no barriers and nothing beyond the edge: ${name}`, async () => {
      const { page, problems, close } = await visits.visit("/plan", { reducedMotion: "reduce", ...options });
      const t = await catalogue(language);
      const word = (key: string): string => t[key] ?? assert.fail(key);
      const barriers: string[] = [];
      const look = async (screen: string): Promise<void> => {
        for (const barrier of await lookForBarriers(page, "forcedColors" in options))
          barriers.push(`${screen}: ${barrier}`);
      };
      const press = (key: string) =>
        page
          .getByRole("button", { name: word(key), exact: true })
          .first()
          .click();
      const pick = (key: string) => page.getByRole("radio", { name: word(key), exact: true }).check({ force: true });
      const goOn = async (key: string): Promise<void> => {
        await press("app.continue");
        await page.getByRole("heading", { level: 1, name: word(key), exact: true }).waitFor();
      };
      await press("intro.start");
      await press("app.continue");
      await look("age, unanswered");
      await pick("age.adult");
      await goOn("title.situation");
      await pick("situation.threatened");
      await page.getByRole("checkbox").check({ force: true });
      await look("situation, in danger");
      await goOn("title.threat");
      await look("threat");
      await page.getByRole("button", { name: word("app.back"), exact: true }).click();
      await pick("situation.shared");
      await goOn("title.origin");
      await pick("origin.self");
      await look("origin");
      await goOn("title.links");
      await page
        .getByRole("textbox")
        .fill(
          `https://${"long-".repeat(9)}name.example.net/${"x".repeat(300)}\nhxxps://x[.]com/a\nhttps://bit.ly/a\nhttps://\ndata:a`,
        );
      await page.locator(".list .disclosure-button").first().click();
      await look("links");
      await goOn("title.country");
      await page.getByRole("combobox").last().selectOption("FR");
      await look("country");
      await goOn("title.name");
      await pick("name.yes");
      await look("name");
      await goOn("title.who");
      await look("who");
      await press("questions.seePlan");
      const folded = page.locator(".place .disclosure-button[aria-expanded=false]:visible");
      while ((await folded.count()) > 0) await folded.first().click();
      await look("plan, all open");
      // The one that asks for most: address, perjury, ownership.
      const dmca = page.locator(".step-card").filter({ hasText: "DMCA" }).first();
      if ((await dmca.locator("button[aria-expanded=false]").count()) > 0)
        await dmca.locator("button[aria-expanded=false]").click();
      await dmca.getByRole("button", { name: word("step.write") }).click();
      await page.locator(".checklist").waitFor();
      await press("sign.draw");
      await press("notice.extra");
      await look("notice, a draft");
      for (const field of await page.locator("main :is(textarea, input[type=text], input[type=tel])").all())
        await field.fill("Example");
      await page.locator("main input[type=email]").fill("person@example.org");
      for (const box of await page.locator(".statement input").all()) await box.check({ force: true });
      await page.getByRole("checkbox", { name: word("notice.understood") }).check({ force: true });
      await page.getByRole("textbox", { name: word("send.to") }).fill("abuse@example");
      await press("send.page");
      await press("out.machine");
      await look("notice, complete");
      await press("out.sent");
      await press("follow.more");
      await page.getByRole("radio", { name: word("follow.answer.refused") }).check({ force: true });
      await page.locator(".next-step .disclosure-button").first().click();
      await press("keepCase.title");
      await look("what was sent");
      assert.deepEqual(barriers, []);
      assert.deepEqual(problems, []);
      assert.equal(await page.evaluate(() => document.documentElement.dir), language === "ar" ? "rtl" : "ltr");
      await close();
    });
  }
});
