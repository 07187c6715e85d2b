/** What an EXIF block reveals, and the one we write: an orientation and nothing else. */
import type { Findings } from "../core/findings.ts";
import { sameBytes } from "../core/bytes.ts";
import { type Directory, type Entry, readDirectories } from "./directories.ts";
import { reportIptc } from "../text/iptc.ts";
import { reportXmp } from "../text/xmp.ts";
import { EXIF_TAGS, GPS_TAGS, ORIENTATION, SUB_DIRECTORIES } from "./tags.ts";
import { dateText, degrees, numbersOf, valueText } from "./values.ts";
import { decodeText } from "../text/decode.ts";

/** A TIFF structure, big-endian, whose one directory has the one tag Orientation. */
export const orientationExif = (orientation: number): Uint8Array =>
  // prettier-ignore
  Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0);

/** 2 to 8 if the block holds it and nothing else, exactly as we write it; else null. */
export const onlyOrientation = (tiff: Uint8Array): number | null => {
  const orientation = tiff[19] ?? 0;
  return orientation >= 2 && orientation <= 8 && sameBytes(tiff, orientationExif(orientation)) ? orientation : null;
};

const reportGps = ({ entries }: Directory, littleEndian: boolean, where: string, findings: Findings): void => {
  const find = (tag: number): Entry | undefined => entries.find((entry) => entry.tag === tag);
  const latitude = degrees(find(2), find(1), littleEndian);
  const longitude = degrees(find(4), find(3), littleEndian);
  if (latitude !== null && longitude !== null) {
    findings.add("location", where, "GPSPosition", `${latitude}, ${longitude}`, "high");
  }
  for (const entry of entries) {
    const known = GPS_TAGS.get(entry.tag);
    if (known === undefined) continue;
    let text = valueText(entry, littleEndian, true);
    if (entry.tag === 0x06) {
      const below = find(5)?.data[0] === 1;
      if (text !== "") text = `${below ? "-" : ""}${text} m`;
    } else if (entry.tag === 0x14 || entry.tag === 0x16) {
      text = String(degrees(entry, find(entry.tag - 1), littleEndian) ?? text);
    } else if (entry.tag === 0x1d) text = dateText(decodeText(entry.data));
    findings.add(known.kind, where, known.name, text, known.severity);
  }
  if (entries.length === 0) return;
  // Some cameras write one that says only its version.
  const placed = find(2) !== undefined || find(4) !== undefined;
  const count = entries.length === 1 ? "1 entry" : `${entries.length} entries`;
  findings.add("location", where, "GPS directory", count, placed ? "high" : "low");
};

/**
 * Adds what a TIFF structure reveals. Answers the orientation of its first directory, 1 if none. `skip` are tags that
 * the picture itself needs (of a TIFF file).
 */
export const reportExif = (
  tiff: Uint8Array,
  where: string,
  findings: Findings,
  skip: ReadonlySet<number> = new Set(),
): number => {
  const structure = readDirectories(tiff);
  if (structure === null) {
    findings.add("other", where, "Exif", `${tiff.length} bytes, not readable`, "medium");
    return 1;
  }
  const { littleEndian, directories, sound } = structure;
  let orientation = 1;
  let settings = 0;
  for (const [index, directory] of directories.entries()) {
    const place = `${where}, ${directory.name}`;
    if (directory.name === "GPS") {
      reportGps(directory, littleEndian, place, findings);
      continue;
    }
    for (const entry of directory.entries) {
      const known = EXIF_TAGS.get(entry.tag);
      if (entry.tag === ORIENTATION) {
        const [value = 1] = numbersOf(entry, littleEndian, 1);
        if (index === 0 && value >= 1 && value <= 8) orientation = value;
      } else if (entry.tag === 0x02bc) reportXmp(entry.data, `${place} XMP`, findings);
      else if (entry.tag === 0x83bb) reportIptc(entry.data, `${place} IPTC`, findings);
      else if (known !== undefined && !skip.has(entry.tag)) {
        const text = valueText(entry, littleEndian);
        if (text !== "" || entry.data.length > 0) findings.add(known.kind, place, known.name, text, known.severity);
      } else if (entry.tag === 0x0201 && directory.name === "IFD1") {
        const length = directory.entries.find(({ tag }) => tag === 0x0202);
        const [bytes = 0] = length === undefined ? [] : numbersOf(length, littleEndian, 1);
        if (bytes > 0) findings.add("hidden_media", place, "Thumbnail", `a small picture of ${bytes} bytes`, "high");
        else settings += 1;
      } else if (!SUB_DIRECTORIES.has(entry.tag) && !skip.has(entry.tag)) settings += 1;
    }
  }
  if (settings > 0) findings.add("device", where, "camera settings", `${settings} values`, "low");
  if (!sound) findings.add("other", where, "Exif", "parts of it point outside of it or in a circle", "low");
  return orientation;
};
