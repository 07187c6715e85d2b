/**
 * SVG (W3C SVG 1.1 and 2): read as a tree, of which what is drawn is written anew from lists of elements, attributes,
 * properties and words. Nothing is followed out of the file. What is drawn is what a browser draws of it as an image:
 * without programs, and without anything from elsewhere.
 */
import { Findings } from "../core/findings.ts";
import type { Options, Parsed, Parser } from "../core/parsed.ts";
import { Output } from "../core/pieces.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { reportTrailer } from "../core/trailer.ts";
import { Window } from "../core/window.ts";
import { Cascade, type Style } from "./cascade.ts";
import { bytesOf, type Characters, readCharacters, utf8 } from "./characters.ts";
import { type CleanElement, cleanElement } from "./clean-element.ts";
import { cleanData, type CleanEmbedded, readData } from "./embedded.ts";
import { findDrawn, linkOf, type Picture, targetOf } from "./live.ts";
import { ANIMATIONS } from "./names.ts";
import { Report } from "./report.ts";
import { attributeOf, readSheet, type Rule } from "./style-sheet.ts";
import { tokensOf } from "./tokens.ts";
import { hasLetters, isTextual, seenText, writeSvg } from "./write.ts";
import { isElement, readXml, SVG, type XmlDocument, type XmlElement } from "./xml.ts";

/** Of style sheets all in all; a picture of a thousand classes needs a tenth. */
const MAX_SHEET = 2 << 20;
const MAX_REPORTED_PICTURES = 64;

const read = (characters: Characters, options: Options): XmlDocument => {
  const document = readXml(characters.text, options.signal);
  const { encoding } = document;
  const isNamed = characters.isUtf16 ? /^(?:utf-16(?:le|be)?)?$/u : /^(?:utf-?8)?$/u;
  // What is ASCII all through is the same in nearly every encoding.
  const isHarmless =
    characters.isAscii && !/^(?:utf-?(?:7|16|32)|ucs|iso-10646|ebcdic|cp037|ibm|iso-2022|hz)/u.test(encoding);
  if (!isNamed.test(encoding) && !isHarmless) throw unsupported("an SVG in another encoding than UTF-8 or UTF-16");
  const { root } = document;
  if (root.ns !== SVG || root.local !== "svg") throw damaged("the file is XML, and not SVG");
  return document;
};

const allOf = (root: XmlElement): readonly XmlElement[] => {
  const all: XmlElement[] = [];
  const visit = (element: XmlElement): void => {
    all.push(element);
    for (const child of element.children) if (isElement(child)) visit(child);
  };
  visit(root);
  return all;
};

interface Styles {
  readonly rules: readonly Rule[];
  readonly hasFont: boolean;
}

/** All style sheets apply to all of a document, wherever they stand. */
const readStyles = (all: readonly XmlElement[], report: Report): Styles => {
  const rules: Rule[] = [];
  let hasFont = false;
  let length = 0;
  for (const element of all) {
    if (element.ns !== SVG || element.local !== "style") continue;
    const told = report.told("style sheet");
    const type = attributeOf(element, "type")?.trim() ?? "";
    const media = attributeOf(element, "media")?.trim() ?? "";
    for (const { ns, local, name, value } of element.attributes)
      if (ns === "" && !/^(?:type|media|id|class)$/u.test(local)) told(name, value);
    let text = "";
    for (const child of element.children) {
      if (isElement(child)) throw doubtful("elements within a style sheet");
      if ("text" in child) text += child.text;
    }
    report.asides(element, true);
    length += text.length;
    if (length > MAX_SHEET) throw unsupported("style sheets of more than two million characters are not cleaned here");
    for (const [, comment = ""] of text.matchAll(/\/\*([\s\S]*?)\*\//gu)) report.comment(comment, "style sheet");
    if (!/^(?:text\/css)?$/iu.test(type)) {
      told("style sheet of another kind", type);
      continue;
    }
    if (/^print$/iu.test(media)) {
      told("@media print", "");
      continue;
    }
    if (!/^(?:all|screen)?$/iu.test(media)) throw doubtful("a style sheet for some screens only");
    const sheet = readSheet(tokensOf(text), told);
    for (const rule of sheet.rules) rules.push(rule);
    hasFont ||= sheet.hasFont;
  }
  return { rules, hasFont };
};

/** Elements by name, the first of each; a name may stand in a reference with percent signs. */
const finder = (all: readonly XmlElement[]) => {
  const byId = new Map<string, XmlElement>();
  for (const element of all) {
    const id = attributeOf(element, "id");
    if (id !== undefined && id !== "" && !byId.has(id)) byId.set(id, element);
  }
  const nameOf = (id: string): string => {
    if (byId.has(id) || !id.includes("%")) return id;
    try {
      return decodeURIComponent(id);
    } catch {
      return id;
    }
  };
  return { byId, nameOf, find: (id: string) => byId.get(nameOf(id)) };
};

const readPicture = (document: XmlDocument, report: Report) => {
  const { root } = document;
  const all = allOf(root);
  const { byId, nameOf, find } = finder(all);
  const { rules, hasFont } = readStyles(all, report);
  const used = new Set<XmlElement>();
  const animated = new Map<XmlElement, Set<string>>();
  for (const element of all) {
    if (element.ns !== SVG) continue;
    const link = linkOf(element);
    if (element.local === "use" && link !== null) {
      const target = find(link);
      if (target !== undefined) used.add(target);
    }
    if (!ANIMATIONS.has(element.local)) continue;
    const target = targetOf(element, find, link);
    if (target === undefined) continue;
    const names = animated.get(target) ?? new Set();
    names.add((attributeOf(element, "attributeName") ?? "").trim());
    animated.set(target, names);
  }
  const outermostUsed = (element: XmlElement): XmlElement | null => {
    let found: XmlElement | null = null;
    for (let up: XmlElement | null = element; up !== null; up = up.parent) if (used.has(up)) found = up;
    return found;
  };
  const cascade = new Cascade(rules, outermostUsed);
  const cleaned = new Map<XmlElement, CleanElement>();
  /** What is left out of an element is told when it is known whether it is drawn. */
  const leftOut = new Map<XmlElement, (readonly [string, string])[]>();
  const clean = (element: XmlElement): CleanElement => {
    const known = cleaned.get(element);
    if (known !== undefined) return known;
    const left: (readonly [string, string])[] = [];
    const told = (name: string, value: string): void => void left.push([name, value]);
    const style: Style = cascade.styleOf(element, told);
    const one = cleanElement(element, style, told);
    cleaned.set(element, one);
    if (left.length > 0) leftOut.set(element, left);
    return one;
  };
  const picture: Picture = { root, all, find, clean, animated };
  return { picture, byId, nameOf, leftOut, hasFont };
};

const TOO_LARGE = "an SVG whose styles would make it far larger is not cleaned here";

/** `cleanEmbedded` is for pictures within this one. */
export const svgParser =
  (cleanEmbedded: (bytes: Uint8Array, options: Options) => ReturnType<CleanEmbedded>): Parser =>
  async (source, options): Promise<Parsed> => {
    const { signal } = options;
    const window = new Window(source);
    const findings = new Findings();
    const report = new Report(findings);
    const characters = await readCharacters(window, signal);
    const document = read(characters, options);
    report.before(document);
    const { picture, byId, nameOf, leftOut, hasFont } = readPicture(document, report);
    const { root, all, clean } = picture;
    const { live, around } = findDrawn(picture);
    signal?.throwIfAborted();
    const isKept = (element: XmlElement): boolean => live.has(element) || around.has(element);

    const referred = new Set<string>();
    const kept = new Set<string>();
    const pictures = new Map<string, string>();
    for (const element of all) {
      if (!isKept(element)) continue;
      const { references, data } = clean(element);
      for (const id of references) referred.add(nameOf(id));
      if (ANIMATIONS.has(element.local)) kept.add("animation");
      if (hasOwnText(element, live)) kept.add("visible text");
      if (data === null || pictures.has(data)) continue;
      const { text, embedded } = await cleanData(data, (bytes) => cleanEmbedded(bytes, options));
      pictures.set(data, text);
      tellEmbedded(embedded.findings, embedded.trailingBytes, "picture within", report);
      kept.add("pictures within");
      for (const what of embedded.kept) kept.add(what);
    }
    const hasText = kept.has("visible text");
    if (hasFont && hasText) throw doubtful("text in a font that is part of the file");

    for (const element of all) {
      if (isKept(element)) {
        for (const [name, value] of leftOut.get(element) ?? []) report.told(`element ${element.local}`)(name, value);
        const { language } = clean(element);
        if (language !== null && hasText) kept.add("language of the text");
        else if (language !== null) report.told(`element ${element.local}`)("lang", language);
        const isText = isTextual(element) && live.has(element);
        report.asides(element, isText);
        if (isText && element.children.some((child) => "text" in child && seenText(child.text) !== child.text))
          report.add("hidden_media", `element ${element.local}`, "characters that do not show", "", "medium");
      } else if (element.parent !== null && isKept(element.parent)) report.element(element);
      const id = attributeOf(element, "id");
      if (id !== undefined) report.name(id);
      for (const name of (attributeOf(element, "class") ?? "").split(/\s+/u)) if (name !== "") report.name(name);
    }
    report.names();
    for (const address of report.pictures.slice(0, MAX_REPORTED_PICTURES))
      await lookInto(address, (bytes) => cleanEmbedded(bytes, options), report);

    const isReferred = (element: XmlElement, id: string): boolean => referred.has(id) && byId.get(id) === element;
    const text = writeSvg({
      root,
      isKept,
      isDrawn: (element) => live.has(element),
      hasText,
      clean,
      nameOf,
      isReferred,
      pictures,
    });
    const end = bytesOf(characters, document.end);
    const bytes = utf8(text);
    if (bytes.length > 2 * end + SPARE_BYTES) throw unsupported(TOO_LARGE);
    const output = new Output();
    output.add(bytes);
    const isEnd = characters.isWhole && /^[ \t\r\n]*$/u.test(characters.text.slice(document.end));
    if (!isEnd) await reportTrailer(window, end, findings);
    return { findings, trailingBytes: isEnd ? 0 : window.sizeBytes - end, output, kept: [...kept] };
  };

const hasOwnText = (element: XmlElement, live: ReadonlySet<XmlElement>): boolean =>
  live.has(element) &&
  isTextual(element) &&
  element.children.some((child) => "text" in child && hasLetters(child.text));

const SPARE_BYTES = 1 << 17;

const tellEmbedded = (inner: Findings, trailingBytes: number, where: string, report: Report): void => {
  for (const found of inner.all())
    report.add(found.kind, `${where}, ${found.where}`, found.name, found.value, found.severity);
  if (trailingBytes > 0) report.add("hidden_media", where, "bytes behind its end", String(trailingBytes), "high");
};

/** A picture that does not show: whatever can be said of it. */
const lookInto = async (address: string, clean: CleanEmbedded, report: Report): Promise<void> => {
  const where = "hidden picture";
  let size = 0;
  try {
    const { bytes } = readData(address);
    size = bytes.length;
    const embedded = await clean(bytes);
    if (embedded.ok) tellEmbedded(embedded.findings, embedded.trailingBytes, where, report);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "Refused") throw error;
  }
  report.add("hidden_media", "what does not show", "picture", `${size} bytes`, "high");
};
