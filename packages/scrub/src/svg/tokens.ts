/** Tokens of CSS (CSS Syntax 3, section 4), for style sheets and for the values of attributes alike. */
import { doubtful } from "../core/refuse.ts";

export type Token =
  | { readonly is: "ident" | "function" | "at" | "hash" | "string" | "url"; readonly text: string }
  | { readonly is: "number"; readonly number: string; readonly unit: string }
  | { readonly is: "delim"; readonly text: string }
  | { readonly is: "space" };

const SPACE = /[ \t\r\n\f]+/y;
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const IDENT = /(?:--|-?(?:[A-Za-z_\u0080-\u{10ffff}]|\\[^\n\r\f]))(?:[\w\u0080-\u{10ffff}-]|\\[^\n\r\f])*/uy;
const HASH = /#(?:[\w\u0080-\u{10ffff}-]|\\[^\n\r\f])+/uy;
const UNIT = /%|[A-Za-z]+/y;
const BARE_URL = /[ \t\r\n\f]*((?:[^\s"'()\\]|\\[^\n\r\f])*)[ \t\r\n\f]*\)/y;
const STRING = /"((?:[^"\\\n\r\f]|\\[\s\S])*)"|'((?:[^'\\\n\r\f]|\\[\s\S])*)'/y;

/** CSS Syntax 3, 4.3.7; a line end after a backslash is nothing. */
const unescape = (text: string): string =>
  text.includes("\\")
    ? text.replaceAll(
        /\\(?:([\dA-Fa-f]{1,6})(?:\r\n|[ \t\r\n\f])?|(\r\n|[\n\r\f])|([\s\S]))/gu,
        (_, hex, line, other) => {
          if (typeof hex === "string") {
            const code = Number.parseInt(hex, 16);
            return code === 0 || code > 0x10_ffff || (code >= 0xd800 && code < 0xe000)
              ? "\ufffd"
              : String.fromCodePoint(code);
          }
          return typeof line === "string" ? "" : String(other);
        },
      )
    : text;

const match = (pattern: RegExp, text: string, at: number): string | null => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
};

const wrong = (): Error => doubtful("a style that is not right");

/** Escapes at the edges of a hex escape end with a space, which a simple pattern would cut; both are taken together. */
const identAt = (pattern: RegExp, text: string, at: number): readonly [string, number] | null => {
  let found = match(pattern, text, at);
  if (found === null) return null;
  let end = at + found.length;
  while (/\\[\dA-Fa-f]{1,6}$/u.test(found) && /[ \t\r\n\f]/u.test(text[end] ?? "")) {
    const rest: string = match(/[ \t\r\n\f](?:[\w\u0080-\u{10ffff}-]|\\[^\n\r\f])*/uy, text, end) ?? "";
    if (rest === "") break;
    found += rest;
    end += rest.length;
  }
  return [unescape(found), end];
};

/** Comments are nothing. Refuses strings and addresses that do not end. */
export const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  const push = (token: Token, length: number): void => {
    tokens.push(token);
    at += length;
  };
  while (at < text.length) {
    const next = text[at] ?? "";
    if (next === "/" && text[at + 1] === "*") {
      const end = text.indexOf("*/", at + 2);
      if (end < 0) throw wrong();
      at = end + 2;
      continue;
    }
    const space = match(SPACE, text, at);
    if (space !== null) {
      push({ is: "space" }, space.length);
      continue;
    }
    if (text.startsWith("<!--", at) || text.startsWith("-->", at)) {
      at += text[at] === "<" ? 4 : 3;
      continue;
    }
    if (next === '"' || next === "'") {
      const found = match(STRING, text, at);
      if (found === null) throw wrong();
      push({ is: "string", text: unescape(found.slice(1, -1)) }, found.length);
      continue;
    }
    const number = match(NUMBER, text, at);
    if (number !== null) {
      // "1e" and "1e-" are units; the pattern took only whole exponents.
      const unit = match(UNIT, text, at + number.length) ?? "";
      push({ is: "number", number, unit: unit.toLowerCase() }, number.length + unit.length);
      continue;
    }
    if (next === "#") {
      const hash = identAt(HASH, text, at);
      if (hash !== null) {
        push({ is: "hash", text: hash[0].slice(1) }, hash[1] - at);
        continue;
      }
    }
    const isAt = next === "@";
    const ident = identAt(IDENT, text, at + (isAt ? 1 : 0));
    if (ident !== null) {
      const [name, end] = ident;
      if (isAt) push({ is: "at", text: name.toLowerCase() }, end - at);
      else if (text[end] !== "(") push({ is: "ident", text: name }, end - at);
      else if (name.toLowerCase() === "url") {
        const quoted = match(
          /[ \t\r\n\f]*(?:"(?:[^"\\\n\r\f]|\\[\s\S])*"|'(?:[^'\\\n\r\f]|\\[\s\S])*')[ \t\r\n\f]*\)/y,
          text,
          end + 1,
        );
        BARE_URL.lastIndex = end + 1;
        const bare = quoted === null ? BARE_URL.exec(text) : null;
        const address = quoted === null ? bare?.[1] : quoted.trim().slice(1, -1).trim().slice(0, -1);
        if (address === undefined) throw wrong();
        push({ is: "url", text: unescape(address) }, end + 1 + (quoted ?? bare?.[0] ?? "").length - at);
      } else push({ is: "function", text: name.toLowerCase() }, end + 1 - at);
      continue;
    }
    push({ is: "delim", text: next }, 1);
  }
  return tokens;
};
