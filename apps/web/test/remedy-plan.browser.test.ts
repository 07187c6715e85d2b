/** The plan in Chromium. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { noChromium } from "../../../tools/chromium.ts";
import { goToPlan, heading, press, tick } from "./remedy-visit.ts";
import { startVisits, type Visits } from "./visit.ts";

describe("the plan", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  it("says for each step why, on which law, who sees the name, how long, and what if they refuse", async () => {
    const { page, problems, close } = await visits.visit("/plan");
    await goToPlan(page, {
      situation: "It was shared or put online",
      origin: "The person shown took it",
      links: "https://x.com/a/status/1 https://x.com/b/status/2 https://pictures.example.net/1",
      country: "US",
      name: "I don’t mind, if it is faster",
    });
    const stages = await page.getByRole("heading", { level: 2 }).allTextContents();
    assert.deepEqual(stages.slice(0, 3), ["Save, if you want to", "Have it removed", "Take it out of search engines"]);
    const place = page.getByRole("region", { name: "X", exact: true });
    await place.getByText("2 links").first().waitFor();
    const step = place.getByRole("listitem").filter({ hasText: "Send X a request under the TAKE IT DOWN Act" });
    await step.getByRole("button", { name: /TAKE IT DOWN Act/ }).click();
    for (const said of [
      "Platforms in the United States must act within 48 hours.",
      "TAKE IT DOWN Act, Pub. L. 119-12",
      "who gets the notice",
      "48 hours, from a valid request",
      "A complaint to the Federal Trade Commission",
      "take_it_down_act",
      "Not checked yet",
    ])
      await step.getByText(said).first().waitFor();
    // The way that shows the name to the uploader says so, and is there because it was allowed.
    await place.getByRole("button", { name: /^More ways/ }).click();
    await place.getByRole("button", { name: /copyright notice/ }).click();
    await place.getByText("the uploader").first().waitFor();
    assert.deepEqual(problems, []);
    await close();
  });

  it("goes along with saving first, and keeps what was done", async () => {
    const { page, close } = await visits.visit("/plan");
    await goToPlan(page, {
      situation: "It was shared or put online",
      links: "https://x.com/a/status/1",
      country: "DE",
    });
    await tick(page, "The link of the page or post");
    await page.getByRole("textbox", { name: "The account that posted it" }).fill("@somebody");
    const downloading = page.waitForEvent("download");
    await press(page, "Save links, account and time as a text file");
    const download = await downloading;
    assert.match(download.suggestedFilename(), /^[a-z2-9]{10}\.txt$/);
    const notes = await (await download.createReadStream()).toArray();
    assert.match(Buffer.concat(notes).toString(), /@somebody[\s\S]*https:\/\/x\.com\/a\/status\/1/);
    await page.getByText(/^0 of \d+ steps done$/).waitFor();
    await page.getByRole("checkbox", { name: "Done", exact: true }).first().check({ force: true });
    await page.getByText(/^1 of \d+ steps done$/).waitFor();
    await press(page, "Change my answers");
    await heading(page, "First, about age");
    while ((await page.locator("h1").textContent()) !== "Your plan")
      await page.getByRole("button", { name: /^(?:Continue|See the plan)$/ }).click();
    await page.getByText(/^1 of \d+ steps done$/).waitFor();
    await close();
  });

  it("begins with people to talk to on danger, and with not paying on a threat", async () => {
    const { page, close } = await visits.visit("/plan");
    await goToPlan(page, { situation: "Someone threatens to share it", isInDanger: true, country: "US" });
    const [first, second] = await page.getByRole("heading", { level: 2 }).allTextContents();
    assert.deepEqual([first, second], ["You come first", "First of all"]);
    await page
      .getByRole("region", { name: "You come first" })
      .getByRole("link", { name: "988", exact: true })
      .waitFor();
    const steps = await page.getByRole("region", { name: "First of all" }).getByRole("listitem").allTextContents();
    assert.match(steps[0] ?? "", /Do not pay, and send no more pictures/);
    assert.match(steps[1] ?? "", /Stop answering/);
    await page.getByText("Without a link, no notice can be written yet.").waitFor();
    await close();
  });

  it("names lines for the worst hour before others, of the person's country and its union", async () => {
    for (const [country, numbers] of [
      ["AU", ["000", "1800 737 732"]],
      ["ES", ["016", "116 006", "017"]],
      ["GB", ["0345 6000 459"]],
    ] as const) {
      const { page, problems, close } = await visits.visit("/plan");
      await goToPlan(page, { situation: "It was shared or put online", isInDanger: true, country });
      const called = page.getByRole("region", { name: "You come first" }).locator("a[href^='tel:']");
      assert.deepEqual(await called.allTextContents(), numbers, country);
      assert.deepEqual(problems, []);
      await close();
    }
  });

  it("speaks the page's language, and marks what is quoted in English", async () => {
    // Names stand between marks that keep their direction from turning the sentence.
    for (const [locale, title, quoted] of [
      ["es", "Tu plan", /Envía a .?X.? un aviso/],
      ["ar", "خطتك", /أرسل إلى .?X/],
    ] as const) {
      const { page, problems, close } = await visits.visit("/plan", { locale });
      const last = () => page.locator(".row.end").getByRole("button").last().click();
      await last();
      await page.getByRole("radio").first().check({ force: true });
      await last();
      await page.getByRole("radio").first().check({ force: true });
      await last();
      await last();
      await page.getByRole("textbox").fill("https://x.com/a/status/1");
      await last();
      await page.getByRole("combobox").last().selectOption("FR");
      for (let count = 0; count < 3; count += 1) await last();
      await heading(page, title);
      await page.getByRole("button", { name: quoted }).first().waitFor();
      const english = await page
        .getByRole("main")
        .locator(".disclosure-button")
        .evaluateAll((all) => all.filter((each) => each.querySelector("[lang=en]") !== null).length);
      assert.equal(english, 0, "a step is in English only");
      assert.ok((await page.locator(".english[lang=en]").count()) > 0);
      assert.deepEqual(problems, []);
      await close();
    }
  });
});
