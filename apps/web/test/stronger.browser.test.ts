/** Stronger recognition: the person's choice, and what is sent because of it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { noChromium } from "../../../tools/chromium.ts";
import {
  chooseFiles,
  chooseStronger,
  goToChoose,
  partOf,
  photograph,
  startVisits,
  tryUpload,
  type Visits,
} from "./visit.ts";

interface SentItem {
  readonly media: string;
  readonly signals: readonly Readonly<Record<string, unknown>>[];
}

describe("stronger recognition", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  it("is chosen by keyboard, can be changed until sending, and only then sends patches: as numbers, without places", async () => {
    const { page, problems, close } = await visits.visit();
    const bodies: string[] = [];
    page.on("request", (request) => bodies.push(request.postData() ?? ""));
    await goToChoose(page, false);
    await chooseFiles(page, [photograph("fig")]);
    await page.getByText("1 picture is ready.").waitFor();
    await page.getByRole("button", { name: "See what will be sent" }).click();
    assert.equal(await page.getByText("for stronger recognition").count(), 0);
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByRole("button", { name: "Back" }).click();

    // Another mind, by keyboard: what was chosen already is read again.
    const no = page.getByRole("radio", { name: "No, without them" });
    assert.equal(await no.isChecked(), true);
    for (let count = 0; count < 30; count += 1) {
      if (await no.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("ArrowUp");
    assert.equal(await page.getByRole("radio", { name: "Yes, with the additional numbers" }).isChecked(), true);
    await page.getByRole("button", { name: "Continue" }).press("Enter");
    await page.getByText("1 picture is ready.").waitFor();
    await page.getByRole("button", { name: "See what will be sent" }).press("Enter");
    await page.getByText("You chose stronger recognition.").waitFor();
    const told = (await page.getByText(/^\d+ of them are for stronger recognition\.$/).textContent()) ?? "";
    await page.getByRole("button", { name: /^Show all/ }).press("Enter");
    const shown = await page.locator(".numbers td.code").allTextContents();
    await page.getByRole("button", { name: "Send the numbers" }).press("Enter");
    await page.getByRole("heading", { name: "Your pictures are protected" }).waitFor();

    const items = bodies.flatMap((body): SentItem[] => (body.includes('"items"') ? JSON.parse(body).items : []));
    assert.equal(items.length, 1);
    const signals = items[0]?.signals ?? [];
    assert.deepEqual(
      signals.map(({ value }) => value),
      shown,
      "what is shown is what is sent",
    );
    const patches = signals.filter(({ type }) => type === "pdq-local");
    assert.ok(patches.length > 20 && patches.length <= 512, String(patches.length));
    assert.equal(Number(/^\d+/.exec(told)?.[0]), patches.length);
    for (const patch of patches) {
      assert.deepEqual(Object.keys(patch).toSorted(), ["type", "value", "version"]);
      assert.equal(patch["version"], 1);
      assert.match(String(patch["value"]), /^[0-9a-f]{64}$/);
    }
    assert.deepEqual(problems, []);

    // A part that no hash of the whole finds, at the gate; and how it was found, in the page that plays the platform.
    await page.goto(`${visits.server.url}/try`);
    await tryUpload(page, visits.server.gateKey, await partOf("fig"));
    await page.getByText("Match: this upload is in the bank").waitFor();
    await page.getByText(/^Found by stronger recognition: \d+ small patches agree\.$/).waitFor();
    await page.getByText(/^Strength \d+%/).waitFor();
    await close();
  });

  it("is asked again for another case", async () => {
    const { page, close } = await visits.visit();
    await goToChoose(page, true);
    await page.getByRole("button", { name: "Back" }).click();
    await chooseStronger(page, false);
    await close();
  });
});
