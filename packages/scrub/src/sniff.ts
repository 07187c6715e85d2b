/** Which format a file is, by its first bytes; its name is never looked at. */
import { latin1, startsWith, u16le, u32be } from "./core/bytes.ts";
import { isWebm } from "./mkv/header.ts";
import type { Format } from "./types.ts";

export const SNIFFED_BYTES = 4096;

const AVIF_BRANDS = new Set(["avif", "avis", "avio"]);
const HEIC_BRANDS = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"]);
const HEIF_BRANDS = new Set(["mif1", "mif2", "msf1", "mif3"]);
const MP4_BRAND =
  /^(?:isom|iso[2-9]|mp4[12v]|avc1|hvc1|M4V[ HP]|MSNV|dash|XAVC|FACE|ndx[ch]|NDXP|qt {2}|mp71|CAEP|heio|niko|gopr|SDV |dvp1|f4v )/u;

const sniffBoxes = (bytes: Uint8Array): Format => {
  const end = Math.min(bytes.length, u32be(bytes, 0), 8 + 4 * 64);
  const major = latin1(bytes, 8, 4);
  const brands = [major];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(latin1(bytes, at, 4));
  if (brands.some((brand) => AVIF_BRANDS.has(brand))) return "avif";
  // A video may name picture brands beside its own, so the first one decides.
  if (major === "qt  ") return "mov";
  if (major.startsWith("3g")) return "3gp";
  if (MP4_BRAND.test(major)) return "mp4";
  if (brands.some((brand) => HEIC_BRANDS.has(brand))) return "heic";
  if (brands.some((brand) => HEIF_BRANDS.has(brand))) return "heif";
  if (brands.some((brand) => MP4_BRAND.test(brand))) return "mp4";
  return "unknown";
};

const OLD_MOV_BOXES = new Set(["moov", "mdat", "wide", "free", "skip", "pnot"]);

/** "unknown" for everything else, whatever it is called. */
export const sniff = (bytes: Uint8Array): Format => {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "jpeg";
  if (startsWith(bytes, "\u0089PNG\r\n\u001a\n")) return "png";
  if (startsWith(bytes, "GIF87a") || startsWith(bytes, "GIF89a")) return "gif";
  if (startsWith(bytes, "RIFF") && startsWith(bytes, "WEBP", 8)) return "webp";
  if (startsWith(bytes, "ftyp", 4)) return sniffBoxes(bytes);
  if (OLD_MOV_BOXES.has(latin1(bytes, 4, 4))) return "mov";
  if (
    startsWith(bytes, "II*\0") ||
    startsWith(bytes, "MM\0*") ||
    startsWith(bytes, "II+\0") ||
    startsWith(bytes, "MM\0+")
  )
    return "tiff";
  if (startsWith(bytes, "\u001aE\u00df\u00a3")) return isWebm(bytes) ? "webm" : "mkv";
  if (startsWith(bytes, "BM") && bytes.length >= 26 && u16le(bytes, 14) >= 12 && u16le(bytes, 14) <= 124) return "bmp";
  if (startsWith(bytes, "%PDF-") || latin1(bytes, 0, 1024).includes("%PDF-")) return "pdf";
  if (startsWith(bytes, "\u00ff\n") || startsWith(bytes, "\0\0\0\u000cJXL \r\n\u0087\n")) return "jxl";
  return isSvg(bytes) ? "svg" : "unknown";
};

/** In UTF-8 or UTF-16: what is text begins as XML does, and soon comes to its root. */
const isSvg = (bytes: Uint8Array): boolean => {
  const isUtf16 = startsWith(bytes, "\u00ff\u00fe<\0") || startsWith(bytes, "\u00fe\u00ff\0<");
  const text = isUtf16 ? latin1(bytes).slice(2).replaceAll("\0", "") : latin1(bytes);
  return (
    /^[\s\u00ef\u00bb\u00bf]*<(?:\?xml|!--|!DOCTYPE|(?:[\w.-]{1,100}:)?svg[\s/>])/u.test(text.slice(0, 256)) &&
    /<(?:[\w.-]{1,100}:)?svg[\s/>]/u.test(text)
  );
};
