/** Which of a PDF's strings say what, by the dictionary they stand in and their key (ISO 32000-2; section numbers below). */
import type { FindingKind, Severity } from "../types.ts";
import { asName, type PdfDict } from "./values.ts";
import { isOneOf } from "./text.ts";

export type Role =
  | "info"
  | "signature"
  | "annotation"
  | "field"
  | "layer"
  | "file"
  | "action"
  | "outline"
  | "page"
  | "parameters"
  | "other";

export interface Meaning {
  readonly name: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
}

const means = (name: string, kind: FindingKind, severity: Severity): Meaning => ({ name, kind, severity });

/** 12.5.6: what pages are annotated with. */
const ANNOTATIONS =
  "Text Link FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Caret Stamp Ink Popup FileAttachment Sound Movie Screen Widget PrinterMark TrapNet Watermark 3D Redact Projection RichMedia";
/** 12.6.4: what happens on a click, on opening, on printing. */
const ACTIONS =
  "GoTo GoToR GoToE GoToDp Launch Thread URI Sound Movie Hide Named SubmitForm ResetForm ImportData SetOCGState Rendition Trans GoTo3DView JavaScript RichMediaExecute";

/** What kind of dictionary it is. `isInfo` says that a trailer names it as the one about the document. */
export const roleOf = ({ entries }: PdfDict, isInfo: boolean): Role => {
  const type = asName(entries.get("Type"));
  const subtype = asName(entries.get("Subtype"));
  const has = (...keys: readonly string[]): boolean => keys.some((key) => entries.has(key));
  if (isInfo) return "info";
  if (isOneOf(type, "Sig DocTimeStamp") || entries.has("ByteRange")) return "signature";
  if (type === "OCG") return "layer";
  if (isOneOf(type, "Filespec F") || has("EF")) return "file";
  if (type === "Page") return "page";
  if (type === "Annot" || (isOneOf(subtype, ANNOTATIONS) && has("Rect"))) return "annotation";
  if (isOneOf(asName(entries.get("S")), ACTIONS)) return "action";
  if (isOneOf(asName(entries.get("FT")), "Btn Tx Ch Sig") || has("TU", "TM", "DV")) return "field";
  if (has("Title") && has("Parent")) return "outline";
  if (type === "" && subtype === "" && has("Producer", "Creator", "Author", "Keywords")) return "info";
  return type === "" && has("ModDate", "CreationDate") ? "parameters" : "other";
};

const TIMES: Readonly<Record<string, Meaning>> = {
  CreationDate: means("CreateDate", "time", "high"),
  ModDate: means("ModifyDate", "time", "high"),
  LastModified: means("LastModified", "time", "high"),
  M: means("ModifyDate", "time", "high"),
};

const BY_ROLE: Readonly<Partial<Record<Role, Readonly<Record<string, Meaning>>>>> = {
  // 14.3.3
  info: {
    Title: means("Title", "author", "high"),
    Author: means("Author", "author", "high"),
    Subject: means("Subject", "author", "high"),
    Keywords: means("Keywords", "author", "high"),
    Company: means("Company", "author", "high"),
    Creator: means("CreatorProgram", "editing", "medium"),
    Producer: means("Producer", "editing", "medium"),
  },
  // 12.8.1
  signature: {
    Name: means("signature name", "author", "high"),
    Reason: means("signature reason", "author", "high"),
    Location: means("signature Location", "location", "high"),
    ContactInfo: means("signature contact", "author", "high"),
  },
  // 12.5.6.2
  annotation: {
    T: means("comment author", "author", "high"),
    Contents: means("comment", "author", "high"),
    Subj: means("comment subject", "author", "medium"),
    RC: means("comment", "author", "high"),
    V: means("form entry", "author", "high"),
    DV: means("form entry", "author", "medium"),
    OverlayText: means("comment", "author", "medium"),
  },
  // 12.7.4
  field: {
    T: means("form field", "author", "low"),
    V: means("form entry", "author", "high"),
    DV: means("form entry", "author", "medium"),
    RV: means("form entry", "author", "high"),
  },
  // 8.11.2
  layer: { Name: means("layer", "editing", "low") },
  // 7.11.3
  file: {
    F: means("attached file", "hidden_media", "high"),
    UF: means("attached file", "hidden_media", "high"),
    DOS: means("attached file", "hidden_media", "high"),
    Mac: means("attached file", "hidden_media", "high"),
    Unix: means("attached file", "hidden_media", "high"),
    Desc: means("attached file", "hidden_media", "high"),
  },
  // 12.6.4
  action: {
    URI: means("link", "author", "medium"),
    JS: means("JavaScript", "other", "high"),
    F: means("path of another file", "author", "high"),
    N: means("named action", "other", "low"),
  },
  // 12.3.3
  outline: { Title: means("bookmark", "author", "low") },
};

/** Of any dictionary: 14.9 and others. */
const ANYWHERE: Readonly<Record<string, Meaning>> = {
  ...TIMES,
  Lang: means("language", "author", "low"),
  ActualText: means("alternative text", "author", "medium"),
  Alt: means("alternative text", "author", "medium"),
  NM: means("comment identifier", "editing", "low"),
  TU: means("form field", "author", "low"),
  TM: means("form field", "author", "low"),
  URI: means("link", "author", "medium"),
  JS: means("JavaScript", "other", "high"),
};

/** Settings of fonts, colours and forms, checksums and keys: strings that say nothing of anybody. */
const SETTINGS =
  "DA DS Registry Ordering CharSet FontFamily ID IDS CheckSum ByteRange Panose Cert O U OE UE Perms OutputConditionIdentifier RegistryName Base Digest Lookup CIDSet Marked";

/** What a string under `key` means; null if it says nothing of anybody. */
export const meaningOf = (role: Role, key: string): Meaning | null => {
  const known = BY_ROLE[role]?.[key] ?? ANYWHERE[key];
  if (known !== undefined) return known;
  if (isOneOf(key, SETTINGS)) return null;
  return role === "info" ? means(key, "author", "high") : means(`text (${key})`, "other", "medium");
};

/** Kinds of annotations that bring sound or pictures that move (12.5.6.16 to 12.5.6.22, 13). */
export const isMedia = (subtype: string): boolean => isOneOf(subtype, "Sound Movie Screen 3D RichMedia");

/** What such an action does, for people; null for those that lead about within the document. */
export const dangerOf = (action: string): Meaning | null => {
  switch (action) {
    case "JavaScript":
      return means("JavaScript", "other", "high");
    case "Launch":
      return means("starts a program or file", "other", "high");
    case "SubmitForm":
    case "ImportData":
      return means("sends or fetches form entries", "other", "high");
    case "GoToR":
    case "GoToE":
      return means("leads to another file", "other", "medium");
    case "Rendition":
    case "Movie":
    case "Sound":
    case "RichMediaExecute":
      return means("plays sound or video", "hidden_media", "medium");
    default:
      return null;
  }
};
