/** AVIF files by hand around pixels that a real encoder made, with something planted in each hiding place. */
import { box, findBox, full, handler, latin, plantedUuid } from "../boxes.ts";
import {
  asciiEntry,
  be16,
  be32,
  encoder,
  GPS_ENTRIES,
  makeProfile,
  makeTiff,
  planted,
  PLANTED,
  xmpPacket,
} from "../files.ts";
import type { Case } from "../prove.ts";

interface Item {
  readonly id: number;
  readonly type: string;
  readonly data: Buffer;
  readonly name?: Buffer;
  readonly contentType?: string;
  /** Indices of properties, from 1; with 0x80 an essential one. */
  readonly properties?: readonly number[];
  /** In `idat`, and not in the media data. */
  readonly inIdat?: boolean;
  /** Not shown by itself. */
  readonly hidden?: boolean;
}

export interface Parts {
  readonly items: readonly Item[];
  readonly properties: readonly Buffer[];
  /** Type, from, to. */
  readonly references?: readonly (readonly [string, number, readonly number[]])[];
  readonly brands?: string;
  readonly metaExtra?: readonly Buffer[];
  readonly handlerName?: Buffer;
  readonly before?: Buffer;
  readonly after?: Buffer;
  readonly gap?: Buffer;
  readonly cutInTwo?: boolean;
}

const nothing = Buffer.alloc(0);

export const makeHeif = (parts: Parts): Buffer => {
  const { items } = parts;
  const inIdat = items.filter((item) => item.inIdat === true);
  const inMedia = items.filter((item) => item.inIdat !== true);
  const gap = parts.gap ?? nothing;
  const locate = (base: number): Buffer => {
    let at = base;
    let idatAt = 0;
    const entries = items.map((item) => {
      const size = item.data.length;
      if (item.inIdat === true) {
        idatAt += size;
        return Buffer.concat([be16(item.id), be16(1), be16(0), be16(1), be32(idatAt - size), be32(size)]);
      }
      const start = at;
      at += size + gap.length;
      const half = parts.cutInTwo === true ? Math.floor(size / 2) : size;
      const extents =
        half === size
          ? [[start, size]]
          : [
              [start, half],
              [start + half + gap.length, size - half],
            ];
      if (half !== size) at += gap.length;
      return Buffer.concat([
        be16(item.id),
        be16(0),
        be16(0),
        be16(extents.length),
        ...extents.flatMap(([from = 0, length = 0]) => [be32(from), be32(length)]),
      ]);
    });
    return full("iloc", 1, 0, be16(0x4400), be16(items.length), ...entries);
  };
  const makeMeta = (base: number): Buffer =>
    full(
      "meta",
      0,
      0,
      handler("pict", parts.handlerName),
      full("pitm", 0, 0, be16(1)),
      locate(base),
      full(
        "iinf",
        0,
        0,
        be16(items.length),
        ...items.map(({ id, type, name, contentType, hidden }) =>
          full(
            "infe",
            2,
            hidden === true ? 1 : 0,
            be16(id),
            be16(0),
            latin(type),
            name ?? nothing,
            Buffer.alloc(1),
            latin(contentType === undefined ? "" : `${contentType}\0`),
          ),
        ),
      ),
      full(
        "iref",
        0,
        0,
        ...(parts.references ?? []).map(([type, from, to]) => box(type, be16(from), be16(to.length), ...to.map(be16))),
      ),
      box(
        "iprp",
        box("ipco", ...parts.properties),
        full(
          "ipma",
          0,
          0,
          be32(items.length),
          ...items.map(({ id, properties = [] }) =>
            Buffer.concat([be16(id), Buffer.from([properties.length, ...properties])]),
          ),
        ),
      ),
      ...(inIdat.length === 0 ? [] : [box("idat", ...inIdat.map(({ data }) => data))]),
      ...(parts.metaExtra ?? []),
    );
  const start = Buffer.concat([
    box("ftyp", latin("avif"), be32(0), latin(parts.brands ?? "avifmif1miaf")),
    parts.before ?? nothing,
  ]);
  const base = start.length + makeMeta(0).length + 8;
  const media = inMedia.flatMap(({ data }) => {
    const half = parts.cutInTwo === true ? Math.floor(data.length / 2) : data.length;
    return half === data.length ? [data, gap] : [data.subarray(0, half), gap, data.subarray(half), gap];
  });
  return Buffer.concat([start, makeMeta(base), box("mdat", ...media), parts.after ?? nothing]);
};

/** Decoder settings, size and depth, and coded pixels of a picture that sharp made. */
export const codedPicture = async (
  seed = 7,
  height = 40,
): Promise<{ readonly settings: Buffer; readonly size: Buffer; readonly depth: Buffer; readonly data: Buffer }> => {
  const file = await encoder(72, height, seed).avif({ quality: 60, chromaSubsampling: "4:2:0" }).toBuffer();
  const copy = (type: string): Buffer => {
    const at = findBox(file, type);
    return Buffer.from(file.subarray(at, at + file.readUInt32BE(at)));
  };
  const mdat = findBox(file, "mdat");
  return {
    settings: copy("av1C"),
    size: copy("ispe"),
    depth: copy("pixi"),
    data: Buffer.from(file.subarray(mdat + 8)),
  };
};

/** An AV1 unit of metadata for everything else (type 4): country, then text. */
export const metadataUnit = (text: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x2a, text.length + 3, 4, 0xb5]), text, Buffer.from([0x80])]);
const paddingUnit = (text: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x7a, text.length + 1]), text, Buffer.from([0x80])]);
/** A tile group of AV1, which no decoder looks for in the settings. */
const tilesUnit = (text: Buffer): Buffer => Buffer.concat([Buffer.from([0x22, text.length]), text]);

const exif = (): Buffer => Buffer.concat([be32(0), makeTiff([asciiEntry(0x010f, PLANTED)], GPS_ENTRIES)]);
const urn = (text: string): Buffer => full("auxC", 0, 0, latin(`${text}\0`));
const nclx = box("colr", latin("nclx"), be16(1), be16(13), be16(6), Buffer.from([0x80]));

export const plainParts = async (): Promise<Parts> => {
  const { settings, size, depth, data } = await codedPicture();
  return { items: [{ id: 1, type: "av01", data, properties: [0x81, 2, 3] }], properties: [settings, size, depth] };
};

/** The picture twice as wide, of two tiles. */
export const gridParts = async (): Promise<Parts> => {
  const { settings, size, depth, data } = await codedPicture(7, 64);
  const second = await codedPicture(9, 64);
  const whole = full("ispe", 0, 0, be32(144), be32(64));
  return {
    items: [
      {
        id: 1,
        type: "grid",
        data: Buffer.concat([Buffer.from([0, 0, 0, 1]), be16(144), be16(64)]),
        properties: [4, 3],
        inIdat: true,
      },
      { id: 2, type: "av01", data, properties: [0x81, 2, 3], hidden: true },
      { id: 3, type: "av01", data: second.data, properties: [0x81, 2, 3], hidden: true },
    ],
    properties: [settings, size, depth, whole],
    references: [["dimg", 1, [2, 3]]],
  };
};

export const heifCases = async (): Promise<readonly Case[]> => {
  const plain = await plainParts();
  const grid = await gridParts();
  const [picture] = plain.items;
  if (picture === undefined) throw new Error("no picture");
  const second = await codedPicture(11);
  const like = makeHeif(plain);
  const withItem = (item: Omit<Item, "id">, more: Partial<Parts> = {}): Buffer =>
    makeHeif({ ...plain, ...more, items: [picture, { id: 7, ...item }] });
  const withProperty = (property: Buffer): Buffer =>
    makeHeif({
      ...plain,
      properties: [...plain.properties, property],
      items: [{ ...picture, properties: [0x81, 2, 3, 4] }],
    });
  const withData = (data: Buffer): Buffer => makeHeif({ ...plain, items: [{ ...picture, data }] });
  const profile = box("colr", latin("prof"), makeProfile(PLANTED));
  const other: Item = {
    id: 7,
    type: "av01",
    data: Buffer.concat([second.data, metadataUnit(planted)]),
    properties: [0x81, 2, 3],
  };
  const aux = (name: string): Buffer =>
    makeHeif({
      ...plain,
      properties: [...plain.properties, urn(name)],
      items: [picture, { ...other, properties: [0x81, 2, 3, 4] }],
      references: [["auxl", 7, [1]]],
    });
  const gridTrailed = {
    ...grid,
    items: grid.items.map((item) =>
      item.type === "grid" ? { ...item, data: Buffer.concat([item.data, planted]) } : item,
    ),
  };
  const withSettings = (unit: Buffer): Buffer => {
    const [settings = nothing, ...others] = plain.properties;
    const longer = Buffer.concat([be32(settings.length + unit.length), settings.subarray(4), unit]);
    return makeHeif({ ...plain, properties: [longer, ...others] });
  };
  const cases: readonly (readonly [string, Buffer, Buffer?])[] = [
    ["Exif with make and GPS", withItem({ type: "Exif", data: exif() }, { references: [["cdsc", 7, [1]]] })],
    ["Exif in idat", withItem({ type: "Exif", data: exif(), inIdat: true })],
    ["XMP", withItem({ type: "mime", contentType: "application/rdf+xml", data: xmpPacket(PLANTED) })],
    ["another MIME item", withItem({ type: "mime", contentType: "text/plain", data: planted })],
    ["an item with an address", withItem({ type: "uri ", contentType: `urn:${PLANTED}`, data: planted })],
    ["an item of an unknown type", withItem({ type: "priv", data: planted })],
    ["an item's name", makeHeif({ ...plain, items: [{ ...picture, name: planted }] })],
    ["a thumbnail", makeHeif({ ...plain, items: [picture, other], references: [["thmb", 7, [1]]] })],
    ["a depth map", aux("urn:mpeg:hevc:2015:auxid:2")],
    ["a gain map", aux(`urn:com:apple:photo:2020:aux:hdrgainmap ${PLANTED}`)],
    ["a matte", aux("urn:com:apple:photo:2018:aux:portraiteffectsmatte")],
    ["another picture", makeHeif({ ...plain, items: [picture, other] })],
    ["uuid within meta", makeHeif({ ...plain, metaExtra: [plantedUuid] })],
    ["free within meta", makeHeif({ ...plain, metaExtra: [box("free", planted)] })],
    ["XML within meta", makeHeif({ ...plain, metaExtra: [full("xml ", 0, 0, planted)] })],
    ["handler name", makeHeif({ ...plain, handlerName: Buffer.concat([planted, Buffer.alloc(1)]) })],
    ["uuid outside", makeHeif({ ...plain, before: plantedUuid })],
    ["free outside", makeHeif({ ...plain, after: box("free", planted) })],
    ["a motion photo's video", makeHeif({ ...plain, after: box("mpvd", box("ftyp", latin("mp42")), planted) })],
    ["a movie beside the picture", makeHeif({ ...plain, after: box("moov", planted) })],
    ["media that belongs to nothing", makeHeif({ ...plain, gap: planted })],
    ["between the parts of an item", makeHeif({ ...plain, gap: planted, cutInTwo: true })],
    ["idat that belongs to nothing", makeHeif({ ...plain, metaExtra: [box("idat", planted)] })],
    ["the name of a kind on a picture that is none of these", withProperty(urn(`urn:com:apple:photo ${PLANTED}`))],
    ["a description", withProperty(full("udes", 0, 0, planted, Buffer.alloc(1)))],
    ["a property of an unknown kind", withProperty(box("priv", planted))],
    [
      "a property that no item has",
      makeHeif({ ...plain, properties: [...plain.properties, full("udes", 0, 0, planted)] }),
    ],
    [
      "behind the size",
      withProperty(box("pasp", be32(1), be32(1), planted)),
      withProperty(box("pasp", be32(1), be32(1))),
    ],
    ["a colour profile", withProperty(profile), withProperty(profile)],
    ["behind colours", withProperty(box("colr", nclx.subarray(8), planted)), withProperty(nclx)],
    ["brands", makeHeif({ ...plain, brands: `avifmif1${PLANTED.slice(0, 32)}` })],
    ["AV1 metadata", withData(Buffer.concat([picture.data, metadataUnit(planted)]))],
    ["AV1 padding", withData(Buffer.concat([picture.data, paddingUnit(planted)]))],
    ["AV1 metadata in the settings", withSettings(metadataUnit(planted))],
    ["a part of a picture in the AV1 settings", withSettings(tilesUnit(planted))],
    ["behind a grid", makeHeif(gridTrailed), makeHeif(grid)],
    [
      "Exif beside a grid",
      makeHeif({ ...grid, items: [...grid.items, { id: 9, type: "Exif", data: exif() }] }),
      makeHeif(grid),
    ],
    ["bytes behind the end", Buffer.concat([like, Buffer.alloc(9), planted])],
    ["a picture behind the end", Buffer.concat([like, withItem({ type: "Exif", data: exif() })])],
  ];
  return cases.map(([name, bytes, same]) => ({ name, bytes, like: same ?? like }));
};
