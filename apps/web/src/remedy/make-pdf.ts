/**
 * A notice as PDF, made in this page. Loaded only when somebody wants one; of the fonts, which are files of the own
 * origin, only those are asked for that its text needs.
 */
import type { Facts, Notice } from "@recourse/remedy";
import { noticeToPdf, type PdfOutcome } from "@recourse/remedy/pdf";

const PACKAGES = "../../../../node_modules/";

/** What the bundler put beside the page, by where it comes from. */
const files = import.meta.glob<string>(
  [
    "../../../../node_modules/@fontsource/*/files/*-400-normal.woff2",
    "../../../../node_modules/@fontsource-variable/*/files/*-wght-normal.woff2",
    "../../../../node_modules/harfbuzzjs/dist/*.wasm",
  ],
  { query: "?url", import: "default", eager: true },
);

const loadFile = async (path: string): Promise<Uint8Array> => {
  const address = files[PACKAGES + path];
  if (address === undefined) throw new TypeError("a font that is not part of the page");
  const answer = await fetch(address);
  if (!answer.ok) throw new TypeError(`a font was answered with ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
};

/** Throws if a file can't be loaded. */
export const makePdf = (notice: Notice, signature: Facts["signature"]): Promise<PdfOutcome> =>
  noticeToPdf(notice, { loadFile, ...(signature === undefined ? {} : { signature }) });
