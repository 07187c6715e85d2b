/** What Photoshop's image resources and the IPTC data among them reveal (IPTC IIM 4.2; Adobe's file format). */
import { latin1, startsWith, u16be, u32be } from "../core/bytes.ts";
import type { Findings } from "../core/findings.ts";
import type { FindingKind, Severity } from "../types.ts";
import { decodeText } from "./decode.ts";
import { reportXmp } from "./xmp.ts";

const DATASETS: ReadonlyMap<number, readonly [string, FindingKind, Severity]> = new Map([
  [5, ["ObjectName", "author", "medium"]],
  [25, ["Keywords", "author", "medium"]],
  [40, ["SpecialInstructions", "author", "medium"]],
  [55, ["DateCreated", "time", "high"]],
  [60, ["TimeCreated", "time", "high"]],
  [62, ["DigitalCreationDate", "time", "high"]],
  [65, ["OriginatingProgram", "editing", "medium"]],
  [80, ["By-line", "author", "high"]],
  [85, ["By-lineTitle", "author", "medium"]],
  [90, ["City", "location", "high"]],
  [92, ["Sub-location", "location", "high"]],
  [95, ["Province-State", "location", "high"]],
  [101, ["Country", "location", "high"]],
  [105, ["Headline", "author", "medium"]],
  [110, ["Credit", "author", "high"]],
  [115, ["Source", "author", "medium"]],
  [116, ["CopyrightNotice", "author", "high"]],
  [118, ["Contact", "author", "high"]],
  [120, ["Caption-Abstract", "author", "high"]],
  [122, ["Writer-Editor", "author", "high"]],
]);

const MAX_DATASETS = 300;

/** IIM datasets: 0x1C, record, dataset, length of two bytes. */
export const reportIptc = (bytes: Uint8Array, where: string, findings: Findings): void => {
  let others = 0;
  let read = 0;
  for (let at = 0; at + 5 <= bytes.length && bytes[at] === 0x1c && read < MAX_DATASETS; read += 1) {
    const length = u16be(bytes, at + 3);
    if (length > 0x7fff) break;
    const known = bytes[at + 1] === 2 ? DATASETS.get(bytes[at + 2] ?? 0) : undefined;
    if (known === undefined) others += 1;
    else findings.add(known[1], where, known[0], decodeText(bytes.subarray(at + 5, at + 5 + length)), known[2]);
    at += 5 + length;
  }
  if (others > 0 || read === 0) findings.add("author", where, "IPTC", `${bytes.length} bytes`, "low");
};

/** Resources "8BIM", id, Pascal name padded to even, length, data padded to even. */
export const reportPhotoshop = (bytes: Uint8Array, where: string, findings: Findings): void => {
  let read = 0;
  for (let at = 0; at + 12 <= bytes.length && read < MAX_DATASETS; read += 1) {
    if (!startsWith(bytes, "8BIM", at)) break;
    const id = u16be(bytes, at + 4);
    const name = (bytes[at + 6] ?? 0) + 1;
    const start = at + 6 + name + (name % 2);
    const length = u32be(bytes, start);
    const data = bytes.subarray(start + 4, start + 4 + length);
    if (id === 0x0404) reportIptc(data, `${where} IPTC`, findings);
    else if (id === 0x0424) reportXmp(data, `${where} XMP`, findings);
    else if (id === 0x0409 || id === 0x040c) {
      findings.add("hidden_media", where, "Thumbnail", `a small picture of ${data.length} bytes`, "high");
    } else if (id === 0x040a || id === 0x040b)
      findings.add("author", where, "Copyright", latin1(data, 0, 200), "medium");
    at = start + 4 + length + (length % 2);
  }
  findings.add("editing", where, "Photoshop resources", `${bytes.length} bytes`, "medium");
};
