/** Ways through the screens of plan and notices, by keyboard, for the tests of them. */
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";

/** Reaches an element by Tab, not by reaching into the page. */
export const tabTo = async (page: Page, target: Locator, what: string): Promise<void> => {
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let count = 0; count < 150; count += 1) {
    if (await isThere()) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${what} can't be reached by Tab`);
};

export const press = async (page: Page, name: string | RegExp): Promise<void> => {
  await tabTo(
    page,
    page.getByRole("button", { name, ...(typeof name === "string" ? { exact: true } : {}) }),
    `${name}`,
  );
  await page.keyboard.press("Enter");
};

/** Chooses one answer of a question with the arrow keys, as screen readers and keyboards do. */
export const choose = async (page: Page, question: string | RegExp, answer: string): Promise<void> => {
  const group = page.getByRole("radiogroup", { name: question });
  const wanted = group.getByRole("radio", { name: answer, exact: true });
  const radios = group.getByRole("radio");
  for (let count = 0; count < 150; count += 1) {
    if (await group.evaluate((element) => element.contains(document.activeElement))) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Space");
  for (let count = 0; count < (await radios.count()); count += 1) {
    if (await wanted.isChecked()) return;
    await page.keyboard.press("ArrowDown");
  }
  assert.ok(await wanted.isChecked(), `${answer} can't be chosen by keys`);
};

export const tick = async (page: Page, name: string | RegExp): Promise<void> => {
  await tabTo(page, page.getByRole("checkbox", { name }), `${name}`);
  await page.keyboard.press("Space");
};

export const type = async (page: Page, label: string | RegExp, text: string): Promise<void> => {
  await tabTo(page, page.getByRole("textbox", { name: label }), `${label}`);
  await page.keyboard.insertText(text);
};

export const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole("heading", { name, level: 1 }).waitFor();

/** Left out: the question is left open. */
interface Answers {
  readonly situation?: string;
  readonly origin?: string;
  readonly links?: string;
  readonly country?: string;
  readonly name?: string;
  readonly isInDanger?: boolean;
  readonly isHelper?: boolean;
}

/** From the first screen to the plan, by pointer; how each is reached by keys is shown with the questions. */
export const goToPlan = async (page: Page, answers: Answers): Promise<void> => {
  const goOn = () => page.getByRole("button", { name: /^(?:Continue|See the plan)$/ }).click();
  const pick = (name: string) => page.getByRole("radio", { name }).check({ force: true });
  await page.getByRole("button", { name: "I understand, begin" }).click();
  await pick("Yes, 18 or older");
  if (answers.isHelper === true) await page.getByRole("checkbox", { name: /I act for/ }).check({ force: true });
  await goOn();
  if (answers.situation !== undefined) await pick(answers.situation);
  if (answers.isInDanger === true) await page.getByRole("checkbox", { name: /I am in danger/ }).check({ force: true });
  for (;;) {
    await goOn();
    const title = await page.locator("h1").textContent();
    if (title === "How it was made" && answers.origin !== undefined) await pick(answers.origin);
    if (title === "Where it is" && answers.links !== undefined)
      await page.getByRole("textbox", { name: /Paste links/ }).fill(answers.links);
    if (title === "Where you live" && answers.country !== undefined)
      await page.getByRole("combobox", { name: "Country" }).selectOption(answers.country);
    if (title === "Your name" && answers.name !== undefined) await pick(answers.name);
    if (title === "Your plan") return;
  }
};
