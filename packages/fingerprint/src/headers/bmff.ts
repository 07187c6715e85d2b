/**
 * HEIF and AVIF (ISO/IEC 23008-12, boxes by ISO/IEC 14496-12): the largest `ispe` (image spatial extents) of the
 * file, which no item's picture may exceed, found under meta/iprp/ipco.
 */
import { type ByteView, type HeaderOutcome, damagedAt, headerOf } from "./header.ts";

export type BmffKind = "avif" | "heic" | "other";

/** Which kind of file the brands of a leading `ftyp` box name; null if there is no such box. */
export function bmffKind(view: ByteView): BmffKind | null {
  if (view.tag(4) !== "ftyp") return null;
  const end = Math.min(view.u32(0), 8 + 4 * 64);
  const brands: string[] = [view.tag(8)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(view.tag(at));
  if (brands.includes("avif") || brands.includes("avis")) return "avif";
  return brands.some((brand) => HEIC_BRANDS.has(brand)) ? "heic" : "other";
}

// mif1 and msf1 name the container only; such files hold HEVC nearly always (AVIF must name avif).
const HEIC_BRANDS = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "mif2", "msf1"]);

interface Box {
  readonly type: string;
  readonly body: number;
  readonly end: number;
}

/** The box at `at`, or null if it is not whole inside `limit`. */
function boxAt(view: ByteView, at: number, limit: number): Box | null {
  const type = view.tag(at + 4);
  let size = view.u32(at);
  let body = at + 8;
  if (type === "" || size < 0) return null;
  if (size === 1) {
    const high = view.u32(at + 8);
    const low = view.u32(at + 12);
    if (high < 0 || low < 0) return null;
    size = high * 2 ** 32 + low;
    body = at + 16;
  } else if (size === 0) {
    size = limit - at;
  }
  const end = at + size;
  return end < body || end > limit ? null : { type, body, end };
}

/** The first box of a type between two offsets, or null. */
function findBox(view: ByteView, type: string, from: number, to: number): Box | null {
  for (let at = from; at < to;) {
    const box = boxAt(view, at, to);
    if (box === null) return null;
    if (box.type === type) return box;
    at = box.end;
  }
  return null;
}

export function readBmff(view: ByteView, format: "avif" | "heic"): HeaderOutcome {
  const meta = findBox(view, "meta", 0, view.length);
  if (meta === null) return damagedAt(view.length);
  const properties = findBox(view, "iprp", meta.body + 4, meta.end);
  const container = properties && findBox(view, "ipco", properties.body, properties.end);
  if (!container) return damagedAt(meta.body);
  let width = 0;
  let height = 0;
  let mayHaveAlpha = false;
  let orientation = 1;
  for (let at = container.body; at < container.end;) {
    const box = boxAt(view, at, container.end);
    if (box === null) return damagedAt(at);
    if (box.type === "ispe") {
      // Full box: 4 bytes of version and flags, then width and height (23008-12, 6.5.3).
      const itemWidth = view.u32(box.body + 4);
      const itemHeight = view.u32(box.body + 8);
      if (box.end < box.body + 12 || itemWidth < 1 || itemHeight < 1) return damagedAt(at);
      if (itemWidth * itemHeight > width * height) [width, height] = [itemWidth, itemHeight];
    }
    if (box.type === "auxC") mayHaveAlpha = true;
    if (box.type === "irot" || box.type === "imir") orientation = 0;
    at = box.end;
  }
  return headerOf(
    { format, media: `image/${format}`, width, height, frames: 1, mayHaveAlpha, orientation },
    container.body,
  );
}
