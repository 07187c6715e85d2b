/** A picture's file to upright pixels, by the browser's own decoder. */
import { pictureSize } from "../headers/picture-size.ts";
import { readableCanvas, readPixels } from "./canvas.ts";
import { DoorFailure } from "./codes.ts";

export interface PictureLimits {
  /** Size of the file. */
  readonly bytes: number;
  /** Pixels of the picture; four bytes each are needed three times over. */
  readonly pixels: number;
}

export const DEFAULT_PICTURE_LIMITS: PictureLimits = { bytes: 256 * 1024 * 1024, pixels: 100_000_000 };

/** As an <img> shows it: turned by its orientation, the first picture of an animation, colours converted to sRGB. */
export async function decodeUpright(file: Blob, limits: PictureLimits): Promise<ImageBitmap> {
  if (file.size === 0) throw new DoorFailure("empty_file");
  if (file.size > limits.bytes) throw new DoorFailure("file_too_large");
  const bytes = await file.arrayBuffer().catch((error: unknown) => {
    throw new DoorFailure("file_unreadable", error);
  });
  const size = pictureSize(new Uint8Array(bytes));
  if (size === null) throw new DoorFailure("not_an_image");
  if (size === "damaged") throw new DoorFailure("image_damaged");
  if (size.width * size.height > limits.pixels) throw new DoorFailure("too_many_pixels");
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch((error: unknown) => {
    // Most browsers don't read HEIC; all of them read the others.
    throw new DoorFailure(size.format === "heif" ? "unsupported_format" : "image_damaged", error);
  });
  if (bitmap.width * bitmap.height > limits.pixels) {
    bitmap.close();
    throw new DoorFailure("too_many_pixels");
  }
  return bitmap;
}

/** Its pixels, and the canvas they were read from, to be used again. Closes the bitmap. */
export function takePixels(bitmap: ImageBitmap): {
  readonly context: OffscreenCanvasRenderingContext2D;
  readonly pixels: ImageData;
} {
  const { width, height } = bitmap;
  try {
    const context = readableCanvas(width, height);
    context.drawImage(bitmap, 0, 0);
    return { context, pixels: readPixels(context, width, height) };
  } finally {
    bitmap.close();
  }
}
