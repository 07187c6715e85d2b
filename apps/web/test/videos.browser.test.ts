/** Videos in the person's page: read on the device, sent as numbers, found at the gate. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { noChromium } from "../../../tools/chromium.ts";
import { noFfmpeg } from "../../../packages/fingerprint/test/ffmpeg.ts";
import {
  chooseFiles,
  findBarriers,
  goToChoose,
  photograph,
  readVideo,
  sendNumbers,
  startVisits,
  video,
  type Visits,
} from "./visit.ts";

describe("videos", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  it("go the whole way into a case, beside a picture, and only as numbers", async () => {
    const { page, requests, problems, close } = await visits.visit();
    const bodies: string[] = [];
    page.on("request", (request) => bodies.push(request.postData() ?? ""));
    await goToChoose(page, true);
    assert.ok(
      requests.every((address) => !address.includes("video-worker")),
      "nothing for videos is loaded before one is chosen",
    );
    await chooseFiles(page, [video("kitchen.webm"), photograph("fig")]);
    await page.getByRole("progressbar", { name: /^Reading, second \d+ of \d+$/ }).waitFor();
    await page.getByText("1 picture is ready.").waitFor();
    await page.getByText("1 video is ready.").waitFor();
    await page.getByText(/^\d+ moments from \d+ seconds$/).waitFor();
    assert.deepEqual(await findBarriers(page), []);
    // No picture of it is shown.
    assert.equal(await page.locator("main :is(video, img, canvas)").count(), 0);
    await page.getByRole("button", { name: "See what will be sent" }).click();
    await page
      .getByRole("button", { name: /^Show all/ })
      .first()
      .click();
    await page
      .getByText(/^PDQ, at [\d.]+ seconds$/)
      .first()
      .waitFor();
    for (let more = 0; more < 40; more += 1) {
      const button = page.getByRole("button", { name: /^Show more/ });
      if ((await button.count()) === 0) break;
      await button.first().click();
    }
    const shown = await page.locator(".numbers").first().locator("td.code").allTextContents();
    assert.deepEqual(await findBarriers(page), []);
    await page.getByRole("button", { name: "Back" }).click();
    await sendNumbers(page);
    await page.getByText("The numbers of 2 files are with us now.").waitFor();

    const sent = bodies.join("\n");
    const items: { media: string; signals: Record<string, unknown>[] }[] = bodies.flatMap((body) =>
      body.includes('"items"') ? JSON.parse(body).items : [],
    );
    const [item] = items.filter(({ media }) => media === "video");
    assert.ok(item !== undefined && items.length === 2);
    const count = (type: string): number => item.signals.filter((signal) => signal["type"] === type).length;
    assert.ok(count("vpdq") > 10 && count("vpdq") % 2 === 0, String(count("vpdq")));
    assert.ok(count("pdq-local") > 20 && count("pdq-local") <= 4096);
    assert.equal(count("md5") + count("sha256"), 2);
    assert.deepEqual(
      shown,
      item.signals.map((signal) => signal["value"]),
    );
    assert.doesNotMatch(sent, /kitchen|webm|fig|jpg/);
    const origin = new URL(visits.server.url).origin;
    assert.deepEqual(
      requests.filter((address) => !address.startsWith(origin) && !address.startsWith("blob:")),
      [],
    );
    await page.getByText("I have kept the number and the key").click();
    await page.getByRole("button", { name: "See my case" }).click();
    await page.getByRole("button", { name: "Withdraw video 1" }).waitFor();
    assert.deepEqual(problems, []);
    await close();
  });

  it("are found at the gate, and the page that plays the platform says where", { skip: noFfmpeg }, async () => {
    const { page, problems, close } = await visits.visit();
    await goToChoose(page);
    await chooseFiles(page, [video("road.webm")]);
    await page.getByText("1 video is ready.").waitFor();
    await sendNumbers(page);
    await page.goto(`${visits.server.url}/try`);
    await page.getByLabel("Gate key").fill(visits.server.gateKey);
    const choose = async (buffer: Buffer): Promise<void> => {
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.getByRole("button", { name: "Choose an upload" }).click(),
      ]);
      await chooser.setFiles({ name: "upload.webm", mimeType: "video/webm", buffer });
    };
    // Not the same bytes: cut off.
    const bytes = await readVideo("road.webm");
    await choose(bytes.subarray(0, Math.floor(bytes.length * 0.7)));
    await page.getByText("Match: this upload is in the bank").waitFor();
    await page.getByText(/^Found by a video’s pictures: \d+ moments? agrees?/).waitFor();
    await page.getByText(/^Seconds of the upload: [\d.]+ to [\d.]+/).waitFor();
    await page.getByText(/^Strength \d+%/).waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await choose(await readVideo("desk.mkv"));
    await page.getByText("No match: the gate lets it pass").waitFor();
    assert.deepEqual(problems, []);
    await close();
  });

  it("can be stopped, and what can't be read or only in part is said", async () => {
    const { page, problems, close } = await visits.visit();
    await goToChoose(page);
    await chooseFiles(page, [video("desk.mkv"), video("kitchen.webm")]);
    await page.getByRole("button", { name: "Stop reading Video 1" }).click();
    assert.equal(await page.getByText("desk.mkv").count(), 0);
    await page.getByText("1 video is ready.").waitFor();
    const road = await readVideo("road.webm");
    await chooseFiles(page, [
      { name: "cut.webm", mimeType: "video/webm", buffer: road.subarray(0, Math.floor(road.length * 0.6)) },
      { name: "text.mp4", mimeType: "video/mp4", buffer: Buffer.from("no video at all") },
      { name: "old.avi", mimeType: "video/x-msvideo", buffer: Buffer.from("RIFF\x10\0\0\0AVI LIST") },
      { name: "head.webm", mimeType: "video/webm", buffer: road.subarray(0, 600) },
    ]);
    await page.getByText(/^Not the whole video could be read\. Its first \d+ seconds? (is|are) protected\.$/).waitFor();
    await page.getByText("This is not a video of a kind that can be read.").waitFor();
    await page.getByText("This kind of video can’t be read here.").waitFor();
    await page.getByText("2 videos are ready.").waitFor();
    assert.equal(await page.locator(".field-error").count(), 3);
    assert.deepEqual(await findBarriers(page), []);
    assert.deepEqual(problems, []);
    await close();
  });
});
