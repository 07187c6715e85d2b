/**
 * Finds a file's format from its first bytes (never from its name) and reads its size from the header, so that
 * limits are checked before any decoder allocates.
 */
import { bmffKind, readBmff } from "./bmff.ts";
import { readBmp } from "./bmp.ts";
import { readGif } from "./gif.ts";
import { ByteView, type HeaderErrorCode, type HeaderOutcome } from "./header.ts";
import { readJpeg } from "./jpeg.ts";
import { readPng } from "./png.ts";
import { readTiff } from "./tiff.ts";
import { readWebp } from "./webp.ts";

/** Bytes in which a text file is searched for an SVG's opening tag. */
const TEXT_SEARCH_BYTES = 1024;

const refuse = (code: HeaderErrorCode): HeaderOutcome => ({ ok: false, code, offsetBytes: 0 });

/** Reads the header of a whole file. Never throws, whatever the bytes are; time is linear in the file's blocks. */
export function readHeader(bytes: Uint8Array): HeaderOutcome {
  if (bytes.length === 0) return refuse("empty_file");
  const view = new ByteView(bytes);
  const tag = view.tag(0);
  if (view.u16(0) === 0xffd8 && (view.u8(2) === 0xff || bytes.length < 3)) return readJpeg(view);
  if (tag === "\x89PNG" && view.text(4, 4) === "\r\n\x1a\n") return readPng(view);
  if (view.text(0, 6) === "GIF87a" || view.text(0, 6) === "GIF89a") return readGif(view);
  if (tag === "RIFF" && view.tag(8) === "WEBP") return readWebp(view);
  if (tag === "II*\0" || tag === "MM\0*" || tag === "II+\0" || tag === "MM\0+") return readTiff(view);
  if (view.text(0, 2) === "BM" && BMP_HEADERS.has(view.u32(14, true))) return readBmp(view);
  switch (bmffKind(view)) {
    case "avif":
      return readBmff(view, "avif");
    case "heic":
      return readBmff(view, "heic");
    case "other":
    case null:
      return refuse(isOtherImage(view) ? "unsupported_format" : "not_an_image");
  }
}

const BMP_HEADERS = new Set([12, 40, 52, 56, 64, 108, 124]);

/** Formats that are pictures, but that no door of this package reads. */
function isOtherImage(view: ByteView): boolean {
  const tag = view.tag(0);
  if (view.u16(0) === 0xff0a || view.tag(4) === "JXL ") return true; // JPEG XL
  if (view.tag(4) === "jP  " || view.u32(0) === 0xff4fff51) return true; // JPEG 2000
  if (tag === "8BPS") return true; // Photoshop
  if (tag === "\0\0\x01\0" && view.u8(4) > 0) return true; // Icon
  if (tag === "qoif" || tag === "DDS ") return true;
  return /^(\xef\xbb\xbf)?\s*(<\?xml|<!--|<svg)/.test(view.text(0, Math.min(64, view.length)))
    ? /<svg[\s>]/.test(view.text(0, Math.min(TEXT_SEARCH_BYTES, view.length)))
    : false;
}
