/**
 * What the page's own thread pays while a part of a 12-megapixel photograph is covered, in Chromium: from "Show the picture"
 * to the clean copy. Decoding, filling, encoding and cleaning are the workers'; what is left is drawing the screens.
 * `scrub.cover_12mp.longest_main_thread_task.ms` is of the clock, as browsers tell it: 0 means that no task took the 50 ms
 * from which on they call it long; beside other work a task waits for its turn and counts as long. `.cpu_ms` is the
 * processor's time of the longest, from Chromium's trace, which costs a little itself.
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

type Browser = Awaited<ReturnType<typeof launchChromium>>;
type Page = Awaited<ReturnType<Browser["newPage"]>>;

/** Of Chromium's trace events (Trace Event Format), what is read here; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread's processor. */
  readonly tdur?: number;
  readonly args: {
    readonly name?: string;
    readonly chrome_mojo_event_info?: { readonly mojo_interface_tag?: string };
  };
}

/** Begins a trace; what comes back ends it, and answers the most of the processor that a task of a page's thread took. */
const traceTasks = async (page: Page): Promise<() => Promise<number>> => {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  // The cast: what the protocol calls objects are the events.
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel"] },
  });
  return async () => {
    const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
    await session.send("Tracing.end");
    await complete;
    const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
    const isMain = ({ name, args }: TraceEvent): boolean => name === "thread_name" && args.name === "CrRendererMain";
    const mains = new Set(events.filter(isMain).map(threadOf));
    const onMain = events.filter((event) => mains.has(threadOf(event)) && event.dur !== undefined);
    // What the bench itself asks of the page comes by this way.
    const asked = onMain.filter(
      ({ args }) => args.chrome_mojo_event_info?.mojo_interface_tag === "blink.mojom.DevToolsSession",
    );
    const isAsked = (task: TraceEvent): boolean =>
      asked.some((one) => threadOf(one) === threadOf(task) && one.ts >= task.ts && one.ts < task.ts + (task.dur ?? 0));
    const tasks = onMain.filter((event) => event.name.endsWith("RunTask") && !isAsked(event));
    if (tasks.length === 0) throw new Error("the trace has no tasks");
    return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
  };
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
    const processor: number[] = [];
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
      const endTrace = await traceTasks(page);
      await page.getByRole("button", { name: "Show the picture" }).click();
      await page.getByRole("button", { name: "Add one in the middle" }).click();
      await page.getByRole("button", { name: "Cover it for good" }).click();
      await page.getByRole("button", { name: "Make a clean copy" }).click();
      await page.getByRole("button", { name: "Save the copy: Picture 1" }).waitFor();
      const cpuMs = await endTrace();
      if (run >= 0) {
        processor.push(cpuMs);
        // The cast: what the program above answers.
        longest.push((await page.evaluate(LONGEST)) as number);
      }
      await context.close();
    }
    return [
      { figure: "scrub.cover_12mp.longest_main_thread_task.ms", value: median(longest), unit: "ms", n: RUNS },
      { figure: "scrub.cover_12mp.longest_main_thread_task.cpu_ms", value: median(processor), unit: "ms", n: RUNS },
    ];
  } finally {
    await browser.close();
    site.close();
  }
};

export const figures: Benchmarks = { "scrub.cover_12mp.": covering };
