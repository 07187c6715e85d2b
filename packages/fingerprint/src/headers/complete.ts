/**
 * Whether a file goes on to its own end. Browsers show a cut-off JPEG or PNG as far as it goes, and a hash of half a
 * picture would be a wrong one; so the browser door asks here first. (In Node the decoder itself refuses.)
 */
import { ByteView, type ImageFormat } from "./header.ts";

/** True if the file's last part is there. Only structure is looked at, not checksums. For formats whose header
 * reader has checked the length already (GIF, WebP, BMP), and for TIFF, the answer is always true. */
export function isComplete(bytes: Uint8Array, format: ImageFormat): boolean {
  switch (format) {
    case "jpeg":
      return jpegReachesEnd(bytes);
    case "png":
      return pngReachesEnd(new ByteView(bytes));
    case "avif":
    case "heic":
      return boxesReachEnd(new ByteView(bytes));
    case "gif":
    case "webp":
    case "bmp":
    case "tiff":
      return true;
  }
}

/** ITU-T T.81, B.1.1: marker segments, and behind each start of scan its data, up to the end-of-image marker. */
function jpegReachesEnd(bytes: Uint8Array): boolean {
  let at = 2;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return false;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xd9) return true;
    if (marker === 0xff) {
      at += 1;
    } else if (marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2; // A stuffed byte of scan data, or a marker without a length
    } else {
      at += 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
    }
  }
}

function pngReachesEnd(view: ByteView): boolean {
  for (let at = 8; ;) {
    const length = view.u32(at);
    if (length < 0) return false;
    if (view.tag(at + 4) === "IEND") return at + 12 <= view.length;
    at += 12 + length;
  }
}

function boxesReachEnd(view: ByteView): boolean {
  let at = 0;
  while (at + 8 <= view.length) {
    const size = view.u32(at);
    if (size === 0) return true; // To the end of the file, by definition
    const whole = size === 1 ? view.u32(at + 8) * 2 ** 32 + view.u32(at + 12) : size;
    if (whole < 8) return false;
    at += whole;
  }
  return at <= view.length;
}
