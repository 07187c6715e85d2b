/** Covering parts of a picture in Chromium: nothing of what was covered is in what is saved. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { noChromium } from "../../../tools/chromium.ts";
import { PLANTED, revealingJpeg } from "./revealing-files.ts";
import { drawOn, findBarriers, readPhotograph, startVisits, type Visit, type Visits } from "./visit.ts";

/** Chooses a picture and opens it for covering. */
const openCover = async (page: Page, buffer: Buffer, type: "jpeg" | "png" = "jpeg"): Promise<void> => {
  await page.getByRole("button", { name: "I understand, begin" }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose pictures or videos" }).click(),
  ]);
  await chooser.setFiles({ name: `a.${type}`, mimeType: `image/${type}`, buffer });
  await page.getByRole("button", { name: "Cover parts of it: Picture 1" }).click();
  await page.getByRole("button", { name: "Show the picture" }).waitFor();
};

/** Covers for good, makes the clean copy and saves it. */
const finish = async (page: Page): Promise<Buffer> => {
  await page.getByRole("button", { name: "Cover it for good" }).click();
  await page.getByText("Parts of it are covered.").waitFor();
  await page.getByRole("button", { name: "Make a clean copy" }).click();
  await page.getByText("Drawn anew from what is left to see.").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save the copy: Picture 1" }).click(),
  ]);
  return readFile(await download.path());
};

const pixelsOf = async (bytes: Buffer) => {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    at: (x: number, y: number): readonly number[] => [
      ...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3),
    ],
  };
};

/** Every pixel a colour of its own, so that one that shows again would be known. */
const colourful = (): Promise<Buffer> => {
  const [width, height] = [300, 200];
  const data = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at += 1) data.set([40 + (at % 200), 50 + (at % 190), 60 + (at % 180)], 3 * at);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
};

const nothingSent = ({ requests }: Visit, from: number, server: string): void => {
  for (const address of requests.slice(from)) assert.ok(address.startsWith(`${server}/assets/`), address);
};

describe("covering parts of a picture", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  it("works by keyboard: adds, moves, resizes, takes back; the copy holds nothing of what was there", async () => {
    const visit = await visits.visit("/clean");
    const { page, problems, requests, close } = visit;
    const asked = requests.length;
    const original = await colourful();
    await openCover(page, original, "png");
    // The picture is blurred until the person asks for it.
    const blur = () => page.locator(".stage > canvas").evaluate((element) => getComputedStyle(element).filter);
    assert.match(await blur(), /blur/);
    await page.getByRole("button", { name: "Show the picture" }).press("Enter");
    assert.equal(await blur(), "none");
    await page.getByRole("button", { name: "Add one in the middle" }).press("Enter");
    const mark = page.getByRole("button", { name: "Rectangle 1", exact: true });
    await page.getByText("Rectangle 1: 38% from the left, 38% from the top, 25% wide, 25% high").waitFor();
    await mark.focus();
    for (let presses = 0; presses < 10; presses += 1) await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("+");
    await page.getByText("Rectangle 1: 28% from the left, 37% from the top, 26% wide, 26% high").waitFor();
    await page.keyboard.press("Control+z");
    await page.getByText("Rectangle 1: 28% from the left, 37% from the top, 25% wide, 25% high").waitFor();
    // The same without arrow keys.
    await page.getByRole("button", { name: "Wider" }).press("Enter");
    await page.getByText("27% wide").waitFor();
    await page.getByRole("button", { name: "Add one in the middle" }).press("Enter");
    await page.getByRole("button", { name: "Rectangle 2", exact: true }).press("Delete");
    await page.getByText("Marked parts: 1").waitFor();
    const bytes = await finish(page);
    const copy = await pixelsOf(bytes);
    const untouched = await pixelsOf(original);
    assert.deepEqual([copy.width, copy.height], [300, 200]);
    // Rectangle 82.5 to 163.5 by 73 to 123, and 18 pixels around it.
    for (let y = 0; y < 200; y += 1)
      for (let x = 0; x < 300; x += 1) {
        const isCovered = x >= 65 && x < 181 && y >= 55 && y < 141;
        const isKept = x < 63 || x > 183 || y < 53 || y > 143;
        if (isCovered) assert.deepEqual(copy.at(x, y), [0, 0, 0], `${x}, ${y} shows`);
        if (isKept) assert.deepEqual(copy.at(x, y), untouched.at(x, y), `${x}, ${y} changed`);
      }
    nothingSent(visit, asked, visits.server.url);
    assert.deepEqual(problems, []);
    await close();
  });

  it("takes shapes drawn with the pointer, keeps only what is marked, cuts off edges", async () => {
    const { page, problems, close } = await visits.visit("/clean");
    await openCover(page, await colourful(), "png");
    await page.getByRole("button", { name: "Show the picture" }).click();
    const stage = page.getByRole("group", { name: "The picture and its marked parts" });
    const drag = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> =>
      drawOn(page, stage, [from, [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], to]);
    await page.getByText("Oval", { exact: true }).click();
    await drag([0.2, 0.2], [0.8, 0.8]);
    await page.getByText("Oval 1: 20% from the left, 20% from the top, 60% wide, 60% high").waitFor();
    await page.getByText("Brush", { exact: true }).click();
    await drag([0.1, 0.9], [0.3, 0.9]);
    await page.getByText("Outline", { exact: true }).click();
    for (const corner of [
      [0.85, 0.05],
      [0.95, 0.05],
      [0.95, 0.2],
    ] as const)
      await drawOn(page, stage, [corner]);
    await page.getByRole("button", { name: "Close the outline" }).click();
    await page.getByText("Marked parts: 3").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Marked parts: 1").waitFor();
    await page.getByText("Everything else", { exact: true }).click();
    await page.getByText("White", { exact: true }).click();
    await page.getByRole("button", { name: "Cut off edges" }).click();
    await page.getByRole("slider", { name: /^Left/ }).fill("10");
    const original = await pixelsOf(await colourful());
    const copy = await pixelsOf(await finish(page));
    assert.deepEqual([copy.width, copy.height], [270, 200]);
    assert.deepEqual(copy.at(5, 5), [255, 255, 255]);
    assert.deepEqual(copy.at(120, 100), original.at(150, 100));
    assert.deepEqual(problems, []);
    await close();
  });

  it("looks for codes and faces when asked, and covers nothing that was not accepted", async () => {
    const visit = await visits.visit("/clean");
    const { page, problems, requests, close } = visit;
    const asked = requests.length;
    await openCover(page, await colourful(), "png");
    await page.getByRole("button", { name: "Look for faces and codes" }).click();
    await page.getByText(/Found nothing\.|Found: faces/).waitFor();
    await page.getByText("Nothing is marked or cut off yet.").waitFor();
    nothingSent(visit, asked, visits.server.url);
    assert.deepEqual(problems, []);
    await close();
  });

  it("proposes heads one by one: by keyboard one is marked, one left; only the marked one is covered", async () => {
    const { page, problems, close } = await visits.visit("/clean");
    const original = await readPhotograph("more/three-men");
    await openCover(page, original);
    await page.getByRole("button", { name: "Show the picture" }).click();
    await page.getByRole("button", { name: "Look for faces and codes" }).press("Enter");
    const rows = page.getByRole("list", { name: "What was found" }).getByRole("listitem");
    await rows.first().waitFor();
    const found = await rows.count();
    assert.ok(found >= 2, `${found} found`);
    assert.equal(await page.locator(".stage-proposal").count(), found);
    await page.getByText("Nothing is marked or cut off yet.").waitFor();
    assert.deepEqual(await findBarriers(page), []);
    const isFocused = (name: string) =>
      page.waitForFunction((wanted) => document.activeElement?.getAttribute("aria-label") === wanted, name);
    await page.getByRole("button", { name: "Mark it: Face 2" }).focus();
    assert.equal(await page.locator(".stage-proposal.pointed").count(), 1);
    await page.keyboard.press("Enter");
    await page.getByText("Marked parts: 1").waitFor();
    await isFocused(found > 2 ? "Mark it: Face 3" : "Mark it: Face 1");
    await page.getByRole("button", { name: "Leave it: Face 1" }).press("Enter");
    assert.equal(await rows.count(), found - 2);
    if (found > 2) await page.getByRole("button", { name: "Leave all" }).press("Enter");
    assert.equal(await page.locator(".stage-proposal").count(), 0);
    await page.getByText("Marked parts: 1").waitFor();
    // Its outline is a shape like any other.
    const mark = page.getByRole("button", { name: "Oval 1", exact: true });
    await mark.focus();
    const copy = await pixelsOf(await finish(page));
    const heads = [
      [211, 122],
      [410, 130],
      [654, 110],
    ] as const;
    const covered = heads.filter(([x, y]) => copy.at(x, y).every((value) => value < 8));
    assert.equal(covered.length, 1);
    assert.deepEqual(problems, []);
    await close();
  });

  it("proposes writing when asked for it, beside heads that were found before; what is marked is covered", async () => {
    const visit = await visits.visit("/clean");
    const { page, problems, requests, close } = visit;
    const asked = requests.length;
    const original = await readPhotograph("more/man-on-a-beach");
    await openCover(page, original);
    await page.getByRole("button", { name: "Show the picture" }).click();
    await page.getByRole("button", { name: "Look for faces and codes" }).press("Enter");
    const rows = page.getByRole("list", { name: "What was found" }).getByRole("listitem");
    await rows.first().waitFor();
    const heads = await rows.count();
    assert.ok(!requests.some((address) => address.includes("PP-OCR")));
    await page.getByRole("button", { name: "Look for writing" }).press("Enter");
    await page.getByText("Found: places with writing 1. Nothing is covered yet.").waitFor();
    assert.equal(await rows.count(), heads + 1);
    assert.equal(await page.locator(".stage-proposal").count(), heads + 1);
    await page.getByText("Nothing is marked or cut off yet.").waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await page.getByRole("button", { name: "Mark it: Writing 1" }).press("Enter");
    await page.getByText("Marked parts: 1").waitFor();
    await page.getByRole("button", { name: "Leave all" }).press("Enter");
    const [shown, copy] = [await pixelsOf(original), await pixelsOf(await finish(page))];
    for (const x of [415, 450, 490]) assert.ok(copy.at(x, 280).every((value) => value < 8));
    // The sea beside is as it was, as far as JPEG leaves it so.
    for (const [channel, value] of copy.at(100, 500).entries())
      assert.ok(Math.abs(value - (shown.at(100, 500)[channel] ?? 255)) < 25);
    nothingSent(visit, asked, visits.server.url);
    assert.deepEqual(problems, []);
    await close();
  });

  it("proposes screens when asked for them; what is marked is covered", async () => {
    const visit = await visits.visit("/clean");
    const { page, problems, requests, close } = visit;
    const asked = requests.length;
    const original = await readPhotograph("more/living-room");
    await openCover(page, original);
    await page.getByRole("button", { name: "Show the picture" }).click();
    assert.ok(!requests.some((address) => address.includes("objectron")));
    await page.getByRole("button", { name: "Look for screens" }).press("Enter");
    await page.getByText("Found: screens 1. Nothing is covered yet.").waitFor();
    assert.equal(requests.filter((address) => address.includes("objectron")).length, 1);
    assert.equal(await page.locator(".stage-proposal").count(), 1);
    await page.getByText("Nothing is marked or cut off yet.").waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await page.getByRole("button", { name: "Mark it: Screen 1" }).press("Enter");
    await page.getByText("Marked parts: 1").waitFor();
    const [shown, copy] = [await pixelsOf(original), await pixelsOf(await finish(page))];
    for (const x of [330, 356, 388]) assert.ok(copy.at(x, 103).every((value) => value < 8));
    // The wall beside is as it was, as far as JPEG leaves it so.
    for (const [channel, value] of copy.at(100, 60).entries())
      assert.ok(Math.abs(value - (shown.at(100, 60)[channel] ?? 255)) < 25);
    nothingSent(visit, asked, visits.server.url);
    assert.deepEqual(problems, []);
    await close();
  });

  it("looking for screens can be stopped, finds none in a picture of colours, and says when it can't be done", async () => {
    const { page, problems, close } = await visits.visit("/clean");
    await openCover(page, await colourful(), "png");
    // A model that never comes: the work is stopped in the middle of it.
    await page.route(/objectron/u, () => {});
    await page.getByRole("button", { name: "Look for screens" }).press("Enter");
    await page.getByRole("progressbar", { name: "Looking on this device" }).waitFor();
    await page.getByRole("button", { name: "Stop" }).press("Enter");
    const look = page.getByRole("button", { name: "Look for screens" });
    await look.waitFor();
    await page.unroute(/objectron/u);
    await page.route(/objectron/u, (route) => route.abort());
    await look.press("Enter");
    await page.getByText("Looking did not work.").waitFor();
    await page.unroute(/objectron/u);
    await look.press("Enter");
    await page.getByText("Found nothing.").waitFor();
    await page.getByText("Nothing is marked or cut off yet.").waitFor();
    assert.deepEqual(
      problems.filter((problem) => !problem.includes("ERR_FAILED")),
      [],
    );
    await close();
  });

  it("covers a photograph of 12 megapixels in a worker", async (test) => {
    const { page, problems, close } = await visits.visit("/clean", {}, "h1", async (opened) => {
      await opened.addInitScript(() => {
        const watch = new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) {
            const { dataset } = document.documentElement;
            dataset["longest"] = String(Math.max(Number(dataset["longest"] ?? 0), duration));
          }
        });
        watch.observe({ type: "longtask", buffered: true });
      });
    });
    const large = await sharp(await readPhotograph("forest-stream"))
      .resize(4000, 3000)
      .jpeg({ quality: 90 })
      .toBuffer();
    await openCover(page, large);
    await page.evaluate(() => delete document.documentElement.dataset["longest"]);
    await page.getByRole("button", { name: "Show the picture" }).click();
    await page.getByRole("button", { name: "Add one in the middle" }).click();
    const copy = await pixelsOf(await finish(page));
    assert.deepEqual([copy.width, copy.height], [4000, 3000]);
    assert.ok(copy.at(2000, 1500).every((value) => value < 8));
    const longest = await page.evaluate(() => document.documentElement.dataset["longest"] ?? "below 50");
    test.diagnostic(`longest task of the page's own thread while covering, cleaning and saving: ${longest} ms`);
    assert.deepEqual(problems, []);
    await close();
  });

  it("cleans what it covered: no place, name, small copy or hidden video is in it, and it stands upright", async () => {
    const { page, close } = await visits.visit("/clean");
    const original = await revealingJpeg();
    await openCover(page, original);
    await page.getByRole("button", { name: "Add one in the middle" }).click();
    const bytes = await finish(page);
    for (const planted of [PLANTED, "Example", "2024", "ftyp", "Exif", "JFXX"])
      assert.ok(!bytes.includes(planted), planted);
    assert.equal(bytes.indexOf(Buffer.from([0xff, 0xd9])), bytes.length - 2, "something behind the end");
    // One picture: no small copy, gain map or layer, all of which would be a JPEG of their own.
    const begins = Buffer.from([0xff, 0xd8, 0xff]);
    assert.notEqual(original.indexOf(begins, 2), -1);
    assert.equal(bytes.indexOf(begins, 2), -1);
    const { width, height, orientation = 1 } = await sharp(bytes).metadata();
    const upright = await sharp(original).autoOrient().toBuffer({ resolveWithObject: true });
    assert.deepEqual([width, height, orientation], [upright.info.width, upright.info.height, 1]);
    const copy = await pixelsOf(bytes);
    assert.ok(copy.at(width >> 1, height >> 1).every((value) => value < 8));
    await close();
  });
});
