/** Sharing to the page from other apps, in Chromium: off by default, what it leaves, what comes, what never leaves. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { chromium, type Page } from "playwright-core";
import { findChromium, noChromium } from "../../../tools/chromium.ts";
import { PLANTED, revealingJpeg } from "./revealing-files.ts";
import { endWorker, type Front, leftBehind, NOTHING, shareTo, startFront, TURNED_ON, turnOn } from "./share-visit.ts";
import { chooseFiles, goToChoose, photograph, readVideo, sendNumbers, startVisits, type Visits } from "./visit.ts";

const LOST = "What you shared is no longer there";
const jpeg = (buffer: Buffer) => ({ name: "IMG_2024_Marta.jpg", mimeType: "image/jpeg", buffer });
const lookedAt = (page: Page, count: number) => page.getByRole("status").filter({ hasText: `Looked at: ${count}.` });

describe("sharing to the page", { skip: noChromium }, () => {
  let visits: Visits;
  let front: Front;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "recourse-share-"));
    visits = await startVisits();
    front = await startFront(visits.server.url);
  });
  after(async () => {
    await front?.close();
    await visits?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const openShared = async (page: Page): Promise<void> => {
    // Of an address with another mark alone the browser does not load the document.
    await page.goto("about:blank");
    await page.goto(`${front.url}/clean#shared`);
  };

  const posts = (): number => front.asked.filter((each) => each.startsWith("POST")).length;

  it("leaves nothing unless it is turned on, and nothing but what it says after that", async () => {
    const { page, requests, problems, close } = await visits.visit("/clean");
    assert.deepEqual(await leftBehind(page), NOTHING);
    await page.getByRole("button", { name: "I understand, begin" }).click();
    await page.getByRole("button", { name: "Share from other apps to this page" }).click();
    for (const sentence of ["An app stays.", "begins to send your files to this site", "Don’t turn it on if"])
      await page.getByText(sentence).waitFor();
    assert.deepEqual(await leftBehind(page), NOTHING);
    assert.deepEqual(
      requests.filter((address) => /worker\.js|webmanifest|icon-/.test(address)),
      [],
    );
    await page.getByRole("button", { name: "Turn it on" }).press("Enter");
    await page.getByText("It is on. One thing is left").waitFor();
    // What became of it has the focus: the button beside it says another thing now.
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("role")), "status");
    assert.deepEqual(await leftBehind(page), TURNED_ON);
    // It does not serve the page: pages are not its clients.
    assert.equal(await page.evaluate(() => navigator.serviceWorker.controller), null);
    await page.reload();
    await page.getByRole("button", { name: "I understand, begin" }).click();
    await page.getByRole("button", { name: "Share from other apps to this page: on" }).click();
    assert.deepEqual(await leftBehind(page), TURNED_ON);
    await page.getByRole("button", { name: "Turn it off" }).press("Enter");
    await page.getByText("It is off. The program is gone").waitFor();
    await page.getByText("A page can’t remove the app.").waitFor();
    assert.deepEqual(await leftBehind(page), NOTHING);
    assert.deepEqual(
      requests.filter((address) => !address.startsWith(visits.server.url) && !address.startsWith("blob:")),
      [],
    );
    assert.deepEqual(problems, []);
    await close();
  });

  it("brings files to the page, which cleans them, and neither sends nor keeps them", async () => {
    const { page, problems, close } = await visits.visit();
    await turnOn(page, front.url);
    const earlier = posts();
    const original = await revealingJpeg();
    await shareTo(page, front.url, [
      jpeg(original),
      { name: "VID_2024.mp4", mimeType: "video/mp4", buffer: await readVideo("hike.mp4") },
      { name: "empty.jpg", mimeType: "image/jpeg", buffer: Buffer.alloc(0) },
    ]);
    await lookedAt(page, 2).filter({ hasText: "Can’t be cleaned: 1." }).waitFor();
    // No mark that a reload, the history or a bookmark would keep.
    assert.equal(page.url(), `${front.url}/clean`);
    await page.getByRole("button", { name: "Make 2 clean copies" }).click();
    await page.getByRole("heading", { name: "Your clean copies are ready" }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save the copy: Picture 1" }).click(),
    ]);
    const bytes = await readFile(await download.path());
    assert.ok(original.includes(PLANTED) && !bytes.includes(PLANTED) && bytes.length > 10_000);
    assert.equal(posts(), earlier, "something was posted to the server");
    assert.deepEqual(await leftBehind(page), TURNED_ON);
    await openShared(page);
    await page.getByText(LOST).waitFor();
    await page.getByText("Nothing chosen yet.").waitFor();
    assert.deepEqual(problems, []);
    await close();
  });

  /** Shares a picture that no page takes: it waits in the worker. */
  const leaveWaiting = async (page: Page): Promise<void> => {
    front.setEmpty(true);
    try {
      await shareTo(page, front.url, [jpeg(await revealingJpeg())]);
      assert.equal(await page.title(), "Empty");
      assert.deepEqual(await leftBehind(page), { ...TURNED_ON, manifests: 0 });
    } finally {
      front.setEmpty(false);
    }
  };

  it("keeps what waits for the page, and no longer than until it is taken, left, turned off or the worker ends", async () => {
    const { page, close } = await visits.visit();
    await page.route("https://www.weather.gov/**", (route) => route.fulfill({ body: "<title>Weather</title>" }));
    const ends: Readonly<Record<string, () => Promise<unknown>>> = {
      async "left by the button"() {
        await page.goto(`${front.url}/`);
        await page.getByRole("button", { name: "I understand, begin" }).waitFor();
        const arrived = page.waitForURL("https://www.weather.gov/**");
        await page.getByRole("button", { name: "Leave this page", exact: true }).click();
        await arrived;
      },
      async "turned off"() {
        await page.goto(`${front.url}/clean`);
        await page.getByRole("button", { name: "I understand, begin" }).click();
        await page.getByRole("button", { name: "Share from other apps to this page: on" }).click();
        await page.getByRole("button", { name: "Turn it off" }).click();
        await page.getByText("It is off. The program is gone").waitFor();
        assert.deepEqual(await leftBehind(page), NOTHING);
        await page.getByRole("button", { name: "Turn it on" }).click();
        await page.getByText("It is on. One thing is left").waitFor();
      },
      "the worker ended": () => endWorker(page),
    };
    await turnOn(page, front.url);
    for (const [name, end] of Object.entries(ends)) {
      await leaveWaiting(page);
      await openShared(page);
      // It did wait: else nothing could be lost below.
      await lookedAt(page, 1).waitFor();
      await leaveWaiting(page);
      await end();
      await openShared(page);
      await page.getByText(LOST).waitFor();
      assert.equal(await page.getByText("Nothing chosen yet.").count(), 1, name);
      assert.equal((await leftBehind(page))["caches"]?.toString(), "", name);
    }
    await close();
  });

  it("is taken away by withdrawing the whole case, which says so", async () => {
    const { page, close } = await visits.visit();
    await turnOn(page, visits.server.url);
    await page.goto(visits.server.url);
    await goToChoose(page);
    await chooseFiles(page, [photograph("marigold")]);
    await page.getByText("1 picture is ready.").waitFor();
    await sendNumbers(page);
    await page.getByText("I have kept the number and the key").click();
    await page.getByRole("button", { name: "See my case" }).click();
    await page.getByRole("button", { name: "Withdraw the whole case" }).click();
    await page.getByRole("button", { name: "Yes, withdraw" }).click();
    await page.getByText("Sharing from other apps was turned off on this device as well.").waitFor();
    assert.deepEqual(await leftBehind(page), NOTHING);
    await close();
  });

  it("is refused by the server where the browser has dropped the worker, and the page tells what happened", async () => {
    const { page, requests, close } = await visits.visit();
    const origin = visits.server.url;
    await page.route(`${origin}/sheet`, async (route) => {
      const sheet = await fetch(`${front.url}/sheet`);
      await route.fulfill({ body: await sheet.text(), contentType: "text/html" });
    });
    await turnOn(page, origin);
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration("/clean/shared"))?.unregister());
    // More than systems hold of a connection by themselves: the browser is still sending when it is refused.
    const large = join(folder, "large.mp4");
    await writeFile(large, Buffer.alloc(64 * 2 ** 20, "x"));
    const refused = page.waitForResponse((response) => response.request().method() === "POST");
    await shareTo(page, origin, large);
    assert.equal((await refused).status(), 405);
    await page.getByRole("heading", { name: "What you shared was not taken" }).waitFor();
    await page.getByText("A part of the files may have crossed the network").waitFor();
    assert.deepEqual(await leftBehind(page), NOTHING);
    await page.getByRole("button", { name: "Choose files here" }).press("Enter");
    await page.getByRole("button", { name: "I understand, begin" }).waitFor();
    assert.equal(page.url(), `${origin}/clean`);
    // The address by itself sends nothing, and says that.
    await page.goto(`${origin}/clean/shared`);
    await page.getByRole("heading", { name: "Nothing was shared here" }).waitFor();
    assert.equal(requests.filter((address) => !address.startsWith(origin)).length, 0);
    await close();
  });

  it("goes over to a new version of the worker, but not before what waits in the old one is taken", async () => {
    const { page, close } = await visits.visit();
    await turnOn(page, front.url);
    await leaveWaiting(page);
    front.setWorkerEnd("\n// the next version");
    const states = (): Promise<readonly (string | undefined)[]> =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.getRegistration("/clean/shared");
        return [registration?.active?.state, registration?.waiting?.state, registration?.installing?.state];
      });
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration("/clean/shared");
      await registration?.update();
      const next = registration?.installing;
      await new Promise<void>((resolve) => {
        if (next === null || next === undefined) return resolve();
        next.addEventListener("statechange", () => resolve());
      });
    });
    assert.deepEqual(await states(), ["activated", "installed", undefined]);
    await openShared(page);
    await lookedAt(page, 1).waitFor();
    await page.waitForFunction(async () => {
      const registration = await navigator.serviceWorker.getRegistration("/clean/shared");
      return registration?.active?.state === "activated" && registration.waiting === null;
    });
    const earlier = posts();
    await shareTo(page, front.url, [jpeg(await revealingJpeg())]);
    await lookedAt(page, 1).waitFor();
    assert.equal(posts(), earlier);
    front.setWorkerEnd("");
    await close();
  });

  it("offers to put the app on the device where the browser asks whether it may, once for each time it asks", async () => {
    const { page, close } = await visits.visit();
    await turnOn(page, front.url);
    // Chromium without a screen never asks: this is what it would say.
    const offer = (): Promise<boolean> =>
      page.evaluate(() => {
        const event = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
          prompt: () => {
            document.body.dataset["asked"] = `${document.body.dataset["asked"] ?? ""}asked `;
            return Promise.resolve({ outcome: "dismissed" });
          },
        });
        window.dispatchEvent(event);
        return event.defaultPrevented;
      });
    const asked = (): Promise<string | undefined> => page.evaluate(() => document.body.dataset["asked"]);
    const button = page.getByRole("button", { name: "Put the app on this device" });
    const how = page.getByText("open the browser’s menu and choose");
    await how.waitFor();
    assert.equal(await button.count(), 0);
    // The browser's own bar stays away: it would come before anybody has read what the app leaves behind.
    assert.equal(await offer(), true);
    await button.waitFor();
    assert.equal(await how.count(), 0);
    assert.equal(await asked(), undefined);
    await button.press("Enter");
    await how.waitFor();
    assert.equal(await button.count(), 0);
    assert.equal(await asked(), "asked ");
    await offer();
    await button.waitFor();
    await page.evaluate(() => window.dispatchEvent(new Event("appinstalled")));
    await how.waitFor();
    await offer();
    await button.waitFor();
    await page.getByRole("button", { name: "Turn it off" }).press("Enter");
    await page.getByText("It is off. The program is gone").waitFor();
    assert.equal(await button.count(), 0);
    assert.equal(await asked(), "asked ");
    await close();
  });

  it("shows how much of a long share has come, and stops when asked", async () => {
    const { page, close } = await visits.visit();
    await turnOn(page, front.url);
    // A disk that is slow for what lies behind the first blocks, until it is told to go on.
    await page.addInitScript(() => {
      const read = Blob.prototype.arrayBuffer;
      let blocks = 0;
      const slow = new Promise<void>((resolve) => {
        window.addEventListener("go-on", () => resolve());
      });
      Blob.prototype.arrayBuffer = async function arrayBuffer(this: Blob): Promise<ArrayBuffer> {
        blocks += 1;
        if (blocks > 2 && window.location.pathname === "/clean") await slow;
        return read.call(this);
      };
    });
    const long = join(folder, "long.jpg");
    await writeFile(long, Buffer.concat([await revealingJpeg(), Buffer.alloc(12 << 20, 1)]));
    const bar = page.getByRole("progressbar", { name: /^Taking over what you shared, (?:[1-9]|[1-9]\d)%$/ });
    await shareTo(page, front.url, long);
    await bar.waitFor();
    await page.getByRole("button", { name: "Stop" }).press("Enter");
    await page.evaluate(() => window.dispatchEvent(new Event("go-on")));
    await page.getByText("Stopped, as you asked. What you shared was not taken over.").waitFor();
    await page.getByText("Nothing chosen yet.").waitFor();
    await shareTo(page, front.url, long);
    await bar.waitFor();
    await page.evaluate(() => window.dispatchEvent(new Event("go-on")));
    await lookedAt(page, 1).waitFor();
    assert.equal(await bar.count(), 0);
    await close();
  });

  it("is an app that Chromium would install, with a name that says nothing and the files that are cleaned", async () => {
    // Windows without a history can't install anything, so this one has a folder.
    const executablePath = findChromium() ?? "";
    const context = await chromium.launchPersistentContext(join(folder, "profile"), {
      executablePath,
      args: ["--no-sandbox"],
    });
    try {
      context.setDefaultTimeout(120_000);
      const page = await context.newPage();
      await turnOn(page, visits.server.url);
      const devtools = await context.newCDPSession(page);
      const { url, errors, data } = await devtools.send("Page.getAppManifest");
      assert.equal(url, `${visits.server.url}/clean/app.webmanifest`);
      assert.deepEqual(errors, []);
      const manifest = JSON.parse(data ?? "{}");
      assert.deepEqual([manifest.name, manifest.scope, manifest.start_url], ["Pictures", "/clean", "/clean"]);
      const { action, method, enctype } = manifest.share_target;
      assert.deepEqual([action, method, enctype], ["/clean/shared", "POST", "multipart/form-data"]);
      const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
      assert.deepEqual(installabilityErrors, []);
    } finally {
      await context.close();
    }
  });
});
