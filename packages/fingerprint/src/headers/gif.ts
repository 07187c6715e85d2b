/** GIF89a: logical screen (section 18) and number of image descriptors (20), found by walking every block. */
import { type ByteView, type HeaderOutcome, damagedAt, headerOf } from "./header.ts";

const colourTableBytes = (flags: number): number => ((flags & 0x80) !== 0 ? 3 << ((flags & 7) + 1) : 0);

/** Offset behind a chain of sub-blocks (section 15), or -1 if it is cut off. */
function skipSubBlocks(view: ByteView, start: number): number {
  let at = start;
  for (;;) {
    const size = view.u8(at);
    if (size < 0) return -1;
    at += 1 + size;
    if (size === 0) return at;
  }
}

export function readGif(view: ByteView): HeaderOutcome {
  let width = view.u16(6, true);
  let height = view.u16(8, true);
  const flags = view.u8(10);
  if (width < 0 || height < 0 || flags < 0) return damagedAt(6);
  let at = 13 + colourTableBytes(flags);
  let frames = 0;
  for (;;) {
    const introducer = view.u8(at);
    // A file that ends between blocks only lacks its trailer; viewers show it.
    if (introducer === 0x3b || (introducer < 0 && frames > 0)) break;
    if (introducer === 0x21) {
      at = skipSubBlocks(view, at + 2);
    } else if (introducer === 0x2c) {
      const right = view.u16(at + 1, true) + view.u16(at + 5, true);
      const bottom = view.u16(at + 3, true) + view.u16(at + 7, true);
      const local = view.u8(at + 9);
      if (local < 0) return damagedAt(at);
      // A first frame that leaves the screen makes decoders enlarge the screen.
      width = Math.max(width, right);
      height = Math.max(height, bottom);
      frames++;
      at = skipSubBlocks(view, at + 11 + colourTableBytes(local));
    } else if (frames > 0) {
      break; // Something that is no block behind the last frame: decoders stop there too.
    } else {
      return damagedAt(at);
    }
    if (at < 0) return damagedAt(view.length);
  }
  if (frames === 0) return damagedAt(at);
  return headerOf({ format: "gif", media: "image/gif", width, height, frames, mayHaveAlpha: true, orientation: 1 }, 6);
}
