/** Suggestions in Chromium, under the real page's policy. How good they are is measured in bench/, not here. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { launchChromium, noChromium } from "../../../../tools/chromium.ts";
import type { Region } from "../../src/index.ts";
import { type Site, startSite } from "./site.ts";

interface Outcome {
  readonly ok: boolean;
  readonly code?: string;
  readonly value?: {
    readonly width: number;
    readonly suggestions: readonly { readonly kind: string; readonly region: Region; readonly confidence: number }[];
  };
}
/** What the test page (page/main.ts) puts on its window. */
declare const window: { readonly door: { suggest(options: object): Promise<{ readonly outcome: Outcome }> } };

/** "RECOURSE TEST" as a QR code of version 1, level Q. */
const QR =
  `#######....##.####### #.....#.###...#.....# #.###.#....#..#.###.# #.###.#.#..##.#.###.# #.###.#.#..#..#.###.#
#.....#...###.#.....# #######.#.#.#.####### ........#..#......... .#.####.###.###.##.#. .##.##.##..#..#######
#.#..###...#.....###. #.###...##.###.##.#.. ...#.#####...#####... ........##.##..##..## #######..##..##.###.#
#.....#.#.#.#....##.. #.###.#.###.#.#...### #.###.#.#####..###... #.###.#..##..##..#### #.....#.###..#######.
#######..#.#.#..#..#.`.split(/\s/u);
const MODULE_PX = 5;

function qrPicture(): Buffer {
  const dark = QR.flatMap((row, y) => [...row].flatMap((cell, x) => (cell === "#" ? [[x, y] as const] : [])));
  const squares = dark.map(([x, y]) => `<rect x="${x}" y="${y}" width="1" height="1"/>`).join("");
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${29 * MODULE_PX}" height="${29 * MODULE_PX}" viewBox="-4 -4 29 29" shape-rendering="crispEdges"><rect x="-4" y="-4" width="29" height="29" fill="#fff"/>${squares}</svg>`,
  );
}

const more = join(import.meta.dirname, "../../../../fixtures/photographs/more");

describe("browser door: suggestions", { skip: noChromium, timeout: 300_000 }, () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  before(async () => {
    site = await startSite();
    browser = await launchChromium();
    page = await browser.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().includes("404")) problems.push(message.text());
    });
    await page.goto(site.url);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  async function suggest(bytes: Buffer, options: object): Promise<Outcome> {
    await page.setInputFiles("#file", { name: "file", mimeType: "application/octet-stream", buffer: bytes });
    return (await page.evaluate((given) => window.door.suggest(given), options)).outcome;
  }

  it("QR codes: each is found where it is, and no model is loaded for it", async () => {
    const code = await sharp(qrPicture()).png().toBuffer();
    const picture = await sharp({ create: { width: 700, height: 500, channels: 3, background: "#9ab" } })
      .composite([
        { input: code, left: 50, top: 60 },
        { input: code, left: 450, top: 250 },
      ])
      .png()
      .toBuffer();
    const outcome = await suggest(picture, { look: ["qr_code"] });
    assert.ok(outcome.ok && outcome.value, JSON.stringify(outcome));
    const corners = outcome.value.suggestions
      .map(({ kind, region }) =>
        kind === "qr_code" && region.kind === "polygon" ? region.points[0]! : { x: -1, y: -1 },
      )
      .toSorted((a, b) => a.x - b.x);
    assert.equal(corners.length, 2);
    for (const [at, left, top] of [
      [0, 50, 60],
      [1, 450, 250],
    ] as const) {
      assert.ok(Math.abs(corners[at]!.x - left - 4 * MODULE_PX) < 4, JSON.stringify(corners));
      assert.ok(Math.abs(corners[at]!.y - top - 4 * MODULE_PX) < 4, JSON.stringify(corners));
    }
    assert.ok(
      site.requests.every((path) => !/faces|screens|wasm|model|objectron/u.test(path)),
      String(site.requests),
    );
  });

  it("a head is found, with files of the page's own origin that were not asked for before", async () => {
    const outcome = await suggest(await readFile(join(more, "astronaut.jpg")), { look: ["head"] });
    assert.ok(outcome.ok && outcome.value, JSON.stringify(outcome));
    const [head, ...others] = outcome.value.suggestions;
    assert.equal(others.length, 0);
    assert.ok(head !== undefined && head.region.kind === "ellipse" && head.kind === "head" && head.confidence > 0.5);
    // Drawn by eye in heads.json: 153, 14, 150 x 175.
    const { x, y, width, height } = head.region;
    assert.ok(x < 165 && y < 30 && x + width > 290 && y + height > 180, JSON.stringify(head.region));
    assert.ok(width < 300 && height < 350, JSON.stringify(head.region));
    assert.ok(site.requests.some((path) => path.includes("ssd_mobilenetv1_model")));
  });

  it("writing is found where it is, with a model that was not asked for before, and nothing else is", async () => {
    assert.ok(site.requests.every((path) => !path.includes("PP-OCR")));
    const outcome = await suggest(await readFile(join(more, "man-on-a-beach.jpg")), { look: ["text"] });
    assert.ok(outcome.ok && outcome.value, JSON.stringify(outcome));
    const [line, ...others] = outcome.value.suggestions;
    assert.equal(others.length, 0);
    assert.ok(line !== undefined && line.region.kind === "polygon" && line.kind === "text" && line.confidence > 0.6);
    // Drawn by eye in fixtures/writing: the town on the shirt, 408, 268 to 496, 291.
    const [xs, ys] = [line.region.points.map(({ x }) => x), line.region.points.map(({ y }) => y)];
    assert.ok(Math.min(...xs) < 412 && Math.max(...xs) > 492, JSON.stringify(line.region));
    assert.ok(Math.min(...ys) < 272 && Math.max(...ys) > 287, JSON.stringify(line.region));
    assert.ok(Math.max(...xs) - Math.min(...xs) < 150 && Math.max(...ys) - Math.min(...ys) < 70);
    assert.ok(site.requests.some((path) => path.includes("PP-OCRv4_det")));
  });

  it("a screen is found where it is, with a model that was not asked for before, and nothing else is", async () => {
    assert.ok(site.requests.every((path) => !path.includes("objectron")));
    const outcome = await suggest(await readFile(join(more, "living-room.jpg")), { look: ["screen"] });
    assert.ok(outcome.ok && outcome.value, JSON.stringify(outcome));
    const [screen, ...others] = outcome.value.suggestions;
    assert.equal(others.length, 0);
    assert.ok(screen !== undefined && screen.region.kind === "rectangle" && screen.kind === "screen");
    // Drawn by eye in fixtures/screens: the television, 325, 79 to 393, 126.
    const { x, y, width, height } = screen.region;
    assert.ok(x < 330 && x + width > 388 && y < 84 && y + height > 121, JSON.stringify(screen.region));
    assert.ok(width < 140 && height < 100, JSON.stringify(screen.region));
    const models = site.requests.filter((path) => path.includes("objectron"));
    assert.equal(models.length, 1);
    assert.ok(models[0]!.endsWith(".data"));
  });

  it("a screen in the last quarter of a large picture is found there", async () => {
    // The part of the picture that is looked at last is this photograph.
    const [width, height] = [536 / 0.6, 239 / 0.6].map(Math.round);
    const large = await sharp({ create: { width: width!, height: height!, channels: 3, background: "#9a9a98" } })
      .composite([{ input: await readFile(join(more, "living-room.jpg")), left: width! - 536, top: height! - 239 }])
      .png()
      .toBuffer();
    const outcome = await suggest(large, { look: ["screen"] });
    assert.ok(outcome.ok && outcome.value, JSON.stringify(outcome));
    const [left, top] = [width! - 536 + 325, height! - 239 + 79];
    const isFound = outcome.value.suggestions.some(
      ({ region }) =>
        region.kind === "rectangle" &&
        region.x < left + 5 &&
        region.x + region.width > left + 63 &&
        region.y < top + 5 &&
        region.y + region.height > top + 42 &&
        region.width < 140,
    );
    assert.ok(isFound, JSON.stringify(outcome.value.suggestions));
  });

  it("nothing is found where nobody is, and without the model there is a code", async () => {
    const flat = await sharp({ create: { width: 300, height: 200, channels: 3, background: "#486" } })
      .png()
      .toBuffer();
    assert.deepEqual(await suggest(flat, {}), { ok: true, value: { width: 300, height: 200, suggestions: [] } });
    for (const look of ["text", "screen"]) {
      const nothing = { ok: true, value: { width: 300, height: 200, suggestions: [] } };
      assert.deepEqual(await suggest(flat, { look: [look] }), nothing);
    }
    await page.route(/\.(bin|onnx|data)$/u, (route) => route.abort());
    assert.deepEqual(await suggest(flat, {}), { ok: false, code: "model_unreachable" });
    assert.deepEqual(await suggest(flat, { look: ["text"] }), { ok: false, code: "model_unreachable" });
    assert.deepEqual(await suggest(flat, { look: ["screen"] }), { ok: false, code: "model_unreachable" });
    await page.unroute(/\.(bin|onnx|data)$/u);
    // A model that is cut is none.
    await page.route(/\.(onnx|data)$/u, (route) => route.fulfill({ body: Buffer.from([0x3a, 0x7f, 1]) }));
    assert.deepEqual(await suggest(flat, { look: ["text"] }), { ok: false, code: "model_unreachable" });
    assert.deepEqual(await suggest(flat, { look: ["screen"] }), { ok: false, code: "model_unreachable" });
    await page.unroute(/\.(onnx|data)$/u);
    assert.deepEqual(await suggest(Buffer.from("hello, this is no picture"), {}), { ok: false, code: "not_an_image" });
  });

  it("no model that could tell whose face it is, or read, is among the page's files, and no policy was broken", () => {
    assert.ok(site.requests.every((path) => !/recognition|landmark|age_gender|expression|_rec_|_cls_/u.test(path)));
    assert.deepEqual(
      problems.filter((problem) => !problem.includes("ERR_FAILED")),
      [],
    );
  });
});
