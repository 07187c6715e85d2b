/** A gate that asks with patches after its answer, and the page that waits for what it finds. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { bankSignals } from "@recourse/fingerprint";
import { fingerprintBytes } from "@recourse/fingerprint/node";
import { noChromium } from "../../../tools/chromium.ts";
import { partOf, readPhotograph, startVisits, tryUpload, type Visits } from "./visit.ts";

describe("matches after the answer, in the page that plays the platform", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits({ GATE_LOCAL_QUERY: "after" });
    const outcome = await fingerprintBytes(await readPhotograph("fig"), { stronger: true });
    assert.ok(outcome.ok);
    const signals = bankSignals(outcome.fingerprint);
    const headers = { authorization: `Bearer ${visits.server.adminKey}` };
    const added = await visits.server.post("/api/gate/bank/items", { signals }, headers);
    assert.equal(added.status, 201);
    await visits.server.checkUntil(signals.slice(0, 1), "match");
  });
  after(() => visits?.close());

  it("are waited for, and no good news is told before", async () => {
    const { page, requests, problems, close } = await visits.visit("/try");
    // Held back, so that what is shown meanwhile can be looked at.
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/api/gate/late-matches*", async (route) => {
      await held;
      await route.continue();
    });
    await tryUpload(page, visits.server.gateKey, await partOf("fig"));
    await page.getByText("Stronger recognition is still looking…").waitFor();
    const notice = page.locator("section .verdict").locator("..");
    assert.equal(await page.getByText("No match: the gate lets it pass").count(), 1);
    assert.ok(!/good/.test((await notice.getAttribute("class")) ?? ""), "still open");
    release();
    await page.getByText("Match: this upload is in the bank").waitFor();
    await page.getByText("Stronger recognition found 1 more match.").waitFor();
    await page.getByText(/^Found by stronger recognition: \d+ small patches agree\.$/).waitFor();
    // An opinion can be given on what was found late, as on any match.
    await page.getByRole("button", { name: "Right: blocked" }).click();
    await page.getByText("The opinion was sent.").waitFor();
    assert.ok(requests.filter((url) => url.includes("late-matches")).length >= 1);
    assert.deepEqual(problems, []);
    await close();
  });

  it("that do not come are waited for no longer than a few seconds", async () => {
    const { page, problems, close } = await visits.visit("/try");
    await tryUpload(page, visits.server.gateKey, await partOf("moss"));
    await page.getByText("Stronger recognition found nothing more.").waitFor();
    const notice = page.locator("section .verdict").locator("..");
    assert.match((await notice.getAttribute("class")) ?? "", /good/);
    assert.deepEqual(problems, []);
    await close();
  });
});
