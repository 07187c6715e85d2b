/** Notices as PDF; a door of its own, so that who needs none loads no fonts and no shaping. */
export { fontFiles, SHAPING_PROGRAMS } from "./font-files.ts";
export type { LoadFile } from "./fonts-of-text.ts";
export { MAX_PDF_TEXT, noticeToPdf, type PdfOptions, type PdfOutcome } from "./notice-to-pdf.ts";
