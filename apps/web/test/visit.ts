/** A visit in a real browser to a real server: what every browser test of the page starts with. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import sharp from "sharp";
import { startTestServer, type TestServer } from "../../server/test/test-server.ts";
import { launchChromium } from "../../../tools/chromium.ts";

export interface Visits {
  readonly server: TestServer;
  /** Opens the page in a context of its own, `prepare` before it is asked for, and waits for `element`. */
  visit(
    path?: string,
    options?: BrowserContextOptions,
    element?: string,
    prepare?: (page: Page) => Promise<void>,
  ): Promise<Visit>;
  close(): Promise<void>;
}

export interface Visit {
  readonly page: Page;
  /** Addresses asked for, in order, and everything that went wrong in the page. */
  readonly requests: readonly string[];
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** `env` is the server's. */
export const startVisits = async (env: Readonly<Record<string, string>> = {}): Promise<Visits> => {
  const server = await startTestServer({ RECOURSE_CASE_REQUESTS_PER_MINUTE: "10000", ...env });
  const browser: Browser = await launchChromium();
  return {
    server,
    async visit(path = "/", options = {}, element = "h1", prepare = async () => {}) {
      const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1000, height: 800 }, ...options });
      // A wait ends as soon as what it waits for is there; how long that takes is the machine's affair.
      context.setDefaultTimeout(120_000);
      const page = await context.newPage();
      const requests: string[] = [];
      const problems: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => {
        // An answer of 400 or more is logged by the browser itself; tests that provoke one look at the page.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
          problems.push(message.text());
        }
      });
      await page.addInitScript(() => {
        window.addEventListener("securitypolicyviolation", (event) => {
          console.error(`policy violated: ${event.violatedDirective} by ${event.blockedURI}`);
        });
      });
      await prepare(page);
      await page.goto(server.url + path);
      await page.locator(element).first().waitFor();
      return { page, requests, problems, close: () => context.close() };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
};

/** Path of a photograph of the fixtures. */
export const photograph = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/photographs/${name}.jpg`, import.meta.url));
export const readPhotograph = (name: string): Promise<Buffer> => readFile(photograph(name));

/** A part of a photograph that no hash of the whole, or of a window of it, finds. */
export const partOf = async (name: string): Promise<Buffer> => {
  const bytes = await readPhotograph(name);
  const { width, height } = await sharp(bytes).metadata();
  return sharp(bytes)
    .extract({
      left: Math.round(width * 0.22),
      top: Math.round(height * 0.1),
      width: Math.round(width * 0.6),
      height: Math.round(height * 0.65),
    })
    .jpeg({ quality: 85 })
    .toBuffer();
};

/** Chooses an upload in the page that plays the platform. */
export const tryUpload = async (page: Page, gateKey: string, buffer: Buffer): Promise<void> => {
  await page.getByLabel("Gate key").fill(gateKey);
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose an upload" }).click(),
  ]);
  await chooser.setFiles({ name: "part.jpg", mimeType: "image/jpeg", buffer });
};

/** Path of a video of the fixtures. */
export const video = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/videos/${name}`, import.meta.url));
export const readVideo = (name: string): Promise<Buffer> => readFile(video(name));

/** Draws with the mouse, `points` in parts of the element's width and height. Hovering waits until it lies still. */
export const drawOn = async (
  page: Page,
  element: Locator,
  points: readonly (readonly [x: number, y: number])[],
): Promise<void> => {
  const [first, ...others] = points;
  const hover = async ([x, y]: readonly [number, number]): Promise<void> => {
    const box = await element.boundingBox();
    if (box === null) throw new Error("the element is not shown");
    await element.hover({ position: { x: x * box.width, y: y * box.height } });
  };
  if (first === undefined) return;
  await hover(first);
  await page.mouse.down();
  for (const point of others) await hover(point);
  await page.mouse.up();
};

/** The choice of stronger recognition. */
export const chooseStronger = async (page: Page, isStronger: boolean): Promise<void> => {
  await page
    .getByRole("radio", { name: isStronger ? "Yes, with the additional numbers" : "No, without them" })
    .check({ force: true });
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Choose your pictures" }).waitFor();
};

/** From the first screen to the chooser of pictures. */
export const goToChoose = async (page: Page, isStronger = false): Promise<void> => {
  await page.getByRole("button", { name: "I understand, begin" }).click();
  await page.getByRole("button", { name: /^Protect pictures/ }).click();
  await page.getByRole("radio", { name: "Yes, 18 or older in all of them" }).check({ force: true });
  await page.getByRole("radio", { name: "Yes, and they must not be passed on" }).check({ force: true });
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "How much should be recognised?" }).waitFor();
  await chooseStronger(page, isStronger);
};

/** Through the file picker, as a person would. */
export const chooseFiles = async (page: Page, files: Parameters<Page["setInputFiles"]>[1]): Promise<void> => {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose pictures" }).click(),
  ]);
  await chooser.setFiles(files);
};

/** From chosen pictures to the case's number and key. */
export const sendNumbers = async (page: Page): Promise<{ readonly number: string; readonly key: string }> => {
  await page.getByRole("button", { name: "See what will be sent" }).click();
  await page.getByRole("button", { name: "Send the numbers" }).click();
  await page.getByRole("heading", { name: /^Your (pictures|videos|pictures and videos) are protected$/ }).waitFor();
  const [number = "", key = ""] = await page.locator(".secret").allTextContents();
  return { number, key };
};

const axeSource = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Violations of WCAG 2.2 A and AA on the screen as it is, one line each. `without` names rules left out: axe takes the
 * page's own colours for what is seen where the system has chosen others.
 */
export const findBarriers = async (page: Page, without: readonly string[] = []): Promise<readonly string[]> => {
  await page.evaluate(await axeSource);
  return page.evaluate(async (left) => {
    // @ts-expect-error: axe puts itself on the window
    const results = await window.axe.run(document, {
      runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
      rules: Object.fromEntries(left.map((rule) => [rule, { enabled: false }])),
    });
    return results.violations.map(
      (violation: { id: string; nodes: { html: string }[] }) =>
        `${violation.id}: ${violation.nodes[0]?.html.slice(0, 160)}`,
    );
  }, without);
};
