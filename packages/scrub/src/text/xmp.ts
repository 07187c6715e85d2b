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
    /^(?:photoshop:(?:City|State|Country)|Iptc4xmpCore:(?:Location|CountryCode)|Iptc4xmpExt:\w*Location\w*)$/u,
    "location",
    "high",
  ],
  [
    /^(?:xmp:(?:Create|Modify|Metadata)Date|exif:DateTime\w+|photoshop:DateCreated|tiff:DateTime|stEvt:when)$/u,
    "time",
    "high",
  ],
  [/^(?:tiff:(?:Make|Model)|aux:Lens\w*|exifEX:Lens\w*)$/u, "device", "medium"],
  [/^(?:aux:(?:SerialNumber|ImageNumber)|exifEX:BodySerialNumber|exif:ImageUniqueID)$/u, "device", "high"],
  [/^(?:xmp:CreatorTool|stEvt:softwareAgent|tiff:Software|pdf:Producer)$/u, "editing", "medium"],
  [/^xmpMM:\w*(?:DocumentID|InstanceID)$|^stRef:\w+ID$|^stEvt:instanceID$/u, "editing", "medium"],
  [
    /^(?:dc:(?:creator|rights|title|description|subject)|photoshop:(?:AuthorsPosition|Credit|Source|Headline|CaptionWriter)|tiff:(?:Artist|Copyright|ImageDescription)|aux:OwnerName|xmpRights:\w+)$/u,
    "author",
    "high",
  ],
  [/^(?:GCamera|Camera):(?:MotionPhoto|MicroVideo)\w*$/u, "hidden_media", "high"],
  [/^(?:GDepth:Data|GImage:Data|GAudio:Data|xmpGImg:image)$/u, "hidden_media", "high"],
  [/^hdrgm:Version$/u, "hidden_media", "medium"],
];

const NAME = "[A-Za-z][A-Za-z0-9]*:[A-Za-z][A-Za-z0-9]*";
const MAX_PROPERTIES = 300;

/** Adds the packet itself and the properties in it that say something about people. */
export const reportXmp = (packet: Uint8Array, where: string, findings: Findings): void => {
  findings.add("editing", where, "XMP", `${packet.length} bytes`, "medium");
  const text = decodeText(packet, MAX_BYTES);
  const pattern = new RegExp(
    `(${NAME})="([^"]{1,300})"|<(${NAME})(?:\\s[^<>]{0,300})?>([^<>]{1,300})</|<(${NAME})>\\s{0,300}<rdf:(?:Alt|Bag|Seq)>\\s{0,300}<rdf:li[^>]{0,100}>([^<]{1,300})<`,
    "gu",
  );
  const said = new Set<string>();
  for (const match of text.matchAll(pattern)) {
    const name = match[1] ?? match[3] ?? match[5] ?? "";
    const value = match[2] ?? match[4] ?? match[6] ?? "";
    const known = PROPERTIES.find(([test]) => test.test(name));
    if (known === undefined || value.trim() === "" || said.has(`${name} ${value}`)) continue;
    if (said.size >= MAX_PROPERTIES) break;
    said.add(`${name} ${value}`);
    findings.add(known[1], where, name, value, known[2]);
  }
};
