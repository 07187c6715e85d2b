/** Files of installed packages, for the fonts of documents. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { LoadFile } from "../pdf/fonts-of-text.ts";

const { resolve } = createRequire(import.meta.url);

/** Throws what the file system says where a package is not whole. */
export const loadPackageFile: LoadFile = async (path) => new Uint8Array(await readFile(resolve(path)));
