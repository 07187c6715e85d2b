/** The page that suggestions are measured on, and the photographs. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Region } from "@recourse/redact";
import type { Page } from "playwright-core";
import { startSite } from "../../packages/redact/test/browser/site.ts";
import { launchChromium } from "../../tools/chromium.ts";

export const photographs = join(import.meta.dirname, "../../fixtures/photographs");

/** What the test page's function answers (packages/redact/test/browser/page/main.ts). */
interface Answer {
  readonly ms: number;
  readonly outcome:
    | { readonly ok: false; readonly code: string }
    | { readonly ok: true; readonly value: { readonly suggestions: readonly { readonly region: Region }[] } };
}

/** Suggestions of one kind for a picture, and how long they took, the loading of the model included. */
export async function suggest(
  page: Page,
  jpeg: Buffer,
  look: "text" | "screen",
): Promise<{ readonly regions: readonly Region[]; readonly ms: number }> {
  await page.locator("input").setInputFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer: jpeg });
  const { outcome, ms } = (await page.evaluate(`window.door.suggest({ look: ["${look}"] })`)) as Answer;
  if (!outcome.ok) throw new Error(`no suggestions: ${outcome.code}`);
  return { regions: outcome.value.suggestions.map(({ region }) => region), ms };
}

/** Paths below `photographs`, those in `more` last. */
export const allPhotographs = async (): Promise<readonly string[]> => {
  const namesIn = async (folder: string): Promise<readonly string[]> =>
    (await readdir(join(photographs, folder)))
      .filter((name) => name.endsWith(".jpg"))
      .map((name) => join(folder, name))
      .toSorted();
  return [...(await namesIn(".")), ...(await namesIn("more"))];
};

export async function onPage<T>(measure: (page: Page) => Promise<T>): Promise<T> {
  const site = await startSite();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    return await measure(page);
  } finally {
    await browser.close();
    await site.close();
  }
}
