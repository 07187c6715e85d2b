/** Media types and endings of the formats that a clean copy may have. */
import type { Format } from "@recourse/scrub";

const FORMATS: Readonly<Record<Format, readonly [mediaType: string, ending: string]>> = {
  jpeg: ["image/jpeg", "jpg"],
  png: ["image/png", "png"],
  webp: ["image/webp", "webp"],
  gif: ["image/gif", "gif"],
  mp4: ["video/mp4", "mp4"],
  mov: ["video/quicktime", "mov"],
  "3gp": ["video/3gpp", "3gp"],
  heic: ["image/heic", "heic"],
  heif: ["image/heif", "heif"],
  avif: ["image/avif", "avif"],
  tiff: ["image/tiff", "tif"],
  mkv: ["video/x-matroska", "mkv"],
  webm: ["video/webm", "webm"],
  bmp: ["image/bmp", "bmp"],
  svg: ["image/svg+xml", "svg"],
  pdf: ["application/pdf", "pdf"],
  jxl: ["image/jxl", "jxl"],
  unknown: ["application/octet-stream", "bin"],
};

export const mediaTypeOf = (format: Format): string => FORMATS[format][0];
export const isVideo = (format: Format): boolean => mediaTypeOf(format).startsWith("video/");

/** Letters and digits that are not taken for one another. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const NAME_LENGTH = 10;

/** A name that says nothing: ten random letters and digits (49 bits), and the ending of the format. */
export const neutralName = (format: Format | "zip"): string => {
  const random = crypto.getRandomValues(new Uint32Array(NAME_LENGTH));
  const name = Array.from(random, (number) => LETTERS[number % LETTERS.length]).join("");
  return `${name}.${format === "zip" ? "zip" : FORMATS[format][1]}`;
};
