/** What the streams of a PDF give away: metadata, pictures and files of their own, content that does not show. */
import { sizeText } from "../core/findings.ts";
import type { Findings } from "../core/findings.ts";
import type { Window } from "../core/window.ts";
import { reportProfile } from "../icc/profile.ts";
import { sniff } from "../sniff.ts";
import { bytesSource, type Source } from "../source.ts";
import { reportXmp } from "../text/xmp.ts";
import type { InspectOutcome } from "../types.ts";
import { filtersOf, type Unpacked, unpack, type Unpacking } from "./filters.ts";
import type { Report } from "./report.ts";
import { contentSays, isOneOf } from "./text.ts";
import { asCount, asName, type PdfDict, type StreamRange } from "./values.ts";

/** Looks into a picture or file that is part of another. */
export type InspectPart = (part: Source) => Promise<InspectOutcome>;

/** Packed parts are unpacked in memory: no larger ones than these, of which content is looked at up to a megabyte. */
const MAX_PACKED_BYTES = 32 << 20;
const MAX_FILE_BYTES = 16 << 20;
const MAX_CONTENT_BYTES = 1 << 20;
/** Pictures and files that are looked into; the rest is counted. */
const MAX_PARTS = 1000;

/** A range of a source as one of its own. */
export const partOf = (source: Source, { at, length }: StreamRange): Source => ({
  sizeBytes: length,
  ...(source.isInMemory === true && { isInMemory: true }),
  read: (offset, wanted, into) => source.read(at + offset, Math.max(0, Math.min(wanted, length - offset)), into),
});

export class StreamReport {
  readonly #report: Report;
  readonly #findings: Findings;
  readonly #inspectPart: InspectPart;
  readonly #unpacking: Unpacking;
  readonly #isSealed: boolean;
  #parts = 0;
  #unread = 0;

  constructor(
    report: Report,
    findings: Findings,
    options: { readonly inspectPart: InspectPart; readonly unpacking: Unpacking; readonly isSealed: boolean },
  ) {
    this.#report = report;
    this.#findings = findings;
    this.#inspectPart = options.inspectPart;
    this.#unpacking = options.unpacking;
    this.#isSealed = options.isSealed;
  }

  /** The data unpacked, if it is no larger than memory allows; null else, and counted. */
  async unpack(window: Window, dict: PdfDict, stream: StreamRange, limitBytes: number): Promise<Unpacked | null> {
    if (this.#isSealed || stream.length > MAX_PACKED_BYTES) {
      this.#unread += 1;
      return null;
    }
    const unpacked = unpack(await window.take(stream.at, stream.length), dict, this.#unpacking, limitBytes);
    if (unpacked === null) this.#unread += 1;
    return unpacked;
  }

  /** A stream that holds no objects. */
  async stream(source: Source, window: Window, where: string, dict: PdfDict, stream: StreamRange): Promise<void> {
    const { entries } = dict;
    const type = asName(entries.get("Type"));
    const subtype = asName(entries.get("Subtype"));
    const filters = filtersOf(dict);
    if (stream.length === 0) return;
    if (entries.has("F") && asName(entries.get("F")) === "" && !entries.has("Filter"))
      this.#report.add("hidden_media", where, "data of another file", "the content is kept elsewhere", "medium");
    if (type === "Metadata" || subtype === "XML") {
      // Metadata may be left open where all else is encrypted; then it reads as XML.
      const packet = this.#isSealed && filters.length > 0 ? null : await this.#metadata(window, dict, stream);
      if (packet !== null && packet.includes(0x3c)) reportXmp(packet, `${where}, XMP`, this.#findings);
      return;
    }
    if (this.#isSealed) {
      this.#unread += 1;
      return;
    }
    // Programs of fonts (9.9): what is drawn, not what is said.
    if (entries.has("Length1") || isOneOf(subtype, "Type1C CIDFontType0C OpenType")) return;
    if (subtype === "Image" || type === "EmbeddedFile") await this.#part(source, window, where, dict, stream);
    else await this.#content(source, window, where, dict, stream);
  }

  /** How much could not be looked at. */
  finish(): void {
    if (this.#unread === 0) return;
    const why = this.#isSealed ? "they are encrypted" : "they are too large, or packed in a way that is not known";
    this.#report.add("other", "throughout", "parts not looked into", `${this.#unread}: ${why}`, "medium");
  }

  async #metadata(window: Window, dict: PdfDict, stream: StreamRange): Promise<Uint8Array | null> {
    if (!this.#isSealed) return (await this.unpack(window, dict, stream, MAX_FILE_BYTES))?.bytes ?? null;
    return stream.length > MAX_PACKED_BYTES ? null : window.take(stream.at, stream.length);
  }

  /** A picture or an attached file. */
  async #part(source: Source, window: Window, where: string, dict: PdfDict, stream: StreamRange): Promise<void> {
    const isFile = asName(dict.entries.get("Type")) === "EmbeddedFile";
    const [filter = "", ...others] = filtersOf(dict);
    if (isFile) {
      const kind = asName(dict.entries.get("Subtype"));
      this.#report.add("hidden_media", where, "attached file", kind === "" ? sizeText(stream.length) : kind, "high");
    }
    if (filter === "" || (filter === "DCTDecode" && others.length === 0)) {
      // Uncompressed pixels are what they are.
      if (isFile || filter === "DCTDecode") await this.#look(partOf(source, stream), where, isFile);
      return;
    }
    const isPixels = !isFile && !filtersOf(dict).includes("DCTDecode");
    if (isPixels) {
      if (isOneOf(filter, "JPXDecode JBIG2Decode")) this.#unread += 1;
      return;
    }
    const unpacked = await this.unpack(window, dict, stream, MAX_FILE_BYTES);
    if (unpacked === null) return;
    this.#behind(unpacked, where);
    await this.#look(bytesSource(unpacked.bytes), where, isFile);
  }

  /** What a page or form draws, or something that does not say what it is. */
  async #content(source: Source, window: Window, where: string, dict: PdfDict, stream: StreamRange): Promise<void> {
    const unpacked = await this.unpack(window, dict, stream, MAX_CONTENT_BYTES);
    if (unpacked === null) return;
    const { bytes, rest } = unpacked;
    this.#behind(unpacked, where);
    const format = sniff(bytes.subarray(0, 4096));
    if (format !== "unknown") {
      const whole = filtersOf(dict).length === 0 ? partOf(source, stream) : bytesSource(bytes);
      this.#report.add("hidden_media", where, "attached file", `${format}, ${sizeText(whole.sizeBytes)}`, "high");
      await this.#look(whole, where, true);
      return;
    }
    if (rest.length > 0) return;
    if (asCount(dict.entries.get("N")) > 0 && bytes.length >= 128) {
      reportProfile(bytes, `${where}, colour profile`, this.#findings);
      return;
    }
    const says = contentSays(bytes);
    if (says.hasInvisibleText)
      this.#report.add("hidden_media", where, "invisible text", "text that is there and does not show", "high");
    if (says.mayCover)
      this.#report.add(
        "hidden_media",
        where,
        "text that may be covered",
        "what covers text does not take it out",
        "medium",
      );
    if (says.comment !== "") this.#report.add("other", where, "comment in content", says.comment, "medium");
    if (!says.hasText && /[A-Za-z]{4}/u.test(says.note)) this.#report.add("other", where, "data", says.note, "medium");
  }

  #behind({ behindBytes }: Unpacked, where: string): void {
    if (behindBytes > 0) this.#report.add("other", where, "behind packed data", sizeText(behindBytes), "medium");
  }

  async #look(part: Source, where: string, isFile: boolean): Promise<void> {
    if (this.#parts >= MAX_PARTS) {
      this.#unread += 1;
      return;
    }
    this.#parts += 1;
    const outcome = await this.#inspectPart(part);
    if (!outcome.ok) {
      // That a file is of no format known here is no news of a file.
      if (!isFile) this.#unread += 1;
      return;
    }
    for (const { kind, where: place, name, value, severity } of outcome.findings)
      this.#report.add(kind, `${where}, ${isFile ? "file" : "picture"}: ${place}`, name, value, severity);
  }
}
