/** Elements that are left out, and what they reveal. */
import { type Findings, sizeText } from "../core/findings.ts";
import { Refused } from "../core/refuse.ts";
import { addValue } from "../text/tag-names.ts";
import { decodeText, textOrSize } from "../text/decode.ts";
import type { FindingKind, Severity } from "../types.ts";
import { contentOf, type Element, elementsIn, readInt } from "./ebml.ts";
import { CRC32, VOID } from "./ids.ts";

type Known = readonly [name: string, kind: FindingKind, severity: Severity];

/** Elements by name, whose content is text unless it can't be read so. */
const NAMES: ReadonlyMap<number, Known> = new Map<number, Known>([
  [0x536e, ["track name", "author", "medium"]],
  [0x22_b59d, ["language", "other", "low"]],
  [0x25_8688, ["codec name", "editing", "low"]],
  [0x3a_9697, ["codec settings", "editing", "medium"]],
  [0x3b_4040, ["codec information", "editing", "medium"]],
  [0x26_b240, ["codec download", "editing", "medium"]],
  [0x4d80, ["MuxingApp", "editing", "medium"]],
  [0x5741, ["WritingApp", "editing", "medium"]],
  [0x7ba9, ["Title", "author", "high"]],
  [0x73a4, ["SegmentUUID", "device", "high"]],
  [0x7384, ["SegmentFilename", "author", "high"]],
  [0x3c_b923, ["PrevUUID", "device", "high"]],
  [0x3c_83ab, ["PrevFilename", "author", "high"]],
  [0x3e_b923, ["NextUUID", "device", "high"]],
  [0x3e_83bb, ["NextFilename", "author", "high"]],
  [0x4444, ["SegmentFamily", "device", "high"]],
]);

const DATE_UTC = 0x4461;
/** 2001-01-01, from which Matroska counts, in milliseconds of 1970. */
const EPOCH_MS = 978_307_200_000;

/** Fields that only say how a track is to be chosen, buffered or called by number. */
const SILENT: ReadonlySet<number> = new Set([0x55ab, 0x55ac, 0x55ad, 0x55ae, 0x55af, 0x6de7, 0x6df8, 0x23_4e7a, 0xaa]);
const MAX_SILENT_BYTES = 8;

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** Adds one element of those in memory. */
export const reportOther = (bytes: Uint8Array, one: Element, where: string, findings: Findings): void => {
  const content = contentOf(bytes, one);
  if (one.id === CRC32 && content.length === 4) return;
  if (one.id === VOID) {
    if (!isZero(content))
      findings.add("other", where, "padding that is not empty", () => textOrSize(content), "medium");
    return;
  }
  if (SILENT.has(one.id) && content.length <= MAX_SILENT_BYTES) return;
  if (one.id === DATE_UTC && content.length === 8) {
    findings.add("time", where, "DateUTC", dateText(bytes, one), "high");
    return;
  }
  const [name, kind, severity] = NAMES.get(one.id) ?? [`element ${one.id.toString(16)}`, "other", "low"];
  if (content.length === 0) return;
  findings.add(kind, where, name, () => valueText(content), severity);
};

/** Identifiers of files are 16 bytes of no meaning. */
const valueText = (content: Uint8Array): string =>
  content.length === 16
    ? Array.from(content, (byte) => byte.toString(16).padStart(2, "0")).join("")
    : textOrSize(content);

const dateText = (bytes: Uint8Array, one: Element): string => {
  try {
    const date = new Date(EPOCH_MS + readInt(bytes, one) / 1e6);
    return Number.isNaN(date.getTime()) ? "8 bytes" : date.toISOString().replace(/\.\d+Z$/u, "Z");
  } catch (error) {
    // Nanoseconds beyond 2^53 are not exact; a date of any year is far from it by a factor of a thousand.
    if (!(error instanceof Refused)) throw error;
    const view = new DataView(bytes.buffer, bytes.byteOffset + one.body, 8);
    const date = new Date(EPOCH_MS + Number(view.getBigInt64(0) / 1_000_000n));
    return Number.isNaN(date.getTime()) ? "8 bytes" : date.toISOString().replace(/\.\d+Z$/u, "Z");
  }
};

const SIMPLE_TAG = 0x67c8;
const TAG_NAME = 0x45a3;
const TAG_STRING = 0x4487;
const TAG_BINARY = 0x4485;
const CHAPTER_STRING = 0x85;
const FILE_DESCRIPTION = 0x467e;
const FILE_NAME = 0x466e;
const FILE_TYPE = 0x4660;
const EDITION_ORDERED = 0x45dd;

/** Elements that hold elements, within tags, chapters and attachments. */
const PARENTS: ReadonlySet<number> = new Set([0x7373, SIMPLE_TAG, 0x45b9, 0xb6, 0x80, 0x61a7]);
const MAX_DEPTH = 8;

type Visit = (one: Element, children: readonly Element[]) => void;

/** Calls `visit` for every element, with those that stand beside it; what makes no sense ends it. */
const walk = (bytes: Uint8Array, from: number, to: number, visit: Visit, depth = 0): boolean => {
  try {
    const children = elementsIn(bytes, from, to);
    let isWhole = true;
    for (const one of children) {
      visit(one, children);
      if (PARENTS.has(one.id))
        isWhole = depth < MAX_DEPTH && walk(bytes, one.body, one.end, visit, depth + 1) && isWhole;
    }
    return isWhole;
  } catch (error) {
    // It goes away in any case; that it makes no sense is no reason to refuse.
    if (!(error instanceof Refused)) throw error;
    return false;
  }
};

const textOf = (bytes: Uint8Array, one: Element | undefined): string =>
  one === undefined ? "" : decodeText(contentOf(bytes, one), 800);

/** What a part of the file that only tells holds; if nothing of it can be read, its size. */
const reportParts = (bytes: Uint8Array, where: string, findings: Findings, visit: Visit): void => {
  const before = findings.list.length;
  const isWhole = walk(bytes, 0, bytes.length, (one, children) => {
    if (one.id === VOID || one.id === CRC32) reportOther(bytes, one, where, findings);
    else visit(one, children);
  });
  if ((!isWhole || findings.list.length === before) && bytes.length > 0)
    findings.add("other", where, "data", sizeText(bytes.length), "medium");
};

export const reportTags = (bytes: Uint8Array, findings: Findings): void =>
  reportParts(bytes, "Tags", findings, (one, siblings) => {
    if (one.id === TAG_NAME) {
      const text = siblings.find(({ id }) => id === TAG_STRING);
      const binary = siblings.find(({ id }) => id === TAG_BINARY);
      const value =
        text === undefined && binary !== undefined ? sizeText(binary.end - binary.body) : textOf(bytes, text);
      addValue(textOf(bytes, one), value, "Tags", findings);
    } else if (one.id === TAG_STRING && !siblings.some(({ id }) => id === TAG_NAME))
      findings.add("author", "Tags", "tag", textOf(bytes, one), "medium");
  });

/** Answers whether an edition says which parts are played. */
export const reportChapters = (bytes: Uint8Array, findings: Findings): boolean => {
  let isOrdered = false;
  reportParts(bytes, "Chapters", findings, (one) => {
    if (one.id === EDITION_ORDERED && !isZero(contentOf(bytes, one))) isOrdered = true;
    if (one.id === CHAPTER_STRING) findings.add("author", "Chapters", "chapter", textOf(bytes, one), "high");
  });
  return isOrdered;
};

/** The texts of an attached file; its content is not looked at. */
export const reportAttachment = (
  bytes: Uint8Array,
  elements: readonly Element[],
  sizeBytes: number,
  findings: Findings,
): void => {
  const of = (id: number): string =>
    textOf(
      bytes,
      elements.find((one) => one.id === id),
    );
  const type = of(FILE_TYPE);
  findings.add(
    "hidden_media",
    "Attachments",
    "attached file",
    type === "" ? sizeText(sizeBytes) : `${type}, ${sizeText(sizeBytes)}`,
    "high",
  );
  for (const [id, name] of [
    [FILE_NAME, "file name"],
    [FILE_DESCRIPTION, "description"],
  ] as const) {
    const text = of(id);
    if (text !== "") findings.add("author", "Attachments", name, text, "high");
  }
};
