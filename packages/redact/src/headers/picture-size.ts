/**
 * The size a picture's header states, read before any decoder sees the file: a few bytes can claim a picture of
 * gigabytes. As stored, so for a turned picture width and height may be exchanged; their product is what counts.
 */

export type PictureFormat = "jpeg" | "png" | "gif" | "webp" | "bmp" | "heif";

export interface PictureSize {
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
}

/** Null if this is no picture in a format known here, `damaged` if it is one and says no size. */
export function pictureSize(bytes: Uint8Array): PictureSize | "damaged" | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  try {
    if (view.getUint16(0) === 0xffd8) return jpegSize(view);
    // PNG, third edition, 5.2 and 11.2.1.
    if (view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a) {
      return stated("png", view.getUint32(16), view.getUint32(20));
    }
    if (name(0) === "GIF8") return stated("gif", view.getUint16(6, true), view.getUint16(8, true));
    if (name(0) === "RIFF" && name(8) === "WEBP") return webpSize(view, name(12));
    if (name(0).startsWith("BM") && view.getUint32(14, true) >= 40) {
      return stated("bmp", Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true)));
    }
    if (name(4) === "ftyp" && /^(?:avi[fs]|hei[cfmsx]|hev[cmsx]|mif1|msf1|miaf)/u.test(name(8))) return heifSize(view);
    return null;
  } catch (error) {
    // A read beyond the end.
    if (error instanceof RangeError) return bytes.length < 12 ? null : "damaged";
    throw error;
  }
}

const stated = (format: PictureFormat, width: number, height: number): PictureSize | "damaged" =>
  width > 0 && height > 0 ? { format, width, height } : "damaged";

/** ITU-T T.81, B.2.2: the frame header, found by going from segment to segment. */
function jpegSize(view: DataView): PictureSize | "damaged" {
  let at = 2;
  for (;;) {
    while (view.getUint8(at) === 0xff && view.getUint8(at + 1) === 0xff) at++;
    if (view.getUint8(at) !== 0xff) return "damaged";
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return stated("jpeg", view.getUint16(at + 7), view.getUint16(at + 5));
    if (marker === 0xda || marker === 0xd9) return "damaged";
    at += 2 + view.getUint16(at + 2);
  }
}

/** RFC 9649, 2.5 to 2.7. */
function webpSize(view: DataView, chunk: string): PictureSize | "damaged" {
  const medium = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  if (chunk === "VP8X") return stated("webp", medium(24) + 1, medium(27) + 1);
  if (chunk === "VP8 ") return stated("webp", view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  if (chunk !== "VP8L") return "damaged";
  const bits = view.getUint32(21, true);
  return stated("webp", (bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
}

/** How far into a file its `ispe` boxes are looked for. */
const HEIF_HEAD_BYTES = 1_000_000;

/** ISO/IEC 23008-12, 6.5.3: the largest size that any item states, found by the box's name. */
function heifSize(view: DataView): PictureSize | "damaged" {
  let [width, height] = [0, 0];
  const last = Math.min(view.byteLength - 16, HEIF_HEAD_BYTES);
  for (let at = 8; at <= last; at++) {
    if (view.getUint32(at) !== 0x69737065) continue;
    const [across, down] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (across * down > width * height) [width, height] = [across, down];
  }
  return stated("heif", width, height);
}
