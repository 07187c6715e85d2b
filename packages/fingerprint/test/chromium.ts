/** Where the browser tests find Chromium, and how they start it. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const path = process.env["RECOURSE_CHROMIUM"] ?? "/usr/bin/chromium";

/** False where there is none, a reason to skip, for node:test's `skip`. */
export const noChromium: string | false = existsSync(path) ? false : "no Chromium on this machine";

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: path,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
