/** `inspect` and `strip`: one parser a format; what is written is inspected first. */
import { sameBytes } from "./core/bytes.ts";
import { asRefusal, Refused } from "./core/refuse.ts";
import type { Options, Parsed, Parser } from "./core/parsed.ts";
import { outputSource, pour } from "./core/pieces.ts";
import { type Scanned, ScannedRanges } from "./core/scanned.ts";
import { Window } from "./core/window.ts";
import { parseBmp } from "./bmp/parse.ts";
import { parseHeif } from "./heif/parse.ts";
import { parseGif } from "./gif/parse.ts";
import { parseJpeg } from "./jpeg/parse.ts";
import { parseJxl } from "./jxl/parse.ts";
import { parseMkv } from "./mkv/parse.ts";
import { parseMp4 } from "./mp4/parse.ts";
import { pdfParser } from "./pdf/parse.ts";
import { parsePng } from "./png/parse.ts";
import { parseTiff } from "./tiff/parse.ts";
import type { Embedded } from "./svg/embedded.ts";
import { svgParser } from "./svg/parse.ts";
import { sniff, SNIFFED_BYTES } from "./sniff.ts";
import { bytesSource, type Sink, type Source } from "./source.ts";
import type { Format, InspectOutcome, Refusal, StripOptions, StripOutcome } from "./types.ts";
import { parseWebp } from "./webp/parse.ts";

/** Files within files within files, which only who means harm makes. */
const MAX_DEPTH = 3;

/** Cleans a picture that is part of an SVG; of another SVG in it, the same is asked. */
const cleanWithin = async (part: Uint8Array, { signal, depth = 0 }: Options): Promise<Embedded> => {
  if (depth >= MAX_DEPTH)
    return { ok: false, code: "scrub_doubtful", reason: "files lie within files", format: "unknown" };
  const source = bytesSource(part);
  const read = await parse(source, { ...(signal !== undefined && { signal }), depth: depth + 1 });
  if (!read.ok) return read;
  const { format, parsed } = read;
  if (parsed.refusal !== undefined) return asRefusal(parsed.refusal, format);
  const { findings, trailingBytes, output, kept } = parsed;
  const bytes = await outputSource(output, source).read(0, output.sizeBytes);
  return { ok: true, format, findings, trailingBytes, bytes, kept };
};

const PARSERS: Partial<Record<Format, Parser>> = {
  jpeg: parseJpeg,
  png: parsePng,
  webp: parseWebp,
  gif: parseGif,
  tiff: parseTiff,
  bmp: parseBmp,
  svg: svgParser(cleanWithin),
  heic: parseHeif,
  heif: parseHeif,
  avif: parseHeif,
  jxl: parseJxl,
  mp4: parseMp4,
  mov: parseMp4,
  "3gp": parseMp4,
  mkv: parseMkv,
  webm: parseMkv,
  pdf: pdfParser({
    inspectPart: (part, { signal, depth = 0 }) =>
      depth >= MAX_DEPTH
        ? Promise.resolve({ ok: false, code: "scrub_doubtful", reason: "files lie within files", format: "unknown" })
        : look(part, { ...(signal !== undefined && { signal }), depth: depth + 1 }),
    isClean: async (part, options) => {
      const read = await parse(part, options);
      return read.ok && read.format === "jpeg" && isClean(read.parsed, part);
    },
  }),
};

/** The formats that are inspected, and but for most PDFs cleaned; of the others the name is told, and they are refused. */
export const SUPPORTED_FORMATS: readonly Format[] = Object.keys(PARSERS) as Format[]; // the keys above are formats

const PACKED = "the file is packed (gzip, as of SVGZ); unpack it, and clean what comes out";

type Read = { readonly ok: true; readonly format: Format; readonly parsed: Parsed } | Refusal;

const parse = async (source: Source, options: Options, scanned?: Scanned): Promise<Read> => {
  if (source.sizeBytes === 0) return { ok: false, code: "empty_file", reason: "the file is empty", format: "unknown" };
  const head = await source.read(0, SNIFFED_BYTES);
  const format = sniff(head);
  const parser = PARSERS[format];
  if (parser === undefined) {
    if (format === "unknown" && head[0] === 0x1f && head[1] === 0x8b)
      return { ok: false, code: "scrub_unsupported", reason: PACKED, format };
    return { ok: false, code: "scrub_unknown_format", reason: "the first bytes are of no format known here", format };
  }
  try {
    return { ok: true, format, parsed: await parser(source, options, scanned) };
  } catch (error) {
    if (error instanceof Refused) return asRefusal(error, format);
    throw error;
  }
};

/** What a file gives away. Reads it once, in blocks; throws only what the source throws, or the signal's reason. */
export const inspect = (source: Source, options: Pick<StripOptions, "signal"> = {}): Promise<InspectOutcome> =>
  look(source, options);

const look = async (source: Source, options: Options): Promise<InspectOutcome> => {
  const read = await parse(source, options);
  if (!read.ok) return read;
  return {
    ok: true,
    format: read.format,
    findings: read.parsed.findings.all(),
    trailingBytes: read.parsed.trailingBytes,
  };
};

/**
 * Writes the file without what it gives away. The clean file is first put together without being written, read again by
 * the same parser and compared with what would come out of cleaning it once more; only if nothing is found in it does
 * the first byte go to the sink. On a refusal the sink was never called.
 */
export const strip = async (source: Source, sink: Sink, options: StripOptions = {}): Promise<StripOutcome> => {
  const scanned = new ScannedRanges();
  const read = await parse(source, options, scanned);
  if (!read.ok) return read;
  const { format, parsed } = read;
  if (parsed.refusal !== undefined) return asRefusal(parsed.refusal, format);
  const clean = outputSource(parsed.output, source);
  const again = await parse(clean, options, scanned.within(parsed.output));
  const proven = again.ok && again.format === format && (await isClean(again.parsed, clean));
  if (!proven) return { ok: false, code: "scrub_incomplete", reason: "something was left after cleaning", format };
  await pour(parsed.output, source, sink, (fraction) => {
    options.signal?.throwIfAborted();
    options.onProgress?.(fraction);
  });
  const removed = parsed.findings.all();
  const kept =
    options.keepGainMap === true && format !== "jpeg" && removed.some(({ name }) => /gain map/iu.test(name))
      ? [...parsed.kept, "no gain map (it can be kept of a JPEG only)"]
      : parsed.kept;
  return { ok: true, format, removed, kept, sizeBytes: clean.sizeBytes };
};

/** Whether nothing was found in a file, and cleaning it would change nothing. */
const isClean = async (parsed: Parsed, file: Source): Promise<boolean> =>
  parsed.refusal === undefined &&
  parsed.findings.list.length === 0 &&
  parsed.trailingBytes === 0 &&
  (await isUnchanged(parsed, file));

const COMPARED_BYTES = 1 << 20;

/** Cleaning what is clean must change nothing: each range and each byte of ours is where it was, and that is all. */
const isUnchanged = async ({ output }: Parsed, clean: Source): Promise<boolean> => {
  if (output.sizeBytes !== clean.sizeBytes) return false;
  const window = new Window(clean);
  let at = 0;
  for (const piece of output.pieces) {
    if ("from" in piece) {
      if (piece.from !== at) return false;
      at += piece.length;
    } else {
      for (let done = 0; done < piece.bytes.length; done += COMPARED_BYTES) {
        const part = piece.bytes.subarray(done, done + COMPARED_BYTES);
        if (!sameBytes(part, await window.peek(at, part.length))) return false;
        at += part.length;
      }
    }
  }
  return true;
};
