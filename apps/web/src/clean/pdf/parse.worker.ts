/** What reads a PDF for drawing: PDF.js's own worker, which starts itself. */
import "pdfjs-dist/build/pdf.worker.min.mjs";
