/** JPEG, PNG, GIF, WebP, AVIF and TIFF through sharp (libvips). Header limits are checked before this is called. */
import sharp, { type Metadata, type Sharp, type SharpOptions } from "sharp";
import {
  createAreaShrink,
  hashedSize,
  localSize,
  type RgbRows,
  type ShrunkPicture,
  type Size,
} from "../core/shrink.ts";
import { orientationSwapsSides } from "../core/orient.ts";
import { framesAtOnce, framesToRead } from "../frames.ts";
import type { Header } from "../headers/header.ts";
import type { Limits } from "../limits.ts";
import { FingerprintFailure } from "../failure.ts";

// One thread a picture: libvips' own threads add CPU time (about a tenth for a JPEG) and a tile buffer each; several
// pictures at once already run side by side on libuv's threads. No cache: no two requests share a picture, and
// libvips would keep up to 50 MB of them.
sharp.concurrency(1);
sharp.cache(false);

/** Decoded at once at most, so that a picture's RGBA takes at most 128 MB; larger ones are read in bands of rows. */
const BAND_PIXELS = 32_000_000;

export interface DecodedFrame {
  readonly index: number;
  readonly picture: ShrunkPicture;
}

export interface Decoded {
  /** Of the upright picture, before any shrinking. */
  readonly width: number;
  readonly height: number;
  /** EXIF value still to be applied to `picture` and `frames`. */
  readonly orientation: number;
  readonly picture: ShrunkPicture;
  /** Later frames, decoded as they are asked for. */
  readonly laterFrames: AsyncIterable<DecodedFrame>;
}

/** `withLocal`: the picture is also wanted as local hashes are searched in. */
export async function decodeWithSharp(
  bytes: Uint8Array,
  header: Header,
  limits: Limits,
  withLocal: boolean,
): Promise<Decoded> {
  const deadline = Date.now() + limits.timeoutMs;
  const options: SharpOptions = {
    limitInputPixels: limits.pixels,
    // Cut-off and broken data fail; the mere warnings that many cameras' files give do not.
    failOn: "error",
  };
  const open = (more: SharpOptions = {}): Sharp => {
    const seconds = Math.ceil((deadline - Date.now()) / 1000);
    if (seconds < 1) throw new FingerprintFailure("decode_timeout");
    return sharp(bytes, { ...options, ...more }).timeout({ seconds });
  };
  const meta = await attempt(() => open().metadata());
  const { width, height } = meta;
  if (width * height > limits.pixels) throw new FingerprintFailure("too_many_pixels");
  // 0: the header does not settle it, and libvips knows (for AVIF and HEIC it has turned the picture already).
  const orientation = header.orientation === 0 ? (meta.orientation ?? 1) : header.orientation;
  const swap = orientationSwapsSides(orientation);
  const picture =
    (await decodeShrunkJpeg(open, header, width, height, withLocal)) ?? (await decodeInBands(open, meta, withLocal));
  return {
    width: swap ? height : width,
    height: swap ? width : height,
    orientation,
    picture,
    laterFrames: laterFrames(open, header, meta),
  };
}

/** Runs a decode and turns what the decoder says into our codes. */
async function attempt<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof FingerprintFailure) throw error;
    const message = error instanceof Error ? error.message : "";
    if (/^timeout/i.test(message)) throw new FingerprintFailure("decode_timeout", error);
    if (/exceeds pixel limit/i.test(message)) throw new FingerprintFailure("too_many_pixels", error);
    if (/unsupported|not supported/i.test(message)) throw new FingerprintFailure("unsupported_format", error);
    throw new FingerprintFailure("image_damaged", error);
  }
}

/** Eight-bit sRGB rows: three channels, or four where there is alpha. CMYK and other profiles are converted. */
async function rawRows(picture: Sharp, hasAlpha: boolean): Promise<{ data: Uint8Array; channels: 3 | 4 }> {
  const srgb = picture.toColourspace("srgb");
  const rows = hasAlpha ? srgb.ensureAlpha() : srgb.removeAlpha();
  const { data, info } = await attempt(() => rows.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true }));
  if (info.channels !== (hasAlpha ? 4 : 3)) throw new FingerprintFailure("unsupported_format");
  return { data, channels: hasAlpha ? 4 : 3 };
}

/**
 * JPEG scaled while it is decoded (libjpeg's DCT scaling by 4 or 8) and brought by libvips to the very size that other
 * pictures are averaged to; null where that is not possible. sharp scales by the largest of these that leaves its own
 * filter a little to do: it decodes at 1/4 when asked for 1/5 or less, at 1/8 when asked for 1/9 or less.
 *
 * Local hashes are searched in another size, so for both the picture is first made just large enough, in its own shape.
 * Cubic filters blur less than linear ones, which such hashes feel and PDQ does not: docs/recognition.md.
 */
async function decodeShrunkJpeg(
  open: () => Sharp,
  header: Header,
  width: number,
  height: number,
  withLocal: boolean,
): Promise<ShrunkPicture | null> {
  if (header.format !== "jpeg") return null;
  const size = hashedSize(width, height);
  if (Math.min(width / size.width, height / size.height) < 5) return null;
  if (!withLocal) return { ...(await resized(open(), size, "linear")), onWhite: null };
  const inside = localSize(width, height);
  const scale = Math.max(size.width / width, size.height / height, inside.width / width);
  const enough = { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
  const { rgb } = await resized(open(), enough, "cubic");
  const again = (): Sharp => sharp(rgb, { raw: { ...enough, channels: 3 } });
  const local = await resized(again(), inside, "cubic");
  return { ...(await resized(again(), size, "linear")), onWhite: null, local };
}

async function resized(picture: Sharp, size: Size, kernel: "linear" | "cubic"): Promise<RgbRows> {
  const { data } = await rawRows(picture.resize({ ...size, fit: "fill", kernel }), false);
  return { width: size.width, height: size.height, rgb: data };
}

async function decodeInBands(
  open: (more?: SharpOptions) => Sharp,
  meta: Metadata,
  withLocal: boolean,
): Promise<ShrunkPicture> {
  const { width, height, hasAlpha } = meta;
  const shrink = createAreaShrink(width, height, hasAlpha ? 4 : 3, withLocal);
  const bandRows = Math.max(1, Math.floor(BAND_PIXELS / width));
  for (let top = 0; top < height; top += bandRows) {
    const rows = Math.min(bandRows, height - top);
    const band = rows === height ? open() : open().extract({ left: 0, top, width, height: rows });
    shrink.push((await rawRows(band, hasAlpha)).data);
  }
  return shrink.result();
}

/** Frames after the first, a few decoded at a time, so that memory holds one batch and not the animation. */
async function* laterFrames(
  open: (more?: SharpOptions) => Sharp,
  header: Header,
  meta: Metadata,
): AsyncGenerator<DecodedFrame> {
  const frames = meta.pages ?? 1;
  if (frames < 2 || (header.format !== "gif" && header.format !== "webp")) return;
  const { width, height, hasAlpha } = meta;
  const channels = hasAlpha ? 4 : 3;
  const wanted = new Set(framesToRead(frames));
  const batch = framesAtOnce(width * height);
  for (let page = 0; page < frames; page += batch) {
    const pages = Math.min(batch, frames - page);
    const { data } = await rawRows(open({ page, pages }), hasAlpha);
    for (let i = 0; i < pages; i++) {
      if (page + i === 0 || !wanted.has(page + i)) continue;
      const shrink = createAreaShrink(width, height, channels);
      const frameBytes = width * height * channels;
      shrink.push(data.subarray(i * frameBytes, (i + 1) * frameBytes));
      yield { index: page + i, picture: shrink.result() };
    }
  }
}
