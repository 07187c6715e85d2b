/** The questions before the plan, in Chromium and by keyboard. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { noChromium } from "../../../tools/chromium.ts";
import { choose, heading, press, tick, type } from "./remedy-visit.ts";
import { startVisits, type Visits } from "./visit.ts";

describe("the questions before the plan", { skip: noChromium }, () => {
  let visits: Visits;
  before(async () => {
    visits = await startVisits();
  });
  after(() => visits?.close());

  const openQuestions = async () => {
    const visit = await visits.visit();
    await press(visit.page, "I understand, begin");
    await press(visit.page, /^Get pictures or videos taken down/);
    await heading(visit.page, "First, about age");
    return visit;
  };

  it("are answered by keyboard, kept when going back and forth, and sent nowhere", async () => {
    const { page, requests, problems, close } = await openQuestions();
    const asked = requests.length;
    await choose(page, /18 or older/, "Yes, 18 or older");
    await press(page, "Continue");
    await heading(page, "What happened");
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
    await page.getByText("Question 2 of 7").waitFor();
    await choose(page, "Which is closest?", "It was shared or put online");
    await press(page, "Continue");
    await heading(page, "How it was made");
    await choose(page, /Who took/, "Someone else took it");
    await press(page, "Continue");
    await heading(page, "Where it is");
    await type(page, /Paste links/, "look here: hxxps://www.example[.]com/a\nand https://x.com/b/status/1");
    await page.getByText("2 links, in 2 places.").waitFor();
    await press(page, "Back");
    await heading(page, "How it was made");
    assert.equal(await page.getByRole("radio", { name: "Someone else took it" }).isChecked(), true);
    await press(page, "Back");
    assert.equal(await page.getByRole("radio", { name: "It was shared or put online" }).isChecked(), true);
    await press(page, "Continue");
    await press(page, "Continue");
    assert.match(await page.getByRole("textbox", { name: /Paste links/ }).inputValue(), /hxxps/);
    await page.getByText("We completed 1 link").waitFor();
    await press(page, "Continue");
    await heading(page, "Where you live");
    await page.getByRole("combobox", { name: "Country" }).selectOption("FR");
    // Each of these may be left open.
    for (const title of ["Your name", "Who did it, and the police"]) {
      await press(page, "Continue");
      await heading(page, title);
    }
    await page.getByRole("button", { name: "See the plan" }).waitFor();
    assert.deepEqual(problems, []);
    const origin = new URL(visits.server.url).origin;
    // Nothing but files of the page: no answer leaves it.
    assert.deepEqual(
      requests.slice(asked).filter((address) => !address.startsWith(`${origin}/assets/`)),
      [],
    );
    assert.deepEqual(
      await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie, location.search]),
      [0, 0, "", ""],
    );
    await close();
  });

  it("lead who was or may have been under 18 to those who can help, and keep nothing", async () => {
    for (const answer of ["No, younger", "I am not sure"]) {
      const { page, requests, close } = await openQuestions();
      const asked = requests.length;
      await choose(page, /18 or older/, answer);
      await press(page, "Continue");
      await heading(page, "There is special help for you");
      const links = await page
        .getByRole("main")
        .getByRole("link")
        .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      for (const site of ["takeitdown.ncmec.org", "www.childline.org.uk/remove", "report.iwf.org.uk"])
        assert.ok(links.includes(`https://${site}`), site);
      assert.equal(requests.length, asked);
      await press(page, "Back");
      assert.equal(await page.getByRole("radio", { checked: true }).count(), 0);
      await close();
    }
  });

  it("say why the first one is needed, and show people to talk to at once on danger", async () => {
    const { page, close } = await openQuestions();
    await press(page, "Continue");
    await page.getByRole("alert").getByText("Please answer this one question.").waitFor();
    await choose(page, /18 or older/, "Yes, 18 or older");
    await press(page, "Continue");
    await heading(page, "What happened");
    await tick(page, /I am in danger/);
    const danger = page.getByRole("region", { name: "You come first" });
    await danger.getByText("Revenge Porn Helpline").waitFor();
    // Not the number of the police for what can wait.
    assert.equal(await danger.getByText("Police 101").count(), 0);
    assert.equal(await danger.getByRole("link", { name: "0345 6000 459" }).getAttribute("href"), "tel:03456000459");
    await close();
  });

  it("ask about a threat only who is threatened, and for no link where nothing is online", async () => {
    const { page, close } = await openQuestions();
    await choose(page, /18 or older/, "Yes, 18 or older");
    await press(page, "Continue");
    await choose(page, "Which is closest?", "Someone threatens to share it");
    await press(page, "Continue");
    await heading(page, "About the threat");
    await page.getByText("Don’t pay and don’t send more pictures.").waitFor();
    await type(page, /Where does the threat come from/, "An app, account “x”");
    await press(page, "Back");
    await choose(page, "Which is closest?", "I am afraid it could be shared");
    await press(page, "Continue");
    await heading(page, "How it was made");
    await press(page, "Continue");
    await heading(page, "Where you live");
    await close();
  });

  it("group 500 links by place, and say kindly what is none", async (test) => {
    const { page, close } = await openQuestions();
    await choose(page, /18 or older/, "Yes, 18 or older");
    for (const title of ["What happened", "How it was made", "Where it is"]) {
      await press(page, "Continue");
      await heading(page, title);
    }
    const lines = Array.from(
      { length: 500 },
      (_unused, index) => `https://site${index % 50}.example${index % 50}.com/p/${index}`,
    );
    lines.splice(3, 0, "data:image/png;base64,AAAA", "http://192.168.1.4/a.jpg", "https://");
    // In the page's own time: from the text in the field to what is shown of it.
    const tookMs = await page.evaluate(async (text) => {
      const field = document.querySelector("textarea");
      if (field === null) throw new Error("no field");
      const from = performance.now();
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set?.call(field, text);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      while (!document.body.textContent.includes("500 links, in 50 places.")) {
        if (performance.now() - from > 60_000) throw new Error("never shown");
        await new Promise((resolve) => {
          requestAnimationFrame(resolve);
        });
      }
      return performance.now() - from;
    }, lines.join("\n"));
    test.diagnostic(`${Math.round(tookMs)} ms`);
    await page.getByText("Line 4: that is a picture or file itself").waitFor();
    await page.getByText("Line 5: this address works only inside one home or office.").waitFor();
    await page.getByText("and 20 more places").waitFor();
    // Addresses can be looked at, and lead nowhere.
    await page.getByRole("button", { name: "Show the links of example0.com" }).click();
    assert.equal(await page.locator(".links li").first().textContent(), "https://site0.example0.com/p/0");
    assert.equal(await page.getByRole("main").getByRole("link").count(), 0);
    await close();
  });

  it("show a name in its script with the form that is sent, one that imitates another only so, and what short links are", async () => {
    const { page, close } = await openQuestions();
    await choose(page, /18 or older/, "Yes, 18 or older");
    for (const title of ["What happened", "How it was made", "Where it is"]) {
      await press(page, "Continue");
      await heading(page, title);
    }
    await type(
      page,
      /Paste links/,
      "hxxps://bücher-bilder[.]de/1 https://аррӏе.com/1 https://bit.ly/a http://expyuzz4wqqyqhjn.onion/1",
    );
    await page.getByText("4 links, in 4 places.").waitFor();
    const places = page.locator(".list > li");
    const names = await places.locator(".list-head strong").allTextContents();
    assert.deepEqual(names.toSorted(), [
      "bit.ly",
      "bücher-bilder.de xn--bcher-bilder-dlb.de",
      "expyuzz4wqqyqhjn.onion",
      "xn--80ak6aa92e.com",
    ]);
    await page.getByText("Tor address: notices reach nobody there").waitFor();
    await page.getByText("short link: where it leads is not known").waitFor();
    await page.getByRole("button", { name: "Show the links of xn--bcher-bilder-dlb.de" }).click();
    assert.equal(await page.locator(".links li").first().textContent(), "https://xn--bcher-bilder-dlb.de/1");
    await close();
  });

  it("take a pasted text of ten megabytes, and lose no link of it", async () => {
    const { page, problems, close } = await openQuestions();
    await choose(page, /18 or older/, "Yes, 18 or older");
    for (const title of ["What happened", "How it was made", "Where it is"]) {
      await press(page, "Continue");
      await heading(page, title);
    }
    await type(page, /Paste links/, "https://first.example.com/1");
    await page.evaluate(() => {
      const data = new DataTransfer();
      const part = "and then they wrote again, and I did not answer, ".repeat(1050);
      data.setData(
        "text/plain",
        Array.from({ length: 200 }, (_unused, index) => `${part} https://long.example.org/${index}`).join("\n"),
      );
      document
        .querySelector("textarea")
        ?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await page.getByText("201 links, in 2 places.").waitFor();
    await page.getByText("That was a long text.").waitFor();
    assert.deepEqual(problems, []);
    await close();
  });
});
