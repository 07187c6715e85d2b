/** Figures of the person's page as it is built: `web.*`. */
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import type { Benchmarks, Figure } from "./figure.ts";
import { buildPage } from "./server-process.ts";

const dist = new URL("../../apps/web/dist/", import.meta.url);

/** Addresses of the scripts that a page's HTML loads by itself, below the folder it lies in. */
export const scriptsOfPage = (html: string): readonly string[] => {
  const found: string[] = [];
  for (const [tag] of html.matchAll(/<(?:script|link)\b[^>]*>/gi)) {
    const attribute = (name: string): string | undefined =>
      new RegExp(`\\s${name}=["']([^"']+)["']`, "i").exec(tag)?.[1];
    const isPreload =
      attribute("rel") === "modulepreload" || (attribute("rel") === "preload" && attribute("as") === "script");
    const address = /^<script/i.test(tag) ? attribute("src") : isPreload ? attribute("href") : undefined;
    if (address !== undefined) found.push(address.replace(/^\.?\//, ""));
  }
  return [...new Set(found)];
};

/** Scripts that a module imports statically, relative to it; what it imports when needed is not among them. */
export const staticImports = (source: string): readonly string[] =>
  [...source.matchAll(/(?:^|[;}\s])(?:import|export)\b[^"'()`;]*["'](\.{1,2}\/[^"']+\.js)["']/g)].map(
    (found) => found[1] ?? "",
  );

const brotliSize = async (path: string, bytes: Uint8Array): Promise<number> => {
  // What the server sends, if the build made it.
  const made = await readFile(new URL(`${path}.br`, dist)).catch(() => undefined);
  if (made !== undefined) return made.length;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  return (await promisify(brotliCompress)(bytes, { params })).length;
};

const firstLoad = async (): Promise<readonly Figure[]> => {
  await buildPage();
  const queue = [...scriptsOfPage(await readFile(new URL("index.html", dist), "utf8"))];
  if (queue.length === 0) throw new Error("the page loads no script");
  let sizeBytes = 0;
  for (const path of queue) {
    const bytes = await readFile(new URL(path, dist));
    sizeBytes += await brotliSize(path, bytes);
    for (const imported of staticImports(bytes.toString("utf8"))) {
      const resolved = new URL(imported, new URL(path, dist)).href.slice(dist.href.length);
      if (!queue.includes(resolved)) queue.push(resolved);
    }
  }
  return [{ figure: "web.first_load_kb", value: sizeBytes / 1000, unit: "kB", n: 1 }];
};

export const figures: Benchmarks = { "web.first_load_kb": firstLoad };
