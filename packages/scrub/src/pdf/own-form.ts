/** Knows a PDF that we wrote: byte by byte what layout.ts makes of its pictures, each of them clean. */
import { ascii, latin1, sameBytes } from "../core/bytes.ts";
import type { Window } from "../core/window.ts";
import type { StripOptions } from "../types.ts";
import { BEHIND_PICTURE, HEADER, Layout, MAX_PAGES, MAX_POINTS, type PageLayout } from "./layout.ts";
import { jpegFacts } from "./jpeg-facts.ts";
import type { StreamRange } from "./values.ts";

const HEAD_BYTES = 600;
const HEAD =
  /^\d+ 0 obj\n<<\/Type\/Page\/Parent 2 0 R\/MediaBox\[0 0 (\d{1,5}(?:\.\d{1,2})?) (\d{1,5}(?:\.\d{1,2})?)\].{1,200}?\/Subtype\/Image\/Width (\d{1,5})\/Height (\d{1,5})\/ColorSpace\/Device(Gray|RGB)\/BitsPerComponent 8\/Filter\/DCTDecode\/Length (\d{1,10})>>\nstream\n/su;

const stands = async (window: Window, at: number, bytes: Uint8Array): Promise<boolean> =>
  at + bytes.length <= window.sizeBytes && sameBytes(await window.peek(at, bytes.length), bytes);

/**
 * Whether the whole file is of that form. `isClean` says whether a range is a JPEG that gives nothing away and would
 * be the same if it were cleaned.
 */
export const isOwnForm = async (
  window: Window,
  isClean: (picture: StreamRange) => Promise<boolean>,
  signal: StripOptions["signal"],
): Promise<boolean> => {
  if (!(await stands(window, 0, HEADER))) return false;
  const layout = new Layout();
  while (layout.pages < MAX_PAGES) {
    signal?.throwIfAborted();
    const at = layout.sizeBytes;
    const found = HEAD.exec(latin1(await window.peek(at, HEAD_BYTES)));
    if (found === null) break;
    const [widthPoints = 0, heightPoints = 0, width = 0, height = 0] = found.slice(1, 5).map(Number);
    const components = found[5] === "Gray" ? 1 : 3;
    const page: PageLayout = { widthPoints, heightPoints, width, height, components, sizeBytes: Number(found[6]) };
    if (!(widthPoints > 0 && heightPoints > 0 && widthPoints <= MAX_POINTS && heightPoints <= MAX_POINTS)) return false;
    const head = ascii(layout.page(page));
    const picture: StreamRange = { at: at + head.length, length: page.sizeBytes };
    if (picture.at + picture.length > window.sizeBytes || !(await stands(window, at, head))) return false;
    if (!(await stands(window, picture.at + picture.length, ascii(BEHIND_PICTURE)))) return false;
    const facts = await jpegFacts((from, length) =>
      window.peek(picture.at + from, Math.min(length, picture.length - from)),
    );
    if (facts?.width !== width || facts.height !== height || facts.components !== components) return false;
    if (!(await isClean(picture))) return false;
  }
  const end = ascii(layout.end());
  return (
    layout.pages > 0 && layout.sizeBytes + end.length === window.sizeBytes && stands(window, layout.sizeBytes, end)
  );
};
