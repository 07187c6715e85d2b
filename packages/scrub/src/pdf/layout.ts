/**
 * The one form of PDF that we write (ISO 32000-2): a JPEG a page, and nothing else. No Info, no identifier, no date;
 * the same pictures make the same bytes. Objects: 1 catalogue, 2 list of pages, then three for each page.
 */
import { ascii } from "../core/bytes.ts";

/** The four high bytes say that what follows is binary (7.5.2). */
export const HEADER: Uint8Array = ascii("%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n");
export const MAX_PAGES = 2000;
/** 200 inches: what readers take (annex C of ISO 32000-1). */
export const MAX_POINTS = 14_400;

/** A page and the picture that fills it. */
export interface PageLayout {
  /** Of the page, in points (1/72 inch), with two decimals at most. */
  readonly widthPoints: number;
  readonly heightPoints: number;
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** 1 is grey, 3 is colour. */
  readonly components: 1 | 3;
  /** Of the picture, in bytes. */
  readonly sizeBytes: number;
}

const pageText = (
  first: number,
  page: PageLayout,
): { readonly page: string; readonly content: string; readonly picture: string } => {
  const { widthPoints, heightPoints, width, height, components, sizeBytes } = page;
  const drawn = `${widthPoints} 0 0 ${heightPoints} 0 0 cm /P Do`;
  return {
    page: `${first} 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${widthPoints} ${heightPoints}]/Resources<</XObject<</P ${first + 2} 0 R>>>>/Contents ${first + 1} 0 R>>\nendobj\n`,
    content: `${first + 1} 0 obj\n<</Length ${drawn.length}>>\nstream\n${drawn}\nendstream\nendobj\n`,
    picture: `${first + 2} 0 obj\n<</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/Device${components === 1 ? "Gray" : "RGB"}/BitsPerComponent 8/Filter/DCTDecode/Length ${sizeBytes}>>\nstream\n`,
  };
};

export const BEHIND_PICTURE = "\nendstream\nendobj\n";

/** Puts the parts of a file one behind the other, and knows where each object is. */
export class Layout {
  sizeBytes: number = HEADER.length;
  readonly #offsets: number[] = [];

  get pages(): number {
    return this.#offsets.length / 3;
  }

  /** What stands before the page's picture; behind it stands BEHIND_PICTURE. */
  page(page: PageLayout): string {
    const text = pageText(3 + this.#offsets.length, page);
    this.#offsets.push(
      this.sizeBytes,
      this.sizeBytes + text.page.length,
      this.sizeBytes + text.page.length + text.content.length,
    );
    const head = text.page + text.content + text.picture;
    this.sizeBytes += head.length + page.sizeBytes + BEHIND_PICTURE.length;
    return head;
  }

  /** What stands behind the last page. */
  end(): string {
    const count = this.#offsets.length;
    const kids = Array.from({ length: this.pages }, (_, page) => `${3 + 3 * page} 0 R`).join(" ");
    const pages = `2 0 obj\n<</Type/Pages/Kids[${kids}]/Count ${this.pages}>>\nendobj\n`;
    const catalogue = "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n";
    const offsets = [this.sizeBytes + pages.length, this.sizeBytes, ...this.#offsets];
    const lines = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
    const at = this.sizeBytes + pages.length + catalogue.length;
    return `${pages}${catalogue}xref\n0 ${count + 3}\n0000000000 65535 f \n${lines}trailer\n<</Size ${count + 3}/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`;
  }
}
