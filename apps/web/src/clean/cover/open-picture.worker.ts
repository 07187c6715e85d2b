/** Decodes a picture, upright and smaller, so that parts of it can be marked. */
import { readHeader } from "@recourse/fingerprint/header";
import type { OpenOutcome, OpenTask } from "./open-messages.ts";

/** What is covered later is decoded anew, with four bytes a pixel several times over: no more than this. */
const MAX_PIXELS = 50_000_000;
const MAX_BYTES = 128 << 20;
/** Longest side of what is shown. */
const PREVIEW_PX = 1600;
const failed = (code: Extract<OpenOutcome, { ok: false }>["code"]): OpenOutcome => ({ ok: false, code });

const open = async (file: Blob): Promise<OpenOutcome> => {
  if (file.size > MAX_BYTES) return failed("file_too_large");
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (bytes === undefined) return failed("file_unreadable");
  // The size is checked before any decoder allocates.
  const outcome = readHeader(new Uint8Array(bytes));
  if (!outcome.ok) return failed(outcome.code === "image_damaged" ? "image_damaged" : "unsupported_format");
  if (outcome.header.width * outcome.header.height > MAX_PIXELS) return failed("too_many_pixels");
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (picture === undefined) return failed("unsupported_format");
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

self.onmessage = async ({ data: { file } }: MessageEvent<OpenTask>) => {
  // Whatever else goes wrong comes from memory: decoding and drawing are the browser's.
  const outcome = await open(file).catch(() => failed("too_many_pixels"));
  self.postMessage(outcome, { transfer: outcome.ok ? [outcome.preview] : [] });
};
