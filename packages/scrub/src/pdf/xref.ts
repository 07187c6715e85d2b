/**
 * Where a PDF says its objects are (ISO 32000-2, 7.5): the chain of tables and streams from the end of the file back to
 * its first version. Everything in it is a claim. Who trusts it looks whether an object really begins there.
 */
import { latin1, startsWith } from "../core/bytes.ts";
import { Window } from "../core/window.ts";
import type { Source } from "../source.ts";
import { type Unpacking, unpack } from "./filters.ts";
import { isSpace, Lexer, Malformed, Short } from "./lexer.ts";
import { asArray, asCount, asDict, asName, type PdfDict } from "./values.ts";

/** Versions one behind the other; a document that is signed and annotated for years has some dozen. */
const MAX_SECTIONS = 1000;
const MAX_ENTRIES = 200_000;
/** Readers look for the last `startxref` this far from the end. */
const TAIL_BYTES = 2048;
const TABLE_LINE_BYTES = 20;
const MAX_XREF_STREAM_BYTES = 16 << 20;

export interface Xref {
  /** From the newest on; of each section where it stands and what its trailer says. */
  readonly sections: readonly { readonly at: number; readonly trailer: PdfDict }[];
  /** By object number, of the newest section that tells of it: its offset, or -1 if it is free or packed. */
  readonly offsets: ReadonlyMap<number, number>;
  /** False if a part is missing, contradicts itself or leads in a circle. */
  readonly isWhole: boolean;
}

/** Reads an object that may be longer than a first guess. Null if it is none, or too long. */
export const readAt = async <T>(
  window: Window,
  at: number,
  read: (lexer: Lexer) => T,
  lengths: readonly number[] = [4096, 1 << 16, 1 << 20, 8 << 20],
): Promise<{ readonly value: T; readonly end: number; readonly spentBytes: number } | null> => {
  let spentBytes = 0;
  for (const length of lengths) {
    const bytes = await window.peek(at, length);
    spentBytes += bytes.length;
    // At the end of the file, a space stands for what would end a word.
    const isLast = at + bytes.length >= window.sizeBytes;
    const lexer = new Lexer(isLast ? withSpace(bytes) : bytes);
    try {
      const value = read(lexer);
      return { value, end: at + Math.min(lexer.at, bytes.length), spentBytes };
    } catch (error) {
      if (error instanceof Malformed || (error instanceof Short && isLast)) return null;
      if (!(error instanceof Short)) throw error;
    }
  }
  return null;
};

const withSpace = (bytes: Uint8Array): Uint8Array => {
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  longer[bytes.length] = 32;
  return longer;
};

/** Where the data of a stream begins, behind the word `stream` and its line end (7.3.8.1). */
export const dataStart = async (window: Window, at: number): Promise<number> => {
  const [first, second] = await window.peek(at, 2);
  return at + (first === 13 ? (second === 10 ? 2 : 1) : first === 10 ? 1 : 0);
};

interface Reading {
  readonly window: Window;
  readonly offsets: Map<number, number>;
  entries: number;
}

const note = (reading: Reading, number: number, offset: number): boolean => {
  reading.entries += 1;
  if (!reading.offsets.has(number)) reading.offsets.set(number, offset);
  return reading.entries <= MAX_ENTRIES;
};

const IN_USE = 0x6e;
const FREE = 0x66;

/** The number that so many digits are; -1 if they are none. */
const digits = (bytes: Uint8Array, count: number): number => {
  let value = 0;
  for (let i = 0; i < count; i += 1) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = 10 * value + digit;
  }
  return value;
};

/** A table (7.5.4) and the trailer behind it. */
const readTable = async (reading: Reading, start: number): Promise<PdfDict | null> => {
  const { window } = reading;
  let at = start;
  for (;;) {
    const head = await readAt(window, at, (lexer) => lexer.readWord());
    if (head === null) return null;
    if (head.value === "trailer") {
      const trailer = await readAt(window, head.end, (lexer) => lexer.readValue());
      return trailer === null ? null : asDict(trailer.value);
    }
    const counted = await readAt(window, at, (lexer) => {
      const words = [lexer.readCount(), lexer.readCount()];
      lexer.skipSpace();
      return words;
    });
    if (counted === null) return null;
    const [first = 0, count = 0] = counted.value;
    at = counted.end;
    for (let i = 0; i < count; i += 1) {
      const line = window.peekNow(at, TABLE_LINE_BYTES) ?? (await window.peek(at, TABLE_LINE_BYTES));
      const offset = digits(line, 10);
      const kind = line[17];
      if (offset < 0 || (kind !== IN_USE && kind !== FREE)) return null;
      if (!note(reading, first + i, kind === IN_USE ? offset : -1)) return null;
      // Some writers end lines with one byte instead of two.
      at += isSpace(line[19]) ? TABLE_LINE_BYTES : TABLE_LINE_BYTES - 1;
    }
  }
};

/** A stream (7.5.8) whose dictionary is the trailer. */
const readStream = async (reading: Reading, start: number, unpacking: Unpacking): Promise<PdfDict | null> => {
  const { window } = reading;
  const head = await readAt(window, start, (lexer) => {
    const words = [lexer.readWord(), lexer.readWord(), lexer.readWord()];
    return words[2] === "obj" ? lexer.readUntilKeyword() : null;
  });
  if (head?.value?.keyword !== "stream") return null;
  const dict = asDict(head.value.value);
  if (dict === null || asName(dict.entries.get("Type")) !== "XRef") return null;
  const length = asCount(dict.entries.get("Length"));
  const dataAt = await dataStart(window, head.end);
  if (length < 0 || length > MAX_XREF_STREAM_BYTES || dataAt + length > window.sizeBytes) return null;
  const data = unpack(await window.take(dataAt, length), dict, unpacking, MAX_XREF_STREAM_BYTES);
  if (data === null || data.rest.length > 0) return null;
  const widths = asArray(dict.entries.get("W")).map(asCount);
  const [kindBytes = -1, secondBytes = -1, thirdBytes = -1] = widths;
  if (widths.length < 3 || [kindBytes, secondBytes, thirdBytes].some((width) => width < 0 || width > 8)) return null;
  const entryBytes = kindBytes + secondBytes + thirdBytes;
  if (entryBytes === 0) return null;
  const ranges = asArray(dict.entries.get("Index")).map(asCount);
  if (ranges.length === 0) ranges.push(0, asCount(dict.entries.get("Size")));
  let at = 0;
  const take = (bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i += 1) value = value * 256 + (data.bytes[at + i] ?? 0);
    at += bytes;
    return value;
  };
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const [first = -1, count = -1] = [ranges[i], ranges[i + 1]];
    if (first < 0 || count < 0) return null;
    for (let entry = 0; entry < count && at + entryBytes <= data.bytes.length; entry += 1) {
      const kind = kindBytes === 0 ? 1 : take(kindBytes);
      const offset = take(secondBytes);
      take(thirdBytes);
      if (!note(reading, first + entry, kind === 1 ? offset : -1)) return null;
    }
  }
  return dict;
};

/** `startBytes` is where the PDF begins within the file: what stands before it is not counted. */
export const readXref = async (source: Source, startBytes: number, unpacking: Unpacking): Promise<Xref> => {
  const window = new Window(source);
  const reading: Reading = { window, offsets: new Map(), entries: 0 };
  const sections: { readonly at: number; readonly trailer: PdfDict }[] = [];
  const tailAt = Math.max(0, window.sizeBytes - TAIL_BYTES);
  const tail = latin1(await window.take(tailAt, window.sizeBytes - tailAt));
  const said = /startxref\s+(\d{1,15})(?!.*startxref)/su.exec(tail);
  let isWhole = said !== null;
  const seen = new Set<number>();
  const waiting = said === null ? [] : [Number(said[1])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next) || seen.size >= MAX_SECTIONS) {
      isWhole = false;
      break;
    }
    seen.add(next);
    const at = startBytes + next;
    const isTable = startsWith(await window.peek(at, 4), "xref");
    const trailer = isTable ? await readTable(reading, at + 4) : await readStream(reading, at, unpacking);
    if (trailer === null) {
      isWhole = false;
      break;
    }
    sections.push({ at, trailer });
    const previous = asCount(trailer.entries.get("Prev"));
    if (previous >= 0) waiting.push(previous);
    // What a hybrid file says for newer readers comes before the older table (7.5.8.4).
    const hybrid = asCount(trailer.entries.get("XRefStm"));
    if (hybrid >= 0) waiting.push(hybrid);
  }
  const offsets = new Map(
    [...reading.offsets].map(([number, offset]) => [number, offset < 0 ? -1 : startBytes + offset]),
  );
  return { sections, offsets, isWhole };
};
