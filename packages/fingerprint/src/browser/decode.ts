/** Decodes a file in a worker of a page: to a shrunk picture, and the later frames of an animation. */
import { type ShrunkPicture, createAreaShrink } from "../core/shrink.ts";
import { orientationSwapsSides } from "../core/orient.ts";
import { framesToRead } from "../frames.ts";
import type { Header } from "../headers/header.ts";
import { decodeHeif } from "../heif.ts";
import type { Limits } from "../limits.ts";
import { readStrips } from "./canvas-strips.ts";
import { FingerprintFailure } from "../failure.ts";

export interface DecodedPicture {
  /** Of the upright picture, before any shrinking. */
  readonly width: number;
  readonly height: number;
  /** EXIF value still to be applied to `picture`. */
  readonly orientation: number;
  readonly picture: ShrunkPicture;
}

type OnFraction = (fraction: number) => void;

/** The picture (of an animation, its first frame). `bytes` are the file's. */
export async function decodePicture(
  file: Blob,
  bytes: Uint8Array<ArrayBuffer>,
  header: Header,
  limits: Limits,
  withLocal: boolean,
  onFraction: OnFraction,
): Promise<DecodedPicture> {
  if (header.format === "heic") return decodeHeic(bytes, limits, withLocal);
  // The frame decoder leaves orientation to whoever shows the frame, so it must be known.
  if (header.mayHaveAlpha && header.orientation !== 0) {
    const decoder = await imageDecoder(bytes, header);
    if (decoder !== null) {
      try {
        return await readUnpremultiplied(decoder, header.orientation, limits, withLocal, onFraction);
      } finally {
        decoder.close();
      }
    }
  }
  const bitmap = await createImageBitmap(file).catch((error: unknown) => {
    // Most browsers don't read TIFF; all of them read the other formats that come this far.
    throw new FingerprintFailure(header.format === "tiff" ? "unsupported_format" : "image_damaged", error);
  });
  try {
    const { width, height } = bitmap;
    if (width * height > limits.pixels) throw new FingerprintFailure("too_many_pixels");
    return { width, height, orientation: 1, picture: shrinkDrawn(bitmap, width, height, withLocal, onFraction) };
  } finally {
    bitmap.close();
  }
}

/** Later frames of an animation, where the browser can decode them one by one; none elsewhere. */
export async function* decodeLaterFrames(
  bytes: Uint8Array<ArrayBuffer>,
  header: Header,
): AsyncGenerator<{ readonly index: number; readonly picture: ShrunkPicture }> {
  if (header.frames < 2) return;
  const decoder = await imageDecoder(bytes, header);
  if (decoder === null) return;
  try {
    // The browser's own count is the one its indices go by.
    await decoder.tracks.ready;
    const frames = decoder.tracks.selectedTrack?.frameCount ?? 1;
    for (const index of framesToRead(frames)) {
      if (index === 0) continue;
      const { image } = await decoder.decode({ frameIndex: index }).catch((error: unknown) => {
        throw new FingerprintFailure("image_damaged", error);
      });
      try {
        yield { index, picture: await shrinkFrame(image, false, () => undefined) };
      } finally {
        image.close();
      }
    }
  } finally {
    decoder.close();
  }
}

/** The browser's frame decoder (WebCodecs), or null where it is missing or does not know the format. */
async function imageDecoder(bytes: Uint8Array<ArrayBuffer>, header: Header): Promise<ImageDecoder | null> {
  if (typeof ImageDecoder === "undefined" || header.format === "bmp") return null;
  if (!(await ImageDecoder.isTypeSupported(header.media))) return null;
  return new ImageDecoder({ data: bytes, type: header.media, preferAnimation: header.frames > 1 });
}

/**
 * A picture with transparency: a canvas stores colours multiplied by alpha, which loses those under transparent
 * pixels, and the hash that ignores alpha needs them. The frame decoder hands them out as they are.
 */
async function readUnpremultiplied(
  decoder: ImageDecoder,
  orientation: number,
  limits: Limits,
  withLocal: boolean,
  onFraction: OnFraction,
): Promise<DecodedPicture> {
  const { image } = await decoder.decode().catch((error: unknown) => {
    throw new FingerprintFailure("image_damaged", error);
  });
  try {
    const stored = image.visibleRect ?? { width: image.codedWidth, height: image.codedHeight };
    if (stored.width * stored.height > limits.pixels) throw new FingerprintFailure("too_many_pixels");
    const swap = orientationSwapsSides(orientation);
    return {
      width: swap ? stored.height : stored.width,
      height: swap ? stored.width : stored.height,
      orientation,
      picture: await shrinkFrame(image, withLocal, onFraction),
    };
  } finally {
    image.close();
  }
}

/** Rows of a frame copied at once. */
const COPY_ROWS = 256;

async function shrinkFrame(frame: VideoFrame, withLocal: boolean, onFraction: OnFraction): Promise<ShrunkPicture> {
  const {
    x: left,
    y: top,
    width,
    height,
  } = frame.visibleRect ?? new DOMRect(0, 0, frame.codedWidth, frame.codedHeight);
  // Formats other than plain RGB (AVIF's) are converted by drawing them.
  const order = frame.format === "RGBA" || frame.format === "RGBX" ? 0 : frame.format?.startsWith("BGR") ? 2 : -1;
  if (order < 0) return shrinkDrawn(frame, width, height, withLocal, onFraction);
  const shrink = createAreaShrink(width, height, 4, withLocal);
  const rows = new Uint8Array(width * COPY_ROWS * 4);
  for (let y = 0; y < height; y += COPY_ROWS) {
    const count = Math.min(COPY_ROWS, height - y);
    await frame.copyTo(rows, { rect: { x: left, y: top + y, width, height: count } });
    const used = rows.subarray(0, width * count * 4);
    if (order === 2) swapRedAndBlue(used);
    if (frame.format?.endsWith("X")) for (let at = 3; at < used.length; at += 4) used[at] = 255;
    shrink.push(used);
    onFraction((y + count) / height);
  }
  return shrink.result();
}

function swapRedAndBlue(rgba: Uint8Array): void {
  for (let at = 0; at < rgba.length; at += 4) {
    const blue = rgba[at] ?? 0;
    rgba[at] = rgba[at + 2] ?? 0;
    rgba[at + 2] = blue;
  }
}

function shrinkDrawn(
  source: ImageBitmap | VideoFrame,
  width: number,
  height: number,
  withLocal: boolean,
  onFraction: OnFraction,
): ShrunkPicture {
  const shrink = createAreaShrink(width, height, 4, withLocal);
  readStrips(source, width, height, (rows, rowsDone) => {
    shrink.push(rows);
    onFraction(rowsDone / height);
  });
  return shrink.result();
}

async function decodeHeic(bytes: Uint8Array, limits: Limits, withLocal: boolean): Promise<DecodedPicture> {
  // 2 MB that only those load who choose a HEIC file.
  const { default: load } = await import("libheif-js/libheif-wasm/libheif-bundle.mjs");
  const outcome = await decodeHeif(await load(), bytes, limits.pixels);
  if ("ok" in outcome) throw new FingerprintFailure(outcome.code);
  const { width, height, data } = outcome;
  const shrink = createAreaShrink(width, height, 4, withLocal);
  shrink.push(data);
  return { width, height, orientation: 1, picture: shrink.result() };
}
