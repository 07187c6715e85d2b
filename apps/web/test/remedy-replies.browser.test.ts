/** Letters of a case that was kept: what came back, and what is not known to have gone out, in Chromium. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { applyToCase, type CaseEvent, type CaseFile, packCase, unpackCase } from "@recourse/remedy";
import type { Page } from "playwright-core";
import { FULL } from "../../../packages/remedy/test/cases.ts";
import { noChromium } from "../../../tools/chromium.ts";
import { lookForBarriers } from "./barriers.ts";
import { heading } from "./remedy-visit.ts";
import { startVisits, type Visits } from "./visit.ts";

const AT = "2026-11-20T10:00:00.000Z";
const LETTER = { subject: "Notice", body: "Please remove it." };

const caseOf = (events: readonly CaseEvent[]): CaseFile =>
  events.reduce<CaseFile>(
    (given, event) => {
      const applied = applyToCase(given, event);
      assert.ok(applied.ok);
      return applied.case;
    },
    { version: 1, facts: FULL, notices: [], replies: [] },
  );

const ready = (id: string, recipient: string): readonly CaseEvent[] => [
  {
    type: "drafted",
    at: AT,
    notice: { id, kind: "notice", regime: "us-take-it-down", recipient, urls: ["https://example.net/1"] },
  },
  { type: "completed", at: AT, id },
];

const bytesOf = async (given: CaseFile): Promise<Buffer> => {
  const packed = await packCase(given, Date.parse(AT));
  assert.ok(packed.ok);
  return Buffer.from(packed.bytes);
};

const give = async (page: Page, button: string, file: { name: string; mimeType: string; buffer: Buffer }) => {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  await chooser.setFiles(file);
};

/** From the first screen to the letters of a case. */
const openLetters = async (page: Page, given: CaseFile): Promise<void> => {
  await page.getByRole("button", { name: "I understand, begin" }).click();
  await page.getByRole("button", { name: "Go on with a case you kept" }).click();
  await give(page, "Choose the file", { name: "x.zip", mimeType: "application/zip", buffer: await bytesOf(given) });
  await heading(page, "Your plan");
};

const MAIL = [
  "From: =?UTF-8?B?R3LDvMOfZQ==?= <abuse@example.net>",
  "Subject: Re: Notice",
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  "--b",
  "Content-Type: text/html; charset=utf-8",
  "",
  '<p>We removed <b>it</b>.</p><img src="https://tracker.example.com/1.gif"><script>alert(1)</script>',
  "--b",
  "Content-Type: image/png",
  "Content-Transfer-Encoding: base64",
  "Content-Disposition: attachment; filename=a.png",
  "",
  "aGVsbG8=",
  "--b--",
  "",
].join("\r\n");

describe("letters of a case that was kept", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  it("take a reply out of a saved mail: its words, nothing else, and only when it is kept", async () => {
    const { page, problems, requests, close } = await visits.visit("/plan");
    await openLetters(
      page,
      caseOf([...ready("a", "Example Inc."), { type: "sent", at: AT, id: "a", by: "mail", letter: LETTER }]),
    );
    await page.getByRole("button", { name: "Notices I have sent: 1" }).click();
    await page.getByRole("button", { name: "Time and reply" }).click();
    const asked = requests.length;
    const open = (content: string | Buffer) =>
      give(page, "Open a saved e-mail (EML)", {
        name: "a.eml",
        mimeType: "message/rfc822",
        buffer: Buffer.from(content),
      });
    const field = page.getByRole("textbox", { name: /Their reply/ });
    await open("no mail at all");
    await page.getByText("There is no e-mail in this file.").waitFor();
    await open("From: a@example.net\r\nContent-Type: image/png\r\n\r\nx\r\n");
    await page.getByText("There are no words in this e-mail").waitFor();
    await open(Buffer.alloc(10_485_761, 0x61));
    await page.getByText("This file is too large to be read as a reply").waitFor();
    assert.equal(await field.inputValue(), "");
    await open(MAIL);
    await page
      .getByText("Read from the file. Look at it, then keep it. 1 part that is no text was left out.")
      .waitFor();
    assert.equal((await field.inputValue()).trim(), "We removed it.");
    const shown = page.locator(".preview").filter({ hasText: "We removed it." });
    assert.equal(await shown.count(), 0);
    await page.getByRole("button", { name: "Keep this reply" }).click();
    await page.getByText("The reply is kept with the case in this page.").waitFor();
    const kept = (await shown.textContent()) ?? "";
    assert.match(kept, /Grüße <abuse@example\.net>\nRe: Notice\n\nWe removed it\./);
    assert.equal(await field.inputValue(), "");
    assert.deepEqual(
      requests.slice(asked).filter((address) => !address.startsWith("blob:")),
      [],
      "reading the mail asked for something",
    );
    assert.deepEqual(problems, []);
    await close();
  });

  it("that may have gone out are told so, and go on only by what the person found", async () => {
    const { page, problems, close } = await visits.visit("/plan", { viewport: { width: 360, height: 740 } });
    await openLetters(
      page,
      caseOf([
        ...ready("a", "X"),
        { type: "attempted", at: AT, id: "a", by: "smtp", letter: LETTER },
        ...ready("b", "Second Inc."),
        { type: "attempted", at: AT, id: "b", by: "smtp", letter: LETTER },
        ...ready("c", "example.net"),
      ]),
    );
    // In the plan, what may have gone out is not to be sent again; what is only ready is to be sent still.
    const done = (place: string) =>
      page.getByRole("region", { name: place, exact: true }).getByRole("img", { name: "Done" });
    await done("X").first().waitFor();
    assert.equal(await done("example.net").count(), 0);
    await page.getByRole("button", { name: "Notices I have sent: 3" }).click();
    const card = (recipient: string) => page.getByRole("region", { name: new RegExp(`^${recipient}`) });
    await card("X").getByText("whether it went out was not written down").waitFor();
    await card("X").getByText("Please remove it.").waitFor();
    assert.deepEqual(await lookForBarriers(page, false), []);
    await card("X").getByRole("button", { name: "It went out" }).click();
    // It went out when it was tried, and 48 hours from then are over.
    await card("X")
      .getByText(/^Their time was over on /)
      .waitFor();
    await card("Second Inc.").getByRole("button", { name: "It did not go out" }).click();
    await card("Second Inc.").getByText("This letter is ready. It is not marked as sent.").waitFor();
    await page.getByRole("button", { name: "Keep this case as a file" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save without a passphrase" }).click(),
    ]);
    const kept = await unpackCase(Buffer.concat(await (await download.createReadStream()).toArray()));
    assert.ok(kept.ok);
    assert.deepEqual(
      kept.case.notices.map(({ id, state, sentAt }) => [id, state, sentAt]),
      [
        ["a", "overdue", AT],
        ["b", "ready", undefined],
        ["c", "ready", undefined],
      ],
    );
    assert.deepEqual(problems, []);
    await close();
  });
});
