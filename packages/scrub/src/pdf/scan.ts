/**
 * Goes through a PDF from its first byte to its last, object by object, whatever its tables say: so that what they leave
 * out (earlier versions, objects that were given up, texts between objects) is seen too.
 */
import { latin1, startsWith } from "../core/bytes.ts";
import { damaged, unsupported } from "../core/refuse.ts";
import { Window } from "../core/window.ts";
import type { Source } from "../source.ts";
import type { StripOptions } from "../types.ts";
import { isSpace, Lexer, Malformed, Short } from "./lexer.ts";
import { asCount, asDict, asRef, type PdfDict, type PdfValue, type StreamRange } from "./values.ts";
import { dataStart, readAt, type Xref } from "./xref.ts";

/** The largest documents in use have some hundred thousand. */
export const MAX_OBJECTS = 200_000;
/** Objects that turn out to be none are read again behind their beginning; not for ever. */
const MAX_SPENT_FACTOR = 4;
const SPARE_BYTES = 16 << 20;
const MAX_LOOSE_CHARACTERS = 400;
/** A number and its object's head: "4711 0 obj 12345 endobj". */
const HEAD_BYTES = 64;
const HEAD = /^(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj/u;

export interface ScannedObject {
  readonly number: number;
  readonly at: number;
  readonly value: PdfValue;
  readonly stream: StreamRange | null;
}

export interface ScanResult {
  readonly trailers: readonly PdfDict[];
  /** Behind each `%%EOF`. */
  readonly ends: readonly number[];
  /** What stands between objects and is none of it: how much, and how it begins. */
  readonly looseBytes: number;
  readonly loose: string;
}

const ENDSTREAM = "endstream";

/** Where `endstream` stands, from `at` on; the end of the file if nowhere. */
const findEndstream = async (window: Window, from: number): Promise<number> => {
  for (let at = from; at < window.sizeBytes;) {
    const block = await window.block(at, ENDSTREAM.length);
    for (let found = block.indexOf(0x65); found >= 0; found = block.indexOf(0x65, found + 1))
      if (startsWith(block, ENDSTREAM, found)) return at + found;
    at += Math.max(1, block.length - ENDSTREAM.length + 1);
  }
  return window.sizeBytes;
};

const isEndstreamAt = async (window: Window, at: number): Promise<boolean> => {
  if (at > window.sizeBytes) return false;
  const bytes = await window.peek(at, ENDSTREAM.length + 2);
  let skip = 0;
  while (skip < 2 && isSpace(bytes[skip])) skip += 1;
  return startsWith(bytes, ENDSTREAM, skip);
};

/** A length that stands in an object of its own. */
const lengthAt = async (source: Source, at: number): Promise<number> => {
  const bytes = await source.read(at, HEAD_BYTES);
  const found = /^\s*\d+\s+\d+\s+obj\s+(\d{1,15})\s/u.exec(latin1(bytes));
  return found === null ? -1 : Number(found[1]);
};

/** Calls `found` for each object in the order of the file. Throws Refused where there are too many. */
export const scan = async (
  source: Source,
  start: number,
  xref: Xref,
  signal: StripOptions["signal"],
  found: (object: ScannedObject, window: Window) => Promise<void>,
): Promise<ScanResult> => {
  const window = new Window(source);
  const trailers: PdfDict[] = [];
  const ends: number[] = [];
  let loose = "";
  let looseBytes = 0;
  /** As it was at the last end: what comes behind that is told as such. */
  let atEnd = { loose, looseBytes };
  let objects = 0;
  let spentBytes = 0;
  const spend = (bytes: number): void => {
    spentBytes += bytes;
    if (spentBytes > MAX_SPENT_FACTOR * window.sizeBytes + SPARE_BYTES)
      throw damaged("objects begin within each other");
  };

  const streamAt = async (dict: PdfDict | null, dataAt: number): Promise<StreamRange> => {
    const said = dict?.entries.get("Length");
    const offset = xref.offsets.get(asRef(said));
    const length = offset === undefined || offset < 0 ? asCount(said) : await lengthAt(source, offset);
    if (length >= 0 && (await isEndstreamAt(window, dataAt + length))) return { at: dataAt, length };
    return { at: dataAt, length: (await findEndstream(window, dataAt)) - dataAt };
  };

  let at = start;
  while (at < window.sizeBytes) {
    let head = window.peekNow(at, HEAD_BYTES) ?? (await window.peek(at, HEAD_BYTES));
    let spaces = 0;
    while (spaces < head.length && isSpace(head[spaces])) spaces += 1;
    if (spaces > 0) {
      at += spaces;
      continue;
    }
    const text = latin1(head);
    const header = HEAD.exec(text);
    if (header !== null) {
      signal?.throwIfAborted();
      const from = at + header[0].length;
      const read = await readAt(window, from, (lexer) => lexer.readUntilKeyword());
      spend(read === null ? 4096 : read.end - from);
      if (read !== null) {
        let end = read.end;
        let stream: StreamRange | null = null;
        if (read.value.keyword === "stream") {
          stream = await streamAt(asDict(read.value.value), await dataStart(window, end));
          end = stream.at + stream.length;
          if (await isEndstreamAt(window, end)) end = (await findEndstream(window, end)) + ENDSTREAM.length;
        } else if (read.value.keyword !== "endobj") end -= read.value.keyword.length;
        objects += 1;
        if (objects > MAX_OBJECTS) throw unsupported("this PDF has more parts than are looked through here");
        await found({ number: Number(header[1]), at, value: read.value.value, stream }, window);
        at = end;
        continue;
      }
      spend(head.length);
      loose += loose.length < MAX_LOOSE_CHARACTERS ? header[0] : "";
      looseBytes += header[0].length;
      at = from;
      continue;
    }
    if (text.startsWith("endobj")) at += 6;
    else if (text.startsWith("trailer")) {
      const read = await readAt(window, at + 7, (lexer) => lexer.readValue());
      const dict = read === null ? null : asDict(read.value);
      if (dict !== null) trailers.push(dict);
      at = read === null || dict === null ? at + 7 : read.end;
      spend(64);
    } else if (text.startsWith("startxref"))
      at += 9 + (/^\s*\d{1,15}(?=[\s%]|$)/u.exec(text.slice(9))?.[0].length ?? 0);
    else if (text.startsWith("xref")) at = await tableEnd(window, at + 4, spend);
    else {
      head = await window.block(at, 2);
      // A comment goes to the end of its line, anything else to the next space; at once if it is long.
      const isComment = head[0] === 0x25;
      let length = 1;
      while (length < head.length && (isComment ? head[length] !== 10 && head[length] !== 13 : !isSpace(head[length])))
        length += 1;
      const words = latin1(head, 0, Math.min(length, MAX_LOOSE_CHARACTERS));
      if (words.startsWith("%%EOF")) {
        ends.push(at + 5);
        atEnd = { loose, looseBytes };
        length = 5;
      } else if (!isMark(words)) {
        looseBytes += length;
        if (loose.length < MAX_LOOSE_CHARACTERS) loose += `${words} `;
      }
      at += length;
    }
  }
  return { trailers, ends, ...(ends.length > 0 ? atEnd : { loose, looseBytes }) };
};

/** The header, and the comment of four high bytes that says that what follows is binary (7.5.2). */
const isMark = (words: string): boolean => /^%PDF-\d\.\d$/u.test(words) || /^%[\u0080-\u00ff]{4,8}$/u.test(words);

const TABLE_BLOCK_BYTES = 2048;
/** Entries of a table and heads of its parts, up to the trailer or to an object. */
const TABLE_LINES = /^(?:\s*\d{1,10}\s+\d{1,10}(?:\s+[nf](?=\s)|(?=\s+(?:\d|trailer))))+/u;

/** Behind the lines of a table. */
const tableEnd = async (window: Window, start: number, spend: (bytes: number) => void): Promise<number> => {
  let at = start;
  for (;;) {
    const lines = TABLE_LINES.exec(latin1(await window.peek(at, TABLE_BLOCK_BYTES)));
    spend(TABLE_BLOCK_BYTES - (lines?.[0].length ?? 0));
    if (lines === null) return at;
    at += lines[0].length;
  }
};

/** The objects that are packed in a stream (7.5.7), as far as they can be read. */
export const unpackObjects = (
  dict: PdfDict,
  bytes: Uint8Array,
  room: number,
): readonly { number: number; value: PdfValue }[] => {
  const count = Math.min(asCount(dict.entries.get("N")), room);
  const first = asCount(dict.entries.get("First"));
  const found: { number: number; value: PdfValue }[] = [];
  if (count < 0 || first < 0 || first > bytes.length) return found;
  const numbers = new Lexer(bytes.subarray(0, first + 1));
  // Each object ends where the next begins, so nothing is read twice.
  const starts: { readonly number: number; readonly at: number }[] = [];
  try {
    for (let i = 0; i < count; i += 1) {
      const number = numbers.readCount();
      const at = first + numbers.readCount();
      if (at >= bytes.length) break;
      starts.push({ number, at });
    }
  } catch (error) {
    if (!(error instanceof Short || error instanceof Malformed)) throw error;
  }
  const ordered = starts.toSorted((a, b) => a.at - b.at);
  for (const [index, { number, at }] of ordered.entries()) {
    const end = ordered[index + 1]?.at ?? bytes.length;
    if (end <= at) continue;
    const part = new Uint8Array(end - at + 8);
    part.set(bytes.subarray(at, end));
    part.set([32, 101, 110, 100, 111, 98, 106, 32], end - at);
    try {
      found.push({ number, value: new Lexer(part).readUntilKeyword().value });
    } catch (error) {
      if (!(error instanceof Short || error instanceof Malformed)) throw error;
    }
  }
  return found;
};
