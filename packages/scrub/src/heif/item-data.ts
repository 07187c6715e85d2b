/** Data of the items that are kept: cleaned, and laid one behind the other. */
import { be16, be32, join } from "../core/bytes.ts";
import type { Findings } from "../core/findings.ts";
import { Output, outputSource, type Piece } from "../core/pieces.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { Window } from "../core/window.ts";
import { bytesSource, type Source } from "../source.ts";
import { makeFullBox } from "../boxes/box.ts";
import type { MediaRanges } from "../boxes/coverage.ts";
import { copyNals, type NalOptions } from "../codec/nal.ts";
import { copyObus, type ObuReport } from "../codec/obu.ts";
import { textOrSize } from "../text/decode.ts";
import type { Extent } from "./items.ts";
import type { Meta } from "./meta.ts";
import { checkDerived, derivedSize } from "./properties.ts";

/** Compositions have some hundred bytes: a grid 12, an overlay eight a picture. */
const MAX_DERIVED_BYTES = 1 << 20;

interface Placed {
  /** Offset in the new `mdat` or `idat`. */
  offset: number;
  readonly length: number;
  readonly inIdat: boolean;
}

interface Part {
  readonly firstOffset: number;
  readonly placed: Placed;
  readonly output: Output;
}

export class ItemData {
  readonly #source: Source;
  readonly #window: Window;
  readonly #meta: Meta;
  readonly #ranges: MediaRanges;
  readonly #placed = new Map<number, Placed>();
  readonly #parts: Part[] = [];
  readonly #shared = new Map<string, Placed>();
  #copied = 0;

  constructor(source: Source, window: Window, meta: Meta, ranges: MediaRanges) {
    this.#ranges = ranges;
    this.#source = source;
    this.#window = window;
    this.#meta = meta;
  }

  /** Ranges of an item, those that touch joined; refuses what lies outside. Null: it is not in this file. */
  #extents(id: number): { readonly extents: readonly Extent[]; readonly inIdat: boolean } | null {
    const location = this.#meta.locations.get(id);
    if (location === undefined || location.place > 1) return null;
    const inIdat = location.place === 1;
    const extents: Extent[] = [];
    for (const { offset, length } of location.extents) {
      const isThere = inIdat ? offset + length <= this.#meta.idat.length : this.#ranges.hold(offset, length);
      if (length === 0 || !isThere) throw damaged("an item lies outside of the media data");
      const last = extents.at(-1);
      if (last !== undefined && last.offset + last.length === offset)
        extents[extents.length - 1] = { offset: last.offset, length: last.length + length };
      else extents.push({ offset, length });
    }
    return { extents, inIdat };
  }

  /** At most `limitBytes` of an item's data; null if it is not in this file or lies outside of it. */
  async read(id: number, limitBytes: number): Promise<Uint8Array | null> {
    const location = this.#meta.locations.get(id);
    if (location === undefined || location.place > 1) return null;
    const parts: Uint8Array[] = [];
    let left = limitBytes;
    for (const { offset, length } of location.extents) {
      if (left <= 0) break;
      const size = Math.min(length, left);
      const part =
        location.place === 1
          ? this.#meta.idat.subarray(offset, offset + size)
          : (await this.#window.peek(offset, size)).slice();
      parts.push(part);
      left -= size;
    }
    return join(...parts);
  }

  /** Runs a cleaner over an item's bytes as if they lay in one piece. */
  async #add(
    id: number,
    clean: (window: Window, from: number, length: number, output: Output) => number | Promise<number>,
  ) {
    const found = this.#extents(id);
    if (found === null || found.extents.length === 0) throw unsupported("an item's data is not in this file");
    const { extents, inIdat } = found;
    const key = `${inIdat} ${extents.map(({ offset, length }) => `${offset}+${length}`).join(" ")}`;
    const shared = this.#shared.get(key);
    if (shared !== undefined) {
      this.#placed.set(id, shared);
      return;
    }
    const output = new Output();
    const [first] = extents;
    const total = extents.reduce((sum, { length }) => sum + length, 0);
    this.#copied += total;
    if (this.#copied > this.#window.sizeBytes + this.#meta.idat.length) throw doubtful("items lie one over the other");
    if (!inIdat && extents.length === 1 && first !== undefined) await clean(this.#window, first.offset, total, output);
    else {
      const base = inIdat ? bytesSource(this.#meta.idat) : this.#source;
      const ranges = new Output();
      for (const { offset, length } of extents) ranges.copy(offset, length);
      const joined = outputSource(ranges, base);
      const within = new Output();
      await clean(new Window(joined), 0, total, within);
      for (const piece of within.pieces) {
        if ("bytes" in piece) output.add(piece.bytes);
        else if (inIdat) output.add((await joined.read(piece.from, piece.length)).slice());
        else copyThrough(piece, extents, output);
      }
    }
    if (output.sizeBytes === 0) throw damaged("an item has no picture");
    const placed = { offset: 0, length: output.sizeBytes, inIdat };
    this.#shared.set(key, placed);
    this.#placed.set(id, placed);
    this.#parts.push({ firstOffset: first?.offset ?? 0, placed, output });
  }

  addHevc(id: number, options: NalOptions): Promise<void> {
    return this.#add(id, (window, from, length, output) => copyNals(window, from, length, output, options));
  }

  addAv1(id: number, report: ObuReport): Promise<void> {
    return this.#add(id, (window, from, length, output) => copyObus(window, from, length, output, report));
  }

  /** A grid or an overlay of `inputs` pictures. */
  addDerived(id: number, type: string, inputs: number, findings: Findings): Promise<void> {
    return this.#add(id, async (window, from, length, output) => {
      if (length > MAX_DERIVED_BYTES) throw doubtful("a composed picture is too large");
      const data = await window.take(from, length);
      checkDerived(data);
      const size = derivedSize(type, data, inputs);
      if (size > length) throw damaged("a composed picture is cut off");
      if (size < length)
        findings.add("other", `item ${type}`, "appended data", () => textOrSize(data.subarray(size)), "medium");
      output.copy(from, size);
      return size;
    });
  }

  /** Lays all data out, in the order in which it was. To be called once, when everything was added. */
  layOut(): { readonly media: Output; readonly idat: Uint8Array } {
    const media = new Output();
    const inMemory: Uint8Array[] = [];
    let idatBytes = 0;
    for (const { placed, output } of this.#parts.toSorted((a, b) => a.firstOffset - b.firstOffset)) {
      placed.offset = placed.inIdat ? idatBytes : media.sizeBytes;
      if (!placed.inIdat) {
        media.append(output);
        continue;
      }
      // What came from `idat` is in memory already.
      for (const piece of output.pieces) if ("bytes" in piece) inMemory.push(piece.bytes);
      idatBytes += output.sizeBytes;
    }
    return { media, idat: join(...inMemory) };
  }

  /** `iloc` anew: version 0, or 1 if something is in `idat`. */
  makeLocations(ids: readonly number[], mdatAt: number): Uint8Array {
    const version = [...this.#placed.values()].some(({ inIdat }) => inIdat) ? 1 : 0;
    const located = ids.flatMap((id, index) => {
      const placed = this.#placed.get(id);
      return placed === undefined ? [] : [{ number: index + 1, placed }];
    });
    const entries = located.map(({ number, placed: { offset, length, inIdat } }) =>
      join(
        be16(number),
        version === 0 ? new Uint8Array(0) : be16(inIdat ? 1 : 0),
        be16(0),
        be16(1),
        be32(inIdat ? offset : mdatAt + offset),
        be32(length),
      ),
    );
    return makeFullBox("iloc", version, 0, be16(0x4400), be16(located.length), ...entries);
  }
}

/** Copies a range of joined extents out of the ranges of the file that it stands for. */
const copyThrough = (piece: Extract<Piece, { from: number }>, extents: readonly Extent[], output: Output): void => {
  let start = 0;
  for (const { offset, length } of extents) {
    const from = Math.max(piece.from, start);
    const to = Math.min(piece.from + piece.length, start + length);
    if (from < to) output.copy(offset + from - start, to - from);
    start += length;
  }
};
