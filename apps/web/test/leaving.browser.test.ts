/** Leaving the page in Chromium: at once, from everywhere, with nothing to go back to. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { noChromium } from "../../../tools/chromium.ts";
import { chooseFiles, goToChoose, photograph, sendNumbers, startVisits, type Visits } from "./visit.ts";

describe("leaving the page", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  const weather = async (page: Page): Promise<void> => {
    await page.route("https://www.weather.gov/**", (route) =>
      route.fulfill({ body: "<title>Weather</title>", contentType: "text/html" }),
    );
  };

  it("works by the button, by the link behind Tab, and by Shift three times, and leaves nothing to go back to", async () => {
    const ways: ((page: Page) => Promise<void>)[] = [
      (page) => page.getByRole("button", { name: "Leave this page", exact: true }).click(),
      async (page) => {
        await page.keyboard.press("Tab");
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
      },
      async (page) => {
        for (let count = 0; count < 3; count += 1) await page.keyboard.press("Shift");
      },
    ];
    for (const leave of ways) {
      const { page, close } = await visits.visit();
      await weather(page);
      const asked = page.waitForRequest("https://www.weather.gov/**");
      const arrived = page.waitForURL("https://www.weather.gov/**");
      await leave(page);
      await arrived;
      // The weather page does not learn where its reader came from.
      assert.equal((await (await asked).allHeaders())["referer"], undefined);
      await page.goBack().catch(() => null);
      assert.doesNotMatch(page.url(), /localhost|127\.0\.0\.1/);
      await close();
    }
  });

  it("counts presses of Shift in three dots and aloud, and not those that make capitals", async () => {
    const { page, close } = await visits.visit();
    await page.keyboard.press("Shift");
    await page.keyboard.press("Shift");
    assert.equal(await page.locator(".exit-dot.pressed").count(), 2);
    await page.getByText("Shift pressed 2 of 3 times.").waitFor({ state: "attached" });
    await page.keyboard.press("a");
    assert.equal(await page.locator(".exit-dot").count(), 0);
    for (let count = 0; count < 4; count += 1) await page.keyboard.press("Shift+A");
    assert.equal(await page.locator("h1").count(), 1);
    await close();
  });

  it("works from inside a dialog", async () => {
    const { page, close } = await visits.visit("/", { viewport: { width: 360, height: 740 }, hasTouch: true });
    await weather(page);
    await goToChoose(page);
    await chooseFiles(page, [photograph("marigold")]);
    await page.getByText("1 picture is ready.").waitFor();
    await sendNumbers(page);
    await page.getByText("I have kept the number and the key").click();
    await page.getByRole("button", { name: "See my case" }).click();
    await page.getByRole("button", { name: "Withdraw the whole case" }).click();
    const arrived = page.waitForURL("https://www.weather.gov/**");
    await page.getByRole("alertdialog").getByRole("button", { name: "Leave this page" }).tap();
    await arrived;
    await close();
  });

  it("covers the page at once, before the other page is there", async () => {
    const { page, close } = await visits.visit();
    await page.route("https://www.weather.gov/**", () => new Promise(() => {}));
    // In one turn of the page: the other page can't have answered in between.
    const left = await page.evaluate(() => {
      document.querySelector<HTMLElement>(".button-exit")?.click();
      const cover = document.querySelector(".exit-cover")?.getBoundingClientRect();
      return [cover?.width === window.innerWidth, cover?.height === window.innerHeight, document.querySelector("h1")];
    });
    assert.deepEqual(left, [true, true, null]);
    await close();
  });

  it("starts anew when the browser brings back the page that was left, and only then", async () => {
    const { page, close } = await visits.visit();
    // No content: the browser stays where it is, as it stands when "back" brings it here.
    await page.route("https://www.weather.gov/**", (route) => route.fulfill({ status: 204 }));
    const bringBack = (): Promise<void> =>
      page.evaluate(() => {
        window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      });
    await page.getByRole("button", { name: "I understand, begin" }).click();
    await bringBack();
    await page.getByRole("heading", { name: "Stop your intimate pictures and videos from spreading" }).waitFor();
    await page.evaluate(() => document.querySelector<HTMLElement>(".button-exit")?.click());
    assert.equal(await page.locator(".exit-cover").count(), 1);
    await bringBack();
    await page.getByRole("heading", { name: "Before you begin" }).waitFor();
    assert.equal(await page.locator(".exit-cover").count(), 0);
    await close();
  });

  it("shows the three dots where the system chooses the colours", async () => {
    const { page, close } = await visits.visit("/", { forcedColors: "active" });
    await page.keyboard.press("Shift");
    await page.keyboard.press("Shift");
    const [ground, ...dots] = await page
      .locator("html, .exit-dot.pressed")
      .evaluateAll((all) => all.map((element) => getComputedStyle(element).backgroundColor));
    assert.equal(dots.length, 2);
    // A dot of the page's own colour is an empty ring, as one that waits.
    assert.ok(dots.every((dot) => dot !== ground));
    await close();
  });
});
