/** Properties of items (ISO/IEC 23008-12, 6.5; 14496-12, 8.11.14): what a picture is decoded and shown with. */
import { ascii, be16, be32, join, latin1, u16be } from "../core/bytes.ts";
import type { Findings } from "../core/findings.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { type Box, boxesIn, makeBox, makeFullBox, neededBox } from "../boxes/box.ts";
import { cleanColour, copyFixed, reportShorter } from "../boxes/colour.ts";
import { cleanAv1Config, cleanHevcConfig } from "../codec/config.ts";
import type { ObuReport } from "../codec/obu.ts";
import type { SeiReport } from "../codec/sei.ts";
import { decodeText, textOrSize } from "../text/decode.ts";
import { Fields } from "./items.ts";

export interface Association {
  /** Index into the properties, from 0. */
  readonly property: number;
  readonly essential: boolean;
}

export interface Properties {
  readonly boxes: readonly Box[];
  readonly associations: ReadonlyMap<number, readonly Association[]>;
}

const MAX_ASSOCIATIONS = 400_000;

/** `iprp`: `ipco` and every `ipma`. */
export const readProperties = (bytes: Uint8Array, box: Box): Properties => {
  const parts = boxesIn(bytes, box.body, box.end);
  const container = neededBox(parts, "ipco");
  const boxes = boxesIn(bytes, container.body, container.end);
  const associations = new Map<number, Association[]>();
  let left = MAX_ASSOCIATIONS;
  for (const part of parts) {
    if (part.type !== "ipma") continue;
    const version = bytes[part.body] ?? 0;
    const wide = ((bytes[part.body + 3] ?? 0) & 1) === 1;
    const fields = new Fields(bytes, part.body + 4, part.end);
    const count = fields.take(4);
    for (let i = 0; i < count; i += 1) {
      const id = fields.take(version < 1 ? 2 : 4);
      const list = associations.get(id) ?? [];
      const length = fields.take(1);
      left -= length + 1;
      if (left < 0) throw doubtful("the items have too many properties");
      for (let a = 0; a < length; a += 1) {
        const value = fields.take(wide ? 2 : 1);
        const index = value & (wide ? 0x7fff : 0x7f);
        if (index > boxes.length) throw damaged("an item has a property that is not there");
        if (index > 0) list.push({ property: index - 1, essential: value >> (wide ? 15 : 7) === 1 });
      }
      associations.set(id, list);
    }
  }
  return { boxes, associations };
};

const ALPHA: ReadonlySet<string> = new Set([
  "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
  "urn:mpeg:hevc:2015:auxid:1",
  "urn:mpeg:avc:2015:auxid:1",
]);

/** The kind of an auxiliary picture, "" if it says none. */
export const auxiliaryType = (bytes: Uint8Array, { boxes }: Properties, list: readonly Association[]): string => {
  for (const { property } of list) {
    const box = boxes[property];
    if (box?.type === "auxC") return decodeText(bytes.subarray(box.body + 4, box.end), 256);
  }
  return "";
};

export const isAlpha = (type: string): boolean => ALPHA.has(type);

export interface CleanProperty {
  readonly bytes: Uint8Array;
  /** Of `hvcC`: bytes of the lengths in the item's data. */
  readonly lengthBytes: number;
}

export interface PropertyReports {
  readonly findings: Findings;
  readonly sei: SeiReport;
  readonly obus: ObuReport;
  readonly kept: Set<string>;
}

/** Small boxes of one size: type, content without version and flags, mask of the last byte. */
const SMALL: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["irot", [1, 3]],
  ["imir", [1, 1]],
  ["a1op", [1, 31]],
  ["lsel", [2, 255]],
]);

/** Colours and transparency. */
const MAX_CHANNELS = 4;

/** Properties that nothing is shown with, even if they are called essential. */
const LEFT_OUT: ReadonlySet<string> = new Set(["auxC", "udes", "altt", "uuid", "free", "skip", "crtt", "mdft", "ndwt"]);

/** One property anew; null if it is left out. Refuses those that may matter and are not known. */
export const cleanProperty = (
  bytes: Uint8Array,
  box: Box,
  essential: boolean,
  reports: PropertyReports,
): CleanProperty | null => {
  const { list } = reports.findings;
  const before = list.length;
  const clean = rebuildProperty(bytes, box, essential, reports);
  reportShorter(box, clean?.bytes.length ?? 0, list.length > before || clean === null, reports.findings);
  return clean;
};

const rebuildProperty = (
  bytes: Uint8Array,
  box: Box,
  essential: boolean,
  reports: PropertyReports,
): CleanProperty | null => {
  const { findings, sei, obus, kept } = reports;
  const body = bytes.subarray(box.body, box.end);
  const where = `property ${box.type}`;
  const plain = (out: Uint8Array): CleanProperty => ({ bytes: out, lengthBytes: 0 });
  if (box.type === "hvcC") {
    const config = cleanHevcConfig(body, { keepRpu: false, report: sei });
    return { bytes: makeBox("hvcC", config.bytes), lengthBytes: config.lengthBytes };
  }
  if (box.type === "av1C") return plain(makeBox("av1C", cleanAv1Config(body, obus)));
  if (box.type === "ispe") {
    if (body.length < 12) throw damaged("the size of an item is cut off");
    return plain(makeFullBox("ispe", 0, 0, body.slice(4, 12)));
  }
  if (box.type === "pixi") {
    const channels = body[4] ?? 0;
    if (body.length < 5 + channels) throw damaged("the depth of an item is cut off");
    if (channels > MAX_CHANNELS) throw doubtful("an item has too many channels");
    return plain(makeFullBox("pixi", 0, 0, body.slice(4, 5 + channels)));
  }
  if (box.type === "colr") {
    const clean = cleanColour(body, where, findings);
    if (clean === null) return null;
    kept.add(["prof", "rICC"].includes(latin1(body, 0, 4)) ? "colour profile" : "colour description");
    return plain(clean);
  }
  if (box.type === "auxC") {
    const type = decodeText(body.subarray(4), 256);
    // Of auxiliary pictures only transparency is kept; on any other the name of a kind would be text for nobody.
    if (isAlpha(type)) return plain(makeFullBox("auxC", 0, 0, ascii(`${type}\0`)));
  }
  const small = SMALL.get(box.type);
  if (small !== undefined) {
    const [size, mask] = small;
    if (body.length < size) throw damaged("a property is cut off");
    if (box.type === "irot" || box.type === "imir") kept.add("orientation");
    return plain(makeBox(box.type, body.slice(0, size - 1), Uint8Array.of((body[size - 1] ?? 0) & mask)));
  }
  const fixed = copyFixed(box.type, body);
  if (fixed !== null) {
    if (box.type === "clap") kept.add("crop");
    return plain(fixed);
  }
  if (box.type === "a1lx") throw unsupported("pictures in several layers are not cleaned here");
  if (essential && !LEFT_OUT.has(box.type)) throw doubtful("an item has an essential property that is not known");
  const kind = box.type === "udes" || box.type === "altt" ? "author" : "other";
  findings.add(kind, where, "data", () => textOrSize(body.subarray(4)), kind === "author" ? "high" : "low");
  return null;
};

/** `ipma` anew; indices count from 1. */
export const makeAssociations = (
  lists: readonly (readonly [number, readonly Association[]])[],
  propertyCount: number,
): Uint8Array => {
  const wide = propertyCount > 127;
  const parts = lists.map(([id, list]) => {
    if (list.length > 255) throw doubtful("an item has too many properties");
    return join(
      be16(id),
      Uint8Array.of(list.length),
      ...list.map(({ property, essential }) => {
        const index = property + 1;
        return wide ? be16(index + (essential ? 0x8000 : 0)) : Uint8Array.of(index + (essential ? 0x80 : 0));
      }),
    );
  });
  return makeFullBox("ipma", 0, wide ? 1 : 0, be32(lists.length), ...parts);
};

/** Sizes of `iovl` and `grid` content (23008-12, 6.6.2), so that nothing is behind it. */
export const derivedSize = (type: string, data: Uint8Array, inputs: number): number => {
  const wide = ((data[1] ?? 0) & 1) === 1;
  if (type === "iden") return 0;
  if (type === "grid") {
    const tiles = ((data[2] ?? 0) + 1) * ((data[3] ?? 0) + 1);
    if (tiles !== inputs) throw damaged("a grid has more or fewer tiles than it says");
    return wide ? 12 : 8;
  }
  const step = wide ? 4 : 2;
  return 2 + 8 + 2 * step + inputs * 2 * step;
};

export const checkDerived = (data: Uint8Array): void => {
  if (data.length > 0 && ((data[0] ?? 0) !== 0 || (data[1] ?? 0) > 1 || u16be(data, 0) > 1))
    throw unsupported("a composed picture is of an unknown version");
};
