/**
 * What the page's own thread pays while a part of a 12-megapixel photograph is covered, in Chromium: from "Show the picture"
 * to the clean copy (`scrub.cover_12mp.longest_main_thread_task.ms`). Decoding, filling, encoding and cleaning are the
 * workers'. 0 means that no task took the 50 ms from which on browsers call it long.
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import sharp from "sharp";
import { findChromium, launchChromium } from "../../tools/chromium.ts";
import type { Benchmarks, Figure } from "./figure.ts";
import { median } from "./measure.ts";
import { buildPage } from "./server-process.ts";

const RUNS = 5;

/** In the page: the longest task so far, kept on the document. */
const WATCH = `new PerformanceObserver((list) => {
  const { dataset } = document.documentElement;
  for (const { duration } of list.getEntries())
    dataset.longest = String(Math.max(Number(dataset.longest ?? 0), duration));
}).observe({ type: "longtask", buffered: true });`;
const LONGEST = "Number(document.documentElement.dataset.longest ?? 0)";

const dist = join(import.meta.dirname, "../../apps/web/dist");
const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/** The page as it is built; covering asks nothing of a server. Any other path is the page itself. */
const startPage = async (): Promise<{ readonly url: string; close(): void }> => {
  const server = createServer((request, response) => {
    const path = normalize(join(dist, (request.url ?? "/").split("?")[0] ?? "/"));
    const type = TYPES[extname(path)];
    const file = type === undefined || !path.startsWith(dist) ? join(dist, "index.html") : path;
    readFile(file).then(
      (bytes) => response.setHeader("content-type", type ?? "text/html").end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // The cast: it listens on a port, so its address is one.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
};

const covering = async (): Promise<readonly Figure[]> => {
  if (findChromium() === undefined) return [];
  await buildPage();
  const buffer = await sharp(join(import.meta.dirname, "../../fixtures/photographs/forest-stream.jpg"))
    .resize(4000, 3000, { kernel: "cubic" })
    .jpeg({ quality: 90 })
    .toBuffer();
  const site = await startPage();
  const browser = await launchChromium();
  try {
    const longest: number[] = [];
    for (let run = -1; run < RUNS; run += 1) {
      const context = await browser.newContext({ locale: "en-GB" });
      const page = await context.newPage();
      await page.addInitScript(WATCH);
      await page.goto(`${site.url}/clean`);
      await page.getByRole("button", { name: "I understand, begin" }).click();
      await page.locator("input[type=file]").setInputFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer });
      await page.getByRole("button", { name: "Cover parts of it: Picture 1" }).click();
      await page.getByRole("button", { name: "Show the picture" }).waitFor();
      await page.evaluate("delete document.documentElement.dataset.longest");
      await page.getByRole("button", { name: "Show the picture" }).click();
      await page.getByRole("button", { name: "Add one in the middle" }).click();
      await page.getByRole("button", { name: "Cover it for good" }).click();
      await page.getByRole("button", { name: "Make a clean copy" }).click();
      await page.getByRole("button", { name: "Save the copy: Picture 1" }).waitFor();
      // The cast: what the program above answers.
      if (run >= 0) longest.push((await page.evaluate(LONGEST)) as number);
      await context.close();
    }
    return [{ figure: "scrub.cover_12mp.longest_main_thread_task.ms", value: median(longest), unit: "ms", n: RUNS }];
  } finally {
    await browser.close();
    site.close();
  }
};

export const figures: Benchmarks = { "scrub.cover_12mp.": covering };
