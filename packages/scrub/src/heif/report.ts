/** What the items that are left out reveal. */
import { u32be } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { reportExif } from "../exif/exif.ts";
import { textOrSize } from "../text/decode.ts";
import { reportXmp } from "../text/xmp.ts";
import type { Meta } from "./meta.ts";
import { auxiliaryType } from "./properties.ts";
import { CODED, DERIVED } from "./select.ts";

const MAX_READ_BYTES = 4 << 20;
/** So many items are read to tell what is in them. */
const MAX_READ_ITEMS = 64;

/** `read` answers an item's data, at most so many bytes of it, or null where they are not in the file. */
export type ReadItem = (id: number, limitBytes: number) => Promise<Uint8Array | null>;

const auxiliaryName = (type: string): string => {
  if (/hdrgainmap/iu.test(type)) return "gain map";
  if (/depth|disparity|auxid:2/iu.test(type)) return "depth map";
  return /matte|skin|hair|teeth|glasses|sky/iu.test(type) ? "matte" : "auxiliary picture";
};

const sizeOf = (meta: Meta, id: number): number =>
  (meta.locations.get(id)?.extents ?? []).reduce((sum, { length }) => sum + length, 0);

const reportData = async (meta: Meta, id: number, read: ReadItem, findings: Findings): Promise<void> => {
  const info = meta.infos.get(id);
  if (info === undefined) return;
  const data = await read(id, MAX_READ_BYTES);
  const before = findings.list.length;
  const where = `item ${info.type.trim()}`;
  if (data !== null && info.type === "Exif") reportExif(data.subarray(4 + u32be(data, 0)), "item Exif", findings);
  else if (data !== null && info.contentType === "application/rdf+xml") reportXmp(data, "item XMP", findings);
  else if (data !== null)
    findings.add("other", `${where} ${info.contentType}`.trim(), "data", () => textOrSize(data), "medium");
  if (findings.list.length === before) findings.add("other", where, "data", sizeText(sizeOf(meta, id)), "medium");
};

/** Adds every item that is not in `needed`, and the names of all. */
export const reportItems = async (
  meta: Meta,
  needed: ReadonlySet<number>,
  read: ReadItem,
  findings: Findings,
): Promise<void> => {
  const partOf = new Set<number>();
  const thumbnails = new Set<number>();
  const auxiliary = new Set<number>();
  for (const { type, from, to } of meta.references) {
    if (type === "dimg") for (const id of to) partOf.add(id);
    else if (type === "thmb") thumbnails.add(from);
    else if (type === "auxl") auxiliary.add(from);
  }
  let readCount = 0;
  for (const [id, { type, name }] of meta.infos) {
    if (name !== "") findings.add("author", `item ${type.trim()}`, "name", name, "medium");
    if (needed.has(id) || partOf.has(id)) continue;
    const list = meta.properties.associations.get(id) ?? [];
    if (thumbnails.has(id)) findings.add("hidden_media", "item thmb", "Thumbnail", sizeText(sizeOf(meta, id)), "high");
    else if (auxiliary.has(id)) {
      const auxType = auxiliaryType(meta.bytes, meta.properties, list);
      findings.add("hidden_media", "item auxl", auxiliaryName(auxType), auxType, "high");
    } else if (type === "tmap")
      findings.add("hidden_media", "item tmap", "gain map", sizeText(sizeOf(meta, id)), "medium");
    else if (CODED.has(type) || DERIVED.has(type) || type === "jpeg")
      findings.add("hidden_media", `item ${type}`, "another picture", sizeText(sizeOf(meta, id)), "high");
    else if (readCount < MAX_READ_ITEMS) {
      readCount += 1;
      await reportData(meta, id, read, findings);
    } else findings.add("other", `item ${type.trim()}`, "data", sizeText(sizeOf(meta, id)), "medium");
  }
};
