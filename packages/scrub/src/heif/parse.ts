/**
 * HEIC, HEIF and AVIF (ISO/IEC 23008-12; AV1 Image File Format): the file is built anew from the primary picture, the
 * tiles that it is composed from and its transparency, with the properties that they are decoded and shown with. A
 * viewer turns the picture by `irot` and `imir` alone, so Exif is not needed for that.
 */
import { ascii, be16, be32, join } from "../core/bytes.ts";
import { Findings, sizeText } from "../core/findings.ts";
import type { Parser } from "../core/parsed.ts";
import { Output } from "../core/pieces.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import { reportTrailer } from "../core/trailer.ts";
import { Window } from "../core/window.ts";
import { makeBox, makeFullBox, neededBox } from "../boxes/box.ts";
import { cleanBrands, readBrands } from "../boxes/brands.ts";
import { Coverage, MediaRanges } from "../boxes/coverage.ts";
import { readTopBoxes, reportTopBox } from "../boxes/top.ts";
import { ObuReport } from "../codec/obu.ts";
import { SeiReport } from "../codec/sei.ts";
import { ItemData } from "./item-data.ts";
import { type Meta, readMeta } from "./meta.ts";
import { type Association, cleanProperty, makeAssociations, type PropertyReports } from "./properties.ts";
import { reportItems } from "./report.ts";
import { CODED, inputsOf, selectItems } from "./select.ts";

const MAX_META_BYTES = 16 << 20;

const PICTURE_BRANDS: ReadonlySet<string> = new Set(
  "mif1 mif2 heic heix heim heis avif avio MA1A MA1B miaf".split(" "),
);
const SEQUENCE_BRANDS: ReadonlySet<string> = new Set(["avis", "msf1", "hevc", "hevx", "hevm", "hevs"]);

/** Properties of the needed items, each once, in their old order. */
const cleanProperties = (meta: Meta, ids: readonly number[], reports: PropertyReports) => {
  const essential = new Map<number, boolean>();
  for (const id of ids)
    for (const one of meta.properties.associations.get(id) ?? [])
      essential.set(one.property, (essential.get(one.property) ?? false) || one.essential);
  const boxes: Uint8Array[] = [];
  const numbers = new Map<number, number>();
  const lengthBytes = new Map<number, number>();
  for (const [index, box] of meta.properties.boxes.entries()) {
    const needed = essential.get(index);
    if (needed === undefined) {
      if (box.type === "udes" || box.type === "uuid")
        reports.findings.add("author", `property ${box.type}`, "data", sizeText(box.end - box.body), "high");
      continue;
    }
    const clean = cleanProperty(meta.bytes, box, needed, reports);
    if (clean === null) continue;
    lengthBytes.set(index, clean.lengthBytes);
    numbers.set(index, boxes.length);
    boxes.push(clean.bytes);
  }
  const lists = ids.map((id): readonly Association[] =>
    (meta.properties.associations.get(id) ?? []).flatMap(({ property, essential: must }) => {
      const number = numbers.get(property);
      return number === undefined ? [] : [{ property: number, essential: must }];
    }),
  );
  const lengthBytesOf = (id: number): number => {
    for (const { property } of meta.properties.associations.get(id) ?? []) {
      const bytes = lengthBytes.get(property) ?? 0;
      if (bytes > 0) return bytes;
    }
    throw damaged("a picture has no decoder configuration");
  };
  return { boxes, lists, lengthBytesOf };
};

/** References between needed items; `number` answers an item's new number. */
const makeReferences = (meta: Meta, number: (id: number) => number | undefined): Uint8Array => {
  const parts: Uint8Array[] = [];
  for (const { type, from, to } of meta.references) {
    const source = number(from);
    if (source === undefined || !["dimg", "auxl", "prem"].includes(type)) continue;
    const targets = to.map(number).filter((id) => id !== undefined);
    if (targets.length === 0) continue;
    parts.push(makeBox(type, be16(source), be16(targets.length), ...targets.map(be16)));
  }
  return parts.length === 0 ? new Uint8Array(0) : makeFullBox("iref", 0, 0, ...parts);
};

const leftOver = (meta: Meta, ranges: MediaRanges, findings: Findings): void => {
  const coverage = new Coverage();
  for (const { place, extents } of meta.locations.values())
    if (place === 0) for (const { offset, length } of extents) coverage.add(offset, length);
  const missing = coverage.missing(ranges);
  if (missing > 0) findings.add("hidden_media", "box mdat", "unreferenced data", sizeText(missing), "medium");
};

export const parseHeif: Parser = async (source, { signal }) => {
  const window = new Window(source);
  const findings = new Findings();
  const { boxes: top, end } = await readTopBoxes(window, () => signal?.throwIfAborted());
  const [first] = top;
  if (first?.type !== "ftyp") throw damaged("the file type is missing");
  const brands = readBrands(await window.take(first.body, Math.min(2048, first.end - first.body)));
  if (SEQUENCE_BRANDS.has(brands.major)) throw unsupported("sequences of pictures are not cleaned here");
  for (const box of top) if (!["ftyp", "meta", "mdat"].includes(box.type)) await reportTopBox(window, box, findings);
  const metaBox = neededBox(top, "meta");
  if (metaBox.end - metaBox.at > MAX_META_BYTES) throw doubtful("the file's index is too large");
  const metaBytes = await window.take(metaBox.at, metaBox.end - metaBox.at);
  const meta = readMeta(metaBytes, metaBox.body - metaBox.at, findings);
  const needed = selectItems(meta);
  const ids = [...meta.infos.keys()].filter((id) => needed.has(id));
  if (ids.length > 0xfffe) throw doubtful("the picture has too many parts");

  const ranges = new MediaRanges(top);
  const kept = new Set<string>();
  const sei = new SeiReport();
  const obus = new ObuReport();
  const properties = cleanProperties(meta, ids, { findings, sei, obus, kept });
  const inputs = inputsOf(meta);
  const data = new ItemData(source, window, meta, ranges);
  for (const id of ids) {
    signal?.throwIfAborted();
    const type = meta.infos.get(id)?.type ?? "";
    if (type === "hvc1")
      await data.addHevc(id, { codec: "hevc", lengthBytes: properties.lengthBytesOf(id), keepRpu: false, report: sei });
    else if (type === "av01") await data.addAv1(id, obus);
    else if (type !== "iden") await data.addDerived(id, type, (inputs.get(id) ?? []).length, findings);
  }
  sei.write("picture data", findings);
  obus.write("picture data", findings);
  await reportItems(meta, needed, (id, limit) => data.read(id, limit), findings);
  leftOver(meta, ranges, findings);
  await reportTrailer(window, end, findings);
  if (ids.some((id) => id !== meta.primary && isAuxiliary(meta, id))) kept.add("transparency");

  const numbers = new Map(ids.map((id, index) => [id, index + 1]));
  const entries = ids.map((id, index) => {
    const info = meta.infos.get(id);
    return makeFullBox("infe", 2, info?.hidden === true ? 1 : 0, be16(index + 1), be16(0), ascii(`${info?.type}\0`));
  });
  const ftyp = cleanBrands(
    brands,
    PICTURE_BRANDS,
    brands.compatible.find((one) => PICTURE_BRANDS.has(one)) ?? "mif1",
    findings,
  );
  const head = [
    makeFullBox("hdlr", 0, 0, be32(0), ascii("pict"), new Uint8Array(13)),
    makeFullBox("pitm", 0, 0, be16(numbers.get(meta.primary) ?? 0)),
    makeFullBox("iinf", 0, 0, be16(entries.length), ...entries),
    makeReferences(meta, (id) => numbers.get(id)),
    makeBox(
      "iprp",
      makeBox("ipco", ...properties.boxes),
      makeAssociations(
        properties.lists.map((list, index) => [index + 1, list] as const),
        properties.boxes.length,
      ),
    ),
  ];
  const { media, idat: idatBytes } = data.layOut();
  const idat = idatBytes.length === 0 ? new Uint8Array(0) : makeBox("idat", idatBytes);
  const makeMeta = (mdatAt: number): Uint8Array =>
    makeFullBox("meta", 0, 0, ...head, data.makeLocations(ids, mdatAt), idat);
  if (media.sizeBytes > 0xffff_0000) throw unsupported("pictures of more than 4 GB are not cleaned here");
  const metaSize = makeMeta(0).length;
  const output = new Output();
  output.add(join(ftyp, makeMeta(ftyp.length + metaSize + 8)));
  output.add(join(be32(8 + media.sizeBytes), ascii("mdat")));
  output.append(media);
  return { findings, trailingBytes: window.sizeBytes - end, output, kept: [...kept] };
};

const isAuxiliary = ({ references, infos }: Meta, id: number): boolean =>
  references.some(({ type, from }) => type === "auxl" && from === id) && CODED.has(infos.get(id)?.type ?? "");
