/** What a person's device pays for the whole set of a 12-megapixel photograph, in Chromium: `device.*`. */
import { join } from "node:path";
import type { FingerprintOutcome } from "@recourse/fingerprint";
import sharp from "sharp";
import { startSite } from "../../packages/fingerprint/test/browser/site.ts";
import { findChromium, launchChromium } from "../../tools/chromium.ts";
import type { Benchmarks, Figure } from "./figure.ts";
import { median } from "./measure.ts";

const RUNS = 7;

interface BankRun {
  readonly outcome: FingerprintOutcome;
  readonly ms: number;
  readonly longestTaskMs: number;
}

/** A real photograph at the size of a phone's. */
const photograph = (): Promise<Buffer> =>
  sharp(join(import.meta.dirname, "../../fixtures/photographs/forest-stream.jpg"))
    .resize(4000, 3000, { kernel: "cubic" })
    .jpeg({ quality: 90 })
    .toBuffer();

async function deviceSet(): Promise<readonly Figure[]> {
  if (findChromium() === undefined) return [];
  const site = await startSite();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    const buffer = await photograph();
    await page.locator("input").setInputFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer });
    const times: number[] = [];
    let longest = 0;
    for (let run = -2; run < RUNS; run++) {
      // The cast: what the test page's function answers (packages/fingerprint/test/browser/page/main.ts).
      const { outcome, ms, longestTaskMs } = (await page.evaluate("window.door.runForBank()")) as BankRun;
      if (!outcome.ok || (outcome.fingerprint.local?.bank.length ?? 0) === 0) throw new Error("no fingerprint");
      if (run < 0) continue;
      times.push(ms);
      longest = Math.max(longest, longestTaskMs);
    }
    return [
      { figure: "device.set12mp.ms", value: median(times), unit: "ms", n: RUNS },
      { figure: "device.longest_main_thread_task.ms", value: longest, unit: "ms", n: RUNS },
    ];
  } finally {
    await browser.close();
    await site.close();
  }
}

export const figures: Benchmarks = { "device.": deviceSet };
