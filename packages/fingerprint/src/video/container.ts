/** Which video container a file is, from its first bytes and never from its name. */
import { ByteView } from "../headers/header.ts";

export type VideoContainer = "mp4" | "mov" | "webm" | "mkv";

export const VIDEO_MEDIA: Readonly<Record<VideoContainer, string>> = {
  mp4: "video/mp4",
  mov: "video/quicktime",
  webm: "video/webm",
  mkv: "video/x-matroska",
};

/** As much of the beginning as `videoContainer` looks at. */
export const CONTAINER_HEAD_BYTES = 4096;

/** Brands of pictures in the same boxes (HEIF, AVIF): not videos, even where they move. */
const PICTURE_BRANDS = new Set([
  "avif",
  "avis",
  "heic",
  "heix",
  "heim",
  "heis",
  "hevc",
  "hevx",
  "mif1",
  "mif2",
  "msf1",
]);
/** Boxes that QuickTime files from before `ftyp` (ISO/IEC 14496-12, 4.3) begin with. */
const OLD_QUICKTIME = new Set(["moov", "mdat", "wide", "free", "skip", "pnot"]);

/**
 * The container that the file's first bytes name, "other" for a video this package does not read, null for anything
 * else. `head` is the file's first CONTAINER_HEAD_BYTES, or all of it if it is shorter.
 */
export function videoContainer(head: Uint8Array): VideoContainer | "other" | null {
  const view = new ByteView(head);
  const tag = view.tag(4);
  if (tag === "ftyp") {
    const major = view.tag(8);
    if (PICTURE_BRANDS.has(major)) return null;
    return major === "qt  " ? "mov" : "mp4";
  }
  if (OLD_QUICKTIME.has(tag) && view.u32(0) !== 0) return "mov";
  if (view.u32(0) === 0x1a45dfa3) return ebmlKind(view); // EBML (RFC 8794, 11.2.1)
  return isOtherVideo(view) ? "other" : null;
}

/** True if the file's first bytes are those of a video, one of another container included. */
export const isVideoFile = (bytes: Uint8Array): boolean =>
  videoContainer(bytes.subarray(0, CONTAINER_HEAD_BYTES)) !== null;

/** The DocType (RFC 8794, 11.2.6: ID 0x4282) within the EBML header; both formats keep it near the beginning. */
function ebmlKind(view: ByteView): VideoContainer | "other" {
  for (let at = 4; at < Math.min(256, view.length); at++) {
    if (view.u16(at) !== 0x4282) continue;
    const text = view.text(at + 3, view.u8(at + 2) & 0x7f);
    // Both are padded with zeros by some writers.
    if (text.startsWith("webm")) return "webm";
    if (text.startsWith("matroska")) return "mkv";
  }
  return "other";
}

function isOtherVideo(view: ByteView): boolean {
  const tag = view.tag(0);
  if (tag === "RIFF" && view.tag(8) === "AVI ") return true;
  if (tag === "OggS" || view.text(0, 3) === "FLV" || view.u32(0) === 0x3026b275) return true; // ASF
  if (view.u32(0) === 0x000001ba || view.u32(0) === 0x000001b3) return true; // MPEG program and video streams
  return view.u8(0) === 0x47 && view.u8(188) === 0x47 && view.u8(376) === 0x47; // MPEG transport stream
}
