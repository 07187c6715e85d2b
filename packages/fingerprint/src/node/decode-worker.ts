/**
 * Worker thread that decodes HEIC and BMP: both decoders run to their end without pause, so only a thread of its own
 * can be stopped. It answers each message with one `WorkerAnswer`, in order.
 */
import { createRequire } from "node:module";
import { parentPort } from "node:worker_threads";
import { decode as decodeBmp } from "bmp-ts";
import { type ShrunkPicture, createAreaShrink } from "../core/shrink.ts";
import { decodeHeif } from "../heif.ts";
import type { FingerprintErrorCode } from "../types.ts";

export interface WorkerTask {
  readonly format: "heic" | "bmp";
  readonly bytes: Uint8Array;
  readonly maxPixels: number;
  /** The picture is also wanted as local hashes are searched in. */
  readonly withLocal: boolean;
}

export type WorkerAnswer =
  | { readonly ok: true; readonly width: number; readonly height: number; readonly picture: ShrunkPicture }
  | { readonly ok: false; readonly code: FingerprintErrorCode };

if (parentPort === null) throw new TypeError("decode-worker: expected to run as a worker thread");
const port = parentPort;

port.on("message", (task: WorkerTask) => {
  void run(task)
    .catch((): WorkerAnswer => ({ ok: false, code: "image_damaged" }))
    .then((answer) => port.postMessage(answer));
});

async function run({ format, bytes, maxPixels, withLocal }: WorkerTask): Promise<WorkerAnswer> {
  const picture = format === "bmp" ? readBmp(bytes) : await readHeic(bytes, maxPixels);
  if ("ok" in picture) return picture;
  const { width, height, data } = picture;
  const shrink = createAreaShrink(width, height, 4, withLocal);
  shrink.push(data);
  return { ok: true, width, height, picture: shrink.result() };
}

interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Offset of the alpha mask in a BITMAPV4HEADER or later, from the file's start. */
const ALPHA_MASK_AT = 66;

function readBmp(bytes: Uint8Array): Rgba {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { width, height, data } = decodeBmp(buffer, { toRGBA: true });
  // Only version 4 headers can say that the fourth byte is alpha; elsewhere it is padding, mostly zero.
  const hasAlpha =
    buffer.readUInt32LE(14) >= 108 && buffer.readUInt32LE(30) === 3 && buffer.readUInt32LE(ALPHA_MASK_AT) !== 0;
  if (!hasAlpha) for (let at = 3; at < data.length; at += 4) data[at] = 255;
  return { width, height: Math.abs(height), data };
}

async function readHeic(bytes: Uint8Array, maxPixels: number): Promise<Rgba | WorkerAnswer> {
  // The build of libheif for Node compiles its WebAssembly at once, in this thread.
  const libheif: unknown = createRequire(import.meta.url)("libheif-js/wasm-bundle");
  return decodeHeif(libheif, bytes, maxPixels);
}
