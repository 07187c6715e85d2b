/** Building the page, and knowing when that is not needed. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { publishFolder } from "./publish.ts";
import { hashSources } from "./source-hash.ts";

const distFolder = fileURLToPath(new URL("../dist", import.meta.url));
/** Where builds are made: on the same disk as `dist/`, and in no one's listing. */
const workFolder = fileURLToPath(new URL("../node_modules", import.meta.url));
const COMPRESSIBLE = /\.(html|js|css|json|svg|txt|wasm|webmanifest)$/;

const compressAll = async (folder: string): Promise<void> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name));
  await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = await readFile(path);
      // The best quality takes seconds for the HEIC decoder and saves one percent.
      const quality = bytes.length > 1_000_000 ? 6 : 11;
      const br = await promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
      await writeFile(`${path}.br`, br);
      await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
    }),
  );
};

/**
 * Builds into `dist/`, whatever is there. Made elsewhere and then moved: a server that starts while another builds,
 * or two that build at once, find a whole page.
 */
export const buildPage = async (): Promise<void> => {
  const sources = await hashSources();
  const [{ build }, { viteConfig }] = await Promise.all([import("vite"), import("./vite-config.ts")]);
  await mkdir(workFolder, { recursive: true });
  const folder = await mkdtemp(join(workFolder, ".page-"));
  try {
    await build(viteConfig(folder));
    await compressAll(folder);
    await writeFile(join(folder, "build.json"), JSON.stringify({ sources }));
    // build.json last of all, so that a build that was cut off does not count.
    await publishFolder(folder, distFolder, ["index.html.br", "index.html.gz", "index.html", "build.json"]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The folder of a build of the sources as they are now; builds only when there is none. */
export const ensureBuilt = async (): Promise<string> => {
  const [sources, built] = await Promise.all([
    hashSources(),
    readFile(join(distFolder, "build.json"), "utf8").catch(() => ""),
  ]);
  if (built !== JSON.stringify({ sources })) await buildPage();
  return distFolder;
};
