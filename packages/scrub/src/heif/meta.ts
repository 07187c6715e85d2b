/** The `meta` box of a picture file, read (ISO/IEC 14496-12, 8.11.1). */
import { latin1, u16be, u32be } from "../core/bytes.ts";
import type { Findings } from "../core/findings.ts";
import { damaged, unsupported } from "../core/refuse.ts";
import { type Box, boxesIn, neededBox, onlyBox } from "../boxes/box.ts";
import { reportBox } from "../boxes/top.ts";
import { type ItemInfo, type Location, readItemInfos, readLocations, readReferences, type Reference } from "./items.ts";
import { type Properties, readProperties } from "./properties.ts";

export interface Meta {
  /** All of the box's bytes, from its header on. */
  readonly bytes: Uint8Array;
  readonly primary: number;
  readonly infos: ReadonlyMap<number, ItemInfo>;
  readonly locations: ReadonlyMap<number, Location>;
  readonly references: readonly Reference[];
  readonly properties: Properties;
  /** Content of `idat`, a view. */
  readonly idat: Uint8Array;
}

/** What is read, and what only says how others are grouped or where they lie. */
const READ: ReadonlySet<string> = new Set(["hdlr", "pitm", "iinf", "iloc", "iref", "iprp", "idat", "dinf", "grpl"]);

const handlerName = (bytes: Uint8Array, box: Box): Uint8Array => bytes.subarray(box.body + 24, box.end);

/** `bytes` begin with the box's header, whose content begins at `body`. */
export const readMeta = (bytes: Uint8Array, body: number, findings: Findings): Meta => {
  const boxes = boxesIn(bytes, body + 4, bytes.length);
  const handler = neededBox(boxes, "hdlr");
  if (latin1(bytes, handler.body + 8, 4) !== "pict") throw unsupported("the file's index is not one of pictures");
  if (handlerName(bytes, handler).some((byte) => byte !== 0))
    findings.add("editing", "meta hdlr", "handler name", latin1(handlerName(bytes, handler)), "low");
  for (const box of boxes)
    if (!READ.has(box.type))
      reportBox(box.type, bytes.subarray(box.body, box.end), box.end - box.body, `meta ${box.type}`, findings);
  const primary = neededBox(boxes, "pitm");
  const references = onlyBox(boxes, "iref");
  const data = onlyBox(boxes, "idat");
  const wide = (bytes[primary.body] ?? 0) !== 0;
  if (primary.end - primary.body < (wide ? 8 : 6)) throw damaged("the number of the picture is cut off");
  return {
    bytes,
    primary: wide ? u32be(bytes, primary.body + 4) : u16be(bytes, primary.body + 4),
    infos: readItemInfos(bytes, neededBox(boxes, "iinf")),
    locations: readLocations(bytes, neededBox(boxes, "iloc")),
    references: references === undefined ? [] : readReferences(bytes, references),
    properties: readProperties(bytes, neededBox(boxes, "iprp")),
    idat: data === undefined ? new Uint8Array(0) : bytes.subarray(data.body, data.end),
  };
};
