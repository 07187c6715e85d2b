/** What is left out of a picture, told by what it reveals. */
import type { Findings } from "../core/findings.ts";
import type { FindingKind, Severity } from "../types.ts";
import { isElement, SVG, XLINK, type XmlDocument, type XmlElement, XMLNS } from "./xml.ts";

type Known = readonly [pattern: RegExp, kind: FindingKind, severity: Severity];

const KNOWN: readonly Known[] = [
  [/^request/u, "other", "high"],
  [/^link$/u, "author", "high"],
  [/(?:^|:)\w*Tool$|softwareAgent|Producer|(?:Document|Instance)ID$/u, "editing", "medium"],
  [/^(?:dc|cc|dcterms|photoshop|xmpRights|tiff|rdf):(?!format$|type$|\w*[dD]ate)\w+$/u, "author", "high"],
  [/^on[a-z]+$/iu, "other", "medium"],
  [/^font$/u, "editing", "medium"],
  [/^namespace$|^@|^charset$/u, "editing", "low"],
  [/^lang$/u, "other", "low"],
  [/filename|docname|absref|path$|file|url|user|author|creator|owner|artist|rights|copyright/iu, "author", "high"],
  [/date|time(?!line)/iu, "time", "high"],
  [/latitude|longitude|gps|location/iu, "location", "high"],
  [/^(?:aria-|data-|role$|alt$|title$|label$)|label$/iu, "author", "medium"],
  [/version|generator|^(?:inkscape|sodipodi|sketch|i|figma|serif|bx|vectornator|cdr|xodm|corel)\b/iu, "editing", "low"],
  [/^-?(?:inkscape|ms|webkit)/iu, "editing", "low"],
];

/** Values as long as this are pictures and programs' own files; nobody reads them. */
const MAX_TEXT = 2000;
const MAX_SAID = 20_000;
const NEUTRAL = /^[A-Za-z]\d{0,6}$/u;
const GENERATOR =
  /generator|created (?:with|by|using)|exported|inkscape|illustrator|sketch|figma|corel|affinity|draw\.io|matplotlib|gnuplot|graphviz|potrace|svgo|boxy/iu;
const PUBLIC_DOCTYPE =
  /^<!DOCTYPE\s+svg(?:\s+PUBLIC\s+["']-\/\/W3C\/\/DTD SVG [\w. ]+\/\/EN["']\s+["']https?:\/\/www\.w3\.org\/[\w./-]+["'])?\s*>$/u;

const sizeOrText = (text: string): string => (text.length > MAX_TEXT ? `${text.length} bytes` : text.trim());

const textOf = (element: XmlElement): string => {
  const parts: string[] = [];
  let length = 0;
  const visit = (at: XmlElement): void => {
    for (const child of at.children) {
      if (length > MAX_TEXT) return;
      if (isElement(child)) visit(child);
      else if ("text" in child && child.text.trim() !== "") {
        parts.push(child.text.trim());
        length += child.text.length;
      }
    }
  };
  visit(element);
  return parts.join(" ");
};

export class Report {
  /** Pictures of what is left out, as data addresses; they are looked into later. */
  readonly pictures: string[] = [];
  readonly #findings: Findings;
  readonly #said = new Set<string>();
  readonly #names = new Set<string>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  add(kind: FindingKind, where: string, name: string, value: string, severity: Severity): void {
    const key = `${where} ${name} ${value.slice(0, 300)}`;
    if (this.#said.has(key) || this.#said.size > MAX_SAID) return;
    this.#said.add(key);
    this.#findings.add(kind, where, name, value, severity);
  }

  /** An attribute or part of a style that is left out. */
  told =
    (where: string) =>
    (name: string, value: string): void => {
      const [, kind, severity] = KNOWN.find(([pattern]) => pattern.test(name)) ?? [null, "other", "medium"];
      this.add(kind, where, name, sizeOrText(value), severity);
    };

  comment(text: string, where: string): void {
    if (text.trim() === "") this.add("other", where, "comment", "", "low");
    else if (GENERATOR.test(text)) this.add("editing", where, "generator", sizeOrText(text), "medium");
    else this.add("author", where, "comment", sizeOrText(text), "high");
  }

  /** Names of elements and classes are given by programs and by persons. */
  name(text: string): void {
    if (!NEUTRAL.test(text) && this.#names.size < 200) this.#names.add(text);
  }

  names(): void {
    if (this.#names.size > 0) this.add("editing", "ids and classes", "names", [...this.#names].join(", "), "low");
  }

  before({ before, encoding }: XmlDocument): void {
    if (encoding !== "" && !/^(?:utf-?8|utf-16(?:le|be)?|us-ascii|iso-8859-1|ascii|windows-1252)$/u.test(encoding))
      this.add("editing", "declaration", "encoding", encoding, "low");
    for (const node of before) {
      if ("doctype" in node) {
        if (!PUBLIC_DOCTYPE.test(node.doctype))
          this.add("other", "document type", "doctype", sizeOrText(node.doctype), "medium");
      } else if ("comment" in node) this.comment(node.comment, "before the picture");
      else if ("target" in node) this.instruction(node.target, node.data);
    }
  }

  instruction(target: string, data: string): void {
    const isSheet = target === "xml-stylesheet";
    this.add(
      "other",
      "instruction",
      isSheet ? "request to a style sheet" : target,
      sizeOrText(data),
      isSheet ? "high" : "medium",
    );
  }

  /** Comments and instructions among children, and texts that are not drawn. */
  asides(element: XmlElement, isText: boolean): void {
    for (const child of element.children) {
      if (isElement(child)) continue;
      if ("comment" in child) this.comment(child.comment, "comment");
      else if ("target" in child) this.instruction(child.target, child.data);
      else if (!isText && child.text.trim() !== "")
        this.add("hidden_media", `element ${element.local}`, "text that does not show", sizeOrText(child.text), "high");
    }
  }

  /** An element that is left out with all that it holds. */
  element(element: XmlElement): void {
    const { ns, local, name } = element;
    if (ns === SVG && local === "metadata") this.#metadata(element);
    else if (ns === SVG && (local === "title" || local === "desc"))
      this.add("author", `element ${local}`, local, textOf(element), "high");
    else if (ns === SVG && local === "script")
      this.add("other", "element script", "program", sizeOrText(textOf(element)), "high");
    else if (ns === SVG && local === "style") return;
    else {
      const text = textOf(element);
      if (ns !== SVG)
        this.add(
          text === "" ? "editing" : "hidden_media",
          "element of a program",
          name,
          sizeOrText(text),
          text === "" ? "low" : "high",
        );
      else if (text !== "")
        this.add("hidden_media", "what does not show", `${local} with text`, sizeOrText(text), "high");
      else this.add("other", "what does not show", local, "", "low");
    }
    this.#within(element, ns === SVG);
  }

  /** What attributes and descendants of something left out say. */
  #within(element: XmlElement, isOfSvg: boolean): void {
    for (const { ns, local, name, value } of element.attributes) {
      if (ns === XMLNS) continue;
      if (local === "href" && (ns === "" || ns === XLINK)) {
        if (/^\s*data:/iu.test(value)) this.pictures.push(value.trim());
        else if (!value.startsWith("#") && value !== "")
          this.told(`element ${element.local}`)("request to another file", value);
      } else if (!isOfSvg || (ns !== "" && ns !== XLINK) || /^(?:on|data-|aria-)/u.test(name))
        this.told(`element ${element.name}`)(name, value);
    }
    this.asides(element, true);
    for (const child of element.children) if (isElement(child)) this.#within(child, child.ns === SVG);
  }

  /** RDF, Dublin Core and XMP: each text by the name of the outermost element that stands for a property. */
  #metadata(element: XmlElement): void {
    this.add("author", "element metadata", "metadata", `${element.children.length} parts`, "medium");
    const told = this.told("element metadata");
    const visit = (at: XmlElement, property: string): void => {
      const isFrame = /(?:^|:)(?:RDF|Work|Description|xmpmeta|Alt|Bag|Seq|li|Agent|metadata)$/u.test(at.name);
      const name = isFrame || property !== "" ? property : at.name;
      for (const attribute of at.attributes)
        if (attribute.ns !== XMLNS && attribute.value.trim() !== "" && !/^rdf:(?:parseType)$/u.test(attribute.name))
          told(isFrame ? attribute.name : name, attribute.value);
      for (const child of at.children) {
        if (isElement(child)) visit(child, name);
        else if ("text" in child && child.text.trim() !== "") told(name === "" ? at.name : name, child.text);
      }
    };
    visit(element, "");
  }
}
