/** Before you share, in Chromium: what is found, what is saved, by keyboard, and that nothing leaves the page. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { noChromium } from "../../../tools/chromium.ts";
import { PLANTED, revealingJpeg, uprightPixels } from "./revealing-files.ts";
import { photograph, readPhotograph, readVideo, startVisits, type Visit, type Visits } from "./visit.ts";

const file = (name: string, buffer: Buffer, mimeType = "image/jpeg") => ({ name, mimeType, buffer });

/** Through the explanation to the chooser. */
const enter = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "I understand, begin" }).click();
  await page.getByRole("heading", { name: "Before you share", level: 1 }).waitFor();
};

const choose = async (page: Page, files: readonly ReturnType<typeof file>[]): Promise<void> => {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose pictures or videos" }).click(),
  ]);
  await chooser.setFiles([...files]);
};

const lookedAt = (page: Page, count: number) => page.getByRole("status").filter({ hasText: `Looked at: ${count}.` });

/** What pressing the button lets the browser save. */
const save = async (
  page: Page,
  press: () => Promise<void>,
): Promise<{ readonly name: string; readonly bytes: Buffer }> => {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
};

/** Requests from here on: none but for the page's own files, and none that carries anything. */
const assertNothingSent = ({ requests }: Visit, from: number, server: string): void => {
  const later = requests.slice(from).filter((address) => !address.startsWith("blob:"));
  for (const address of later) assert.ok(address.startsWith(`${server}/assets/`), address);
};

/** Files of an archive, by its directory. */
const unzip = (zip: Buffer): readonly { readonly name: string; readonly bytes: Buffer; readonly date: number }[] => {
  const end = zip.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const [size, nameLength, start] = [zip.readUInt32LE(at + 24), zip.readUInt16LE(at + 28), zip.readUInt32LE(at + 42)];
    const name = zip.toString("latin1", at + 46, at + 46 + nameLength);
    const date = zip.readUInt32LE(at + 12);
    at += 46 + nameLength;
    const from = start + 30 + zip.readUInt16LE(start + 26);
    return { name, date, bytes: zip.subarray(from, from + size) };
  });
};

describe("before you share", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  it("shows what a picture gives away, and saves a copy without it, of the same pixels, sending nothing", async () => {
    const visit = await visits.visit("/clean");
    const { page, problems, requests, close } = visit;
    await enter(page);
    const asked = requests.length;
    const original = await revealingJpeg();
    await choose(page, [file("IMG_2024_Marta.jpg", original)]);
    await lookedAt(page, 1).waitFor();
    const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /^Picture 1/ }) });
    for (const sentence of [
      "The place where it was made, often to within a few metres: 47.3769, 8.5417",
      "The device: Example · Phone 12",
      "A number or name that only one device has.",
      "2024-05-17 15:05",
      "The program or system: Editor 3",
      "A small copy of the picture.",
      "A hidden video",
      PLANTED,
    ])
      assert.ok((await card.innerText()).replaceAll(/[\u2066-\u2069]/gu, "").includes(sentence), sentence);
    await card.getByRole("img", { name: "Map: the place lies at 47.3769, 8.5417" }).waitFor();
    await page.getByRole("button", { name: "Make a clean copy" }).click();
    await page.getByRole("heading", { name: "Your clean copies are ready" }).waitFor();
    await page.getByText("Compared with the original: every pixel is the same.").waitFor();
    await page.getByText("which way is up").waitFor();
    await page.getByRole("heading", { name: "Picture 1 IMG_2024_Marta.jpg" }).waitFor();
    const { name, bytes } = await save(page, () =>
      page.getByRole("button", { name: "Save the copy: Picture 1" }).click(),
    );
    assert.match(name, /^[a-z2-9]{10}\.jpg$/);
    await page.getByText(`Saved as ${name}. Look among your downloads.`).waitFor();
    for (const planted of [PLANTED, "Example", "Phone 12", "2024", "Editor", "ftyp", "Marta"])
      assert.ok(!bytes.includes(planted), planted);
    assert.ok(original.includes(PLANTED));
    assert.deepEqual(await uprightPixels(bytes), await uprightPixels(original));
    assertNothingSent(visit, asked, visits.server.url);
    assert.deepEqual(problems, []);
    await close();
  });

  it("goes all the way by keyboard, from the first page", async () => {
    const { page, close } = await visits.visit();
    /** Tab until the element with this name has the focus. */
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press("Tab");
        const focused = await page.evaluate(
          () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "",
        );
        if (name.test(focused)) return;
      }
      assert.fail(`${name} can't be reached by Tab`);
    };
    const press = async (name: RegExp): Promise<void> => {
      await tabTo(name);
      await page.keyboard.press("Enter");
    };
    await press(/^I understand, begin$/);
    await page.getByRole("heading", { name: "Stop your intimate pictures" }).waitFor();
    await press(/^See what a picture gives away/);
    await page.getByRole("heading", { name: "Before you share" }).waitFor();
    const chooser = page.waitForEvent("filechooser");
    await press(/^Choose pictures or videos$/);
    await (await chooser).setFiles(file("a.jpg", await revealingJpeg()));
    await lookedAt(page, 1).waitFor();
    // The hidden picture is shown blurred first.
    await press(/^Look at it, blurred: Small copy 1$/);
    const picture = page.getByRole("img", { name: "Small copy 1" });
    await picture.waitFor();
    const filterOf = () => picture.evaluate((element) => getComputedStyle(element).filter);
    assert.match(await filterOf(), /blur/);
    await press(/^Show it clearly: Small copy 1$/);
    assert.equal(await filterOf(), "none");
    assert.equal(await picture.evaluate((element) => (element as HTMLImageElement).naturalWidth), 96);
    await press(/^Technical details$/);
    await page.getByRole("cell", { name: "GPSPosition" }).waitFor();
    await press(/^Make a clean copy$/);
    await page.getByRole("heading", { name: "Your clean copies are ready" }).waitFor();
    const { bytes } = await save(page, () => press(/^Save the copy: Picture 1$/));
    assert.ok(!bytes.includes(PLANTED));
    await press(/^Back$/);
    await press(/^Remove: Picture 1$/);
    await page.getByText("Nothing chosen yet.").waitFor();
    await press(/^Back$/);
    await page.getByRole("heading", { name: "Stop your intimate pictures" }).waitFor();
    await close();
  });

  it("saves many as one archive with neutral names and no times, and says which can't be cleaned and why", async () => {
    const visit = await visits.visit("/clean");
    const { page, problems, requests, close } = visit;
    await enter(page);
    const asked = requests.length;
    const first = await revealingJpeg("clock");
    const second = await revealingJpeg("cups");
    await choose(page, [
      file("a.jpg", first),
      file("notes.txt", Buffer.from("no picture at all"), "text/plain"),
      file("b.jpg", second),
      file("empty.jpg", Buffer.alloc(0)),
      file("cut.jpg", first.subarray(0, 300)),
    ]);
    await lookedAt(page, 2).filter({ hasText: "Can’t be cleaned: 3." }).waitFor();
    for (const sentence of [
      "We don’t know this kind of file.",
      "This file is empty.",
      "This file is damaged or not complete.",
    ])
      await page.getByText(sentence).waitFor();
    await page.getByRole("button", { name: "Make 2 clean copies" }).click();
    await page.getByText("Files that could not be cleaned: 3.").waitFor();
    const { name, bytes } = await save(page, () =>
      page.getByRole("button", { name: "Save all as one ZIP file" }).click(),
    );
    assert.match(name, /^[a-z2-9]{10}\.zip$/);
    assert.ok(!bytes.includes(PLANTED));
    const files = unzip(bytes);
    assert.equal(files.length, 2);
    assert.notEqual(files[0]?.name, files[1]?.name);
    for (const [index, original] of [first, second].entries()) {
      assert.match(files[index]?.name ?? "", /^[a-z2-9]{10}\.jpg$/);
      assert.equal(files[index]?.date, 0x21_0000, "a time other than the first of 1980");
      assert.deepEqual(await uprightPixels(files[index]?.bytes ?? Buffer.alloc(0)), await uprightPixels(original));
    }
    assertNothingSent(visit, asked, visits.server.url);
    assert.deepEqual(problems, []);
    await close();
  });

  it("takes dropped and pasted files, and says that nothing was found in a clean one", async () => {
    const { page, close } = await visits.visit("/clean");
    await enter(page);
    const clean = [...(await readPhotograph("moss"))];
    const transfer = await page.evaluateHandle((bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], "x.jpg", { type: "image/jpeg" }));
      return data;
    }, clean);
    await page.evaluate(
      (clipboardData) => window.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true })),
      transfer,
    );
    await lookedAt(page, 1).waitFor();
    // A drag from outside the browser, as the operating system would report it.
    const box = await page.locator(".drop-zone").boundingBox();
    assert.ok(box !== null);
    const devtools = await page.context().newCDPSession(page);
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      await devtools.send("Input.dispatchDragEvent", {
        type,
        x: box.x + box.width / 2,
        y: box.y + 20,
        data: { items: [], files: [photograph("cups")], dragOperationsMask: 1 },
      });
    }
    await lookedAt(page, 2).waitFor();
    await page.getByRole("button", { name: "Remove: Picture 2" }).click();
    await lookedAt(page, 1).waitFor();
    await page.getByText("Nothing found", { exact: true }).waitFor();
    await close();
  });

  it("cleans a video, which says what made it, without encoding it again", async () => {
    const visit = await visits.visit("/clean");
    const { page, problems, requests, close } = visit;
    await enter(page);
    const asked = requests.length;
    const original = await readVideo("hike.mp4");
    assert.ok(original.includes("Lavf") || original.includes("x264"), "the video says nothing of what made it");
    await choose(page, [file("VID_2024.mp4", original, "video/mp4")]);
    await lookedAt(page, 1).waitFor();
    await page.getByRole("heading", { name: /^Video 1/ }).waitFor();
    await page.getByRole("button", { name: "Make a clean copy" }).click();
    await page.getByText("Copied as it was, not encoded again.").waitFor();
    const { name, bytes } = await save(page, () =>
      page.getByRole("button", { name: "Save the copy: Video 1" }).click(),
    );
    assert.match(name, /^[a-z2-9]{10}\.mp4$/);
    for (const mark of ["Lavf", "x264", "Lavc"]) assert.ok(!bytes.includes(mark), mark);
    assert.ok(bytes.length > 0.8 * original.length);
    assertNothingSent(visit, asked, visits.server.url);
    assert.deepEqual(problems, []);
    await close();
  });

  it("hands clean copies to the share sheet where there is one, as files without name, time or text", async () => {
    const { page, close } = await visits.visit("/clean", {}, "h1", async (opened) => {
      await opened.addInitScript(() => {
        // Headless browsers have no share sheet: this one keeps what it was given.
        Object.assign(navigator, {
          canShare: ({ files }: ShareData) => (files?.length ?? 0) > 0,
          share: async (data: ShareData) => {
            const [shared] = data.files ?? [];
            document.body.dataset["shared"] = JSON.stringify({
              keys: Object.keys(data),
              time: shared?.lastModified,
              name: shared?.name,
              text: shared === undefined ? "" : await new Response(shared).text(),
            });
          },
        });
      });
    });
    await enter(page);
    await choose(page, [file("IMG_2024.jpg", await revealingJpeg())]);
    await page.getByRole("button", { name: "Make a clean copy" }).click();
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByText("The copies were handed to the app you chose.").waitFor();
    const shared = JSON.parse((await page.evaluate(() => document.body.dataset["shared"])) ?? "{}");
    assert.deepEqual(shared.keys, ["files"]);
    assert.equal(shared.time, 0);
    assert.match(shared.name, /^[a-z2-9]{10}\.jpg$/);
    assert.ok(shared.text.length > 1000 && !shared.text.includes(PLANTED));
    await close();
  });

  it("takes files out of folders that are dropped, and leaves what systems put there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "recourse-drop-"));
    const picture = await revealingJpeg();
    await mkdir(join(folder, "holiday/deep/er"), { recursive: true });
    for (const name of ["holiday/a.jpg", "holiday/deep/er/b.jpg", "holiday/.DS_Store", "c.jpg"])
      await writeFile(join(folder, name), picture);
    const { page, problems, close } = await visits.visit("/clean");
    await enter(page);
    const button = page.getByRole("button", { name: "Choose pictures or videos" });
    await button.hover();
    const box = await button.boundingBox();
    assert.ok(box !== null);
    // Only the browser itself can make a drop of real files.
    const browser = await page.context().newCDPSession(page);
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await browser.send("Input.dispatchDragEvent", {
        type,
        x: box.x + box.width / 2,
        y: box.y + box.height / 2,
        data: { items: [], files: [join(folder, "holiday"), join(folder, "c.jpg")], dragOperationsMask: 1 },
      });
    await lookedAt(page, 3).waitFor();
    for (const name of ["a.jpg", "b.jpg", "c.jpg"]) await page.getByText(name, { exact: true }).waitFor();
    assert.deepEqual(problems, []);
    await close();
    await rm(folder, { recursive: true });
  });

  it("leads to those who help with pictures of people under 18, and forgets what was chosen", async () => {
    const { page, close } = await visits.visit("/clean");
    await enter(page);
    await choose(page, [file("a.jpg", await revealingJpeg())]);
    await lookedAt(page, 1).waitFor();
    await page.getByRole("button", { name: "See who can help" }).click();
    await page.getByRole("heading", { name: "There is special help for you" }).waitFor();
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByText("Nothing chosen yet.").waitFor();
    await close();
  });
});
