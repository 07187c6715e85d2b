/** Decodes a picture to mark parts of it, and writes it anew without them, on this device. */
import { readHeader } from "@recourse/fingerprint/header";
import { redactInPlace } from "@recourse/redact";
import type { CoverFailure, CoverOutcome, CoverTask, OpenOutcome } from "./cover-messages.ts";

/** Four bytes each, twice while the copy is written. */
const MAX_PIXELS = 50_000_000;
const MAX_BYTES = 128 << 20;
/** Longest side of what is shown. */
const PREVIEW_PX = 1600;
const JPEG_QUALITY = 0.92;
const ROWS = 512;

/** Formats without loss are written so again; all others as JPEG. */
const LOSSLESS = new Set(["png", "gif", "bmp"]);

const failed = (code: CoverFailure["code"]): CoverFailure => ({ ok: false, code });

/** The upright picture, its size checked before any decoder allocates. */
const decode = async (
  file: Blob,
): Promise<{ readonly ok: true; readonly picture: ImageBitmap; readonly isLossless: boolean } | CoverFailure> => {
  if (file.size > MAX_BYTES) return failed("too_many_pixels");
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (bytes === undefined) return failed("file_unreadable");
  const outcome = readHeader(new Uint8Array(bytes));
  if (!outcome.ok) return failed(outcome.code === "image_damaged" ? "image_damaged" : "unsupported_format");
  const { width, height, format } = outcome.header;
  if (width * height > MAX_PIXELS) return failed("too_many_pixels");
  try {
    return { ok: true, picture: await createImageBitmap(file), isLossless: LOSSLESS.has(format) };
  } catch {
    return failed("unsupported_format");
  }
};

const open = async (file: Blob): Promise<OpenOutcome> => {
  const decoded = await decode(file);
  if (!decoded.ok) return decoded;
  const { picture } = decoded;
  const { width, height } = picture;
  const scale = Math.min(1, PREVIEW_PX / Math.max(width, height));
  const preview = await createImageBitmap(picture, {
    resizeWidth: Math.max(1, Math.round(width * scale)),
    resizeHeight: Math.max(1, Math.round(height * scale)),
    resizeQuality: "medium",
  });
  picture.close();
  return { ok: true, preview, width, height };
};

const cover = async (task: Extract<CoverTask, { work: "cover" }>): Promise<CoverOutcome> => {
  const decoded = await decode(task.file);
  if (!decoded.ok) return decoded;
  const { picture, isLossless } = decoded;
  const { width, height } = picture;
  const data = new Uint8ClampedArray(width * height * 4);
  const strip = new OffscreenCanvas(width, Math.min(ROWS, height)).getContext("2d", { willReadFrequently: true });
  if (strip === null) return failed("too_many_pixels");
  strip.globalCompositeOperation = "copy";
  for (let top = 0; top < height; top += ROWS) {
    const rows = Math.min(ROWS, height - top);
    strip.drawImage(picture, 0, top, width, rows, 0, 0, width, rows);
    data.set(strip.getImageData(0, 0, width, rows).data, top * width * 4);
  }
  picture.close();
  const { picture: output, coveredPixels } = redactInPlace({ width, height, data }, task.redaction);
  const canvas = new OffscreenCanvas(output.width, output.height);
  const context = canvas.getContext("2d", { alpha: false });
  // Phones refuse canvases that are too large for them.
  if (context === null) return failed("too_many_pixels");
  context.putImageData(new ImageData(output.data, output.width, output.height), 0, 0);
  const type = isLossless ? "image/png" : "image/jpeg";
  return { ok: true, file: await canvas.convertToBlob({ type, quality: JPEG_QUALITY }), coveredPixels };
};

self.onmessage = async ({ data: task }: MessageEvent<CoverTask>) => {
  // Whatever else goes wrong comes from memory: decoding and drawing are the browser's.
  if (task.work === "open") {
    const outcome = await open(task.file).catch(() => failed("too_many_pixels"));
    self.postMessage(outcome, { transfer: outcome.ok ? [outcome.preview] : [] });
  } else self.postMessage(await cover(task).catch(() => failed("too_many_pixels")));
};
