/** HEIC through libheif-js, which each door loads in its own way: the primary picture, turned upright by libheif. */
import type { FingerprintErrorCode } from "./types.ts";

/** The part of libheif-js that is used. */
interface HeifImage {
  get_width(): number;
  get_height(): number;
  is_primary(): boolean;
  display(
    target: { data: Uint8ClampedArray; width: number; height: number },
    done: (result: object | null) => void,
  ): void;
  free(): void;
}

interface LibHeif {
  readonly HeifDecoder: new () => { decode(bytes: Uint8Array): readonly HeifImage[]; readonly decoder: unknown };
  heif_context_free(context: unknown): void;
}

export type HeifOutcome =
  | { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }
  | { readonly ok: false; readonly code: FingerprintErrorCode };

/** Decodes to RGBA rows. `library` is what libheif-js answers once it is ready. */
export async function decodeHeif(library: unknown, bytes: Uint8Array, maxPixels: number): Promise<HeifOutcome> {
  // The cast: libheif-js has no types for this part of itself.
  const libheif = library as LibHeif;
  const decoder = new libheif.HeifDecoder();
  const images = decoder.decode(bytes);
  try {
    const image = images.find((candidate) => candidate.is_primary()) ?? images[0];
    if (image === undefined) return { ok: false, code: "image_damaged" };
    const width = image.get_width();
    const height = image.get_height();
    if (width * height > maxPixels) return { ok: false, code: "too_many_pixels" };
    const data = new Uint8ClampedArray(width * height * 4);
    const shown = await new Promise<object | null>((done) => image.display({ data, width, height }, done));
    return shown === null ? { ok: false, code: "image_damaged" } : { width, height, data };
  } finally {
    for (const image of images) image.free();
    // The library frees this only when the same decoder is used again.
    if (decoder.decoder) libheif.heif_context_free(decoder.decoder);
  }
}
