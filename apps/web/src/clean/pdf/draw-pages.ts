/**
 * Draws the pages of a PDF, one after the other, as JPEG. By PDF.js, in this worker and one of its own; scripts and
 * forms of the PDF don't run, layers are as a reader shows them, and nothing is asked for but files of this page.
 */
import type { PicturePage } from "@recourse/scrub";
import { blobSource } from "@recourse/scrub";
import { AnnotationMode, getDocument, GlobalWorkerOptions, VerbosityLevel } from "pdfjs-dist";
import { NoFilters, OffscreenCanvases } from "./canvases.ts";
import { PageFiles } from "./files.ts";

/** All of a PDF is in memory while it is drawn. */
const MAX_BYTES = 128 << 20;
const MAX_PAGES = 300;
/** Sharp enough to read small print; a large page has as many pixels as fit. */
const DOTS_PER_INCH = 150;
const MAX_PIXELS = 12_000_000;
const MAX_SIDE = 8000;
/** A picture within the PDF that has more is left out: it would not fit into the memory of a phone. */
const MAX_IMAGE_PIXELS = 100_000_000;
const QUALITY = 0.9;
/** Pages that PDFs may have (ISO 32000-1, annex C). */
const MAX_POINTS = 14_400;

export type NotDrawn = "pdf_locked" | "pdf_too_long" | "scrub_damaged";

/** Why there are no pictures of the pages. */
export class DrawingFailed extends Error {
  override readonly name = "DrawingFailed";
  readonly code: NotDrawn;
  constructor(code: NotDrawn) {
    super(code);
    this.code = code;
  }
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

const points = (length: number): number => Math.min(MAX_POINTS, Math.max(1, length));

/** Pixels a point: never so many that a page does not fit. */
const scaleOf = (width: number, height: number): number =>
  Math.min(DOTS_PER_INCH / 72, MAX_SIDE / Math.max(width, height), Math.sqrt(MAX_PIXELS / (width * height)));

/** Ends PDF.js's worker when it is done with, or given up. Throws DrawingFailed. */
export const drawPages = async function* (
  file: Blob,
  onPage: (done: number, all: number) => void,
): AsyncGenerator<PicturePage> {
  if (file.size > MAX_BYTES) throw new DrawingFailed("pdf_too_long");
  const port = new Worker(new URL("./parse.worker.ts", import.meta.url), { type: "module" });
  GlobalWorkerOptions.workerPort = port;
  // A worker has fonts of its own (CSS Font Loading, 3); the types are a page's.
  const { fonts } = self as unknown as { readonly fonts?: FontFaceSet };
  const task = getDocument({
    data: new Uint8Array(await file.arrayBuffer()),
    verbosity: VerbosityLevel.ERRORS,
    // Where to look is asked of BinaryDataFactory; these only say that there is something.
    cMapUrl: "cmaps/",
    standardFontDataUrl: "standard_fonts/",
    wasmUrl: "wasm/",
    useWorkerFetch: false,
    BinaryDataFactory: PageFiles,
    CanvasFactory: OffscreenCanvases,
    FilterFactory: NoFilters,
    // Only its fonts are used, which a worker has too. Without them, letters are drawn as shapes.
    ownerDocument: { fonts } as unknown as HTMLDocument,
    disableFontFace: fonts === undefined,
    maxImageSize: MAX_IMAGE_PIXELS,
    enableXfa: false,
    stopAtErrors: false,
  });
  try {
    const pdf = await task.promise;
    if (pdf.numPages === 0) throw new DrawingFailed("scrub_damaged");
    if (pdf.numPages > MAX_PAGES) throw new DrawingFailed("pdf_too_long");
    for (let number = 1; number <= pdf.numPages; number += 1) {
      onPage(number - 1, pdf.numPages);
      const page = await pdf.getPage(number);
      const whole = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: scaleOf(whole.width, whole.height) });
      const canvas = new OffscreenCanvas(
        Math.max(1, Math.round(viewport.width)),
        Math.max(1, Math.round(viewport.height)),
      );
      await page.render({
        // A worker's canvas, which does all that is asked of one on a page.
        canvas: canvas as unknown as HTMLCanvasElement,
        viewport,
        annotationMode: AnnotationMode.ENABLE,
        background: "#ffffff",
      }).promise;
      const picture = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
      page.cleanup();
      yield { picture: blobSource(picture), widthPoints: points(whole.width), heightPoints: points(whole.height) };
    }
  } catch (error) {
    if (isNamed(error, "PasswordException")) throw new DrawingFailed("pdf_locked");
    if (isNamed(error, "InvalidPDFException")) throw new DrawingFailed("scrub_damaged");
    throw error;
  } finally {
    GlobalWorkerOptions.workerPort = null;
    void task.destroy();
    port.terminate();
  }
};
