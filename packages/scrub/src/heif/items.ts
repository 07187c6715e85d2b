/** The items of a picture file (ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12): what each is, where it lies, what it points to. */
import { latin1, u16be, u32be } from "../core/bytes.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { type Box, boxesIn, u64be } from "../boxes/box.ts";
import { decodeText } from "../text/decode.ts";

export interface Extent {
  readonly offset: number;
  readonly length: number;
}

export interface ItemInfo {
  readonly type: string;
  readonly name: string;
  /** MIME type of a `mime` item, identifier of a `uri ` item. */
  readonly contentType: string;
  readonly protectedBy: number;
  /** Not meant to be shown by itself: tiles. */
  readonly hidden: boolean;
}

export interface Location {
  /** 0: in the file; 1: in `idat`; else not supported. */
  readonly place: number;
  readonly extents: readonly Extent[];
}

export interface Reference {
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

const MAX_ITEMS = 100_000;
const MAX_EXTENTS = 400_000;
const MAX_REFERENCES = 400_000;

/** Reads numbers one behind the other; refuses to go past the end. */
export class Fields {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #end: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
  }

  get left(): number {
    return this.#end - this.at;
  }

  /** An unsigned number of 0, 1, 2, 4 or 8 bytes. */
  take(size: number): number {
    if (this.at + size > this.#end) throw damaged("a table of the file is cut off");
    const at = this.at;
    this.at += size;
    if (size === 0) return 0;
    if (size === 1) return this.#bytes[at] ?? 0;
    if (size === 2) return u16be(this.#bytes, at);
    if (size === 4) return u32be(this.#bytes, at);
    if (size === 8) return u64be(this.#bytes, at);
    throw damaged("a field has an impossible size");
  }

  /** Text up to its NUL, which is skipped. */
  text(): string {
    const nul = this.#bytes.subarray(this.at, this.#end).indexOf(0);
    const end = nul < 0 ? this.#end : this.at + nul;
    const text = decodeText(this.#bytes.subarray(this.at, end));
    this.at = Math.min(this.#end, end + 1);
    return text;
  }
}

/** `iinf` with its `infe` (8.11.6). */
export const readItemInfos = (bytes: Uint8Array, box: Box): ReadonlyMap<number, ItemInfo> => {
  const version = bytes[box.body] ?? 0;
  const start = box.body + (version === 0 ? 6 : 8);
  const infos = new Map<number, ItemInfo>();
  for (const entry of boxesIn(bytes, start, box.end)) {
    if (entry.type !== "infe") continue;
    const entryVersion = bytes[entry.body] ?? 0;
    if (entryVersion !== 2 && entryVersion !== 3) throw unsupported("items without a type are not cleaned here");
    const fields = new Fields(bytes, entry.body + 4, entry.end);
    const id = fields.take(entryVersion === 2 ? 2 : 4);
    const protectedBy = fields.take(2);
    fields.take(4);
    const type = latin1(bytes, fields.at - 4, 4);
    const name = fields.text();
    const contentType = type === "mime" || type === "uri " ? fields.text() : "";
    if (infos.has(id) || infos.size >= MAX_ITEMS) throw doubtful("two items have one number, or there are too many");
    const hidden = ((bytes[entry.body + 3] ?? 0) & 1) === 1;
    infos.set(id, { type, name, contentType, protectedBy, hidden });
  }
  return infos;
};

/** `iloc` (8.11.3). */
export const readLocations = (bytes: Uint8Array, box: Box): ReadonlyMap<number, Location> => {
  const version = bytes[box.body] ?? 0;
  if (version > 2) throw unsupported("the table of places is of an unknown version");
  const fields = new Fields(bytes, box.body + 4, box.end);
  const sizes = fields.take(2);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version === 0 ? 0 : sizes & 15;
  const count = fields.take(version < 2 ? 2 : 4);
  const locations = new Map<number, Location>();
  let left = MAX_EXTENTS;
  for (let i = 0; i < count; i += 1) {
    const id = fields.take(version < 2 ? 2 : 4);
    const place = version === 0 ? 0 : fields.take(2) & 15;
    const reference = fields.take(2);
    const base = fields.take(baseSize);
    const extents: Extent[] = [];
    const extentCount = fields.take(2);
    for (let e = 0; e < extentCount; e += 1) {
      left -= 1;
      if (left < 0) throw doubtful("the items are cut into too many parts");
      if (version > 0) fields.take(indexSize);
      const offset = base + fields.take(offsetSize);
      extents.push({ offset, length: fields.take(lengthSize) });
    }
    if (locations.has(id)) throw doubtful("an item lies in two places");
    // Data in another file: told by a reference other than 0.
    locations.set(id, { place: reference === 0 ? place : 3, extents });
  }
  return locations;
};

/** `iref` (8.11.12). */
export const readReferences = (bytes: Uint8Array, box: Box): readonly Reference[] => {
  const idBytes = (bytes[box.body] ?? 0) === 0 ? 2 : 4;
  const references: Reference[] = [];
  let left = MAX_REFERENCES;
  for (const entry of boxesIn(bytes, box.body + 4, box.end)) {
    const fields = new Fields(bytes, entry.body, entry.end);
    const from = fields.take(idBytes);
    const to = Array.from({ length: fields.take(2) }, () => fields.take(idBytes));
    left -= to.length + 1;
    if (left < 0) throw doubtful("the items point to each other too often");
    references.push({ type: entry.type, from, to });
  }
  return references;
};
