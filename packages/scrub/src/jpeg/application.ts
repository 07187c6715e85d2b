/** Application segments: which of them the picture needs, and what the others reveal. */
import { be16, join, latin1, sameBytes, startsWith, u16be } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { onlyOrientation, orientationExif, reportExif } from "../exif/exif.ts";
import { MAX_PROFILE_BYTES, reportProfile } from "../icc/profile.ts";
import { reportPhotoshop } from "../text/iptc.ts";
import { decodeText, textOrSize } from "../text/decode.ts";
import { gpmfReport } from "../text/gpmf.ts";
import { reportXmp } from "../text/xmp.ts";
import type { FindingKind, Severity } from "../types.ts";
import { ISO_NAME, XMP_NAME } from "./gain-map-parameters.ts";
import { APP0 } from "./markers.ts";
import { MPF_NAME } from "./mpf.ts";
import { segment } from "./tables.ts";

/** Segments known by how they begin. The first that fits tells. */
const KNOWN: readonly (readonly [number, string, string, FindingKind, Severity])[] = [
  [0, "JFXX\0", "JFXX thumbnail", "hidden_media", "high"],
  [0, "AVI1", "AVI1", "other", "low"],
  [1, "http://ns.adobe.com/xmp/extension/\0", "extended XMP", "editing", "medium"],
  [1, "FLIR\0", "FLIR thermal data", "hidden_media", "high"],
  [2, MPF_NAME, "MPF index of more pictures", "hidden_media", "medium"],
  [2, "FPXR\0", "FlashPix", "hidden_media", "medium"],
  [2, ISO_NAME, "gain map parameters", "hidden_media", "low"],
  [3, "Meta", "Meta", "device", "medium"],
  [11, "JP", "content credentials (JUMBF, C2PA)", "editing", "high"],
  [12, "Ducky", "Ducky", "editing", "low"],
];

/** Segments that tell of a gain map, or how to apply it. */
const ASIDE = [
  { n: 1, name: XMP_NAME },
  { n: 2, name: MPF_NAME },
  { n: 2, name: ISO_NAME },
] as const;

const PICTURE_INFO = "[picture info]";
const JFIF_BYTES = 14;
const ICC_NAME = "ICC_PROFILE\0";
const ICC_PART_BYTES = 65_519;

interface Density {
  readonly units: number;
  readonly x: number;
  readonly y: number;
}

/** Gathers what stands before the first scan; afterwards everything of this kind is only reported. */
export class ApplicationData {
  readonly #findings: Findings;
  readonly #place: string;
  readonly #keepGainMap: boolean;
  readonly #aside = new Map<string, { readonly n: number; readonly body: Uint8Array; readonly at: number }>();
  #density: Density | null = null;
  #adobeTransform: number | null = null;
  #orientation = 1;
  #exifSeen = false;
  #iccParts = new Map<number, Uint8Array>();
  #iccCount = 0;
  #iccBytes = 0;

  /** `place` is put before all places; `keepGainMap`: what tells of one is put aside until `settle`. */
  constructor(findings: Findings, place = "", keepGainMap = false) {
    this.#findings = findings;
    this.#place = place;
    this.#keepGainMap = keepGainMap;
  }

  /** `n` is 0 to 15 for APP0 to APP15; `at` is the body's place. `body` may be a view: what is kept is copied. */
  read(n: number, body: Uint8Array, beforeScan: boolean, at: number): void {
    const name =
      this.#keepGainMap && beforeScan ? ASIDE.find((one) => n === one.n && startsWith(body, one.name)) : undefined;
    if (name !== undefined && !this.#aside.has(name.name)) this.#aside.set(name.name, { n, body: body.slice(), at });
    else this.#read(n, body, beforeScan);
  }

  /** What was put aside under one of the names, and where it stood. */
  aside(name: string): { readonly body: Uint8Array; readonly at: number } | undefined {
    return this.#aside.get(name);
  }

  /** Reports what was put aside and is not the same as what is written. */
  settle(written: readonly Uint8Array[]): void {
    for (const { n, body } of this.#aside.values())
      if (!written.some((one) => sameBytes(one, body))) this.#read(n, body, true);
  }

  #read(n: number, body: Uint8Array, beforeScan: boolean): void {
    const where = `${this.#place}${beforeScan ? `APP${n}` : `APP${n} between scans`}`;
    if (n === 0 && startsWith(body, "JFIF\0") && body.length >= JFIF_BYTES && beforeScan) this.#readJfif(body, where);
    else if (n === 1 && startsWith(body, "Exif\0")) this.#readExif(body, where, beforeScan);
    else if (n === 1 && startsWith(body, XMP_NAME))
      reportXmp(body.subarray(XMP_NAME.length), `${where} XMP`, this.#findings);
    else if (n === 2 && startsWith(body, ICC_NAME) && body.length >= 14 && beforeScan) this.#readIcc(body, where);
    else if (n === 13 && startsWith(body, "Photoshop 3.0\0")) reportPhotoshop(body.subarray(14), where, this.#findings);
    else if (n === 6 && startsWith(body, "GoPro\0")) {
      this.#findings.add("device", where, "GoPro data", sizeText(body.length), "medium");
      gpmfReport(`${where} GoPro`, this.#findings)(body.subarray(6));
    } else if (n === 12 && latin1(body).includes(PICTURE_INFO)) this.#readPictureInfo(body, where);
    else if (n === 14 && startsWith(body, "Adobe") && body.length >= 12 && beforeScan) this.#readAdobe(body, where);
    else {
      const known = KNOWN.find(([number, start]) => number === n && startsWith(body, start));
      if (known === undefined) this.#findings.add("device", where, "unknown data", () => textOrSize(body), "medium");
      else this.#findings.add(known[3], where, known[2], sizeText(body.length), known[4]);
    }
  }

  comment(body: Uint8Array, beforeScan: boolean): void {
    this.#findings.add(
      "author",
      `${this.#place}${beforeScan ? "COM" : "COM between scans"}`,
      "Comment",
      () => textOrSize(body),
      "medium",
    );
  }

  #readJfif(body: Uint8Array, where: string): void {
    this.#density = { units: (body[7] ?? 0) <= 2 ? (body[7] ?? 0) : 0, x: u16be(body, 8), y: u16be(body, 10) };
    const thumbnail = 3 * (body[12] ?? 0) * (body[13] ?? 0);
    if (thumbnail > 0) this.#findings.add("hidden_media", where, "Thumbnail", sizeText(thumbnail), "high");
    if (body.length > JFIF_BYTES + thumbnail)
      this.#findings.add("other", where, "appended data", textOrSize(body.subarray(JFIF_BYTES + thumbnail)), "medium");
  }

  #readExif(body: Uint8Array, where: string, beforeScan: boolean): void {
    const tiff = body.subarray(6);
    const first = beforeScan && !this.#exifSeen;
    if (first) this.#exifSeen = true;
    const only = onlyOrientation(tiff);
    if (first && only !== null) {
      this.#orientation = only;
      return;
    }
    const before = this.#findings.list.length;
    const orientation = reportExif(tiff, `${where} Exif`, this.#findings);
    if (first) this.#orientation = orientation;
    if (this.#findings.list.length === before)
      this.#findings.add("other", `${where} Exif`, "Exif", sizeText(tiff.length), "low");
  }

  /** Lines of text that Olympus and others wrote before there was Exif: "TimeDate=909698819", "Serial#=1". */
  #readPictureInfo(body: Uint8Array, where: string): void {
    const text = decodeText(body.subarray(latin1(body).indexOf(PICTURE_INFO)));
    for (const [, name = "", value = ""] of text.matchAll(/^(\w+#?)=(.{1,200}?)\s*$/gmu)) {
      const seconds = Number(value);
      if (name === "TimeDate" && seconds > 0 && seconds < 2 ** 32)
        this.#findings.add("time", where, name, new Date(1000 * seconds).toISOString().slice(0, 19), "high");
      else if (name.startsWith("Serial")) this.#findings.add("device", where, "SerialNumber", value, "high");
      else if (/^(?:Type|Id|Version)$/iu.test(name)) this.#findings.add("device", where, name, value, "medium");
    }
    this.#findings.add("device", where, "picture info", sizeText(body.length), "medium");
  }

  #readIcc(body: Uint8Array, where: string): void {
    const index = body[12] ?? 0;
    const count = body[13] ?? 0;
    this.#iccBytes += body.length;
    const odd =
      index === 0 || index > count || this.#iccParts.has(index) || (this.#iccCount !== 0 && this.#iccCount !== count);
    if (odd || this.#iccBytes > MAX_PROFILE_BYTES) {
      this.#findings.add("other", where, "colour profile", "a part too many or out of order", "medium");
      this.#iccCount = -1;
      return;
    }
    this.#iccCount = count;
    this.#iccParts.set(index, body.slice(14));
  }

  #readAdobe(body: Uint8Array, where: string): void {
    this.#adobeTransform = body[11] ?? 0;
    if (body.length > 12) this.#findings.add("other", where, "appended data", textOrSize(body.subarray(12)), "medium");
  }

  /** The segments to write behind SOI, and what to call them. `extra` go behind Exif. */
  write(extra: readonly Uint8Array[]): { readonly segments: readonly Uint8Array[]; readonly kept: readonly string[] } {
    const segments: Uint8Array[] = [];
    const kept: string[] = [];
    if (this.#density !== null) {
      const { units, x, y } = this.#density;
      segments.push(
        segment(APP0, Uint8Array.of(0x4a, 0x46, 0x49, 0x46, 0, 1, 1, units), be16(x), be16(y), Uint8Array.of(0, 0)),
      );
      kept.push("pixel density");
    }
    if (this.#orientation > 1) {
      const exif = Uint8Array.of(0x45, 0x78, 0x69, 0x66, 0, 0);
      segments.push(segment(APP0 + 1, exif, orientationExif(this.#orientation)));
      kept.push("orientation");
    }
    segments.push(...extra);
    const profile = this.#profile();
    if (profile !== null) {
      const count = Math.ceil(profile.length / ICC_PART_BYTES);
      for (let i = 0; i < count; i += 1) {
        const part = profile.subarray(i * ICC_PART_BYTES, (i + 1) * ICC_PART_BYTES);
        const name = Uint8Array.from(ICC_NAME, (c) => c.charCodeAt(0));
        segments.push(segment(APP0 + 2, name, Uint8Array.of(i + 1, count), part));
      }
      kept.push("colour profile");
    }
    if (this.#adobeTransform !== null) {
      const adobe = Uint8Array.of(0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, this.#adobeTransform);
      segments.push(segment(APP0 + 14, adobe));
      kept.push("colour transform");
    }
    return { segments, kept };
  }

  #profile(): Uint8Array | null {
    if (this.#iccCount === 0) return null;
    const parts = Array.from({ length: Math.max(0, this.#iccCount) }, (_, i) => this.#iccParts.get(i + 1));
    if (this.#iccCount < 0 || parts.includes(undefined)) {
      this.#findings.add("other", `${this.#place}APP2`, "colour profile", "parts are missing", "low");
      return null;
    }
    const profile = join(...parts.filter((part) => part !== undefined));
    return reportProfile(profile, `${this.#place}APP2 ICC`, this.#findings);
  }
}
