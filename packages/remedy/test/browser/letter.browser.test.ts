/** Letters and locked cases made in Chromium, under the real page's policy, beside those made in Node. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium, noChromium } from "../../../../tools/chromium.ts";
import { type CaseFile, type Notice, packCase, unpackCase, type UnpackOutcome } from "../../src/index.ts";
import { loadPackageFile } from "../../src/node/index.ts";
import { noticeToPdf } from "../../src/pdf/index.ts";
import { FULL, NOW_MS } from "../cases.ts";
import { SCRIPTS } from "../pdf/scripts.ts";
import { type Site, startSite } from "./site.ts";

/** What the test page (page/main.ts) puts on its window. */
declare const window: {
  readonly door: {
    letter(notice: Notice): Promise<{ readonly base64: string; readonly missing: readonly string[] } | string>;
    lock(given: CaseFile, nowMs: number, passphrase: string): Promise<string>;
    unlock(sealed: string, passphrase: string): Promise<UnpackOutcome>;
  };
};

const LETTER: Notice = {
  regime: "-",
  recipient: "-",
  language: "en",
  elements: [],
  complete: true,
  subject: "A letter",
  body: "",
  warnings: [],
  urls: [],
};
const CASE: CaseFile = { version: 1, facts: FULL, notices: [], replies: [] };
const PASSPHRASE = "four words and a half";

describe("letters and cases in a page", { skip: noChromium, timeout: 300_000 }, () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  before(async () => {
    site = await startSite();
    browser = await launchChromium();
    page = await browser.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await page.goto(site.url);
    await page.waitForFunction(() => "door" in window);
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  it("gives the same file as Node, in every script, and loads only the fonts it needs", async () => {
    const plain = { ...LETTER, body: "Plain letters" };
    const already = site.requests.length;
    assert.notEqual(typeof (await page.evaluate((notice) => window.door.letter(notice), plain)), "string");
    const asked = site.requests.slice(already);
    assert.equal(asked.length, 3, asked.join(" "));

    const all = { ...LETTER, body: SCRIPTS.map(({ text }) => text).join("\n") };
    const made = await page.evaluate((notice) => window.door.letter(notice), all);
    assert.ok(typeof made !== "string");
    assert.deepEqual(made.missing, []);
    const here = await noticeToPdf(all, { loadFile: loadPackageFile });
    assert.ok(here.ok);
    assert.ok(Buffer.from(here.bytes).equals(Buffer.from(made.base64, "base64")), "not the same bytes");
    assert.deepEqual(problems, []);
  });

  it("locks what Node opens, and opens what Node locked", async () => {
    const locked = await page.evaluate(([given, nowMs, passphrase]) => window.door.lock(given, nowMs, passphrase), [
      CASE,
      NOW_MS,
      PASSPHRASE,
    ] as const);
    assert.deepEqual(await unpackCase(new Uint8Array(Buffer.from(locked, "base64")), PASSPHRASE), {
      ok: true,
      case: CASE,
    });
    const sealed = await packCase(CASE, NOW_MS, {
      passphrase: PASSPHRASE,
      random: (bytes) => crypto.getRandomValues(bytes),
    });
    assert.ok(sealed.ok);
    const text = Buffer.from(sealed.bytes).toString("base64");
    const open = (passphrase: string) =>
      page.evaluate(([bytes, phrase]) => window.door.unlock(bytes, phrase), [text, passphrase] as const);
    assert.deepEqual(await open(PASSPHRASE), { ok: true, case: CASE });
    assert.deepEqual(await open("not the passphrase"), { ok: false, code: "passphrase_wrong" });
  });
});
