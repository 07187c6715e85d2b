/**
 * A strict reader of XML 1.0 with namespaces, to a tree. No entity is followed but the five that XML names; a document
 * type that declares anything is refused. Browsers stop at the first mistake, so does this.
 */
import { damaged, doubtful, unsupported } from "../core/refuse.ts";

export const SVG = "http://www.w3.org/2000/svg";
export const XLINK = "http://www.w3.org/1999/xlink";
export const XML = "http://www.w3.org/XML/1998/namespace";
export const XMLNS = "http://www.w3.org/2000/xmlns/";
export const XHTML = "http://www.w3.org/1999/xhtml";

export interface XmlAttribute {
  readonly ns: string;
  /** As it stands in the file, with its prefix. */
  readonly name: string;
  readonly local: string;
  readonly value: string;
}

export interface XmlElement {
  readonly ns: string;
  readonly name: string;
  readonly local: string;
  readonly attributes: readonly XmlAttribute[];
  readonly parent: XmlElement | null;
  readonly children: XmlNode[];
}

export type XmlNode =
  | XmlElement
  | { readonly text: string }
  | { readonly comment: string }
  | { readonly target: string; readonly data: string };

export const isElement = (node: XmlNode): node is XmlElement => "children" in node;

export interface XmlDocument {
  readonly root: XmlElement;
  /** Comments and instructions before the root, and the document type. */
  readonly before: readonly (XmlNode | { readonly doctype: string })[];
  /** What the declaration says, in lower case; "" if it says nothing. */
  readonly encoding: string;
  /** Where the root's end tag ends, in characters. */
  readonly end: number;
}

/** Of libxml2, by which most programs read SVG; other numbers are beyond any drawing. */
const MAX_DEPTH = 256;
const MAX_NODES = 1_000_000;
const MAX_ATTRIBUTES = 2_000_000;
const MAX_NAME = 200;

const NAME = /[\p{L}_:][\p{L}\p{N}\p{M}_:.\u00b7-]*/uy;
const SPACE = /[ \t\r\n]*/y;
const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z][\w.-]{0,40})["'])?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*["'](?:yes|no)["'])?[ \t\r\n]*\?>/u;
const DOCTYPE = /<!DOCTYPE[ \t\r\n]+([^\s<>[\]"']{1,200})([^<>[\]"']|"[^"<]{0,2000}"|'[^'<]{0,2000}'){0,2000}>/uy;

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const character = (name: string): string => {
  const known = ENTITIES[name];
  if (known !== undefined && Object.hasOwn(ENTITIES, name)) return known;
  const match = /^#(?:x([\da-fA-F]{1,6})|(\d{1,7}))$/u.exec(name);
  const code = match === null ? 0 : match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  if (code === 0) throw damaged("an entity is named that the file does not declare");
  const isRight =
    code >= 0x20
      ? code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff
      : code === 9 || code === 10 || code === 13;
  if (!isRight) throw damaged("a reference names what is no character");
  return String.fromCodePoint(code);
};

/** References become what they stand for. `&` and `;` far apart are a mistake, too. */
const expand = (text: string): string => {
  if (!text.includes("&")) return text;
  const parts = text.split("&");
  return parts
    .map((part, index) => {
      if (index === 0) return part;
      const end = part.indexOf(";");
      if (end < 1 || end > 40) throw damaged("an ampersand that begins nothing");
      return character(part.slice(0, end)) + part.slice(end + 1);
    })
    .join("");
};

interface Raw {
  readonly name: string;
  readonly value: string;
}
type Scope = ReadonlyMap<string, string>;

class Reader {
  at = 0;
  readonly text: string;
  readonly before: (XmlNode | { readonly doctype: string })[] = [];
  #nodes = 0;
  #attributes = 0;

  constructor(text: string) {
    this.text = text;
  }

  space(): void {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.text);
    this.at = SPACE.lastIndex;
  }

  #name(): string {
    NAME.lastIndex = this.at;
    const [name] = NAME.exec(this.text.length > this.at ? this.text : "") ?? [];
    if (name === undefined) throw damaged("a name is missing");
    if (name.length > MAX_NAME) throw doubtful("a name is too long");
    this.at += name.length;
    return name;
  }

  /** Up to `mark`, which is passed. */
  until(mark: string): string {
    const end = this.text.indexOf(mark, this.at);
    if (end < 0) throw damaged("the file ends too early");
    const part = this.text.slice(this.at, end);
    this.at = end + mark.length;
    return part;
  }

  count(): void {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES) throw unsupported("an SVG of more than a million parts is not cleaned here");
  }

  /** A comment or an instruction, if one begins here. */
  aside(): XmlNode | null {
    if (this.text.startsWith("<!--", this.at)) {
      this.at += 4;
      const comment = this.until("--");
      if (this.text[this.at] !== ">") throw damaged("a comment holds two dashes");
      this.at += 1;
      this.count();
      return { comment };
    }
    if (this.text.startsWith("<?", this.at)) {
      this.at += 2;
      const target = this.#name();
      if (/^xml$/iu.test(target)) throw damaged("a declaration in the wrong place");
      const data = this.until("?>");
      this.count();
      return { target, data };
    }
    return null;
  }

  doctype(): boolean {
    if (!this.text.startsWith("<!DOCTYPE", this.at)) return false;
    DOCTYPE.lastIndex = this.at;
    const found = DOCTYPE.exec(this.text);
    if (found === null)
      throw this.text.indexOf(">", this.at) < 0
        ? damaged("the file ends too early")
        : doubtful("the document type declares entities or more");
    this.at = DOCTYPE.lastIndex;
    this.before.push({ doctype: found[0] });
    return true;
  }

  #attribute(): Raw {
    const name = this.#name();
    this.space();
    if (this.text[this.at] !== "=") throw damaged("an attribute without a value");
    this.at += 1;
    this.space();
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") throw damaged("an attribute without quotation marks");
    this.at += 1;
    const value = this.until(quote);
    if (value.includes("<")) throw damaged("a bracket within an attribute");
    this.#attributes += 1;
    if (this.#attributes > MAX_ATTRIBUTES) throw unsupported("an SVG of so many attributes is not cleaned here");
    return { name, value: expand(value.replaceAll(/\r\n|[\t\n\r]/gu, " ")) };
  }

  /** The tag that begins here; true if it is closed at once. */
  tag(parent: XmlElement | null, scope: Scope): { element: XmlElement; scope: Scope; isClosed: boolean } {
    this.at += 1;
    const name = this.#name();
    const raw: Raw[] = [];
    for (;;) {
      const from = this.at;
      this.space();
      const next = this.text[this.at];
      if (next === undefined) throw damaged("the file ends too early");
      if (next === ">" || next === "/") break;
      if (from === this.at) throw damaged("attributes without a space between");
      raw.push(this.#attribute());
    }
    const isClosed = this.text[this.at] === "/";
    this.at += isClosed ? 2 : 1;
    if (this.text[this.at - 1] !== ">") throw damaged("a tag that is not closed");
    this.count();
    const inner = scopeOf(raw, scope);
    const [ns, local] = resolve(name, inner, true);
    const seen = new Set<string>();
    const attributes = raw.map((each): XmlAttribute => {
      const [itsNs, itsLocal] = resolve(each.name, inner, false);
      const key = `${itsNs} ${itsLocal}`;
      if (seen.has(key)) throw damaged("an attribute comes twice");
      seen.add(key);
      return { ns: itsNs, local: itsLocal, name: each.name, value: each.value };
    });
    return { element: { ns, name, local, attributes, parent, children: [] }, scope: inner, isClosed };
  }

  endTag(): string {
    this.at += 2;
    const name = this.#name();
    this.space();
    if (this.text[this.at] !== ">") throw damaged("an end tag that is not closed");
    this.at += 1;
    return name;
  }

  /** Text up to the next tag. */
  characters(): string {
    const end = this.text.indexOf("<", this.at);
    if (end < 0) throw damaged("the file ends too early");
    const part = this.text.slice(this.at, end);
    this.at = end;
    if (part.includes("]]>")) throw damaged("the end of a section that did not begin");
    return expand(part.replaceAll(/\r\n?/gu, "\n"));
  }
}

const scopeOf = (raw: readonly Raw[], scope: Scope): Scope => {
  if (!raw.some(({ name }) => name.startsWith("xmlns"))) return scope;
  const inner = new Map(scope);
  for (const { name, value } of raw) {
    if (name === "xmlns") inner.set("", value);
    else if (name.startsWith("xmlns:")) {
      const prefix = name.slice(6);
      if (value === "" || prefix === "xmlns" || value === XMLNS) throw damaged("a namespace that may not be named so");
      if ((prefix === "xml") !== (value === XML)) throw damaged("a namespace that may not be named so");
      inner.set(prefix, value);
    }
  }
  return inner;
};

const resolve = (name: string, scope: Scope, isTag: boolean): readonly [ns: string, local: string] => {
  const colon = name.indexOf(":");
  if (colon < 0) return [isTag ? (scope.get("") ?? "") : name === "xmlns" ? XMLNS : "", name];
  const [prefix, local] = [name.slice(0, colon), name.slice(colon + 1)];
  if (prefix === "" || local === "" || local.includes(":")) throw damaged("a name with a colon in the wrong place");
  if (prefix === "xmlns") return [XMLNS, local];
  const ns = prefix === "xml" ? XML : scope.get(prefix);
  if (ns === undefined) throw damaged("a prefix that stands for nothing");
  return [ns, local];
};

/** All of an element's children up to its end tag, without going deeper by calls. */
const readInto = (reader: Reader, root: XmlElement, rootScope: Scope, signal: Signal): void => {
  const open: { readonly element: XmlElement; readonly scope: Scope }[] = [{ element: root, scope: rootScope }];
  for (let round = 0; open.length > 0; round += 1) {
    if (round % 4096 === 0) signal?.throwIfAborted();
    const top = open.at(-1);
    if (top === undefined) return;
    const { element, scope } = top;
    const text = reader.characters();
    if (text !== "") {
      reader.count();
      element.children.push({ text });
    }
    if (reader.text.startsWith("</", reader.at)) {
      if (reader.endTag() !== element.name) throw damaged("tags that are not nested");
      open.pop();
    } else if (reader.text.startsWith("<![CDATA[", reader.at)) {
      reader.at += 9;
      element.children.push({ text: reader.until("]]>").replaceAll(/\r\n?/gu, "\n") });
      reader.count();
    } else {
      const aside = reader.aside();
      if (aside !== null) {
        element.children.push(aside);
        continue;
      }
      if (open.length >= MAX_DEPTH) throw doubtful("elements are nested too deep");
      const tag = reader.tag(element, scope);
      element.children.push(tag.element);
      if (!tag.isClosed) open.push(tag);
    }
  }
};

type Signal = { throwIfAborted(): void } | undefined;

/** Reads to the end of the root. Throws Refused for what is not well-formed, or too much. */
export const readXml = (text: string, signal: Signal): XmlDocument => {
  const reader = new Reader(text);
  const declaration = DECLARATION.exec(text.slice(0, 400));
  if (declaration !== null) reader.at = declaration[0].length;
  else if (/^<\?xml[\s?]/u.test(text)) throw damaged("the declaration is wrong");
  for (;;) {
    reader.space();
    if (reader.doctype()) continue;
    const aside = reader.aside();
    if (aside === null) break;
    reader.before.push(aside);
  }
  if (reader.text[reader.at] !== "<") throw damaged("there is no element");
  const { element: root, scope, isClosed } = reader.tag(null, new Map());
  if (!isClosed) readInto(reader, root, scope, signal);
  return { root, before: reader.before, encoding: (declaration?.[1] ?? "").toLowerCase(), end: reader.at };
};
