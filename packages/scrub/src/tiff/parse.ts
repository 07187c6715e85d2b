/**
 * TIFF 6.0 and BigTIFF: pages are built anew from the tags that pixels are decoded with, their strips and tiles copied
 * by range. Everything else that directories point at, and everything that nothing points at, is left behind.
 */
import { sameBytes } from "../core/bytes.ts";
import { Findings, sizeText } from "../core/findings.ts";
import type { Options, Parsed, Parser } from "../core/parsed.ts";
import type { Output } from "../core/pieces.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { reportTrailer } from "../core/trailer.ts";
import { Window } from "../core/window.ts";
import { reportExif } from "../exif/exif.ts";
import { EXIF_TAGS } from "../exif/tags.ts";
import { MAX_PROFILE_BYTES, reportProfile } from "../icc/profile.ts";
import { cleanTables } from "../jpeg/abbreviated.ts";
import type { Source } from "../source.ts";
import * as tags from "./allowed.ts";
import { type Entry, TiffFile } from "./directory.ts";
import { checkCompression, copyPart, type Part } from "./pixels.ts";
import { type Page, type Value, writeTiff } from "./write.ts";

const MAX_PAGES = 10_000;
const MAX_PARTS = 1_000_000;
/** Up to this size a file is read whole to tell what its other directories say; beyond, only that they are there. */
const MAX_REPORTED_BYTES = 32 << 20;
/** A transfer function of 16 bits. */
const MAX_VALUE_BYTES = 3 * 65_536 * 2;
const RAW_PHOTOMETRICS = new Set([32_803, 34_892]);

class TiffReader {
  readonly findings = new Findings();
  readonly kept = new Set<string>();
  readonly #file: TiffFile;
  readonly #source: Source;
  readonly #options: Options;
  readonly #pages: Page[] = [];
  readonly #dropped: Entry[] = [];
  #partCount = 0;
  #partBytes = 0;

  constructor(file: TiffFile, source: Source, options: Options) {
    this.#file = file;
    this.#source = source;
    this.#options = options;
  }

  async read(): Promise<Output> {
    const seen = new Set<number>();
    for (let at = this.#file.first; at !== 0;) {
      if (seen.has(at)) throw damaged("its directories point in a circle");
      if (seen.size >= MAX_PAGES) throw doubtful("the file has too many pages");
      seen.add(at);
      this.#options.signal?.throwIfAborted();
      const { entries, next } = await this.#file.directory(at);
      await this.#readPage(entries, seen.size === 1);
      at = next;
    }
    if (this.#pages.length === 0) throw damaged("the file has no picture");
    if (this.#pages.length > 1) this.kept.add(`${this.#pages.length} pages`);
    if (this.#dropped.length > 0) await this.#report();
    return writeTiff(this.#pages, this.#file.layout);
  }

  async #number(entries: readonly Entry[], tag: number, otherwise: number): Promise<number> {
    const entry = entries.find((one) => one.tag === tag);
    if (entry === undefined) return otherwise;
    const [value = otherwise] = await this.#file.numbers(entry, 4096);
    return value;
  }

  async #refuseRaw(entries: readonly Entry[]): Promise<void> {
    const raw = unsupported("raw files of cameras are not cleaned here; export a picture instead");
    if (entries.some(({ tag }) => tag === tags.DNG_VERSION)) throw raw;
    if (RAW_PHOTOMETRICS.has(await this.#number(entries, tags.PHOTOMETRIC, 0))) throw raw;
    const sub = entries.find(({ tag }) => tag === tags.SUB_DIRECTORIES);
    if (sub === undefined) return;
    for (const at of (await this.#file.numbers(sub, 16).catch(() => [])).slice(0, 16)) {
      const directory = await this.#file.directory(at).catch(() => undefined);
      if (directory === undefined) continue;
      if (RAW_PHOTOMETRICS.has(await this.#number(directory.entries, tags.PHOTOMETRIC, 0).catch(() => 0))) throw raw;
    }
  }

  async #readPage(entries: readonly Entry[], first: boolean): Promise<void> {
    await this.#refuseRaw(entries);
    const small = ((await this.#number(entries, tags.SUBFILE_TYPE, 0)) & 1) === 1;
    if (small && !first) {
      // A smaller copy of another page: viewers show the page.
      this.#dropped.push(...entries);
      this.findings.add("hidden_media", "directory", "Thumbnail", "a smaller picture", "high");
      return;
    }
    const width = await this.#number(entries, tags.WIDTH, 0);
    const height = await this.#number(entries, tags.LENGTH, 0);
    const compression = await this.#number(entries, tags.COMPRESSION, 1);
    const samples = await this.#number(entries, tags.SAMPLES, 1);
    const bits = await this.#number(entries, tags.BITS, 1);
    if (width < 1 || height < 1 || samples < 1 || samples > 64 || bits < 1 || bits > 64)
      throw damaged("a size is wrong");
    checkCompression(compression);
    const values: Value[] = [];
    const done = new Set<number>();
    for (const entry of entries) {
      const { tag, type, count } = entry;
      if (done.has(tag)) {
        if (tags.NEEDED.has(tag) || tags.POINTERS.has(tag)) throw damaged("a directory says something twice");
        this.#dropped.push(entry);
        continue;
      }
      done.add(tag);
      if (tags.POINTERS.has(tag)) continue;
      const allowed = tags.ALLOWED.get(tag);
      if (allowed !== undefined) {
        const numeric = type !== 2 && type !== 7 && entry.lengthBytes > 0;
        if (numeric && allowed.fits(count, { samples, bits })) {
          values.push({ tag, type, count, bytes: await this.#file.value(entry, MAX_VALUE_BYTES) });
          if (tag === 274) this.kept.add("orientation");
          if (tag === 282) this.kept.add("pixel density");
        } else if (tags.NEEDED.has(tag)) throw damaged("a value of the directory is wrong");
        else {
          this.#dropped.push(entry);
          this.findings.add("other", "directory", allowed.name, "not usable", "low");
        }
      } else if (tag === tags.PROFILE) await this.#readProfile(entry, values);
      else if (tag === tags.JPEG_TABLES && compression === 7) {
        const tables = await this.#file.value(entry, 1 << 20);
        const clean = cleanTables(tables);
        if (!sameBytes(clean, tables))
          this.findings.add("other", "directory", "JPEGTables", "more than tables", "medium");
        values.push({ tag, type: 7, count: clean.length, bytes: clean });
      } else this.#dropped.push(entry);
    }
    this.#pages.push({ values, ...(await this.#readParts(entries, { width, height, samples, bits, compression })) });
  }

  async #readProfile(entry: Entry, values: Value[]): Promise<void> {
    const profile =
      entry.lengthBytes > MAX_PROFILE_BYTES ? new Uint8Array(0) : await this.#file.value(entry, MAX_PROFILE_BYTES);
    const clean = reportProfile(profile, "directory ICC", this.findings);
    if (clean === null) return;
    values.push({ tag: tags.PROFILE, type: 7, count: clean.length, bytes: clean });
    this.kept.add("colour profile");
  }

  /** Strips or tiles, each with as many bytes as its rows have. */
  async #readParts(
    entries: readonly Entry[],
    page: { width: number; height: number; samples: number; bits: number; compression: number },
  ): Promise<Pick<Page, "offsetsTag" | "bytesTag" | "parts">> {
    const find = (tag: number): Entry | undefined => entries.find((entry) => entry.tag === tag);
    const tiled = find(tags.TILE_OFFSETS) !== undefined;
    const [offsetsTag, bytesTag] = tiled
      ? [tags.TILE_OFFSETS, tags.TILE_BYTES]
      : [tags.STRIP_OFFSETS, tags.STRIP_BYTES];
    if (tiled && find(tags.STRIP_OFFSETS) !== undefined) throw doubtful("a page has both strips and tiles");
    const [offsetsEntry, bytesEntry] = [find(offsetsTag), find(bytesTag)];
    if (offsetsEntry === undefined || bytesEntry === undefined) throw damaged("a page has no pixels");
    this.#partCount += offsetsEntry.count;
    if (this.#partCount > MAX_PARTS) throw doubtful("the file is cut into too many pieces");
    const offsets = await this.#file.numbers(offsetsEntry, MAX_PARTS);
    const lengths = await this.#file.numbers(bytesEntry, MAX_PARTS);
    const planes = (await this.#number(entries, tags.PLANAR, 1)) === 2 ? page.samples : 1;
    const rowBits = page.bits * (planes > 1 ? 1 : page.samples);
    const rows = await this.#number(entries, tags.ROWS_PER_STRIP, page.height);
    const tileWidth = await this.#number(entries, tags.TILE_WIDTH, 0);
    const tileLength = await this.#number(entries, tags.TILE_LENGTH, 0);
    if (tiled ? tileWidth < 1 || tileLength < 1 : rows < 1) throw damaged("a size is wrong");
    const perPlane = tiled
      ? Math.ceil(page.width / tileWidth) * Math.ceil(page.height / tileLength)
      : Math.ceil(page.height / rows);
    if (offsets.length !== perPlane * planes || lengths.length !== offsets.length) {
      throw damaged("a page has another number of strips or tiles than its size asks for");
    }
    // Rows of YCbCr pixels have other sizes, by their subsampling.
    const known = (await this.#number(entries, tags.PHOTOMETRIC, 0)) !== 6;
    const rowsBytes = (index: number): number | null => {
      if (!known) return null;
      if (tiled) return tileLength * Math.ceil((tileWidth * rowBits) / 8);
      const begun = (index % perPlane) * rows;
      return Math.min(rows, page.height - begun) * Math.ceil((page.width * rowBits) / 8);
    };
    const parts: Output[] = [];
    for (const [index, at] of offsets.entries()) {
      const lengthBytes = lengths[index] ?? 0;
      if (at + lengthBytes > this.#source.sizeBytes) throw damaged("the pixels lie outside of the file");
      this.#partBytes += lengthBytes;
      if (this.#partBytes > this.#source.sizeBytes) throw doubtful("strips or tiles share their bytes");
      this.#file.used.push([at, at + lengthBytes]);
      if (index % 256 === 0) this.#options.signal?.throwIfAborted();
      const part: Part = { at, lengthBytes, rowsBytes: rowsBytes(index) };
      // An empty tile is one that was never written; readers leave it black.
      if (lengthBytes === 0) throw damaged("a strip or tile is empty");
      parts.push(await copyPart(this.#source, this.#file.window, page.compression, part, this.findings, this.#options));
    }
    return { offsetsTag, bytesTag, parts };
  }

  async #report(): Promise<void> {
    const before = this.findings.list.length;
    const { window } = this.#file;
    if (!this.#file.layout.big && window.sizeBytes <= MAX_REPORTED_BYTES) {
      const skip = new Set([...tags.ALLOWED.keys(), ...tags.POINTERS, tags.JPEG_TABLES, tags.PROFILE]);
      reportExif(await window.take(0, window.sizeBytes), "directory", this.findings, skip);
    } else {
      for (const { tag, lengthBytes } of this.#dropped) {
        const known = EXIF_TAGS.get(tag);
        this.findings.add(
          known?.kind ?? "other",
          "directory",
          known?.name ?? `tag ${tag}`,
          sizeText(lengthBytes),
          known?.severity ?? "medium",
        );
      }
    }
    if (this.findings.list.length === before) {
      this.findings.add("other", "directory", "tags", `${this.#dropped.length} more`, "low");
    }
  }
}

export const parseTiff: Parser = async (source: Source, options: Options): Promise<Parsed> => {
  const window = new Window(source);
  const file = await TiffFile.open(window);
  const reader = new TiffReader(file, source, options);
  const output = await reader.read();
  const { findings, kept } = reader;
  const { orphans, behind } = file.unused();
  if (orphans > 0) {
    findings.add("hidden_media", "throughout", "unreferenced data", sizeText(orphans), orphans > 64 ? "high" : "low");
  }
  await reportTrailer(window, window.sizeBytes - behind, findings);
  return { findings, trailingBytes: behind, output, kept: [...kept] };
};
