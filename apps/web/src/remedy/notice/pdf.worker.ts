/**
 * Makes a letter's PDF away from the page's thread. Of the fonts, which are files of the own origin, only those are asked
 * for that its text needs.
 */
import { noticeToPdf } from "@recourse/remedy/pdf";
import type { PdfAnswer, PdfTask } from "./make-pdf.ts";

const PACKAGES = "../../../../../node_modules/";

/** What the bundler put beside the page, by where it comes from. */
const files = import.meta.glob<string>(
  [
    "../../../../../node_modules/@fontsource/*/files/*-400-normal.woff2",
    "../../../../../node_modules/@fontsource-variable/*/files/*-wght-normal.woff2",
    "../../../../../node_modules/harfbuzzjs/dist/*.wasm",
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

self.onmessage = async ({ data: { notice, signature } }: MessageEvent<PdfTask>) => {
  const answer = await noticeToPdf(notice, { loadFile, ...(signature === undefined ? {} : { signature }) }).catch(
    // What went wrong is a file that did not load, or memory; the page says the same of both.
    (): PdfAnswer => ({ ok: false, code: "pdf_failed" }),
  );
  self.postMessage(answer, { transfer: answer.ok ? [answer.bytes.buffer] : [] });
};
