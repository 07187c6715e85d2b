/** TIFF 6.0: size in the first image file directory (section 2), which is the page that is read. */
import { type ByteView, type HeaderOutcome, damagedAt, headerOf } from "./header.ts";

const IMAGE_WIDTH = 256;
const IMAGE_LENGTH = 257;
const EXTRA_SAMPLES = 338;

export function readTiff(view: ByteView): HeaderOutcome {
  const littleEndian = view.u8(0) === 0x49;
  const magic = view.u16(2, littleEndian);
  // BigTIFF: for files over 4 GiB, which are over the limit anyway.
  if (magic === 43) return { ok: false, code: "unsupported_format", offsetBytes: 2 };
  // Canon's raw files look like TIFF, but their first picture is a preview.
  if (view.text(8, 2) === "CR") return { ok: false, code: "unsupported_format", offsetBytes: 8 };
  const directory = view.u32(4, littleEndian);
  const entries = view.u16(directory, littleEndian);
  if (directory < 8 || entries < 1) return damagedAt(4);
  let width = 0;
  let height = 0;
  let mayHaveAlpha = false;
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + i * 12;
    const tag = view.u16(at, littleEndian);
    if (tag < 0) return damagedAt(at);
    // Type 3 is SHORT, 4 is LONG; the value lies in the entry itself.
    const short = view.u16(at + 2, littleEndian) === 3;
    const value = short ? view.u16(at + 8, littleEndian) : view.u32(at + 8, littleEndian);
    if (tag === IMAGE_WIDTH) width = value;
    if (tag === IMAGE_LENGTH) height = value;
    if (tag === EXTRA_SAMPLES) mayHaveAlpha = true;
  }
  return headerOf(
    { format: "tiff", media: "image/tiff", width, height, frames: 1, mayHaveAlpha, orientation: 0 },
    directory,
  );
}
