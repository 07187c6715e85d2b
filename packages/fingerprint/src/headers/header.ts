/** What a header reader answers. Readers look at no pixel data and allocate nothing that the file could choose. */

export type ImageFormat = "jpeg" | "png" | "gif" | "webp" | "avif" | "heic" | "tiff" | "bmp";

export interface Header {
  readonly format: ImageFormat;
  /** MIME type of the format. */
  readonly media: string;
  /** As stored, before any orientation is applied; of the largest picture the file can make a decoder hold. */
  readonly width: number;
  readonly height: number;
  /** Frames of an animation, 1 for a still picture. */
  readonly frames: number;
  /** False if the format's header rules transparency out. */
  readonly mayHaveAlpha: boolean;
  /** EXIF value that makes the stored picture upright; 0 where only the decoder knows (JPEG, TIFF, turned AVIF). */
  readonly orientation: number;
}

export type HeaderErrorCode = "empty_file" | "not_an_image" | "unsupported_format" | "image_damaged";

export type HeaderOutcome =
  | { readonly ok: true; readonly header: Header }
  /** `offsetBytes` is where reading stopped. */
  | { readonly ok: false; readonly code: HeaderErrorCode; readonly offsetBytes: number };

export const damagedAt = (offsetBytes: number): HeaderOutcome => ({ ok: false, code: "image_damaged", offsetBytes });

/** The header, unless a side is 0 or over what any of the formats can state. */
export function headerOf(header: Header, offsetBytes: number): HeaderOutcome {
  const sane = (side: number): boolean => Number.isSafeInteger(side) && side > 0 && side <= 0x7fff_ffff;
  return sane(header.width) && sane(header.height) ? { ok: true, header } : damagedAt(offsetBytes);
}

/** Big- or little-endian reads that answer -1 past the end, so that every reader handles cut files the same way. */
export class ByteView {
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.length = bytes.length;
  }

  u8(at: number): number {
    return this.#bytes[at] ?? -1;
  }

  u16(at: number, littleEndian = false): number {
    return at >= 0 && at + 2 <= this.length ? this.#view.getUint16(at, littleEndian) : -1;
  }

  u32(at: number, littleEndian = false): number {
    return at >= 0 && at + 4 <= this.length ? this.#view.getUint32(at, littleEndian) : -1;
  }

  /** Four characters as text; "" past the end. */
  tag(at: number): string {
    return this.text(at, 4);
  }

  /** Bytes as Latin-1 text; "" if they are not all there. */
  text(at: number, length: number): string {
    if (at < 0 || at + length > this.length) return "";
    return String.fromCharCode(...this.#bytes.subarray(at, at + length));
  }
}
