/**
 * A notice as a letter on A4. Any script that the fonts have is set in them, from right to left where it runs so; what
 * no font has stands there by its number, is named to the caller, and is whole in the text form of the notice.
 */
import type { Facts } from "../facts.ts";
import type { Notice } from "../notice/notice.ts";
import { FIELD_HEIGHT, readStrokes, type Stroke } from "../notice/strokes.ts";
import { wordsIn } from "../notice/words.ts";
import { fontsOfText, type LoadFile } from "./fonts-of-text.ts";
import { layOutWith, type Line } from "./lay-out.ts";
import { DocumentFonts, number, PdfFile, textString } from "./write-pdf.ts";

export interface PdfOptions {
  readonly loadFile: LoadFile;
  /** Shown if it is drawn; a typed one stands in the notice's own text. */
  readonly signature?: Facts["signature"];
  /** What a viewer's window is called; says nothing of what it is about unless the caller makes it. */
  readonly title?: string;
  /** ISO 8601 in UTC. Left out: the file has no date. */
  readonly createdAt?: string;
}

export type PdfOutcome =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly pages: number;
      /** Characters that no font has, each once. The text form of the notice has them. */
      readonly missing: readonly string[];
    }
  /** More than `MAX_PDF_TEXT` characters: nothing was made of it, the text form is whole. */
  | { readonly ok: false; readonly code: "pdf_too_long" };

export const MAX_PDF_TEXT = 500_000;

const PAGE_WIDTH = 595.28;
const PAGE_HEIGHT = 841.89;
const MARGIN = 64;
const WIDTH = PAGE_WIDTH - 2 * MARGIN;
const BODY_SIZE = 10.5;
const HEAD_SIZE = 14;
const LEADING = 1.5;
const SIGNATURE_WIDTH = 180;
const SIGNATURE_HEIGHT = 60;

/** Paths of the pen, cut to what was drawn and fitted into the box, both ways alike. */
const drawn = (given: readonly Stroke[], x: number, top: number): string => {
  const strokes = given.map((stroke) => stroke.map(([px, py]): readonly [number, number] => [px, py * FIELD_HEIGHT]));
  const points = strokes.flat();
  const left = Math.min(...points.map(([at]) => at));
  const upper = Math.min(...points.map(([, at]) => at));
  const wide = Math.max(...points.map(([at]) => at)) - left;
  const high = Math.max(...points.map(([, at]) => at)) - upper;
  const scale = Math.min(SIGNATURE_WIDTH / Math.max(wide, 1), SIGNATURE_HEIGHT / Math.max(high, 1), 1);
  const place = ([px, py]: readonly [number, number]): string =>
    `${number(x + (px - left) * scale)} ${number(top - (py - upper) * scale)}`;
  const paths = strokes.map((stroke) => {
    const [first, ...rest] = stroke;
    if (first === undefined) return "";
    // A dot is a line to itself, which round ends make visible.
    return `${place(first)} m ${(rest.length === 0 ? [first] : rest).map((point) => `${place(point)} l`).join(" ")} S`;
  });
  return `q 1 J 1 j 1.2 w ${paths.join("\n")} Q`;
};

/** Pages, and on each what was written there, in order; with the parts of the structure that stand on it. */
class Pages {
  readonly contents: string[][] = [];
  readonly parts: number[][] = [];
  #y = 0;

  /** Room for a block of this height; a new page if there is none. Answers its top. */
  room(height: number): number {
    if (this.contents.length === 0 || this.#y - height < MARGIN) {
      this.contents.push([]);
      this.parts.push([]);
      this.#y = PAGE_HEIGHT - MARGIN;
    }
    const top = this.#y;
    this.#y -= height;
    return top;
  }

  /** Answers the page and the number within it (14.7.4.2). */
  write(tag: string, operators: string, element: number): { readonly page: number; readonly mark: number } {
    const page = this.contents.length - 1;
    const mark = this.parts[page]?.push(element) ?? 0;
    this.contents[page]?.push(`/${tag} <</MCID ${mark - 1}>> BDC\n${operators}\nEMC`);
    return { page, mark: mark - 1 };
  }
}

const dateOf = (iso: string): string => `D:${iso.replaceAll(/\D/gu, "").slice(0, 14)}Z`;

export const noticeToPdf = async (notice: Notice, options: PdfOptions): Promise<PdfOutcome> => {
  const { subject, body, language } = notice;
  if (subject.length + body.length > MAX_PDF_TEXT) return { ok: false, code: "pdf_too_long" };
  const strokes = options.signature?.kind === "drawn" ? readStrokes(options.signature.value) : undefined;
  const label = wordsIn(language)["label_signature"] ?? "";
  const all = [subject, body, label].join("\n").normalize("NFC");
  const fonts = await fontsOfText(all, language, options.loadFile);
  const { linesOf } = layOutWith(fonts);
  const file = new PdfFile();
  const used = new DocumentFonts();
  const pages = new Pages();
  const pageTree = file.reserve();
  const catalog = file.reserve();
  const structure = file.reserve();
  const whole = file.reserve();
  const pageIds: number[] = [];
  const elements: { id: number; tag: string; marks: { page: number; mark: number }[]; extra: string }[] = [];

  const element = (tag: string, extra = "") => {
    const made = { id: file.reserve(), tag, marks: [] as { page: number; mark: number }[], extra };
    elements.push(made);
    return made;
  };
  const writeLine = (line: Line, sizePt: number, to: ReturnType<typeof element>): void => {
    const top = pages.room(sizePt * LEADING);
    let x = line.isRightToLeft ? MARGIN + WIDTH - (line.width * sizePt) / 1000 : MARGIN;
    const operators = line.runs.map((run) => {
      const shown = used.show(run, x, top - sizePt, sizePt);
      x += (run.width * sizePt) / 1000;
      return shown;
    });
    if (operators.length > 0) to.marks.push(pages.write(to.tag, operators.join("\n"), to.id));
  };

  const head = element("H1");
  for (const line of linesOf(subject, WIDTH, HEAD_SIZE)) writeLine(line, HEAD_SIZE, head);
  pages.room(BODY_SIZE * LEADING);
  for (const paragraph of body.split("\n")) {
    if (paragraph.trim() === "") {
      pages.room(BODY_SIZE * LEADING * 0.6);
      continue;
    }
    const own = element("P");
    for (const line of linesOf(paragraph, WIDTH, BODY_SIZE)) writeLine(line, BODY_SIZE, own);
  }
  if (strokes !== undefined) {
    pages.room(BODY_SIZE);
    const own = element("P");
    for (const line of linesOf(label, WIDTH, BODY_SIZE)) writeLine(line, BODY_SIZE, own);
    const top = pages.room(SIGNATURE_HEIGHT + BODY_SIZE) - BODY_SIZE / 2;
    const figure = element("Figure", `/Alt${textString(label)}`);
    figure.marks.push(pages.write("Figure", drawn(strokes, MARGIN, top), figure.id));
  }

  for (const _ of pages.contents) pageIds.push(file.reserve());
  const resources = file.add(`<</Font<<${used.write(file)}>>>>`);
  for (const [index, id] of pageIds.entries()) {
    const content = file.addStream(new TextEncoder().encode((pages.contents[index] ?? []).join("\n")));
    file.put(
      id,
      `<</Type/Page/Parent ${pageTree} 0 R/MediaBox[0 0 ${PAGE_WIDTH} ${PAGE_HEIGHT}]/Resources ${resources} 0 R/Contents ${content} 0 R/StructParents ${index}/Tabs/S>>`,
    );
  }
  for (const { id, tag, marks, extra } of elements) {
    const kids = marks.map(({ page, mark }) => `<</Type/MCR/Pg ${pageIds[page] ?? 0} 0 R/MCID ${mark}>>`).join("");
    file.put(id, `<</Type/StructElem/S/${tag}/P ${whole} 0 R/K[${kids}]${extra}>>`);
  }
  const parents = file.add(
    `<</Nums[${pages.parts.map((parts, index) => `${index}[${parts.map((id) => `${id} 0 R`).join(" ")}]`).join("")}]>>`,
  );
  file.put(
    whole,
    `<</Type/StructElem/S/Document/P ${structure} 0 R/K[${elements.map(({ id }) => `${id} 0 R`).join(" ")}]>>`,
  );
  file.put(structure, `<</Type/StructTreeRoot/K ${whole} 0 R/ParentTree ${parents} 0 R>>`);
  file.put(pageTree, `<</Type/Pages/Kids[${pageIds.map((id) => `${id} 0 R`).join(" ")}]/Count ${pageIds.length}>>`);
  file.put(
    catalog,
    `<</Type/Catalog/Pages ${pageTree} 0 R/Lang(${language})/MarkInfo<</Marked true>>/StructTreeRoot ${structure} 0 R/ViewerPreferences<</DisplayDocTitle true>>>>`,
  );
  const dated = options.createdAt === undefined ? "" : `/CreationDate(${dateOf(options.createdAt)})`;
  const info = file.add(`<</Title${textString(options.title ?? "Letter")}${dated}>>`);
  return {
    ok: true,
    bytes: file.bytes(`/Root ${catalog} 0 R/Info ${info} 0 R`),
    pages: pageIds.length,
    missing: fonts.missing,
  };
};
