/** What PDF.js asks for while it draws: fonts of PDFs that bring none, character maps, decoders; files of the page. */

const PACKAGE = "../../../../../node_modules/pdfjs-dist/";

/** What the bundler put beside the page, by where it comes from. */
const addresses = import.meta.glob<string>(
  [
    "../../../../../node_modules/pdfjs-dist/cmaps/*.bcmap",
    "../../../../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}",
    "../../../../../node_modules/pdfjs-dist/wasm/{jbig2,openjpeg,qcms_bg}.wasm",
  ],
  { query: "?url", import: "default", eager: true },
);

/** As PDF.js names them: which setting they belong to. */
const FOLDERS: Readonly<Record<string, string>> = {
  cMapUrl: "cmaps/",
  standardFontDataUrl: "standard_fonts/",
  wasmUrl: "wasm/",
};

/** Made by PDF.js, which calls `fetch`. Nothing but what is listed above is asked for. */
export class PageFiles {
  async fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
    const address = addresses[`${PACKAGE}${FOLDERS[kind] ?? ""}${filename}`];
    if (address === undefined) throw new TypeError("a file that is not part of the page");
    const answer = await fetch(address);
    if (!answer.ok) throw new TypeError(`a file was answered with ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }
}
