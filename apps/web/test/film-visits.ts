/** Films made in one Chromium, covered on the page in another, and looked at in the first. */
import { readFile } from "node:fs/promises";
import type { BrowserContextOptions, Page } from "playwright-core";
import type { FilmPlan } from "../../../packages/redact/test/browser/film-plan.ts";
import { startSite } from "../../../packages/redact/test/browser/site.ts";
import { launchChromium } from "../../../tools/chromium.ts";
import { startVisits, type Visit, type Visits } from "./visit.ts";

/** What the page that makes films and looks at them puts on its window (packages/redact/test/browser/page). */
declare const window: {
  readonly door: {
    makeFilm(plan: FilmPlan): Promise<string>;
    seeFilm(): Promise<{
      readonly hasSound: boolean;
      readonly frames: readonly { readonly timeSec: number; readonly luma: string }[];
    }>;
  };
};

export interface FilmVisits {
  readonly visits: Visits;
  makeFilm(plan: FilmPlan): Promise<Buffer>;
  /** Brightness of each frame, one byte a pixel. */
  seeFilm(bytes: Buffer): Promise<{ readonly hasSound: boolean; readonly frames: readonly Buffer[] }>;
  /** Opens a video for covering. */
  open(buffer: Buffer, options?: BrowserContextOptions, prepare?: (page: Page) => Promise<void>): Promise<Visit>;
  close(): Promise<void>;
}

export const startFilmVisits = async (): Promise<FilmVisits> => {
  const site = await startSite();
  const browser = await launchChromium();
  const studio = await browser.newPage();
  await studio.goto(site.url);
  const visits = await startVisits();
  return {
    visits,
    makeFilm: async (plan) =>
      Buffer.from(await studio.evaluate((given) => window.door.makeFilm(given), plan), "base64"),
    async seeFilm(bytes) {
      await studio.setInputFiles("#file", { name: "film", mimeType: "video/mp4", buffer: bytes });
      const { hasSound, frames } = await studio.evaluate(() => window.door.seeFilm());
      return { hasSound, frames: frames.map(({ luma }) => Buffer.from(luma, "base64")) };
    },
    async open(buffer, options = {}, prepare) {
      const visit = await visits.visit("/clean", options, "h1", prepare);
      const { page } = visit;
      await page.getByRole("button", { name: "I understand, begin" }).click();
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.getByRole("button", { name: "Choose pictures or videos" }).click(),
      ]);
      await chooser.setFiles({ name: "VID_2024.mp4", mimeType: "video/mp4", buffer });
      await page.getByRole("button", { name: "Cover parts of it: Video 1" }).click();
      return visit;
    },
    async close() {
      await visits.close();
      await browser.close();
      await site.close();
    },
  };
};

/** Cleans what was covered and saves it. */
export const saveCovered = async (page: Page): Promise<Buffer> => {
  await page.getByRole("button", { name: "Make a clean copy" }).press("Enter");
  await page.getByText("Drawn anew from what is left to see.").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save the copy: Video 1" }).press("Enter"),
  ]);
  return readFile(await download.path());
};

export const momentIs = (page: Page, text: string) =>
  page.waitForFunction(
    (wanted) => document.querySelector(".timeline input")?.getAttribute("aria-valuetext") === wanted,
    text,
  );
