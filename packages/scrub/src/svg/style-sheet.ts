/** Style sheets (CSS 2.2, 4 and 5): rules with selectors by element, class and name, within and below one another. */
import { doubtful } from "../core/refuse.ts";
import { isProperty, JUDGED_BY_NOBODY } from "./names.ts";
import type { Token } from "./tokens.ts";
import { cleanProperty, type Told, type Value } from "./values.ts";
import type { XmlElement } from "./xml.ts";

export interface Declaration {
  readonly name: string;
  readonly value: Value;
  readonly isImportant: boolean;
}

interface Compound {
  readonly type: string | null;
  readonly ids: readonly string[];
  readonly classes: readonly string[];
  readonly isRoot: boolean;
  /** What stands between this and the compound before it; null for the first. */
  readonly combinator: " " | ">" | null;
}

export interface Rule {
  readonly compounds: readonly Compound[];
  readonly specificity: number;
  readonly declarations: readonly Declaration[];
}

export interface Sheet {
  readonly rules: readonly Rule[];
  /** A font of its own is declared, within the file or of the system. */
  readonly hasFont: boolean;
}

const isDelim = (token: Token | undefined, text: string): boolean => token?.is === "delim" && token.text === text;
const notKnown = (): Error => doubtful("a style sheet with rules that are not known here");

const split = (tokens: readonly Token[], mark: string): Token[][] => {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.is === "function" || isDelim(token, "(")) depth += 1;
    else if (isDelim(token, ")")) depth -= 1;
    if (depth <= 0 && isDelim(token, mark)) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
};

const textOf = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => (token.is === "space" ? " " : token.is === "number" ? token.number + token.unit : token.text))
    .join("")
    .trim();

/** Declarations of a block or a style attribute; those that draw nothing are told and left out. */
export const declarationsOf = (tokens: readonly Token[], told: Told): readonly Declaration[] =>
  split(tokens, ";").flatMap((part) => {
    const from = part.findIndex(({ is }) => is !== "space");
    const first = part[from];
    if (first === undefined) return [];
    let colon = from + 1;
    while (part[colon]?.is === "space") colon += 1;
    if (first.is !== "ident" || !isDelim(part[colon], ":")) {
      told("style", textOf(part));
      return [];
    }
    const name = first.text.startsWith("--") ? first.text : first.text.toLowerCase();
    let value: readonly Token[] = part.slice(colon + 1);
    const words = value.filter(({ is }) => is !== "space");
    const last = words.at(-1);
    const isImportant = last?.is === "ident" && /^important$/iu.test(last.text) && isDelim(words.at(-2), "!");
    if (isImportant)
      value = value.slice(
        0,
        value.findLastIndex((token) => isDelim(token, "!")),
      );
    if (!isProperty(name)) {
      if (JUDGED_BY_NOBODY.test(name) && !/^(?:none|normal|0|0px|auto|static|initial)$/u.test(textOf(value)))
        throw doubtful("a style that may change what is seen, and that is not known here");
      told(name, textOf(value));
      return [];
    }
    const clean = cleanProperty(name, value, told);
    if (clean === null) {
      told(name, textOf(value));
      return [];
    }
    return [{ name, value: clean, isImportant }];
  });

/** States that a picture is never in. */
const NEVER = /^(?:hover|active|focus|focus-visible|focus-within|target|visited|checked|disabled)$/u;

/** Null if it never fits. */
const selectorOf = (tokens: readonly Token[]): readonly Compound[] | null => {
  const compounds: Compound[] = [];
  let open: { type: string | null; ids: string[]; classes: string[]; isRoot: boolean; isEmpty: boolean } | null = null;
  let combinator: " " | ">" | null = null;
  let isNever = false;
  const begin = () => (open ??= { type: null, ids: [], classes: [], isRoot: false, isEmpty: true });
  const end = (): void => {
    if (open === null) return;
    const { type, ids, classes, isRoot } = open;
    compounds.push({ type, ids, classes, isRoot, combinator: compounds.length === 0 ? null : (combinator ?? " ") });
    open = null;
    combinator = null;
  };
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.is === "space") {
      end();
      combinator ??= " ";
    } else if (isDelim(token, ">")) {
      end();
      if (combinator === ">") throw notKnown();
      combinator = ">";
    } else if (token.is === "ident") {
      const one = begin();
      if (!one.isEmpty) throw notKnown();
      one.type = token.text;
      one.isEmpty = false;
    } else if (isDelim(token, "*")) {
      const one = begin();
      if (!one.isEmpty) throw notKnown();
      one.isEmpty = false;
    } else if (token.is === "hash") {
      const one = begin();
      one.ids.push(token.text);
      one.isEmpty = false;
    } else if (isDelim(token, ".")) {
      const next = tokens[at + 1];
      if (next?.is !== "ident") throw notKnown();
      const one = begin();
      one.classes.push(next.text);
      one.isEmpty = false;
      at += 1;
    } else if (isDelim(token, ":")) {
      const next = tokens[at + 1];
      if (next?.is !== "ident") throw notKnown();
      const one = begin();
      one.isEmpty = false;
      const name = next.text.toLowerCase();
      if (name === "root") one.isRoot = true;
      else if (NEVER.test(name)) isNever = true;
      else throw notKnown();
      at += 1;
    } else throw notKnown();
  }
  end();
  if (compounds.length === 0 || combinator === ">" || compounds.length > 32) throw notKnown();
  return isNever ? null : compounds;
};

const specificityOf = (compounds: readonly Compound[]): number => {
  let [ids, classes, types] = [0, 0, 0];
  for (const compound of compounds) {
    ids += compound.ids.length;
    classes += compound.classes.length + (compound.isRoot ? 1 : 0);
    types += compound.type === null ? 0 : 1;
  }
  return Math.min(ids, 999) * 1e6 + Math.min(classes, 999) * 1e3 + Math.min(types, 999);
};

const trimmed = (tokens: readonly Token[]): readonly Token[] => {
  const from = tokens.findIndex(({ is }) => is !== "space");
  return from < 0 ? [] : tokens.slice(from, tokens.findLastIndex(({ is }) => is !== "space") + 1);
};

/** `told` hears of what is left out. Refuses what may decide how the picture looks and is not known. */
export const readSheet = (tokens: readonly Token[], told: Told): Sheet => {
  const rules: Rule[] = [];
  let hasFont = false;
  for (let at = 0; at < tokens.length;) {
    if (tokens[at]?.is === "space") {
      at += 1;
      continue;
    }
    const from = at;
    while (at < tokens.length && !isDelim(tokens[at], "{") && !isDelim(tokens[at], ";")) at += 1;
    const head = trimmed(tokens.slice(from, at));
    const [first] = head;
    const rest = trimmed(head.slice(1));
    if (first?.is === "at" && (isDelim(tokens[at], ";") || at >= tokens.length)) {
      at += 1;
      if (first.text === "import") told("request to another style sheet", textOf(rest));
      else if (first.text === "namespace") {
        if (rest.length !== 1 || !/^http:\/\/www\.w3\.org\/2000\/svg$/u.test(textOf(rest))) throw notKnown();
      } else if (first.text === "charset") told("charset", textOf(rest));
      else throw notKnown();
      continue;
    }
    if (!isDelim(tokens[at], "{")) throw notKnown();
    at += 1;
    const start = at;
    let depth = 1;
    for (; at < tokens.length && depth > 0; at += 1) {
      if (isDelim(tokens[at], "{")) depth += 1;
      else if (isDelim(tokens[at], "}")) depth -= 1;
    }
    const body = tokens.slice(start, depth === 0 ? at - 1 : at);
    if (first?.is === "at") {
      if (first.text === "font-face") {
        for (const token of body) {
          if (token.is === "url" && !/^\s*data:/iu.test(token.text)) told("request to a font", token.text);
          else if (token.is === "url" || (token.is === "function" && token.text === "local")) hasFont = true;
          else if (token.is === "string") told("font", token.text);
        }
        told("@font-face", `${body.length} parts`);
      } else if (first.text === "media" && /^print$/u.test(textOf(rest))) told("@media print", "");
      else if (first.text === "media" && /^(?:all|screen)?$/u.test(textOf(rest))) {
        const inner = readSheet(body, told);
        rules.push(...inner.rules);
        hasFont ||= inner.hasFont;
      } else if (first.text === "page") told("@page", "");
      else if (first.text.endsWith("keyframes")) told(`@${first.text}`, textOf(rest));
      else throw notKnown();
      continue;
    }
    if (body.some((token) => isDelim(token, "{"))) throw notKnown();
    const declarations = declarationsOf(body, told);
    for (const part of split(head, ",")) {
      const compounds = selectorOf(trimmed(part));
      if (compounds !== null && declarations.length > 0)
        rules.push({ compounds, specificity: specificityOf(compounds), declarations });
    }
  }
  return { rules, hasFont };
};

const classesOf = (element: XmlElement): readonly string[] =>
  (attributeOf(element, "class") ?? "").split(/[ \t\n\r\f]+/u).filter((name) => name !== "");

/** Of an attribute in no namespace. */
export const attributeOf = (element: XmlElement, name: string): string | undefined =>
  element.attributes.find(({ ns, local }) => ns === "" && local === name)?.value;

/** What one element shows to selectors. */
export interface Traits {
  readonly id: string | undefined;
  readonly classes: ReadonlySet<string>;
}

export const traitsOf = (element: XmlElement): Traits => ({
  id: attributeOf(element, "id"),
  classes: new Set(classesOf(element)),
});

const fits = (compound: Compound, element: XmlElement, traits: (element: XmlElement) => Traits): boolean => {
  if (compound.type !== null && compound.type !== element.local) return false;
  if (compound.isRoot && element.parent !== null) return false;
  if (compound.ids.length === 0 && compound.classes.length === 0) return true;
  const { id, classes } = traits(element);
  return compound.ids.every((each) => each === id) && compound.classes.every((each) => classes.has(each));
};

/** The outermost element that the rule needs in order to fit `element`; null if it does not fit. */
export const matches = (
  rule: Rule,
  element: XmlElement,
  traits: (element: XmlElement) => Traits,
  spend: () => void,
): XmlElement | null => {
  const from = (index: number, at: XmlElement): XmlElement | null => {
    spend();
    const compound = rule.compounds[index];
    if (compound === undefined || !fits(compound, at, traits)) return null;
    if (index === 0) return at;
    for (let up = at.parent; up !== null; up = up.parent) {
      const found = from(index - 1, up);
      if (found !== null) return found;
      if (compound.combinator === ">") return null;
    }
    return null;
  };
  return from(rule.compounds.length - 1, element);
};
