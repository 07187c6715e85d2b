/** BMP: size in the BITMAPCOREHEADER (12 bytes) or BITMAPINFOHEADER and its successors (40 bytes and more). */
import { type ByteView, type HeaderOutcome, damagedAt, headerOf } from "./header.ts";

export function readBmp(view: ByteView): HeaderOutcome {
  const headerBytes = view.u32(14, true);
  const core = headerBytes === 12;
  const width = core ? view.u16(18, true) : view.u32(18, true) | 0;
  // A negative height means rows from the top.
  const height = core ? view.u16(20, true) : Math.abs(view.u32(22, true) | 0);
  const bitsPerPixel = view.u16(core ? 24 : 28, true);
  if (bitsPerPixel < 0) return damagedAt(view.length);
  const compression = core ? 0 : view.u32(30, true);
  if (compression < 0) return damagedAt(30);
  const pixelsAt = view.u32(10, true);
  // Uncompressed rows are padded to 4 bytes: a file that is shorter is cut off.
  if (compression === 0 || compression === 3) {
    const rowBytes = Math.ceil((width * bitsPerPixel) / 32) * 4;
    if (pixelsAt + rowBytes * height > view.length) return damagedAt(view.length);
  }
  return headerOf(
    { format: "bmp", media: "image/bmp", width, height, frames: 1, mayHaveAlpha: bitsPerPixel === 32, orientation: 1 },
    18,
  );
}
