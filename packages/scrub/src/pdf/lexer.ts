/** Reads objects of a PDF from bytes in memory (ISO 32000-2, 7.2 and 7.3). Nothing is followed or unpacked here. */
import type { PdfDict, PdfValue } from "./values.ts";

/** The bytes end within the object: with more of them, it may be read. */
export class Short extends Error {}
/** It is no object. */
export class Malformed extends Error {}
const SHORT = new Short();
const MALFORMED = new Malformed();

/** Containers within containers; what writers make has no twenty. */
const MAX_DEPTH = 100;
const MAX_NAME_CHARACTERS = 200;

/** 1 for white space, 2 for delimiters (7.2.3, tables 1 and 2), 0 for what is part of a word. */
const KINDS = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) KINDS[byte] = 1;
for (const character of "()<>[]{}/%") KINDS[character.charCodeAt(0)] = 2;

export const isSpace = (byte: number | undefined): boolean => byte !== undefined && KINDS[byte] === 1;

const HEX = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value += 1) {
  const digit = value.toString(16);
  HEX[digit.charCodeAt(0)] = value;
  HEX[digit.toUpperCase().charCodeAt(0)] = value;
}

const ESCAPES = new Map([
  [0x6e, 10],
  [0x72, 13],
  [0x74, 9],
  [0x62, 8],
  [0x66, 12],
]);

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/u;

/** A word that is no value: `obj`, `endobj`, `stream`, an operator. */
interface Keyword {
  readonly keyword: string;
}
type Token = { readonly value: PdfValue } | Keyword | "]" | ">>";

export class Lexer {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  skipSpace(): void {
    const { bytes } = this;
    for (;;) {
      const byte = bytes[this.at];
      if (byte === undefined) return;
      if (KINDS[byte] === 1) this.at += 1;
      else if (byte === 0x25) {
        while (this.at < bytes.length && bytes[this.at] !== 10 && bytes[this.at] !== 13) this.at += 1;
      } else return;
    }
  }

  /** What stands up to the next word that is no value, which is answered too: `endobj`, `stream`. */
  readUntilKeyword(): { readonly value: PdfValue; readonly keyword: string } {
    const items: PdfValue[] = [];
    for (;;) {
      const token = this.#token(0);
      if (token === "]" || token === ">>") throw MALFORMED;
      if ("value" in token) items.push(token.value);
      else if (token.keyword === "R") takeRef(items);
      else return { value: items.at(-1) ?? null, keyword: token.keyword };
    }
  }

  /** One value; a reference's three words count as its first. */
  readValue(): PdfValue {
    const token = this.#token(0);
    if (typeof token === "string" || !("value" in token)) throw MALFORMED;
    return token.value;
  }

  /** The next word as it stands; "" at a delimiter. Throws Short at the end of the bytes. */
  readWord(): string {
    this.skipSpace();
    return this.#word();
  }

  /** A whole number from 0 on. Throws Malformed for anything else. */
  readCount(): number {
    const word = this.readWord();
    if (!/^\d{1,15}$/u.test(word)) throw MALFORMED;
    return Number(word);
  }

  #word(): string {
    const from = this.at;
    const { bytes } = this;
    while (this.at < bytes.length && KINDS[bytes[this.at] ?? 0] === 0) this.at += 1;
    // It may go on behind the end.
    if (this.at >= bytes.length) throw SHORT;
    if (this.at - from > MAX_NAME_CHARACTERS) throw MALFORMED;
    let word = "";
    for (let i = from; i < this.at; i += 1) word += String.fromCharCode(bytes[i] ?? 0);
    return word;
  }

  #token(depth: number): Token {
    this.skipSpace();
    const byte = this.bytes[this.at];
    if (byte === undefined) throw SHORT;
    switch (byte) {
      case 0x2f:
        this.at += 1;
        return { value: { kind: "name", name: this.#name() } };
      case 0x28:
        return { value: { kind: "string", bytes: this.#string() } };
      case 0x5b:
        this.at += 1;
        return { value: { kind: "array", items: this.#items("]", depth + 1) } };
      case 0x5d:
        this.at += 1;
        return "]";
      case 0x3c: {
        const next = this.bytes[this.at + 1];
        if (next === undefined) throw SHORT;
        if (next !== 0x3c) return { value: { kind: "string", bytes: this.#hexString() } };
        this.at += 2;
        return { value: asEntries(this.#items(">>", depth + 1)) };
      }
      case 0x3e:
        if (this.at + 1 >= this.bytes.length) throw SHORT;
        if (this.bytes[this.at + 1] !== 0x3e) throw MALFORMED;
        this.at += 2;
        return ">>";
      default:
        break;
    }
    const word = this.#word();
    if (word === "") throw MALFORMED;
    if (NUMBER.test(word)) return { value: Number(word) };
    if (word === "true" || word === "false") return { value: word === "true" };
    return word === "null" ? { value: null } : { keyword: word };
  }

  #items(end: "]" | ">>", depth: number): PdfValue[] {
    if (depth > MAX_DEPTH) throw MALFORMED;
    const items: PdfValue[] = [];
    for (;;) {
      const token = this.#token(depth);
      if (typeof token === "string") {
        if (token !== end) throw MALFORMED;
        return items;
      }
      if ("value" in token) items.push(token.value);
      else if (token.keyword === "R") takeRef(items);
      else throw MALFORMED;
    }
  }

  #name(): string {
    const word = this.#word();
    if (!word.includes("#")) return word;
    return word.replaceAll(/#([0-9a-f]{2})/giu, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    );
  }

  #string(): Uint8Array {
    const { bytes } = this;
    let at = this.at + 1;
    let open = 1;
    const out: number[] = [];
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined) throw SHORT;
      at += 1;
      if (byte === 0x28) open += 1;
      else if (byte === 0x29) {
        open -= 1;
        if (open === 0) break;
      } else if (byte === 0x5c) {
        const next = bytes[at];
        if (next === undefined) throw SHORT;
        at += 1;
        if (next >= 0x30 && next <= 0x37) {
          let code = next - 0x30;
          for (let digits = 1; digits < 3; digits += 1) {
            const digit = bytes[at] ?? 0;
            if (digit < 0x30 || digit > 0x37) break;
            code = 8 * code + digit - 0x30;
            at += 1;
          }
          out.push(code & 255);
        } else if (next === 13) {
          if (bytes[at] === 10) at += 1;
        } else if (next !== 10) out.push(ESCAPES.get(next) ?? next);
        continue;
      }
      out.push(byte);
    }
    this.at = at;
    return Uint8Array.from(out);
  }

  #hexString(): Uint8Array {
    const out: number[] = [];
    let high = -1;
    for (let at = this.at + 1; ; at += 1) {
      const byte = this.bytes[at];
      if (byte === undefined) throw SHORT;
      if (byte === 0x3e) {
        if (high >= 0) out.push(16 * high);
        this.at = at + 1;
        return Uint8Array.from(out);
      }
      if (KINDS[byte] === 1) continue;
      const digit = HEX[byte] ?? -1;
      if (digit < 0) throw MALFORMED;
      if (high < 0) high = digit;
      else {
        out.push(16 * high + digit);
        high = -1;
      }
    }
  }
}

/** `12 0 R`: the two numbers before it become a reference. */
const takeRef = (items: PdfValue[]): void => {
  const generation = items.pop();
  const number = items.pop();
  if (typeof number !== "number" || typeof generation !== "number") throw MALFORMED;
  items.push({ kind: "ref", number: Number.isSafeInteger(number) && number > 0 ? number : 0 });
};

const asEntries = (items: readonly PdfValue[]): PdfDict => {
  const entries = new Map<string, PdfValue>();
  for (let i = 0; i + 1 < items.length; i += 2) {
    const key = items[i];
    if (typeof key !== "object" || key?.kind !== "name") throw MALFORMED;
    entries.set(key.name, items[i + 1] ?? null);
  }
  if (items.length % 2 === 1) throw MALFORMED;
  return { kind: "dict", entries };
};
