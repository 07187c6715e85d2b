/** An element's attributes as they are written again: known names, and values put together from what is known. */
import { doubtful } from "../core/refuse.ts";
import type { Style } from "./cascade.ts";
import { ANIMATIONS, isOwnAttribute, isPresentation, isKept, saysNothing } from "./names.ts";
import { cleanNumber } from "./numbers.ts";
import { cleanPath } from "./path-data.ts";
import { attributeOf } from "./style-sheet.ts";
import { cleanDuration, cleanTimes, cleanWord } from "./timing.ts";
import { tokensOf } from "./tokens.ts";
import { cleanProperty, cleanValue, referencesIn, type Told, type Value } from "./values.ts";
import { SVG, XLINK, XML, type XmlAttribute, type XmlElement, XMLNS } from "./xml.ts";

export interface CleanElement {
  readonly attributes: ReadonlyMap<string, Value>;
  readonly style: Style;
  /** An element of this picture that is drawn, followed or changed here. */
  readonly target: string | null;
  /** A picture that is part of this one, as a data address. */
  readonly data: string | null;
  /** Which shape letters have may depend on it; for a drawing without text it is nothing. */
  readonly language: string | null;
  /** Names of elements in all of it. */
  readonly references: readonly string[];
}

const LINKING = new Set(
  "use linearGradient radialGradient pattern textPath mpath filter feImage animate animateTransform animateMotion set".split(
    " ",
  ),
);
const PICTURES = new Set(["image", "feImage"]);
const LISTS = new Set("points keyTimes keySplines keyPoints tableValues viewBox kernelMatrix".split(" "));
const DURATIONS = new Set("dur min max repeatDur".split(" "));
const CHANGES = new Set("values from to by".split(" "));
const INPUTS = new Set("SourceGraphic SourceAlpha BackgroundImage BackgroundAlpha FillPaint StrokePaint".split(" "));
/** What may be animated beside properties: numbers and lists of them, each an attribute of some element. */
const GEOMETRY =
  /^(?:x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|fx|fy|fr|dx|dy|width|height|d|points|pathLength|offset|startOffset|viewBox|transform|gradientTransform|patternTransform|rotate|textLength|refX|refY|markerWidth|markerHeight|orient|preserveAspectRatio|stdDeviation|baseFrequency|numOctaves|seed|scale|radius|order|k[1-4]|values|tableValues|slope|intercept|amplitude|exponent|surfaceScale|specularConstant|specularExponent|diffuseConstant|azimuth|elevation|z|pointsAt[XYZ]|limitingConeAngle|mode|operator)$/u;

/** Numbers; null where there is anything else. */
const cleanList = (text: string): Value | null => {
  const numbers: string[] = [];
  const pattern = /[\s,;]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(\s*;)?/uy;
  let end = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    numbers.push(cleanNumber(found[1] ?? "") + (found[2] === undefined ? "" : ";"));
    end = pattern.lastIndex;
  }
  if (numbers.length === 0 || text.slice(end).trim() !== "") return null;
  return [numbers.join(" ").replace(/;$/u, "")];
};

const cleanChange = (changed: string, text: string, told: Told): Value | null => {
  const all: Value[number][] = [];
  const parts = text.split(";");
  if (parts.at(-1)?.trim() === "") parts.pop();
  for (const [index, part] of parts.entries()) {
    if (index > 0) all.push(";");
    const value =
      changed === "d"
        ? [cleanPath(part).text]
        : isPresentation(changed)
          ? cleanProperty(changed, tokensOf(part), told)
          : changed === "points" || changed === "viewBox"
            ? cleanList(part)
            : cleanValue(tokensOf(part));
    if (value === null) return null;
    all.push(...value);
  }
  return all.length === 0 ? null : all;
};

/** What an animation changes; refuses what is not known, as what is seen depends on it. */
export const changedBy = (element: XmlElement): string => {
  if (element.local === "animateMotion") return "motion";
  const name = (attributeOf(element, "attributeName") ?? "").trim();
  if (name === "" && element.local === "animateTransform") return "transform";
  if (!isPresentation(name) && !GEOMETRY.test(name)) throw doubtful("an animation of something that is not known here");
  return name;
};

const cleanOwn = (element: XmlElement, name: string, text: string, told: Told): Value | null => {
  if (name === "d" || name === "path") {
    const path = cleanPath(text);
    if (!path.isWhole) told(name, text);
    return path.text === "" ? null : [path.text];
  }
  if (ANIMATIONS.has(element.local)) {
    if (name === "attributeName") return [changedBy(element)];
    if (CHANGES.has(name)) return cleanChange(changedBy(element), text, told);
    if (name === "begin" || name === "end") return cleanTimes(text, told);
    if (DURATIONS.has(name)) return cleanDuration(text);
  }
  if (name === "in" || name === "in2" || name === "result") {
    const word = text.trim();
    if (word === "") return null;
    return name !== "result" && INPUTS.has(word) ? [word] : [{ id: word, isResult: true }];
  }
  if (LISTS.has(name)) {
    const list = cleanList(text);
    if (list === null && name === "points" && /\d/u.test(text))
      throw doubtful("points with a mistake, of which programs draw more or less");
    return list;
  }
  return cleanWord(text) ?? cleanValue(tokensOf(text), true);
};

const LANGUAGES = /^[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?$/u;

const SILENT_NAMESPACES = new Set([
  SVG,
  XLINK,
  XML,
  "http://www.w3.org/1999/xhtml",
  "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  "http://www.w3.org/2000/01/rdf-schema#",
  "http://purl.org/dc/elements/1.1/",
  "http://creativecommons.org/ns#",
  "http://web.resource.org/cc/",
]);

class Cleaning {
  readonly attributes = new Map<string, Value>();
  target: string | null = null;
  data: string | null = null;
  language: string | null = null;
  readonly #element: XmlElement;
  readonly #told: Told;

  constructor(element: XmlElement, told: Told) {
    this.#element = element;
    this.#told = told;
  }

  /** `isNew` where the attribute has no prefix, which counts for more than the one of XLink. */
  #link(value: string, isNew: boolean): void {
    const { local } = this.#element;
    const address = value.trim();
    if (!isNew && attributeOf(this.#element, "href") !== undefined) return this.#told("link", address);
    if (address === "") return undefined;
    if (address.startsWith("#") && LINKING.has(local)) this.target = address.slice(1);
    else if (/^data:/iu.test(address) && PICTURES.has(local)) this.data = address;
    else if (local === "a") this.#told("link", address);
    else this.#told("request to another file", address);
    return undefined;
  }

  take({ ns, local, name, value }: XmlAttribute): void {
    const element = this.#element.local;
    if (ns === XMLNS) {
      if (!SILENT_NAMESPACES.has(value)) this.#told("namespace", value);
    } else if (ns === XLINK && local === "href") this.#link(value, false);
    else if (ns === XML && local === "space" && /^(?:preserve|default)$/u.test(value))
      this.attributes.set("xml:space", [value]);
    else if ((ns === XML && local === "lang") || (ns === "" && local === "lang")) this.#language(value);
    else if (ns !== "") {
      if (!saysNothing(element, ns === XLINK ? `xlink:${local}` : name, value)) this.#told(name, value);
    } else if (local === "href") this.#link(value, true);
    else if (local !== "id" && local !== "class" && local !== "style") this.#plain(local, value);
  }

  #language(value: string): void {
    if (LANGUAGES.test(value)) this.language = value;
    else if (value !== "") this.#told("lang", value);
  }

  #plain(name: string, text: string): void {
    const element = this.#element.local;
    if (name === "systemLanguage") {
      const languages = text.split(",").map((each) => each.trim());
      const isKnown = languages.every((each) => LANGUAGES.test(each));
      if (!isKnown) throw doubtful("a part that is shown in languages that are not known here");
      this.attributes.set(name, [languages.join(",")]);
      return;
    }
    if (name === "requiredFeatures" && /^(?:http:\/\/www\.w3\.org\/TR\/SVG11\/feature#\w+\s*)*$/u.test(text)) return;
    let value: Value | null = null;
    if (isOwnAttribute(element, name)) value = cleanOwn(this.#element, name, text, this.#told);
    else if (isPresentation(name) && !ANIMATIONS.has(element)) value = cleanProperty(name, tokensOf(text), this.#told);
    if (value !== null) this.attributes.set(name, value);
    else if (text.trim() !== "" && !saysNothing(element, name, text)) this.#told(name, text);
  }
}

/** `told` hears of each attribute that is left out. */
export const cleanElement = (element: XmlElement, style: Style, told: Told): CleanElement => {
  if (!isKept(element.local)) throw new Error("an element that is not kept");
  const cleaning = new Cleaning(element, told);
  for (const attribute of element.attributes) cleaning.take(attribute);
  const { attributes, target, data, language } = cleaning;
  const references = [
    ...(target === null ? [] : [target]),
    ...Array.from(attributes.values(), referencesIn).flat(),
    ...Array.from(style.values(), ({ value }) => referencesIn(value)).flat(),
  ];
  return { attributes, style, target, data, language, references };
};
