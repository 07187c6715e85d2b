/** A notice and what becomes of it, in Chromium. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Download, Page } from "playwright-core";
import { noChromium } from "../../../tools/chromium.ts";
import { lookForBarriers } from "./barriers.ts";
import { goToPlan, heading } from "./remedy-visit.ts";
import { drawOn, startVisits, type Visits } from "./visit.ts";

const SHARED = "It was shared or put online";

const read = async (download: Download): Promise<string> =>
  Buffer.concat(await (await download.createReadStream()).toArray()).toString();

const saved = async (page: Page, button: string): Promise<{ readonly name: string; readonly text: string }> => {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), text: await read(download) };
};

/** Opens a step's notice, wherever it lies folded. */
const openNotice = async (page: Page, place: string, step: RegExp): Promise<void> => {
  const region = page.getByRole("region", { name: place, exact: true });
  const more = region.getByRole("button", { name: /^More ways/ });
  if ((await more.count()) > 0) await more.click();
  const item = region.getByRole("listitem").filter({ has: page.getByRole("button", { name: step }) });
  if ((await item.getByRole("button", { name: "Write this notice" }).count()) === 0)
    await item.getByRole("button", { name: step }).click();
  await item.getByRole("button", { name: "Write this notice" }).click();
  await heading(page, /^Notice to/);
};

const check = (page: Page, name: RegExp | string): Promise<void> =>
  page.getByRole("checkbox", { name }).check({ force: true });

describe("a notice", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  const toComplete = async (page: Page, links = "https://pictures.example.net/1"): Promise<void> => {
    await goToPlan(page, { situation: SHARED, links, country: "US" });
    await openNotice(page, "example.net", /TAKE IT DOWN Act/);
    await page.getByRole("textbox", { name: /What does it show/ }).fill("A photograph in front of a blue wall");
    await page.getByRole("textbox", { name: "Your e-mail" }).fill("person@example.org");
    await check(page, /I say in good faith/);
    await page.getByRole("textbox", { name: "Sign with your name" }).fill("Person Example");
    await page.getByText("Complete: everything this law asks for is in it.").waitFor();
  };

  it("is taken along as text, e-mail and machine form, each without a picture and with a name that says nothing", async () => {
    const { page, problems, requests, close } = await visits.visit("/plan");
    await toComplete(page);
    // What was not checked is said first, and the ways out open only then.
    assert.equal(await page.getByRole("button", { name: "Save as text" }).count(), 0);
    await page.getByText("Not every part of it was checked against its source.").waitFor();
    await check(page, "I have read this and want to go on");
    const text = await saved(page, "Save as text");
    assert.match(text.name, /^[a-z2-9]{10}\.txt$/);
    assert.match(text.text, /47 U\.S\.C\. 223a[\s\S]*\/Person Example\/[\s\S]*https:\/\/pictures\.example\.net\/1/);
    assert.equal(await page.getByRole("button", { name: "Save as an e-mail" }).count(), 0);
    await page.getByRole("textbox", { name: "Mail address of the recipient" }).fill("abuse@example");
    await page.getByText("This does not look like a mail address.").waitFor();
    await page.getByRole("textbox", { name: "Mail address of the recipient" }).fill("abuse@example.net");
    const mail = await saved(page, "Save as an e-mail");
    assert.match(mail.name, /^[a-z2-9]{10}\.eml$/);
    assert.match(mail.text, /^X-Unsent: 1\r\nTo: abuse@example\.net\r\n/);
    assert.doesNotMatch(mail.text, /image\/|attachment/i);
    const href = await page.getByRole("link", { name: "Open in the mail program" }).getAttribute("href");
    assert.match(href ?? "", /^mailto:abuse@example\.net\?subject=/);
    await page.getByRole("button", { name: "Forms for machines" }).click();
    const xarf = JSON.parse((await saved(page, "Save as XARF")).text);
    assert.deepEqual(
      [xarf[0].xarf_version, xarf[0].type, xarf[0].url, xarf[0].tags],
      ["4.2.0", "exposed_data", "https://pictures.example.net/1", ["abuse:ncii"]],
    );
    const cloudflare = JSON.parse((await saved(page, "Save Cloudflare’s fields")).text);
    assert.deepEqual([cloudflare[0].act, cloudflare[0].owner_notification], ["abuse_ncsei", "none"]);
    const desk = JSON.parse((await saved(page, "Save for a service’s desk")).text);
    assert.deepEqual(
      [desk.form, desk.version, desk.urls, Object.keys(desk.sender).toSorted()],
      ["recourse-desk-notice", 1, ["https://pictures.example.net/1"], ["email", "role", "signature"]],
    );
    // Sent again, it is known again.
    assert.equal(JSON.parse((await saved(page, "Save for a service’s desk")).text).id, desk.id);
    assert.deepEqual(problems, []);
    const origin = new URL(visits.server.url).origin;
    assert.deepEqual(
      requests.filter((address) => !address.startsWith(origin) && !address.startsWith("blob:")),
      [],
    );
    await close();
  });

  it("is saved as PDF: made on the device, of the page's own files, and only when it is asked for", async () => {
    const { page, problems, requests, close } = await visits.visit("/plan");
    await toComplete(page);
    await check(page, "I have read this and want to go on");
    const isPart = (address: string): boolean => /\.(?:woff2|wasm)$/.test(address);
    assert.deepEqual(requests.filter(isPart), [], "loaded before anybody wanted it");
    // What can't be loaded is said, and nothing is saved.
    await page.route(/\.woff2$/, (route) => route.abort());
    await page.getByRole("button", { name: "Save as PDF" }).click();
    await page.getByText("The PDF could not be made: a part of the page did not load.").waitFor();
    await page.unroute(/\.woff2$/);
    // What takes long can be stopped, and the page is there meanwhile: here a font never comes.
    await page.route(/\.woff2$/, () => {});
    await page.getByRole("button", { name: "Save as PDF" }).click();
    await page.getByText("The PDF is being made on this device").waitFor();
    await page.getByRole("button", { name: "Stop making the PDF" }).click();
    await page.getByText("Stopped. No PDF was saved").waitFor();
    await page.unroute(/\.woff2$/);
    const already = requests.length;
    const pdf = await saved(page, "Save as PDF");
    assert.match(pdf.name, /^[a-z2-9]{10}\.pdf$/);
    await page.getByText(`Saved as ${pdf.name}.`).waitFor();
    assert.match(pdf.text, /^%PDF-1\.\d[\s\S]*\/Lang\(en\)[\s\S]*%%EOF\s*$/);
    // A typed name stands in the text; nothing is drawn, and the file has no date.
    assert.doesNotMatch(pdf.text, /\/S\/Figure|CreationDate/);
    const asked = requests.slice(already).filter((address) => !address.startsWith("blob:"));
    const origin = new URL(visits.server.url).origin;
    assert.ok(
      asked.length >= 3 && asked.length <= 6 && asked.every((address) => address.startsWith(`${origin}/assets/`)),
      asked.join(" "),
    );
    assert.deepEqual(problems, []);
    await close();
  });

  it("is no notice while an element is missing, or a mail address is none", async () => {
    const { page, close } = await visits.visit("/plan");
    await toComplete(page);
    await page.getByRole("textbox", { name: "Your e-mail" }).fill("person");
    await page.getByText("A draft so far. Still missing: 1.").waitFor();
    await page.getByRole("textbox", { name: "Your e-mail" }).blur();
    await page.getByText("This does not look like a mail address.").waitFor();
    assert.equal(await page.getByRole("checkbox", { name: "I have read this" }).count(), 0);
    await close();
  });

  it("is signed by drawing as well, and by a helper who says what entitles them", async () => {
    const { page, close } = await visits.visit("/plan");
    await goToPlan(page, { situation: SHARED, links: "https://pictures.example.net/1", country: "US", isHelper: true });
    await openNotice(page, "example.net", /TAKE IT DOWN Act/);
    await page.getByRole("textbox", { name: /What does it show/ }).fill("A photograph");
    await page.getByRole("textbox", { name: "Your e-mail" }).fill("helper@example.org");
    await check(page, /I say in good faith/);
    await page.getByRole("button", { name: "Or draw it" }).click();
    await drawOn(page, page.getByRole("img", { name: /Area to draw/ }), [
      [0.1, 0.3],
      [0.2, 0.2],
      [0.3, 0.4],
    ]);
    // On paper it stands under the letter, and who acts for somebody has to say by what right.
    await page.getByRole("img", { name: "Signed by drawing" }).waitFor();
    await page.getByText("A draft so far. Still missing: 1.").waitFor();
    await page.getByRole("textbox", { name: /What entitles you/ }).fill("written authority of 3 March");
    await page.getByText("Complete: everything this law asks for is in it.").waitFor();
    // On paper there is the letter, and nothing of the screen.
    await page.emulateMedia({ media: "print" });
    assert.deepEqual(
      await page
        .locator("main :is(button, input, textarea, h1, h2, .checklist)")
        .evaluateAll((all) => all.filter((each) => each.checkVisibility()).length),
      0,
    );
    assert.ok(await page.locator(".printed").isVisible());
    await page.emulateMedia({ media: "screen" });
    await check(page, "I have read this and want to go on");
    const pdf = await saved(page, "Save as PDF");
    assert.match(pdf.text, /^%PDF-1\.\d[\s\S]*\/S\/Figure[\s\S]*%%EOF\s*$/);
    await page.getByRole("button", { name: "Clear the drawing" }).click();
    await page.getByText("A draft so far. Still missing: 1.").waitFor();
    await close();
  });

  it("is written in the recipient's language too, and shows the very sentences a statement makes", async () => {
    const { page, close } = await visits.visit("/plan");
    await goToPlan(page, { situation: SHARED, links: "https://pictures.example.net/1", country: "DE" });
    await openNotice(page, "example.net", /Digital Services Act/);
    await page.getByText("The notice then says:").first().waitFor();
    await page
      .getByText(/I believe in good faith that this depiction/)
      .first()
      .waitFor();
    await page.getByRole("radio", { name: "German" }).check({ force: true });
    assert.equal(await page.locator(".preview").getAttribute("lang"), "de");
    assert.match((await page.locator(".preview").textContent()) ?? "", /Sehr geehrte Damen und Herren/);
    await page
      .getByText(/Ich bin in gutem Glauben/)
      .first()
      .waitFor();
    await close();
  });

  it("finds where to send it in a saved page, which is read on the device and not shown", async () => {
    const { page, requests, close } = await visits.visit("/plan");
    await toComplete(page);
    await check(page, "I have read this and want to go on");
    await page.getByRole("button", { name: "Find contacts in a saved page" }).click();
    const asked = requests.length;
    const choose = async (name: string, content: string): Promise<void> => {
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.getByRole("button", { name: "Choose a saved page" }).click(),
      ]);
      await chooser.setFiles({ name, mimeType: "text/html", buffer: Buffer.from(content) });
    };
    await choose("a.txt", "no page at all");
    await page.getByText("There is no web page in this file.").waitFor();
    await choose(
      "page.html",
      '<!doctype html><!-- saved from url=(0032)https://pictures.example.net/1 --><html><body><img src="https://tracker.example.com/1.gif"><footer><a href="mailto:abuse@example.net">Report abuse</a> <a href="javascript:alert(1)">DMCA</a></footer></body></html>',
    );
    await page.getByText("Found on the page: 1.").waitFor();
    await page.getByRole("button", { name: "Use abuse@example.net" }).click();
    await page.getByRole("button", { name: "Save as an e-mail" }).waitFor();
    assert.equal(requests.length, asked, "reading the page asked for something");
    await close();
  });

  it("to a search engine is answers for its form and links in lists that fit, then days to look again", async () => {
    const { page, problems, close } = await visits.visit("/plan", {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const links = ["https://pictures.example.net/1", "https://pictures.example.net/2"];
    await goToPlan(page, { situation: SHARED, links: links.join("\n"), country: "US" });
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    const write = async (name: RegExp): Promise<void> => {
      const item = page
        .getByRole("region", { name: "Take it out of search engines" })
        .getByRole("listitem")
        .filter({ has: page.getByRole("button", { name }) });
      await item.getByRole("button", { name }).click();
      await item.getByRole("button", { name: "Write this notice" }).click();
      await heading(page, /^Notice to/);
    };
    const ready = page.getByRole("heading", { name: "Ready for the form" });

    await write(/Google, personal sexual content/);
    const paid = page.getByRole("radiogroup", { name: "Is the person being paid for the picture now?" });
    await paid.getByRole("radio", { name: "Yes", exact: true }).check({ force: true });
    await page.getByText("What you told rules this form out").waitFor();
    await paid.getByRole("radio", { name: "No", exact: true }).check({ force: true });
    await page.getByText("What you told rules this form out").waitFor({ state: "detached" });
    assert.equal(await ready.count(), 0);
    await page.getByRole("textbox", { name: "Your e-mail" }).fill("person@example.org");
    await check(page, /I say in good faith/);
    await check(page, "I have read this and want to go on");
    await ready.waitFor();
    await page.getByRole("link", { name: /^Open the form of Google/ }).waitFor();
    await page.getByRole("button", { name: /^Copy: .*not currently being paid/ }).click();
    await page.getByText("Copied.").first().waitFor();
    assert.match(await clipboard(), /not .*paid/);
    // Nobody knows how many it takes; two are one list in any case.
    await page.getByText("How many links the form takes is not known").waitFor();
    await page.getByRole("button", { name: "Copy: Links 1 to 2" }).click();
    await page.waitForFunction(async (text) => (await navigator.clipboard.readText()) === text, links.join("\n"));
    await page.setViewportSize({ width: 360, height: 740 });
    assert.deepEqual(await lookForBarriers(page, false), []);
    // It reads no letters, so no mail address is asked for.
    assert.equal(await page.getByRole("textbox", { name: "Mail address of the recipient" }).count(), 0);
    await page.getByRole("button", { name: "Back to the plan" }).click();

    await write(/Bing/);
    await check(page, "I have read this and want to go on");
    await page.getByText("The form takes one link at a time").waitFor();
    await page.getByRole("button", { name: "Copy: Link 2" }).click();
    await page.waitForFunction(async (text) => (await navigator.clipboard.readText()) === text, links[1]);

    await page.getByRole("button", { name: "I have sent it" }).click();
    await page.getByText("Look, or let somebody you trust look").waitFor();
    const reminder = await saved(page, "Save reminders for the calendar");
    const days = [3, 7, 28, 90].map((day) =>
      new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10).replaceAll("-", ""),
    );
    assert.deepEqual(
      [...reminder.text.matchAll(/DTSTART:(\d+)T/g)].map(([, day]) => day),
      days,
    );
    assert.deepEqual([...new Set(reminder.text.match(/SUMMARY:\w+/g))], ["SUMMARY:Reminder"]);
    assert.doesNotMatch(reminder.text, /example|bing|search|notice/i);
    assert.deepEqual(problems, []);
    await close();
  });

  it("is followed up: its clock, a neutral reminder, a refusal, a second letter, the authority", async () => {
    const { page, problems, close } = await visits.visit("/plan");
    await toComplete(page);
    await check(page, "I have read this and want to go on");
    await page.getByRole("button", { name: "I have sent it" }).click();
    await heading(page, "Notices I have sent");
    await page.getByText(/^They have until /).waitFor();
    const reminder = await saved(page, "Save reminders for the calendar");
    assert.match(reminder.name, /^[a-z2-9]{10}\.ics$/);
    assert.match(reminder.text, /SUMMARY:Reminder\r\n/);
    assert.doesNotMatch(reminder.text, /example\.net|take|notice|intimate/i);
    // Sent three days ago: 48 hours are over.
    await page.getByRole("button", { name: "Time and reply" }).click();
    const threeDaysAgo = new Date(Date.now() - 72 * 3_600_000).toISOString().slice(0, 16);
    await page.getByLabel("When was it sent?").fill(threeDaysAgo);
    await page.getByText(/^Their time was over on /).waitFor();
    await page.getByText("What you can do now").waitFor();
    assert.match((await saved(page, "Save as text")).text, /pictures\.example\.net\/1[\s\S]*person@example\.org/);
    // The second letter goes the ways of the first.
    assert.equal(await page.getByRole("button", { name: "Save as an e-mail" }).count(), 0);
    await page.getByRole("textbox", { name: "Mail address of example.net" }).fill("abuse@example.net");
    const second = await saved(page, "Save as an e-mail");
    assert.match(second.name, /^[a-z2-9]{10}\.eml$/);
    assert.match(second.text, /^X-Unsent: 1\r\nTo: abuse@example\.net\r\n/);
    const mailto = await page.getByRole("link", { name: "Open in the mail program" }).getAttribute("href");
    assert.match(mailto ?? "", /^mailto:abuse@example\.net\?subject=.*pictures\.example\.net/);
    assert.match((await saved(page, "Save as PDF")).text, /^%PDF-/);
    await page.getByRole("radio", { name: "They refused" }).check({ force: true });
    await page.getByText("A complaint to the Federal Trade Commission").first().waitFor();
    assert.match((await saved(page, "Save as text")).text, /complaint[\s\S]*47 U\.S\.C\. 223a/i);
    // The authority is somebody else: its address is not the recipient's.
    const authority = page.getByRole("textbox", { name: "Mail address of Federal Trade Commission" });
    assert.equal(await authority.inputValue(), "");
    await authority.fill("complaints@example.org");
    const complaint = await saved(page, "Save as an e-mail");
    assert.match(complaint.text, /^X-Unsent: 1\r\nTo: complaints@example\.org\r\n/);
    await page.getByText("Too long for the mail program").waitFor();
    await page.getByRole("textbox", { name: /Their reply/ }).fill("We will not.");
    await page.getByRole("button", { name: "Keep this reply" }).click();
    await page.locator(".preview").getByText("We will not.").waitFor();
    await page.getByRole("button", { name: "Back to the plan" }).click();
    await heading(page, "Your plan");
    // What comes next is to be done still, though the first letter was sent; it leads to the next one, not to the first.
    const again = page.getByRole("listitem").filter({
      has: page.getByRole("button", { name: /Write to example\.net again: it refused/ }),
    });
    await again.waitFor();
    assert.equal(await again.getByRole("img", { name: "Done" }).count(), 0);
    assert.equal(await again.getByRole("button", { name: "Write this notice" }).count(), 0);
    const next = again.getByRole("button", { name: "See the letter that comes next" });
    if (!(await next.isVisible())) await again.getByRole("button", { name: /Write to example\.net again/ }).click();
    await next.click();
    await heading(page, "Notices I have sent");
    await page.getByRole("radio", { name: "It was removed" }).check({ force: true });
    await page.getByText("It is removed there.").waitFor();
    assert.deepEqual(problems, []);
    await close();
  });

  it("is kept as a file only when wanted, locked by choice, and gone on with another day", async () => {
    const { page, close } = await visits.visit("/plan");
    await toComplete(page);
    await check(page, "I have read this and want to go on");
    await page.getByRole("button", { name: "I have sent it" }).click();
    await page.getByRole("button", { name: "Keep this case as a file" }).click();
    await page.getByLabel("Passphrase", { exact: true }).fill("short");
    await page.getByRole("button", { name: "Save, locked with the passphrase" }).click();
    await page.getByText("A passphrase has at least 12 characters.").waitFor();
    await page.getByLabel("Passphrase", { exact: true }).fill("four plain words here");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save, locked with the passphrase" }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^[a-z2-9]{10}\.dat$/);
    const buffer = Buffer.concat(await (await download.createReadStream()).toArray());
    assert.ok(!buffer.includes("example"), "what is locked can be read");

    // A new visit knows nothing of the one before.
    await page.reload();
    await page.getByRole("button", { name: "I understand, begin" }).click();
    assert.equal(await page.getByRole("radio", { checked: true }).count(), 0);
    await page.getByRole("button", { name: "Go on with a case you kept" }).click();
    const choose = async (content: Buffer): Promise<void> => {
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.getByRole("button", { name: "Choose the file" }).click(),
      ]);
      await chooser.setFiles({ name: "x.dat", mimeType: "application/octet-stream", buffer: content });
    };
    await choose(Buffer.from("no case"));
    await page.getByText("This is no case, or it is damaged.").waitFor();
    await choose(buffer);
    await page.getByText("It is locked. Enter its passphrase.").waitFor();
    await page.getByLabel("Passphrase", { exact: true }).fill("four other words here");
    await page.getByRole("button", { name: "Open it" }).click();
    await page.getByText("This passphrase does not open it").waitFor();
    await page.getByLabel("Passphrase", { exact: true }).fill("four plain words here");
    await page.getByRole("button", { name: "Open it" }).click();
    await heading(page, "Your plan");
    await page.getByRole("button", { name: "Notices I have sent: 1" }).click();
    await page.getByText(/^They have until /).waitFor();
    await close();
  });
});
