/**
 * From opening the page to a first complete notice under the TAKE IT DOWN Act, by keyboard alone. Every question of
 * the way is answered, none is skipped, and each answer is counted: twelve at most, and no fact is asked for twice.
 */
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { noChromium } from "../../../tools/chromium.ts";
import { choose, heading, press, tabTo, tick, type } from "./remedy-visit.ts";
import { startVisits, type Visits } from "./visit.ts";

const NAME = "Person Example";
const MAIL = "person@example.org";
const DESCRIPTION = "A photograph in front of a blue wall";

let visits: Visits;
before(async () => {
  if (noChromium === false) visits = await startVisits();
});
after(() => visits?.close());

it("takes twelve answers at most and asks for nothing twice", { skip: noChromium }, async () => {
  const { page, requests, problems, close } = await visits.visit();
  let answers = 0;
  /** Every question and field that was ever on a screen, by its label, with the screens it stood on. */
  const asked = new Map<string, Set<string>>();
  const look = async (): Promise<void> => {
    const screen = (await page.locator("h1").textContent()) ?? "";
    const labels = await page.evaluate(() => {
      const main = document.querySelector("main");
      if (main === null) return [];
      const nameOf = (element: Element): string => {
        const ids = element.getAttribute("aria-labelledby")?.split(" ") ?? [];
        const label = ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
        return label || (element.getAttribute("aria-label") ?? "");
      };
      const visible = (element: Element) => element.checkVisibility();
      return [
        ...[...main.querySelectorAll("[role=radiogroup]")].filter(visible).map(nameOf),
        ...[...main.querySelectorAll("input:not([type=radio], [type=checkbox], [type=file]), textarea")]
          .filter(visible)
          .map(nameOf),
        ...[...main.querySelectorAll("select")].map((element) => element.labels[0]?.textContent ?? ""),
        ...[...main.querySelectorAll("input[type=checkbox]")].map(
          (element) => element.closest("label")?.textContent ?? "",
        ),
      ];
    });
    for (const label of labels) asked.set(label, (asked.get(label) ?? new Set()).add(screen));
  };
  const answer = async (give: Promise<void>): Promise<void> => {
    await give;
    answers += 1;
  };
  const goOn = async (title: string | RegExp, button: string | RegExp = "Continue"): Promise<void> => {
    await look();
    await press(page, button);
    await heading(page, title);
  };

  await press(page, "I understand, begin");
  await press(page, /^Get pictures or videos taken down/);
  await heading(page, "First, about age");
  await answer(choose(page, /18 or older/, "Yes, 18 or older"));
  await goOn("What happened");
  await answer(choose(page, "Which is closest?", "It was shared or put online"));
  await goOn("How it was made");
  await answer(choose(page, /Who took/, "The person shown took it"));
  await goOn("Where it is");
  await answer(type(page, /Paste links/, "https://x.com/a/status/1"));
  await goOn("Where you live");
  await tabTo(page, page.getByRole("combobox", { name: "Country" }), "the country");
  // One letter goes through the countries that begin with it, however slowly it is pressed; a word typed slowly does not.
  const country = page.getByRole("combobox", { name: "Country" });
  for (let count = 0; count < 30 && (await country.inputValue()) !== "US"; count += 1) await page.keyboard.press("u");
  answers += 1;
  assert.equal(await country.inputValue(), "US");
  await goOn("Your name");
  await answer(choose(page, /May others see/, "Only who gets the notice"));
  await goOn("Who did it, and the police");
  await answer(choose(page, /Do you know who/, "No"));
  await answer(choose(page, /police/, "Not now"));
  await goOn("Your plan", "See the plan");

  // The notice's step lies folded in its place, second after the service's own form.
  const place = page.getByRole("region", { name: "X", exact: true });
  await tabTo(page, place.getByRole("button", { name: /TAKE IT DOWN Act/ }), "the step");
  await page.keyboard.press("Enter");
  await tabTo(page, place.getByRole("button", { name: "Write this notice" }).last(), "the notice");
  await page.keyboard.press("Enter");
  await heading(page, "Notice to X");
  await page.getByText("A draft so far. Still missing: 4.").waitFor();
  await look();
  await answer(type(page, /What does it show/, DESCRIPTION));
  await answer(type(page, "Your e-mail", MAIL));
  await answer(tick(page, /I say in good faith/));
  await page.getByText("A draft so far. Still missing: 1.").waitFor();
  await answer(type(page, "Sign with your name", NAME));
  await page.getByText("Complete: everything this law asks for is in it.").waitFor();
  await look();

  assert.ok(answers <= 12, `${answers} answers`);
  for (const [label, screens] of asked) assert.equal(screens.size, 1, `asked on two screens: ${label}`);
  // All four elements are there, with their citations, and what was told stands in the text once told.
  const elements = page.locator(".checklist > li");
  assert.equal(await elements.count(), 4);
  assert.equal(await page.locator(".checklist .tag-good").count(), 4);
  for (const part of ["(i)", "(ii)", "(iii)", "(iv)"])
    await elements.getByText(`47 U.S.C. 223a(a)(1)(B)${part}`, { exact: true }).waitFor();
  const text = (await page.locator(".preview").textContent()) ?? "";
  for (const told of [NAME, MAIL, DESCRIPTION, "https://x.com/a/status/1", "They took it themselves."])
    assert.equal(text.split(told).length - 1, 1, told);

  // Another notice of the same case asks only for what it needs beyond that.
  await press(page, "Back to the plan");
  await heading(page, "Your plan");
  const google = page.getByRole("region", { name: "Take it out of search engines" });
  await tabTo(page, google.getByRole("button", { name: /Google, personal sexual content/ }), "the step for Google");
  await page.keyboard.press("Enter");
  await tabTo(page, google.getByRole("button", { name: "Write this notice" }).first(), "the notice to Google");
  await page.keyboard.press("Enter");
  await heading(page, /^Notice to Google/);
  const again = await page.locator("main :is(input:not([type=checkbox], [type=radio], [type=file]), textarea)").count();
  assert.equal(again, 0, "a fact that was typed is asked for again");

  assert.deepEqual(problems, []);
  const origin = new URL(visits.server.url).origin;
  assert.deepEqual(
    requests.filter((address) => !address.startsWith(origin)),
    [],
  );
  assert.ok(requests.every((address) => !address.includes("/api/") && new URL(address).search === ""));
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [
    0,
    0,
    "",
  ]);
  await close();
});
