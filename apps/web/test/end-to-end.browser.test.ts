/**
 * The whole promise, on real photographs: fingerprinted in the page, stopped at the gate a moment later in every form
 * that light editing gives it, and let pass again after the withdrawal.
 */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { fingerprintBytes } from "@recourse/fingerprint/node";
import { distanceBits, hashFromHex } from "@recourse/match";
import sharp from "sharp";
import { noChromium } from "../../../tools/chromium.ts";
import { chooseFiles, goToChoose, sendNumbers, startVisits, type Visits } from "./visit.ts";

const folder = fileURLToPath(new URL("../../../fixtures/photographs/", import.meta.url));
const PROTECTED = ["fig.jpg", "two-dogs.jpg", "mountain-trail.jpg"];
const OTHERS = 20;

const edits: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  original: async (bytes) => bytes,
  "JPEG of quality 40": (bytes) => sharp(bytes).jpeg({ quality: 40 }).toBuffer(),
  "half the size": async (bytes) => {
    const { width } = await sharp(bytes).metadata();
    return sharp(bytes)
      .resize(Math.round(width / 2))
      .jpeg({ quality: 80 })
      .toBuffer();
  },
  mirrored: (bytes) => sharp(bytes).flop().jpeg({ quality: 85 }).toBuffer(),
  "turned by 90 degrees": (bytes) => sharp(bytes).rotate(90).jpeg({ quality: 85 }).toBuffer(),
};

/** One colour: nothing in it to recognise. */
const plainPicture = (): Promise<Buffer> =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: "#808080" } })
    .png()
    .toBuffer();

describe("from page to gate", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  it("stops every light edit, no other photograph, and none after the withdrawal", async (test) => {
    const { server } = visits;
    const { page, problems, close } = await visits.visit();
    await goToChoose(page);
    await chooseFiles(
      page,
      PROTECTED.map((name) => folder + name),
    );
    await page.getByText(`${PROTECTED.length} pictures are ready.`).waitFor();
    await sendNumbers(page);
    const sentAt = performance.now();

    const check = async (bytes: Uint8Array) => (await server.postBytes("/api/gate/check", bytes)).body;
    for (const name of PROTECTED) {
      const bytes = await readFile(folder + name);
      for (const [edit, apply] of Object.entries(edits)) {
        const answer = await check(await apply(bytes));
        if (performance.now() - sentAt < 1_000) test.diagnostic(`${name}, ${edit}: within a second of sending`);
        assert.equal(answer.verdict, "match", `${name}, ${edit}`);
        test.diagnostic(`${name}, ${edit}: ${answer.matches[0].signalType} at ${answer.matches[0].distance} bits`);
      }
      // A screenshot on a phone: the picture between bars. Plain PDQ does not promise to find it; how far it is, is told.
      const phone = await visits.visit("/", { viewport: { width: 390, height: 844 } });
      await phone.page.setContent(
        `<body style="margin:0;font:16px sans-serif"><div style="padding:14px">12:40 · example</div><img src="data:image/jpeg;base64,${bytes.toString("base64")}" style="width:100%;display:block"><p style="padding:14px">42 likes</p></body>`,
      );
      await phone.page
        .locator("img")
        .evaluate((image) => (image instanceof HTMLImageElement ? image.decode() : undefined));
      const screenshot = await phone.page.screenshot();
      const [known, seen] = await Promise.all([fingerprintBytes(bytes), fingerprintBytes(screenshot)]);
      assert.ok(known.ok && seen.ok);
      const distance = distanceBits(hashFromHex(known.fingerprint.pdq), hashFromHex(seen.fingerprint.pdq));
      test.diagnostic(`${name}, screenshot: ${distance} bits, verdict ${(await check(screenshot)).verdict}`);
      await phone.close();
    }

    const others = (await readdir(folder)).filter((name) => name.endsWith(".jpg") && !PROTECTED.includes(name));
    assert.ok(others.length >= OTHERS);
    for (const name of others) {
      const answer = await check(await readFile(folder + name));
      assert.equal(answer.verdict, "no_match", name);
    }
    test.diagnostic(`${others.length} other photographs: no match`);

    const { body } = await server.postBytes("/api/gate/check", await readFile(folder + "fig.jpg"));
    await server.post(
      `/api/gate/matches/${body.matches[0].id}/opinion`,
      { opinion: "blocked" },
      { authorization: `Bearer ${server.gateKey}` },
    );
    await page.getByText("I have kept the number and the key").click();
    await page.getByRole("button", { name: "See my case" }).click();
    await page.getByRole("button", { name: "Look again" }).click();
    await page.getByText("Found and blocked at 1 platform.").waitFor();
    await page.getByRole("button", { name: "Withdraw the whole case" }).click();
    await page.getByRole("button", { name: "Yes, withdraw" }).click();
    await page.getByText("This case is withdrawn.").waitFor();
    const withdrawnAt = performance.now();
    let verdict = "match";
    while (verdict === "match" && performance.now() - withdrawnAt < 60_000) {
      verdict = (await check(await readFile(folder + "fig.jpg"))).verdict;
    }
    assert.equal(verdict, "no_match");
    test.diagnostic(`after the withdrawal: no match within ${Math.round(performance.now() - withdrawnAt)} ms`);
    assert.deepEqual(problems, []);
    await close();
  });

  it("can be tried in the page that plays the platform", async () => {
    const { page, problems, close } = await visits.visit("/try");
    const choose = async (file: Parameters<typeof page.setInputFiles>[1]): Promise<void> => {
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.getByRole("button", { name: "Choose an upload" }).click(),
      ]);
      await chooser.setFiles(file);
    };
    await page.getByText("No upload checked yet.").waitFor();
    await page.getByLabel("Gate key").fill("not-the-right-key");
    await choose(folder + "kite.jpg");
    await page.getByText("This key is not valid at this gate.").waitFor();
    await page.getByLabel("Gate key").fill(visits.server.gateKey);
    await choose(folder + "kite.jpg");
    await page.getByText("No match: the gate lets it pass").waitFor();
    await choose({ name: "x.jpg", mimeType: "image/jpeg", buffer: Buffer.from("text") });
    await page.getByText("Unscannable: the gate could not read it").waitFor();
    // What could not be read is no good news, and does not look like it.
    assert.equal(await page.locator(".notice-good").count(), 0);
    const found = await fingerprintBytes(await readFile(folder + "kite.jpg"));
    assert.ok(found.ok);
    const signals = [{ type: "pdq" as const, value: found.fingerprint.pdq }];
    await visits.server.post(
      "/api/gate/bank/items",
      { signals },
      { authorization: `Bearer ${visits.server.adminKey}` },
    );
    await visits.server.checkUntil(signals, "match");
    await choose(folder + "kite.jpg");
    await page.getByText("Match: this upload is in the bank").waitFor();
    // "Sent" is said of what arrived, and of nothing else.
    await page.route("**/opinion", (route) => route.abort(), { times: 1 });
    await page.getByRole("button", { name: "Right: blocked" }).click();
    await page.getByText("The server did not answer.").waitFor();
    assert.equal(await page.getByText("The opinion was sent.").count(), 0);
    for (const opinion of ["Right: blocked", "Right, but not blocked", "Wrong: something else", "Not decided yet"]) {
      const answered = page.waitForResponse((response) => response.url().endsWith("/opinion"));
      await page.getByRole("button", { name: opinion }).click();
      assert.equal((await answered).status(), 200, opinion);
      await page.getByText("The opinion was sent.").waitFor();
    }

    // The same question with signals alone, as a platform that hashes by itself asks it.
    await page.getByRole("button", { name: "Ask with signals, without a picture" }).click();
    await page.getByLabel("Signals", { exact: true }).fill(`${found.fingerprint.pdq}\nno hash`);
    await page.getByRole("button", { name: "Ask the gate" }).click();
    await page.getByText("Line 2 is not a signal.").waitFor();
    await page.getByLabel("Signals", { exact: true }).fill("f".repeat(32));
    await page.getByRole("button", { name: "Ask the gate" }).click();
    await page.getByText("No match: the gate lets it pass").waitFor();
    await page.getByLabel("Signals", { exact: true }).fill(found.fingerprint.pdq);
    await page.getByRole("button", { name: "Ask the gate" }).click();
    await page.getByText("Match: this upload is in the bank").waitFor();
    await page.getByText("Found by the whole upload’s PDQ: not a bit differs (31 is the limit).").waitFor();
    await choose({ name: "plain.png", mimeType: "image/png", buffer: await plainPicture() });
    await page.getByText("This picture has very little detail.").waitFor();
    assert.deepEqual(problems, []);
    await close();
  });
});
