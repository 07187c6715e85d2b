/** WebP (RFC 9649): canvas from VP8X, VP8 or VP8L, frames by counting ANMF chunks. */
import { type ByteView, type HeaderOutcome, damagedAt, headerOf } from "./header.ts";

const u24 = (view: ByteView, at: number): number => {
  const low = view.u16(at, true);
  const high = view.u8(at + 2);
  return low < 0 || high < 0 ? -1 : low + high * 65536;
};

interface Size {
  readonly width: number;
  readonly height: number;
  readonly alpha: boolean;
}

/** Size a bitstream chunk states, or null if its header is not one (RFC 6386 section 9.1; RFC 9649 section 3.4). */
function bitstreamSize(view: ByteView, type: string, at: number): Size | null {
  if (type === "VP8 ") {
    if (view.u8(at + 3) !== 0x9d || view.u8(at + 4) !== 0x01 || view.u8(at + 5) !== 0x2a) return null;
    const width = view.u16(at + 6, true);
    const height = view.u16(at + 8, true);
    return height < 0 ? null : { width: width & 0x3fff, height: height & 0x3fff, alpha: false };
  }
  const bits = view.u32(at + 1, true);
  if (view.u8(at) !== 0x2f || bits < 0) return null;
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, alpha: (bits & 0x1000_0000) !== 0 };
}

export function readWebp(view: ByteView): HeaderOutcome {
  const riffBytes = view.u32(4, true);
  // A cut file is damaged even where its header is whole; bytes behind the RIFF chunk are not ours.
  if (riffBytes < 0 || riffBytes + 8 > view.length) return damagedAt(view.length);
  const end = riffBytes + 8;
  let width = 0;
  let height = 0;
  let frames = 0;
  let mayHaveAlpha = false;
  for (let at = 12; at + 8 <= end;) {
    const type = view.tag(at);
    const length = view.u32(at + 4, true);
    const body = at + 8;
    if (body + length > end) return damagedAt(at);
    if (type === "VP8X") {
      if (length < 10) return damagedAt(at);
      width = Math.max(width, u24(view, body + 4) + 1);
      height = Math.max(height, u24(view, body + 7) + 1);
      mayHaveAlpha ||= (view.u8(body) & 0x10) !== 0;
    } else if (type === "VP8 " || type === "VP8L") {
      const size = bitstreamSize(view, type, body);
      if (size === null) return damagedAt(at);
      width = Math.max(width, size.width);
      height = Math.max(height, size.height);
      mayHaveAlpha ||= size.alpha;
      frames ||= 1;
    } else if (type === "ANMF") {
      frames++;
      mayHaveAlpha = true;
    }
    at = body + length + (length & 1);
  }
  if (frames === 0) return damagedAt(end);
  // EXIF in WebP may hold an orientation, but browsers do not follow it (seen in Chromium), so nobody sees it applied.
  const orientation = 1;
  return headerOf({ format: "webp", media: "image/webp", width, height, frames, mayHaveAlpha, orientation }, 12);
}
