/**
 * Where in a file whole pictures and videos are hidden, so that the person can look at what they would have passed on:
 * the small picture of EXIF and JFXX, and whatever stands behind the end. Nothing is decoded or copied here.
 */
import { startsWith, u16be, u32be, u32le } from "../core/bytes.ts";
import { Window } from "../core/window.ts";
import { readDirectories } from "../exif/directories.ts";
import { numbersOf } from "../exif/values.ts";
import type { Source } from "../source.ts";
import type { Format } from "../types.ts";
import { type Budget, boxesLength, jpegLength, pngLength } from "./extent.ts";

export interface HiddenMedia {
  readonly media: "picture" | "video";
  /** `thumbnail`: a small copy that software put there; `after_end`: behind the end of the picture. */
  readonly place: "thumbnail" | "after_end";
  /** Of the bytes from `offset` on, `length` of them, which are a file of their own. */
  readonly mediaType: "image/jpeg" | "image/png" | "image/heic" | "image/avif" | "video/mp4";
  readonly offset: number;
  readonly length: number;
}

/** How many are named, how much behind the end is searched and in how many steps, how many chunks are gone through. */
const MAX_NAMED = 16;
const SEARCHED_BYTES = 64 << 20;
const MAX_PARTS = 10_000;
const MAX_STEPS = 50_000;
const SLICE_BYTES = 16 << 10;
const MAX_EXIF_BYTES = 1 << 20;

interface Options {
  /** What `inspect` said of the same source. */
  readonly format: Format;
  readonly trailingBytes: number;
  readonly signal?: { throwIfAborted(): void };
}

/** In the order of the file; at most 16. Throws only what the source throws, or the signal's reason. */
export const findHidden = async (source: Source, options: Options): Promise<readonly HiddenMedia[]> => {
  const window = new Window(source);
  const { format, trailingBytes, signal } = options;
  const found: HiddenMedia[] = [];
  if (format === "jpeg") await readSegments(window, found);
  else if (format === "png") await readChunks(window, 8, found, { name: "eXIf", isRiff: false });
  else if (format === "webp") await readChunks(window, 12, found, { name: "EXIF", isRiff: true });
  signal?.throwIfAborted();
  if (trailingBytes > 0) await searchTrailer(window, window.sizeBytes - trailingBytes, found, signal);
  return found.slice(0, MAX_NAMED);
};

/** The thumbnail of an EXIF block, if it is a JPEG that lies within. `at` is the block's place in the file. */
const addThumbnail = async (window: Window, at: number, length: number, found: HiddenMedia[]): Promise<void> => {
  if (length > MAX_EXIF_BYTES || at + length > window.sizeBytes) return;
  const bytes = (await window.peek(at, length)).slice();
  const start = startsWith(bytes, "Exif\0") ? 6 : 0;
  const tiff = bytes.subarray(start);
  const structure = readDirectories(tiff);
  if (structure === null) return;
  for (const { name, entries } of structure.directories) {
    if (name !== "IFD1") continue;
    const number = (tag: number): number => {
      const entry = entries.find((one) => one.tag === tag);
      return entry === undefined ? 0 : (numbersOf(entry, structure.littleEndian, 1)[0] ?? 0);
    };
    // JPEGInterchangeFormat and its length (CIPA DC-008-2023, 4.6.4).
    const [offset, size] = [number(0x0201), number(0x0202)];
    if (size < 4 || offset + size > tiff.length || !startsWith(tiff, "\u00ff\u00d8", offset)) continue;
    found.push({
      media: "picture",
      place: "thumbnail",
      mediaType: "image/jpeg",
      offset: at + start + offset,
      length: size,
    });
  }
};

const readSegments = async (window: Window, found: HiddenMedia[]): Promise<void> => {
  let at = 2;
  for (let count = 0; count < MAX_PARTS; count += 1) {
    const head = await window.peek(at, 10);
    const marker = head[1] ?? 0;
    const length = u16be(head, 2);
    if (head[0] !== 0xff || marker < 0xc0 || marker === 0xda || length < 2 || at + 2 + length > window.sizeBytes)
      return;
    if (marker === 0xe1 && startsWith(head, "Exif\0", 4)) await addThumbnail(window, at + 4, length - 2, found);
    else if (marker === 0xe0 && startsWith(head, "JFXX\0\u0010", 4) && length > 8) {
      // Extension code 0x10: the thumbnail is a JPEG (ITU-T T.871, 10.2).
      const size = length - 8;
      found.push({ media: "picture", place: "thumbnail", mediaType: "image/jpeg", offset: at + 10, length: size });
    }
    at += 2 + length;
  }
};

/** Chunks of PNG (length, name, data, checksum) or RIFF (name, length, data, padding). */
const readChunks = async (
  window: Window,
  start: number,
  found: HiddenMedia[],
  { name, isRiff }: { readonly name: string; readonly isRiff: boolean },
): Promise<void> => {
  let at = start;
  for (let count = 0; count < MAX_PARTS && at + 8 <= window.sizeBytes; count += 1) {
    const head = await window.peek(at, 8);
    const length = isRiff ? u32le(head, 4) : u32be(head, 0);
    if (startsWith(head, name, isRiff ? 0 : 4)) await addThumbnail(window, at + 8, length, found);
    at += isRiff ? 8 + length + (length & 1) : 12 + length;
  }
};

const MARKS = [
  { bytes: [0xff, 0xd8, 0xff], back: 0 },
  { bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a], back: 0 },
  { bytes: [0x66, 0x74, 0x79, 0x70], back: 4 },
] as const;

/** The first of the marks in the block: where what it belongs to begins, relative to the block. */
const firstMark = (block: Uint8Array): number => {
  let first = -1;
  for (const { bytes, back } of MARKS) {
    for (let at = block.indexOf(bytes[0]); at >= 0; at = block.indexOf(bytes[0], at + 1)) {
      if (first >= 0 && at - back >= first) break;
      if (at < back || !bytes.every((byte, index) => block[at + index] === byte)) continue;
      first = at - back;
      break;
    }
  }
  return first;
};

const searchTrailer = async (
  window: Window,
  start: number,
  found: HiddenMedia[],
  signal: Options["signal"],
): Promise<void> => {
  const end = Math.min(window.sizeBytes, start + SEARCHED_BYTES);
  const budget: Budget = { steps: MAX_STEPS };
  for (let at = start; at < end && found.length < MAX_NAMED && budget.steps > 0;) {
    signal?.throwIfAborted();
    budget.steps -= 1;
    // A little at a time: a block of false starts would be gone through once for each of them.
    const block = (await window.block(at, 32)).subarray(0, SLICE_BYTES);
    const mark = firstMark(block);
    if (mark < 0) {
      if (at + block.length >= end) return;
      // Blocks overlap by as much as a mark and what stands before it are long.
      at += Math.max(1, block.length - 31);
      continue;
    }
    const media = await mediaAt(window, at + mark, budget);
    if (media === null) {
      at += mark + 1;
      continue;
    }
    found.push(media);
    at = media.offset + media.length;
  }
};

const PICTURE_BRAND = /^(?:hei[cxms]|hev[cxms]|mif[123]|msf1)$/u;

/** What begins there, if all of it is there; null if it only looks like it. */
const mediaAt = async (window: Window, offset: number, budget: Budget): Promise<HiddenMedia | null> => {
  const head = (await window.peek(offset, 12)).slice();
  const place = "after_end";
  if (head[0] === 0xff) {
    const length = await jpegLength(window, offset, budget);
    return length === null ? null : { media: "picture", place, mediaType: "image/jpeg", offset, length };
  }
  if (head[0] === 0x89 && head[1] === 0x50) {
    const length = await pngLength(window, offset, budget);
    return length === null ? null : { media: "picture", place, mediaType: "image/png", offset, length };
  }
  const boxes = await boxesLength(window, offset, budget);
  if (boxes === null) return null;
  const { length, isVideo } = boxes;
  if (isVideo) return { media: "video", place, mediaType: "video/mp4", offset, length };
  const brand = String.fromCharCode(...head.subarray(8, 12));
  if (brand.startsWith("avi")) return { media: "picture", place, mediaType: "image/avif", offset, length };
  return PICTURE_BRAND.test(brand) ? { media: "picture", place, mediaType: "image/heic", offset, length } : null;
};
