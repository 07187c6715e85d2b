/** What an XMP packet (ISO 16684-1) reveals. It is read as text by patterns, never as XML: no entity is followed. */
import type { Findings } from "../core/findings.ts";
import type { FindingKind, Severity } from "../types.ts";
import { decodeText } from "./decode.ts";

const MAX_BYTES = 1 << 20;

const PROPERTIES: readonly (readonly [RegExp, FindingKind, Severity])[] = [
  [/^exif:GPS(?:Latitude|Longitude|Dest\w*)$/u, "location", "high"],
  [/^exif:GPS(?:TimeStamp|DateStamp)$/u, "time", "high"],
  [/^exif:GPS/u, "location", "medium"],
  [
    /^(?:photoshop:(?:City|State|Country)|Iptc4xmpCore:(?:Location|CountryCode)|Iptc4xmpExt:(?:\w*Location\w*|City|CountryName|CountryCode|ProvinceState|Sublocation|WorldRegion))$/u,
    "location",
    "high",
  ],
  [
    /^(?:(?:xmp|xap):(?:Create|Modify|Metadata)Date|exif:DateTime\w+|photoshop:DateCreated|tiff:DateTime|stEvt:when)$/u,
    "time",
    "high",
  ],
  [/^(?:tiff:(?:Make|Model)|aux:Lens\w*|exifEX:Lens\w*)$/u, "device", "medium"],
  [/^(?:aux:(?:SerialNumber|ImageNumber)|exifEX:BodySerialNumber|exif:ImageUniqueID)$/u, "device", "high"],
  [/^(?:(?:xmp|xap):CreatorTool|stEvt:softwareAgent|tiff:Software|pdf:Producer)$/u, "editing", "medium"],
  [/^x(?:mp|ap)MM:\w*(?:DocumentID|InstanceID)$|^stRef:\w+ID$|^stEvt:instanceID$/u, "editing", "medium"],
  [/^(?:dcterms:provenance|xmp:BaseURL|crs:RawFileName|xmpMM:PreservedFileName)$/u, "editing", "high"],
  // Names of people, as programs that know faces write them, and of those to ask.
  [
    /^(?:mwg-rs:Name|MPReg:PersonDisplayName|Iptc4xmpExt:PersonInImage\w*|digiKam:TagsList|lr:hierarchicalSubject|MicrosoftPhoto:LastKeyword\w*|mediapro:People|acdsee:(?:author|caption|keywords|notes)|Iptc4xmpCore:Ci\w+|photoshop:(?:Instructions|TextLayerName|TextLayerText)|exif:UserComment|xmpDM:(?:artist|client|shotLocation)|plus:\w+Name|pur:\w+|xmp:(?:Label|Nickname))$/u,
    "author",
    "high",
  ],
  [
    /^(?:dc:(?:creator|rights|title|description|subject)|photoshop:(?:AuthorsPosition|Credit|Source|Headline|CaptionWriter)|tiff:(?:Artist|Copyright|ImageDescription)|aux:OwnerName|xmpRights:(?:Owner|UsageTerms|WebStatement|Certificate))$/u,
    "author",
    "high",
  ],
  [/^(?:GCamera|Camera):(?:MotionPhoto|MicroVideo)\w*$/u, "hidden_media", "high"],
  [/^(?:GDepth:Data|GImage:Data|GAudio:Data|xmpGImg:image)$/u, "hidden_media", "high"],
  [/^hdrgm:Version$/u, "hidden_media", "medium"],
];

const NAME = "[A-Za-z][A-Za-z0-9-]*:[A-Za-z][A-Za-z0-9]*";
const MAX_PROPERTIES = 300;
/** Of a list, as of keywords, so many are told. */
const MAX_ITEMS = 20;

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Characters that XML writes as names or numbers, for people to read. */
const plain = (text: string): string =>
  text.replaceAll(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/gu,
    (whole: string, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
    },
  );

/** The items of the list that begins at `from`. */
const itemsFrom = (text: string, from: number): string => {
  const part = text.slice(from, from + 4000);
  const end = /<\/rdf:(?:Alt|Bag|Seq)>/u.exec(part)?.index ?? part.length;
  return [...part.slice(0, end).matchAll(/<rdf:li[^>]{0,100}>([^<]{1,300})</gu)]
    .slice(0, MAX_ITEMS)
    .map(([, item = ""]) => item.trim())
    .join(", ");
};

/** Adds the packet itself and the properties in it that say something about people. */
export const reportXmp = (packet: Uint8Array, where: string, findings: Findings): void => {
  findings.add("editing", where, "XMP", `${packet.length} bytes`, "medium");
  const text = decodeText(packet, MAX_BYTES);
  // An element that ends where it begins holds nothing, but its attributes are looked at.
  const pattern = new RegExp(
    `(${NAME})=(?:"([^"]{1,300})"|'([^']{1,300})')|<(${NAME})(?:\\s[^<>]{0,300}[^<>/])?>([^<>]{1,300})</|<(${NAME})>\\s{0,300}<rdf:(?:Alt|Bag|Seq)>`,
    "gu",
  );
  const said = new Set<string>();
  for (const match of text.matchAll(pattern)) {
    const name = match[1] ?? match[4] ?? match[6] ?? "";
    const known = PROPERTIES.find(([test]) => test.test(name));
    if (known === undefined) continue;
    const list = match[6] === undefined ? "" : itemsFrom(text, match.index + match[0].length);
    const value = plain(match[2] ?? match[3] ?? match[5] ?? list);
    if (value.trim() === "" || said.has(`${name} ${value}`)) continue;
    if (said.size >= MAX_PROPERTIES) break;
    said.add(`${name} ${value}`);
    findings.add(known[1], where, name, value, known[2]);
  }
};
