/**
 * Suggestions of heads in Chromium: `redact.faces.*`. Recall is over the heads that somebody marked by eye in
 * fixtures/heads/heads.json, as the core would cover them with its default padding.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { redactPixels, type Region } from "@recourse/redact";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { startSite } from "../../packages/redact/test/browser/site.ts";
import { findChromium, launchChromium } from "../../tools/chromium.ts";
import type { Benchmarks, Figure } from "./figure.ts";
import { median } from "./measure.ts";

const photographs = join(import.meta.dirname, "../../fixtures/photographs");

/** x, y, width, height in pixels. */
type Box = readonly [number, number, number, number];
interface Heads {
  readonly heads: Readonly<Record<string, { readonly open: readonly Box[]; readonly turned: readonly Box[] }>>;
}

/** What the test page's function answers (packages/redact/test/browser/page/main.ts). */
interface Answer {
  readonly ms: number;
  readonly outcome:
    | { readonly ok: false; readonly code: string }
    | { readonly ok: true; readonly value: { readonly suggestions: readonly { readonly region: Region }[] } };
}

/** Of a head, what must be covered for it to count; a box drawn by eye is not exact to a tenth. */
const COVERED_SHARE = 0.9;
/** Photographs without people, for what is suggested in vain. */
const EMPTY = ["kite", "cups", "facade", "fig", "two-dogs", "clock", "rowing-boats", "storm-road", "drum-and-wine"];

async function suggest(
  page: Page,
  path: string,
): Promise<{ readonly regions: readonly Region[]; readonly ms: number }> {
  await page
    .locator("input")
    .setInputFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer: await readFile(path) });
  const { outcome, ms } = (await page.evaluate('window.door.suggest({ look: ["head"] })')) as Answer;
  if (!outcome.ok) throw new Error(`no suggestions: ${outcome.code}`);
  return { regions: outcome.value.suggestions.map(({ region }) => region), ms };
}

/** One byte a pixel, 1 where the core would cover. */
function coverage(width: number, height: number, cover: readonly Region[]): Uint8Array {
  const white = new Uint8ClampedArray(width * height * 4).fill(255);
  const { picture } = redactPixels({ width, height, data: white }, { cover });
  return Uint8Array.from({ length: width * height }, (_, at) => (picture.data[at * 4] === 0 ? 1 : 0));
}

/** The share of the ellipse in the box that is set. */
function shareOf(mask: Uint8Array, width: number, height: number, [left, top, across, down]: Box): number {
  let [inside, set] = [0, 0];
  for (let y = Math.max(0, top); y < Math.min(height, top + down); y++) {
    for (let x = Math.max(0, left); x < Math.min(width, left + across); x++) {
      const [dx, dy] = [(x + 0.5 - left) / across - 0.5, (y + 0.5 - top) / down - 0.5];
      if (dx * dx + dy * dy > 0.25) continue;
      inside++;
      set += mask[y * width + x]!;
    }
  }
  return inside === 0 ? 0 : set / inside;
}

async function faces(): Promise<readonly Figure[]> {
  if (findChromium() === undefined) return [];
  const { heads } = JSON.parse(await readFile(join(photographs, "../heads/heads.json"), "utf8")) as Heads;
  const site = await startSite();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    const count = { open: 0, openFound: 0, turned: 0, turnedFound: 0, suggested: 0, right: 0 };
    const times: number[] = [];
    for (const [name, { open, turned }] of Object.entries(heads)) {
      const path = join(photographs, "more", name);
      const { width, height } = await sharp(path).metadata();
      const { regions, ms } = await suggest(page, path);
      times.push(ms);
      const mask = coverage(width, height, regions);
      const isCovered = (box: Box): boolean => shareOf(mask, width, height, box) >= COVERED_SHARE;
      count.open += open.length;
      count.openFound += open.filter(isCovered).length;
      count.turned += turned.length;
      count.turnedFound += turned.filter(isCovered).length;
      count.suggested += regions.length;
      for (const region of regions) {
        const own = coverage(width, height, [region]);
        if ([...open, ...turned].some((box) => shareOf(own, width, height, box) > 0.3)) count.right++;
      }
    }
    let inVain = 0;
    for (const name of EMPTY) inVain += (await suggest(page, join(photographs, `${name}.jpg`))).regions.length;
    const all = count.open + count.turned;
    const recall = (count.openFound + count.turnedFound) / all;
    return [
      { figure: "redact.faces.recall", value: recall, unit: "share", n: all },
      { figure: "redact.faces.open.recall", value: count.openFound / count.open, unit: "share", n: count.open },
      { figure: "redact.faces.precision", value: count.right / count.suggested, unit: "share", n: count.suggested },
      { figure: "redact.faces.in_vain", value: inVain, unit: "heads", n: EMPTY.length },
      { figure: "redact.faces.ms", value: median(times), unit: "ms", n: times.length },
    ];
  } finally {
    await browser.close();
    await site.close();
  }
}

export const figures: Benchmarks = { "redact.faces.": faces };
