/** Values of properties and attributes: taken apart, and put together again from what is known. */
import { doubtful } from "../core/refuse.ts";
import { cleanNumber } from "./numbers.ts";
import type { Token } from "./tokens.ts";
import { FUNCTIONS, isGenericFamily, keyword, knownFamily, UNITS, UNKNOWN_FAMILY } from "./words.ts";

/** A name of an element within this picture, to be written as whatever it is called then. */
export interface Reference {
  readonly id: string;
  /** A step of a filter, which has names of its own. */
  readonly isResult?: boolean;
}
export type Value = readonly (string | Reference)[];

/** What was left out of a value that is kept. */
export type Told = (name: string, value: string) => void;

const trimmed = (tokens: readonly Token[]): readonly Token[] => {
  let [from, to] = [0, tokens.length];
  while (from < to && tokens[from]?.is === "space") from += 1;
  while (to > from && tokens[to - 1]?.is === "space") to -= 1;
  return tokens.slice(from, to);
};

const isDelim = (token: Token | undefined, text: string): boolean => token?.is === "delim" && token.text === text;

/** Puts words together as they come: a space between any two, none beside brackets and before commas. */
class Writer {
  readonly parts: (string | Reference)[] = [];
  #text = "";
  #isTight = true;

  word(text: string): void {
    this.#text += this.#isTight ? text : ` ${text}`;
    this.#isTight = false;
  }
  open(text: string): void {
    this.word(`${text}(`);
    this.#isTight = true;
  }
  close(): void {
    this.#text += ")";
    this.#isTight = false;
  }
  comma(): void {
    this.#text += ",";
    this.#isTight = true;
  }
  reference(id: string): void {
    this.word("url(#");
    this.parts.push(this.#text, { id });
    this.#text = ")";
  }
  done(): Value {
    if (this.#text !== "") this.parts.push(this.#text);
    this.#text = "";
    return this.parts;
  }
}

const MAX_BRACKETS = 16;

/** Null for what means nothing to a browser; with `isExact`, so are words in another case than the standard's. Refuses what leads out of the file, and functions that are not known. */
export const cleanValue = (tokens: readonly Token[], isExact = false): Value | null => {
  const writer = new Writer();
  let depth = 0;
  let count = 0;
  for (const token of tokens) {
    if (token.is === "space") continue;
    count += 1;
    if (token.is === "ident") {
      const word = keyword(token.text);
      if (word === null || (isExact && word !== token.text)) return null;
      writer.word(word);
    } else if (token.is === "number") {
      if (token.unit !== "" && !UNITS.has(token.unit)) return null;
      writer.word(cleanNumber(token.number) + token.unit);
    } else if (token.is === "hash") {
      if (!/^(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/iu.test(token.text)) return null;
      writer.word(`#${token.text.toLowerCase()}`);
    } else if (token.is === "function") {
      if (!FUNCTIONS.has(token.text)) throw doubtful("a style by a function that is not known here");
      depth += 1;
      if (depth > MAX_BRACKETS) throw doubtful("brackets are nested too deep");
      writer.open(NAMES_OF_FUNCTIONS.get(token.text) ?? token.text);
    } else if (token.is === "url") {
      const address = token.text.trim();
      if (address === "") return null;
      if (!address.startsWith("#")) throw doubtful("a paint, mask, marker or filter stands in another file");
      writer.reference(address.slice(1));
    } else if (isDelim(token, "(")) {
      if (depth === 0) return null;
      depth += 1;
      if (depth > MAX_BRACKETS) throw doubtful("brackets are nested too deep");
      writer.open("");
    } else if (isDelim(token, ")")) {
      if (depth === 0) return null;
      depth -= 1;
      writer.close();
    } else if (isDelim(token, ",")) writer.comma();
    else if (token.is === "delim" && (token.text === "/" || (depth > 0 && /^[+*-]$/u.test(token.text))))
      writer.word(token.text);
    else return null;
  }
  // What is open at the end is closed there (CSS Syntax 3, 5.4.9).
  for (; depth > 0; depth -= 1) writer.close();
  return count === 0 ? null : writer.done();
};

/** Those of attributes are told apart by case. */
const NAMES_OF_FUNCTIONS = new Map(
  "skewX skewY translateX translateY translateZ scaleX scaleY scaleZ rotateX rotateY rotateZ"
    .split(" ")
    .map((name) => [name.toLowerCase(), name]),
);

/** Fonts by name: known ones, kinds of fonts, and one neutral name for each other. */
const cleanFamilies = (tokens: readonly Token[], told: Told): string | null => {
  const families: string[] = [];
  let words: string[] = [];
  let isString = false;
  const end = (): boolean => {
    const name = words.join(" ");
    if (name === "") return false;
    const known = knownFamily(name);
    if (!isString && isGenericFamily(name)) families.push(name.toLowerCase());
    else if (known !== null) families.push(/^-?[A-Za-z][\w-]*$/u.test(known) && !isString ? known : `'${known}'`);
    else if (isString && isGenericFamily(name)) families.push(`'${name.toLowerCase()}'`);
    else {
      if (name !== UNKNOWN_FAMILY) told("font", name);
      if (!families.includes(UNKNOWN_FAMILY)) families.push(UNKNOWN_FAMILY);
    }
    words = [];
    isString = false;
    return true;
  };
  for (const token of tokens) {
    if (token.is === "space") continue;
    if (isDelim(token, ",")) {
      if (!end()) return null;
    } else if (token.is === "string") {
      if (words.length > 0) return null;
      isString = true;
      words.push(token.text.trim());
    } else if (token.is === "ident" && !isString) words.push(token.text);
    else return null;
  }
  return end() ? families.join(",") : null;
};

const SIZES = new Set("xx-small x-small small medium large x-large xx-large xxx-large larger smaller".split(" "));

/** The `font` shorthand (CSS Fonts 4, 2.7): style, variant, weight, then size, line height and families. */
const cleanFont = (tokens: readonly Token[], told: Told): Value | null => {
  const at = tokens.findIndex(
    (token, index) =>
      (token.is === "number" &&
        (token.unit !== "" || index === 0 || tokens.slice(index + 1).every(({ is }) => is !== "number"))) ||
      (token.is === "ident" && SIZES.has(token.text.toLowerCase())) ||
      (token.is === "function" && /^(?:calc|min|max|clamp)$/u.test(token.text)),
  );
  if (at < 0) return cleanValue(tokens);
  let end = at + 1;
  if (tokens[at]?.is === "function") throw doubtful("a size of letters that is computed");
  while (tokens[end]?.is === "space") end += 1;
  if (isDelim(tokens[end], "/")) {
    end += 1;
    while (tokens[end]?.is === "space") end += 1;
    end += 1;
  }
  const head = cleanValue(tokens.slice(0, end));
  const families = cleanFamilies(tokens.slice(end), told);
  return head === null || families === null ? null : [...head, ` ${families}`];
};

const FEATURE = /^[A-Za-z\d]{4}$/u;

const cleanFeatures = (tokens: readonly Token[]): Value | null => {
  const words: string[] = [];
  for (const token of tokens) {
    if (token.is === "space") continue;
    if (token.is === "string" && FEATURE.test(token.text)) words.push(`'${token.text}'`);
    else if (token.is === "number" && token.unit === "") words.push(cleanNumber(token.number));
    else if (token.is === "ident" && keyword(token.text) !== null) words.push(keyword(token.text) ?? "");
    else if (token.is === "ident" && /^(?:on|off)$/iu.test(token.text)) words.push(token.text.toLowerCase());
    else if (isDelim(token, ",")) words.push(",");
    else return null;
  }
  return words.length === 0 ? null : [words.join(" ")];
};

/** The value of a property that is kept. */
export const cleanProperty = (name: string, tokens: readonly Token[], told: Told): Value | null => {
  const own = trimmed(tokens);
  if (own.length === 0) return null;
  if (own.some((token) => token.is === "function" && /^(?:var|env|attr)$/u.test(token.text)))
    throw doubtful("a style by a variable");
  if (name === "font-family") {
    const families = cleanFamilies(own, told);
    return families === null ? null : [families];
  }
  if (name === "font") return cleanFont(own, told);
  if (name === "font-feature-settings") return cleanFeatures(own);
  return cleanValue(own);
};

/** Whether a value is `none`, without looking at case. */
export const isWord = (value: Value | undefined, word: string): boolean =>
  value !== undefined && value.length === 1 && value[0] === word;

export const referencesIn = (value: Value): readonly string[] =>
  value.flatMap((part) => (typeof part === "string" || part.isResult === true ? [] : [part.id]));
