import assert from "node:assert/strict";
import { test } from "node:test";
import { contactsOfPage } from "../../src/index.ts";
import { PAGES } from "./pages.ts";

const judged = PAGES.map((each) => {
  const contacts = contactsOfPage(each.html, each.url);
  const [first] = contacts;
  const best = first === undefined ? undefined : `${first.purpose} ${first.to}`;
  const allowed = [each.best, ...(each.sure ?? [])];
  const wrongAndSure = contacts
    .filter(({ confidence }) => confidence === "high")
    .map(({ purpose, to }) => `${purpose} ${to}`)
    .filter((sure) => !allowed.includes(sure));
  return { ...each, found: best, wrongAndSure };
});

test("at least 60 pages in 8 languages", () => {
  assert.ok(PAGES.length >= 60);
  const languages = new Set(PAGES.map(({ name }) => name.slice(0, 2)));
  for (const language of ["en", "es", "de", "fr", "it", "pt", "ja", "ar"]) assert.ok(languages.has(language), language);
});

test("none is wrong and sure of it", () => {
  assert.deepEqual(
    judged
      .filter(({ wrongAndSure }) => wrongAndSure.length > 0)
      .map(({ name, wrongAndSure }) => ({ name, wrongAndSure })),
    [],
  );
});

test("the best way is found on 95% of them at least", (t) => {
  const wrong = judged
    .filter(({ best, found }) => best !== found)
    .map(({ name, best, found }) => ({ name, best, found }));
  t.diagnostic(`${judged.length - wrong.length} of ${judged.length}: ${JSON.stringify(wrong)}`);
  assert.ok(wrong.length <= judged.length * 0.05, JSON.stringify(wrong, undefined, 1));
});

test("without the page's address nothing is called sure", () => {
  for (const { html } of PAGES) for (const { confidence } of contactsOfPage(html)) assert.notEqual(confidence, "high");
});

test("hostile pages end", { timeout: 60_000 }, () => {
  for (const piece of [
    "<a href=x>",
    "<a href='mailto:",
    "a@",
    "a.",
    "<form>",
    "<",
    "&amp;",
    "[at]",
    " [at ",
    "a@b.c ",
    "<div>",
  ]) {
    contactsOfPage(piece.repeat(Math.ceil(2_000_000 / piece.length)), "https://www.pictures-site.com/");
  }
});
