/** The index in a page in Chromium, under three policies: it answers what the plain scan answers in Node. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium, noChromium } from "../../../../tools/chromium.ts";
import { type Answers, ringAnswers, scanAnswers } from "./answers.ts";
import { startSite } from "./site.ts";

const policy = (scripts: string) => `default-src 'none'; script-src 'self' ${scripts}`;
const WITH_KERNEL = { "Content-Security-Policy": policy("'wasm-unsafe-eval'") };
const ISOLATED = {
  ...WITH_KERNEL,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
const NO_WEBASSEMBLY = { "Content-Security-Policy": policy("") };

describe("the index in a page", { skip: noChromium }, () => {
  let browser: Browser;
  let expected: readonly string[];

  before(async () => {
    expected = scanAnswers();
    browser = await launchChromium();
  });
  after(() => browser?.close());

  const answersIn = async (headers: Readonly<Record<string, string>>): Promise<Answers> => {
    const site = await startSite(headers);
    const page = await browser.newPage();
    try {
      await page.goto(site.url);
      return await page.evaluate(async (path) => {
        // The cast: what the site serves there.
        const { ringAnswers: answer } = (await import(path)) as { readonly ringAnswers: typeof ringAnswers };
        return answer();
      }, `${site.url}test/browser/answers.ts`);
    } finally {
      await page.close();
      await site.close();
    }
  };

  it("finds something to answer, in Node too", () => {
    const { ring, restored, reader } = ringAnswers();
    assert.deepEqual([ring, restored, reader], [expected, expected, expected]);
    assert.ok(expected.filter((line) => line.includes("distanceBits")).length > 100);
  });

  it("answers as in Node where memory can't be shared, without readers", async () => {
    const { hasKernel, sharesMemory, ring, restored, reader } = await answersIn(WITH_KERNEL);
    assert.deepEqual([hasKernel, sharesMemory], [true, false]);
    assert.equal(reader, undefined);
    assert.deepEqual([ring, restored], [expected, expected]);
  });

  it("answers as in Node in an isolated page, its reader too", async () => {
    const { hasKernel, sharesMemory, ring, restored, reader } = await answersIn(ISOLATED);
    assert.deepEqual([hasKernel, sharesMemory], [true, true]);
    assert.deepEqual([ring, restored, reader], [expected, expected, expected]);
  });

  it("answers as in Node where a policy forbids WebAssembly", async () => {
    const { hasKernel, ring, restored, reader } = await answersIn(NO_WEBASSEMBLY);
    assert.equal(hasKernel, false);
    assert.equal(reader, undefined);
    assert.deepEqual([ring, restored], [expected, expected]);
  });
});
