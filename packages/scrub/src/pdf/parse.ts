/**
 * PDF (ISO 32000-2): looked into, and not cleaned. What a PDF shows can lie in fonts, forms, layers and drawings that
 * hide as much as they show; so a copy is made of pictures of its pages (layout.ts), and only such a PDF passes.
 */
import { latin1 } from "../core/bytes.ts";
import { Findings } from "../core/findings.ts";
import type { Options, Parsed, Parser } from "../core/parsed.ts";
import { Output } from "../core/pieces.ts";
import { damaged, unsupported } from "../core/refuse.ts";
import { reportTrailer } from "../core/trailer.ts";
import { Window } from "../core/window.ts";
import type { Source } from "../source.ts";
import { textOrSize } from "../text/decode.ts";
import { unpacking } from "./filters.ts";
import { isSpace } from "./lexer.ts";
import { isOwnForm } from "./own-form.ts";
import { Report } from "./report.ts";
import { MAX_OBJECTS, scan, unpackObjects } from "./scan.ts";
import { type InspectPart, partOf, StreamReport } from "./streams.ts";
import { asDict, asName, asRef, type PdfDict } from "./values.ts";
import { readXref, type Xref } from "./xref.ts";

/** Readers look for the header this far into a file. */
const HEADER_BYTES = 1024;
const MAX_OBJECT_STREAM_BYTES = 16 << 20;

const NOT_CLEANED =
  "a PDF can keep earlier versions, covered text and whole files that do not show, so it is looked into but not cleaned; on the page for cleaning, have pictures made of its pages, or export it as PNG, and share that";
const NOT_OPENED =
  "this PDF is encrypted, so most of it could not be looked at; open it, export its pages as PNG, and clean those";

/** What is asked of other formats' parsers: to look into a part, and whether cleaning it would change nothing. */
interface Others {
  readonly inspectPart: (part: Source, options: Options) => ReturnType<InspectPart>;
  readonly isClean: (part: Source, options: Options) => Promise<boolean>;
}

export const pdfParser =
  ({ inspectPart, isClean }: Others): Parser =>
  async (source, options) => {
    const window = new Window(source);
    if (await isOwnForm(window, (picture) => isClean(partOf(source, picture), options), options.signal)) {
      const output = new Output();
      output.copy(0, source.sizeBytes);
      return { findings: new Findings(), trailingBytes: 0, output, kept: [] };
    }
    const start = latin1(await window.peek(0, HEADER_BYTES + 5)).indexOf("%PDF-");
    if (start < 0) throw damaged("the header is missing");
    const xref = await readXref(source, start, unpacking());
    const read = (isSealed: boolean): Promise<Parsed | null> =>
      readPdf(source, { start, xref, isSealed, options, inspectPart: (part) => inspectPart(part, options) });
    const isSealed = xref.sections.some(({ trailer }) => isEncrypted(trailer));
    // Where the tables are broken, it may turn out at the end only.
    const parsed = (await read(isSealed)) ?? (await read(true));
    if (parsed === null) throw damaged("the trailer is missing");
    return parsed;
  };

const isEncrypted = ({ entries }: PdfDict): boolean =>
  asRef(entries.get("Encrypt")) > 0 || asDict(entries.get("Encrypt")) !== null;

interface Reading {
  readonly start: number;
  readonly xref: Xref;
  readonly isSealed: boolean;
  readonly options: Options;
  readonly inspectPart: InspectPart;
}

/** Null if it turned out to be encrypted and was read as if it were not. */
const readPdf = async (source: Source, reading: Reading): Promise<Parsed | null> => {
  const { start, xref, isSealed, options } = reading;
  const { signal } = options;
  const findings = new Findings();
  const infos = new Set(xref.sections.map(({ trailer }) => asRef(trailer.entries.get("Info"))).filter(Boolean));
  const report = new Report(findings, { isSealed, infos });
  const streams = new StreamReport(report, findings, { ...reading, unpacking: unpacking() });
  let hasCatalog = false;
  let isSealedAfterAll = isSealed;
  let isLinearized = false;
  let packed = 0;

  const before = new Window(source);
  if (start > 0) {
    const bytes = await before.take(0, Math.min(start, 256));
    if (!bytes.every((byte) => isSpace(byte)))
      findings.add("other", "before the header", "data", textOrSize(bytes), "high");
  }
  const isCurrent = (number: number, at: number): boolean => {
    const offset = xref.offsets.get(number);
    return !xref.isWhole || offset === at;
  };

  const scanned = await scan(source, start, xref, signal, async ({ number, at, value, stream }, window) => {
    const dict = asDict(value);
    const type = dict === null ? "" : asName(dict.entries.get("Type"));
    if (type === "Catalog") hasCatalog = true;
    if (dict?.entries.has("Linearized") === true) isLinearized = true;
    if (dict !== null && type === "XRef") {
      // Its dictionary is a trailer.
      report.links.exempt(number);
      if (isEncrypted(dict)) isSealedAfterAll = true;
      report.trailer(dict);
      return;
    }
    const current = isCurrent(number, at);
    if (dict !== null && stream !== null && type === "ObjStm") {
      report.links.begin(number);
      report.links.exempt(number);
      const unpacked = await streams.unpack(window, dict, stream, MAX_OBJECT_STREAM_BYTES);
      if (unpacked === null || unpacked.rest.length > 0) return;
      const objects = unpackObjects(dict, unpacked.bytes, MAX_OBJECTS);
      packed += objects.length;
      if (packed > MAX_OBJECTS) throw unsupported("this PDF has more parts than are looked through here");
      for (const one of objects) {
        if (asName(asDict(one.value)?.entries.get("Type")) === "Catalog") hasCatalog = true;
        // An object that stands by itself in a later version replaces the packed one.
        report.object(one.number, one.value, current && (!xref.isWhole || (xref.offsets.get(one.number) ?? -1) < 0));
      }
      return;
    }
    report.object(number, value, current);
    if (dict?.entries.has("Linearized") === true) report.links.exempt(number);
    if (dict !== null && stream !== null) {
      const where = `${current ? "" : "earlier version, "}object ${number}`;
      await streams.stream(source, window, where, dict, stream);
    }
  });
  for (const trailer of scanned.trailers) {
    if (isEncrypted(trailer)) isSealedAfterAll = true;
    report.trailer(trailer);
  }
  if (isSealedAfterAll !== isSealed) return null;
  if (!hasCatalog && !isSealed) throw damaged("there is no catalogue of pages");

  const end = await behindLineEnd(before, scanned.ends.at(-1) ?? source.sizeBytes);
  // A file made for the web ends twice, and is one version (annex F).
  const earlier = Math.max(0, scanned.ends.length - 1 - Number(isLinearized));
  if (isSealed) findings.add("other", "throughout", "encrypted", "most of it could not be looked at", "medium");
  report.finish({ earlier, looseBytes: scanned.looseBytes, loose: scanned.loose });
  streams.finish();
  await reportTrailer(before, end, findings);
  return {
    findings,
    trailingBytes: source.sizeBytes - end,
    output: new Output(),
    kept: [],
    refusal: unsupported(isSealed ? NOT_OPENED : NOT_CLEANED),
  };
};

const behindLineEnd = async (window: Window, at: number): Promise<number> => {
  const [first, second] = await window.peek(at, 2);
  return at + (first === 13 ? (second === 10 ? 2 : 1) : first === 10 ? 1 : 0);
};
