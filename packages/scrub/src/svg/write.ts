/** Writes what is drawn as SVG again: names are numbers, styles that come again are classes, all in one order. */
import type { CleanElement } from "./clean-element.ts";
import type { Style } from "./cascade.ts";
import { TEXTS } from "./names.ts";
import type { Value } from "./values.ts";
import { isElement, SVG, XLINK, type XmlElement } from "./xml.ts";

export interface Written {
  readonly root: XmlElement;
  readonly isKept: (element: XmlElement) => boolean;
  /** Of those that are kept, the ones whose text shows. */
  readonly isDrawn: (element: XmlElement) => boolean;
  /** Whether any text shows; else languages say nothing. */
  readonly hasText: boolean;
  readonly clean: (element: XmlElement) => CleanElement;
  /** The name by which an element is found that is called `id`. */
  readonly nameOf: (id: string) => string;
  /** Whether an element is the one that is found by its name, and looked for. */
  readonly isReferred: (element: XmlElement, id: string) => boolean;
  /** Pictures within by what stood there, cleaned. */
  readonly pictures: ReadonlyMap<string, string>;
}

const escapeText = (text: string): string =>
  text.replaceAll(/[&<>\r]/gu, (one) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[one] ?? " ");
const escapeAttribute = (text: string): string =>
  text.replaceAll(/[&<"\t\n\r]/gu, (one) => ({ "&": "&amp;", "<": "&lt;", '"': "&quot;" })[one] ?? " ");

/** Tags of regions, of which flags are made; any other use does not show and holds text. */
const TAGS = /(\u{1f3f4}[\u{e0061}-\u{e007a}\u{e0030}-\u{e0039}]{3,6}\u{e007f})|[\u{e0000}-\u{e0fff}]/gu;
/** Several of what joins or parts letters in a row say nothing to fonts. */
const UNSEEN = /[\u200b-\u200f\u2060-\u2064\ufeff\u180e\u00ad\u206a-\u206f\ufff9-\ufffb]{3,}/gu;

/** Without characters that only carry something unseen. */
export const seenText = (text: string): string =>
  text.replaceAll(TAGS, (_, flag: unknown) => (typeof flag === "string" ? flag : "")).replaceAll(UNSEEN, "");

/** Whether there is anything to see in a text, whatever stands beside it. */
export const hasLetters = (text: string): boolean => text.replaceAll(/[\s\p{Cf}\u{e0000}-\u{e0fff}]/gu, "") !== "";

export const isTextual = (element: XmlElement): boolean =>
  TEXTS.has(element.local) || (element.local === "a" && element.parent !== null && isTextual(element.parent));

/** Names in the order in which they are written first. */
class Names {
  readonly #prefix: string;
  readonly #numbers = new Map<string, number>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  of(name: string): string {
    const number = this.#numbers.get(name) ?? this.#numbers.size + 1;
    this.#numbers.set(name, number);
    return `${this.#prefix}${number}`;
  }
}

export const writeSvg = (written: Written): string => {
  const ids = new Names("a");
  const results = new Names("r");
  const classes = new Names("c");
  const parts: string[] = [];
  let hasLinks = false;

  const textOf = (value: Value): string =>
    value
      .map((part) =>
        typeof part === "string"
          ? part
          : part.isResult === true
            ? results.of(part.id)
            : ids.of(written.nameOf(part.id)),
      )
      .join("");

  /** Styles by what they say, before names are given, for these depend on the order of writing. */
  const keyOf = (style: Style): string =>
    Array.from(
      style.values(),
      ({ name, value, isImportant }) =>
        `${name}:${value.map((part) => (typeof part === "string" ? part : `\u0000${written.nameOf(part.id)}\u0000`)).join("")}${isImportant ? "!important" : ""}`,
    ).join(";");
  const counts = new Map<string, number>();
  const keys = new Map<XmlElement, string>();
  const count = (element: XmlElement): void => {
    const key = keyOf(written.clean(element).style);
    if (key !== "") {
      keys.set(element, key);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const child of element.children) if (isElement(child) && written.isKept(child)) count(child);
  };
  count(written.root);

  const rules = new Map<string, string>();
  const styleText = (style: Style): string =>
    Array.from(
      style.values(),
      ({ name, value, isImportant }) => `${name}:${textOf(value)}${isImportant ? "!important" : ""}`,
    ).join(";");

  const write = (element: XmlElement): void => {
    const { attributes, style, target, data, language } = written.clean(element);
    const own = element.attributes.find(({ ns, local }) => ns === "" && local === "id")?.value;
    const out: [string, string][] = [];
    if (own !== undefined && written.isReferred(element, own)) out.push(["id", ids.of(own)]);
    const key = keys.get(element);
    if (key !== undefined && (counts.get(key) ?? 0) > 1) {
      out.push(["class", classes.of(key)]);
      if (!rules.has(key)) rules.set(key, styleText(style));
    } else if (key !== undefined) out.push(["style", styleText(style)]);
    for (const name of [...attributes.keys()].toSorted()) out.push([name, textOf(attributes.get(name) ?? [])]);
    if (language !== null && written.hasText) out.push(["xml:lang", language]);
    if (target !== null) out.push(["xlink:href", `#${ids.of(written.nameOf(target))}`]);
    else if (data !== null) out.push(["xlink:href", written.pictures.get(data) ?? ""]);
    hasLinks ||= target !== null || data !== null;
    parts.push(`<${element.local}${out.map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join("")}`);
    const before = parts.length;
    parts.push(">");
    const isText = isTextual(element) && written.isDrawn(element);
    let said = "";
    const say = (): void => {
      const text = seenText(said);
      if (text !== "") parts.push(escapeText(text));
      said = "";
    };
    for (const child of element.children) {
      if (isElement(child)) {
        if (!written.isKept(child)) continue;
        say();
        write(child);
      } else if (isText && "text" in child) said += child.text;
    }
    say();
    if (parts.length === before + 1 && element.parent !== null) parts[before] = "/>";
    else parts.push(`</${element.local}>`);
  };
  write(written.root);
  // The root's tag is known only now: whether anything is referred to, and which classes there are.
  const sheet = Array.from(rules, ([key, text]) => `.${classes.of(key)}{${text}}`).join("");
  const style = sheet === "" ? "" : `<style>${escapeText(sheet)}</style>`;
  const head = `<svg xmlns="${SVG}"${hasLinks ? ` xmlns:xlink="${XLINK}"` : ""}${(parts[0] ?? "").slice(4)}`;
  return [head, parts[1] ?? ">", style, ...parts.slice(2)].join("");
};
