/** A PDF before it is shared, in Chromium: what is told of it, and a copy made of pictures of its pages. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { noChromium } from "../../../tools/chromium.ts";
import { bytesSource, inspect, strip } from "@recourse/scrub";
import { holdsPlanted, PLANTED } from "../../../packages/scrub/test/files.ts";
import {
  appendVersion,
  flate,
  makeEncrypted,
  makePdf,
  type Objects,
  PLAIN,
  stream,
} from "../../../packages/scrub/test/pdf/pdfs.ts";
import { startVisits, type Visits } from "./visit.ts";

const enter = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "I understand, begin" }).click();
  await page.getByRole("heading", { name: "Before you share", level: 1 }).waitFor();
};

const choose = async (page: Page, ...documents: readonly Buffer[]): Promise<void> => {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose pictures or videos" }).click(),
  ]);
  await chooser.setFiles(documents.map((buffer, i) => ({ name: `${i}.pdf`, mimeType: "application/pdf", buffer })));
  await page
    .getByRole("status")
    .filter({ hasText: `Looked at: ${documents.length}.` })
    .waitFor();
};

/** Red, unless the layer shows, which is off; then a word of Helvetica, which the file does not bring. */
const DRAWING =
  "1 0 0 rg 0 0 100 50 re f /OC /L BDC 0 0 1 rg 0 0 200 200 re f EMC 0 g BT /F1 40 Tf 20 100 Td (Hello) Tj ET\n";
const OBJECTS: Objects = {
  ...PLAIN,
  1: "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[7 0 R]/D<</OFF[7 0 R]/Order[7 0 R]>>>>/OpenAction<</S/JavaScript/JS(app.launchURL\\('https://example.org/'\\))>>>>",
  3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/Properties<</L 7 0 R>>>>>>",
  4: flate("", DRAWING),
  7: `<</Type/OCG/Name(${PLANTED})>>`,
  9: `<</Author(${PLANTED})>>`,
};
const revealing = (): Buffer =>
  appendVersion(makePdf(OBJECTS, { trailer: "/Info 9 0 R" }), { 8: `<</Type/Filespec/F(${PLANTED})>>` }, "/Info 9 0 R");

const pageOf = async (
  pdf: Buffer,
): Promise<{ readonly at: (x: number, y: number) => string; readonly width: number; readonly dark: number }> => {
  const from = pdf.indexOf("\u00ff\u00d8\u00ff", 0, "latin1");
  const { data, info } = await sharp(pdf.subarray(from)).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): string => {
    const place = 3 * (Math.floor(y * info.height) * info.width + Math.floor(x * info.width));
    return Array.from(data.subarray(place, place + 3), (value) => (value > 127 ? "1" : "0")).join("");
  };
  let dark = 0;
  for (let i = 0; i < data.length; i += 3)
    if (Math.max(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0) < 90) dark += 1;
  return { at, width: info.width, dark: dark / (info.width * info.height) };
};

describe("a PDF before it is shared", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  it("is told of, and its copy shows the same and holds nothing else, with nothing sent", async () => {
    const { page, problems, requests, close } = await visits.visit("/clean");
    await enter(page);
    const asked = requests.length;
    await choose(page, revealing());
    const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /^Document 1/ }) });
    for (const sentence of ["Earlier versions of it.", "Parts that don’t show", PLANTED, "drawn on this device"])
      await card.getByText(sentence).first().waitFor();
    await page.getByRole("button", { name: "Make a clean copy" }).click();
    await page.getByText("Its page was drawn anew, as a picture.").waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: /^Save the copy/ }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^[a-z2-9]{10}\.pdf$/u);
    const copy = await readFile(await download.path());
    assert.deepEqual(await inspect(bytesSource(copy)), { ok: true, format: "pdf", findings: [], trailingBytes: 0 });
    const again = await strip(bytesSource(copy), { write: () => {} });
    assert.equal(again.ok && again.sizeBytes, copy.length);
    assert.ok(!holdsPlanted(copy));
    const { at, width, dark } = await pageOf(copy);
    assert.equal(width, Math.round((200 / 72) * 150));
    // Red below on the left, white beside and above it: the layer is off. And the word is there.
    assert.deepEqual([at(0.25, 0.9), at(0.75, 0.9), at(0.25, 0.1)], ["100", "111", "111"]);
    assert.ok(dark > 0.01 && dark < 0.1, `${dark} of the page is dark`);
    for (const address of requests.slice(asked).filter((each) => !each.startsWith("blob:")))
      assert.ok(address.startsWith(`${visits.server.url}/assets/`), address);
    assert.deepEqual(problems, []);
    await close();
  });

  it("says what to do where a password is asked for, and where it is damaged", async () => {
    const { page, close } = await visits.visit("/clean");
    await enter(page);
    const broken = makePdf({ ...PLAIN, 2: "<</Type/Pages/Kids[]/Count 0>>", 3: stream("", "") });
    await choose(page, makeEncrypted(), broken);
    await page.getByRole("button", { name: "Make 2 clean copies" }).click();
    await page.getByText("This PDF asks for a password").waitFor();
    await page.getByText("This file is damaged or not complete.").waitFor();
    await close();
  });

  it("is stopped by its button, and can be begun again", async () => {
    const { page, close } = await visits.visit("/clean");
    await enter(page);
    const count = 200;
    const kids = Array.from({ length: count }, () => "3 0 R").join(" ");
    await choose(page, makePdf({ ...OBJECTS, 2: `<</Type/Pages/Kids[${kids}]/Count ${count}>>` }));
    const make = page.getByRole("button", { name: "Make a clean copy" });
    await make.click();
    await page.getByRole("button", { name: "Stop cleaning" }).click();
    await page.getByRole("heading", { name: "Before you share", level: 1 }).waitFor();
    await make.click();
    await page.getByRole("progressbar").waitFor();
    await close();
  });
});
