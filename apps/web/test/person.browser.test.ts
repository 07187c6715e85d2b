/** The person's page in Chromium, from the first screen to the withdrawal. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { noChromium } from "../../../tools/chromium.ts";
import {
  chooseFiles,
  chooseStronger,
  goToChoose,
  photograph,
  readPhotograph,
  sendNumbers,
  startVisits,
  type Visits,
} from "./visit.ts";

describe("the person's page", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  it("goes the whole way by keyboard alone, and sends nothing but numbers to its own server", async () => {
    const { page, requests, problems, close } = await visits.visit();
    const bodies: string[] = [];
    page.on("request", (request) => bodies.push(request.postData() ?? ""));
    const press = async (name: string | RegExp): Promise<void> => {
      const button = page.getByRole("button", { name });
      // Reached by Tab, not by reaching into the page.
      for (let count = 0; count < 60; count += 1) {
        if (await button.evaluate((element) => element === document.activeElement)) break;
        await page.keyboard.press("Tab");
      }
      assert.ok(await button.evaluate((element) => element === document.activeElement), `${name} can't be reached`);
      await page.keyboard.press("Enter");
    };
    await press("I understand, begin");
    await press(/^Protect pictures/);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    assert.equal(await page.getByRole("radio", { name: /^Yes, 18/ }).isChecked(), true);
    await press("Continue");
    // Nothing is chosen for the person, and nothing goes on without a choice.
    await page.getByRole("heading", { name: "How much should be recognised?" }).waitFor();
    assert.equal(await page.getByRole("radio", { checked: true }).count(), 0);
    await press("Continue");
    await page.getByRole("alert").getByText("Please choose yes or no.").waitFor();
    await page.getByRole("radio", { name: "No, without them" }).press("Space");
    await press("Continue");
    const chooser = page.waitForEvent("filechooser");
    await press("Choose pictures");
    await (await chooser).setFiles([photograph("fig"), photograph("two-dogs")]);
    await page.getByText("2 pictures are ready.").waitFor();
    await press("See what will be sent");
    const folds = page.getByRole("button", { name: /^Show all \d+ numbers$/ });
    const counts = (await folds.allTextContents()).map((text) => Number(/\d+/.exec(text)?.[0]));
    await folds.first().press("Enter");
    const shown = await page.locator(".numbers td.code").allTextContents();
    await press("Send the numbers");
    await page.getByRole("heading", { name: "Your pictures are protected" }).waitFor();
    await page.getByRole("checkbox", { name: "I have kept the number and the key" }).press("Space");
    await press("See my case");
    await page.getByText("No copy found so far.").first().waitFor();
    // Which is which, for who wants to withdraw one of them; the names never left the device (see below).
    assert.match(
      (await page.getByRole("listitem").filter({ hasText: "Picture 1, added" }).textContent()) ?? "",
      /fig\.jpg/,
    );

    assert.deepEqual(problems, []);
    const origin = new URL(visits.server.url).origin;
    assert.deepEqual(
      requests.filter((address) => !address.startsWith(origin) && !address.startsWith("blob:")),
      [],
    );
    assert.ok(requests.every((address) => new URL(address).search === ""));
    const sent = bodies.join("\n");
    for (const value of shown.filter((each) => each !== ""))
      assert.ok(sent.includes(value), "a number was shown but not sent");
    const values = new Set([...sent.matchAll(/"value":"([0-9a-f]+)"/g)].map((found) => found[1]));
    assert.equal(shown.length, counts[0]);
    assert.equal(
      values.size,
      counts.reduce((sum, count) => sum + count, 0),
    );
    assert.ok(!sent.includes("pdq-local"), "stronger recognition was not chosen");
    const bytes = await readPhotograph("fig");
    assert.ok(!sent.includes(bytes.toString("base64").slice(100, 140)));
    assert.doesNotMatch(sent, /fig|two-dogs|jpg/);
    assert.ok(sent.length < 40_000);
    await close();
  });

  it("looks at no picture and asks nothing of the server for someone under 18 or unsure", async () => {
    for (const answer of ["No, younger in some", "I am not sure"]) {
      const { page, requests, close } = await visits.visit();
      await page.getByRole("button", { name: "I understand, begin" }).click();
      await page.getByRole("button", { name: /^Protect pictures/ }).click();
      await page.getByText(answer).click();
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("heading", { name: "There is special help for you" }).waitFor();
      const links = await page
        .getByRole("main")
        .getByRole("link")
        .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      assert.ok(links.includes("https://takeitdown.ncmec.org"));
      assert.ok(links.includes("https://www.childline.org.uk/remove"));
      assert.ok(links.includes("https://report.iwf.org.uk"));
      assert.equal(await page.locator("input[type=file]").count(), 0);
      assert.deepEqual(
        requests.filter((address) => address.includes("/api/") || address.includes("worker")),
        [],
      );
      await close();
    }
  });

  it("takes no pictures without consent, and asks for both answers", async () => {
    const { page, close } = await visits.visit();
    await page.getByRole("button", { name: "I understand, begin" }).click();
    await page.getByRole("button", { name: /^Protect pictures/ }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("alert").getByText("Please answer both questions.").waitFor();
    await page.getByText("Yes, 18 or older in all of them").click();
    await page.getByRole("radiogroup").nth(1).getByText("No", { exact: true }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "We can’t take these pictures" }).waitFor();
    assert.equal(await page.locator("input[type=file]").count(), 0);
    await close();
  });

  it("takes pictures that are pasted or dropped, names each problem, and lets one be taken out", async () => {
    const { page, problems, close } = await visits.visit();
    await goToChoose(page);
    const bytes = [...(await readPhotograph("clock"))];
    await page.evaluate((content) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(content)], "clock.jpg", { type: "image/jpeg" }));
      window.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, bytes);
    await page.getByText("1 picture is ready.").waitFor();
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
    await page.getByText("2 pictures are ready.").waitFor();
    await chooseFiles(page, [
      { name: "empty.jpg", mimeType: "image/jpeg", buffer: Buffer.alloc(0) },
      { name: "text.png", mimeType: "image/png", buffer: Buffer.from("no picture at all") },
      { name: "cut.jpg", mimeType: "image/jpeg", buffer: Buffer.from(bytes).subarray(0, 30_000) },
    ]);
    await page.getByText("This file is empty.").waitFor();
    await page.getByText("This is neither a picture nor a video.").waitFor();
    await page.getByText("This picture is damaged or not complete.").waitFor();
    await page.getByRole("button", { name: "Remove Picture 3" }).click();
    assert.equal(await page.getByText("This file is empty.").count(), 0);
    await page.getByText("2 pictures are ready.").waitFor();
    assert.deepEqual(problems, []);
    await close();
  });

  it("says what was kept when the server can't be reached, and goes on from there", async () => {
    const { page, close } = await visits.visit();
    await goToChoose(page);
    await chooseFiles(page, [photograph("kite")]);
    await page.getByText("1 picture is ready.").waitFor();
    await page.getByRole("button", { name: "See what will be sent" }).click();
    // The case is opened; the items don't get through at first, and the second time only the answer is lost.
    let tries = 0;
    await page.route("**/api/hub/case/items", async (route) => {
      tries += 1;
      if (tries === 1) return route.abort("connectionfailed");
      if (tries === 2) {
        await route.fetch();
        return route.abort("connectionreset");
      }
      return route.continue();
    });
    await page.getByRole("button", { name: "Send the numbers" }).click();
    for (let round = 0; round < 2; round += 1) {
      await page.getByRole("alert").getByText("The server did not answer. Check your connection.").waitFor();
      await page.getByText("We can’t tell yet whether anything arrived. Nothing is lost").waitFor();
      // The case is open by now: its number and key are there already, should the line never come back.
      await page.getByRole("button", { name: "Show its number and key" }).click();
      assert.equal(await page.locator(".secret").count(), 2);
      await page.getByRole("button", { name: "Try again" }).click();
    }
    await page.getByRole("heading", { name: "Your pictures are protected" }).waitFor();
    await page.getByText("I have kept the number and the key").click();
    await page.getByRole("button", { name: "See my case" }).click();
    assert.equal(await page.getByRole("button", { name: /^Withdraw picture/ }).count(), 1);
    await close();
  });

  it("takes another case number when the first is somebody else's, without a word", async () => {
    const { page, problems, close } = await visits.visit();
    await goToChoose(page);
    await chooseFiles(page, [photograph("cups")]);
    await page.getByText("1 picture is ready.").waitFor();
    const numbers: string[] = [];
    await page.route("**/api/hub/case/open", (route) => {
      numbers.push(JSON.parse(route.request().postData() ?? "{}").caseNumber);
      return numbers.length === 1
        ? route.fulfill({ status: 409, json: { error: { code: "case_number_taken", message: "" } } })
        : route.continue();
    });
    const { number } = await sendNumbers(page);
    assert.equal(numbers.length, 2);
    assert.notEqual(numbers[0], numbers[1]);
    assert.equal(number, numbers[1]);
    assert.deepEqual(problems, []);
    await close();
  });

  it("comes back by number and key, finds slips before asking, adds and withdraws", async () => {
    const first = await visits.visit();
    await goToChoose(first.page);
    await chooseFiles(first.page, [photograph("moss")]);
    await first.page.getByText("1 picture is ready.").waitFor();
    const secrets = await sendNumbers(first.page);
    await first.page.getByRole("button", { name: "Show recovery codes" }).click();
    const codes = await first.page
      .getByRole("list", { name: "Recovery codes" })
      .getByRole("listitem")
      .allTextContents();
    assert.equal(codes.length, 3);
    const download = first.page.waitForEvent("download");
    await first.page.getByRole("button", { name: "Save as a file" }).click();
    const saved = await download;
    assert.equal(saved.suggestedFilename(), "notes.txt");
    const text = await readFile(await saved.path(), "utf8");
    for (const secret of [secrets.number, secrets.key, ...codes]) assert.ok(text.includes(secret));
    assert.equal(await first.page.getByRole("button", { name: "See my case" }).isDisabled(), true);
    await first.close();

    const { page, close } = await visits.visit();
    const openReturn = async (): Promise<void> => {
      await page.getByRole("button", { name: "I understand, begin" }).click();
      await page.getByRole("button", { name: /^Come back to a case/ }).click();
    };
    await openReturn();
    await page.getByLabel("Case number").fill(secrets.number.slice(0, -1));
    await page.getByLabel("Case key").fill(`${secrets.key.slice(0, -1)}${secrets.key.endsWith("A") ? "B" : "A"}`);
    await page.getByRole("button", { name: "Open the case" }).click();
    await page.getByText("This can’t be a case number.").waitFor();
    await page.getByText("There is a slip in this.").waitFor();
    await page.getByLabel("Case number").fill(secrets.number.toLowerCase().replaceAll("-", " "));
    await page.getByLabel("Case key").fill(secrets.key.toLowerCase());
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Your case" }).waitFor();

    assert.equal(await page.getByText("moss.jpg").count(), 0);
    await page.getByRole("button", { name: "Add pictures" }).click();
    await page.getByText("Yes, 18 or older in all of them").click();
    await page.getByText("Yes, and they must not be passed on").click();
    await page.getByRole("button", { name: "Continue" }).click();
    await chooseStronger(page, false);
    await chooseFiles(page, [photograph("planks")]);
    await page.getByText("1 picture is ready.").waitFor();
    await page.getByRole("button", { name: "See what will be sent" }).click();
    await page.getByRole("button", { name: "Send the numbers" }).click();
    await page.getByRole("heading", { name: "What you added is protected too" }).waitFor();
    await page.getByRole("button", { name: "See my case" }).click();
    await page.getByRole("button", { name: "Withdraw picture 1" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Yes, withdraw" }).click();
    await page.getByText("Withdrawn", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Withdraw the whole case" }).click();
    await page.keyboard.press("Escape");
    assert.equal(await page.getByText("Protected", { exact: true }).count(), 1);
    await page.getByRole("button", { name: "Withdraw the whole case" }).click();
    await page.getByRole("button", { name: "Yes, withdraw" }).click();
    await page.getByText("This case is withdrawn.").waitFor();
    await page.reload();

    // The key is lost: a recovery code makes a new one, on this device.
    await openReturn();
    await page.getByRole("button", { name: "I lost the key and have a recovery code" }).click();
    await page.getByLabel("Case number").fill(secrets.number);
    await page.getByLabel("Recovery code").fill(codes[1] ?? "");
    await page.getByRole("button", { name: "Open the case" }).click();
    await page.getByRole("heading", { name: "This is your new case key" }).waitFor();
    const [, newKey] = await page.locator(".secret").allTextContents();
    assert.notEqual(newKey, secrets.key);
    await page.reload();
    await openReturn();
    await page.getByLabel("Case number").fill(secrets.number);
    await page.getByLabel("Case key").fill(secrets.key);
    await page.getByRole("button", { name: "Open the case" }).click();
    await page.getByText("No case has this number and key.").waitFor();
    await page.getByLabel("Case key").fill(newKey ?? "");
    await page.getByRole("button", { name: "Open the case" }).click();
    await page.getByText("2 recovery codes left.").waitFor();
    await close();
  });

  it("takes the same picture once, says what is left out, and takes a withdrawal on", async () => {
    const { page, close } = await visits.visit();
    await goToChoose(page);
    await chooseFiles(page, [photograph("facade"), photograph("facade")]);
    await page.getByText("You chose this already.").waitFor();
    await chooseFiles(page, [{ name: "x.png", mimeType: "image/png", buffer: Buffer.from("no picture at all") }]);
    await page.getByText("This is neither a picture nor a video.").waitFor();
    await page.getByText("1 picture is ready.").waitFor();
    await page.getByRole("button", { name: "See what will be sent" }).click();
    await page.getByText("1 file could not be used and is left out.").waitFor();
    await page.getByRole("button", { name: "Send the numbers" }).click();
    await page.getByText("The numbers of 1 file are with us now.").waitFor();

    // A slip of the thumb does not lose the key: the browser asks, and links open beside the page.
    const asked = page.waitForEvent("dialog");
    const closing = page.close({ runBeforeUnload: true });
    const dialog = await asked;
    assert.equal(dialog.type(), "beforeunload");
    await dialog.dismiss();
    await closing;
    await page.getByRole("button", { name: "Show helplines" }).click();
    const targets = await page
      .getByRole("contentinfo")
      .getByRole("link")
      .evaluateAll((all) =>
        all
          .filter((link) => link.getAttribute("href")?.startsWith("https:"))
          .map((link) => link.getAttribute("target")),
      );
    assert.ok(targets.length > 5 && targets.every((target) => target === "_blank"));

    // Recovery codes shown by keyboard are in the file, too.
    await page.getByRole("button", { name: "Show recovery codes" }).press("Enter");
    const codes = await page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allTextContents();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as a file" }).click();
    const text = await readFile(await (await download).path(), "utf8");
    assert.ok(codes.every((code) => text.includes(code)));
    await page.emulateMedia({ media: "print" });
    assert.doesNotMatch(await page.locator("body").innerText(), /protected|picture|recovery|leave/i);
    await page.emulateMedia({ media: null });

    await page.getByText("I can’t keep them now.").click();
    await page.getByRole("button", { name: "See my case" }).click();
    await page.getByRole("button", { name: "Add pictures" }).click();
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByRole("heading", { name: "Your case" }).waitFor();

    // A withdrawal that fails is seen; one that works is said, and the focus stays near.
    await page.route("**/api/hub/case/withdraw", (route) => route.abort(), { times: 1 });
    await page.getByRole("button", { name: "Withdraw the whole case" }).click();
    await page.getByRole("button", { name: "Yes, withdraw" }).click();
    const alert = page.getByRole("alert").getByText("The server did not answer.");
    await alert.waitFor();
    assert.ok(await alert.evaluate((element) => element.getBoundingClientRect().top >= 0));
    await page.getByRole("button", { name: "Withdraw the whole case" }).click();
    await page.getByRole("button", { name: "Yes, withdraw" }).click();
    await page.getByText("Withdrawn. The numbers are deleted.").waitFor();
    assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), "BODY");
    await page.getByRole("button", { name: "Open a new case" }).click();
    await page.getByRole("heading", { name: "Two questions first" }).waitFor();
    assert.equal(await page.getByText("You have a case open.").count(), 0);
    await close();
  });

  it("loses no key when only the answer to a recovery is lost", async () => {
    const { page, close } = await visits.visit();
    await goToChoose(page);
    await chooseFiles(page, [photograph("ladybird")]);
    await page.getByText("1 picture is ready.").waitFor();
    const { number } = await sendNumbers(page);
    await page.getByRole("button", { name: "Show recovery codes" }).click();
    const [code = ""] = await page
      .getByRole("list", { name: "Recovery codes" })
      .getByRole("listitem")
      .allTextContents();
    await page.getByText("I have kept the number and the key").click();
    await page.reload();
    await page.getByRole("button", { name: "I understand, begin" }).click();
    await page.getByRole("button", { name: /^Come back to a case/ }).click();
    await page.getByRole("button", { name: "I lost the key and have a recovery code" }).click();
    await page.getByLabel("Case number").fill(number);
    await page.getByLabel("Recovery code").fill(code);
    await page.route(
      "**/api/hub/case/recover",
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await page.getByRole("button", { name: "Open the case" }).click();
    await page.getByText("The server did not answer.").waitFor();
    await page.getByRole("button", { name: "Open the case" }).click();
    await page.getByRole("heading", { name: "This is your new case key" }).waitFor();
    await close();
  });

  it("speaks English when another language can't be loaded, and has the way out before anything is loaded", async () => {
    const { page, close } = await visits.visit("/", { javaScriptEnabled: false }, "a");
    assert.equal(await page.getByRole("link", { name: "Leave this page" }).count(), 1);
    await close();
    const arabic = await visits.visit("/", { locale: "ar" }, "h1", async (fresh) => {
      await fresh.route("**/assets/ar-*.js", (route) => route.abort());
    });
    await arabic.page.getByRole("heading", { name: "Before you begin" }).waitFor();
    await arabic.close();
  });

  it("keeps nothing on the device", async () => {
    const { page, close } = await visits.visit();
    await goToChoose(page);
    const kept = await page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      cookies: document.cookie,
      databases: (await indexedDB.databases()).length,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      caches: (await caches.keys()).length,
    }));
    assert.deepEqual(kept, { local: 0, session: 0, cookies: "", databases: 0, workers: 0, caches: 0 });
    assert.equal(await page.title(), "Notes");
    assert.equal(new URL(page.url()).pathname + new URL(page.url()).search + new URL(page.url()).hash, "/");
    await close();
  });
});
