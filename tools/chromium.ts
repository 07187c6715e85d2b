/** Where the browser tests find Chromium, and how they start it. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** RECOURSE_CHROMIUM if it is set, else the first usual place that has one. */
export const findChromium = (): string | undefined => {
  const chosen = process.env["RECOURSE_CHROMIUM"];
  return chosen === undefined ? PATHS.find((path) => existsSync(path)) : existsSync(chosen) ? chosen : undefined;
};

/** False where there is one; else a reason to skip, for node:test's `skip`. */
export const noChromium: string | false = findChromium() === undefined ? "no Chromium on this machine" : false;

/** Without network of its own: nothing but what a test asks for is requested. */
export const launchChromium = (): Promise<Browser> => {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("no Chromium on this machine");
  return chromium.launch({
    executablePath,
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
};
