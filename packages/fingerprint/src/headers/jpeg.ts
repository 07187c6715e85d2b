/** JPEG (ITU-T T.81): the frame header's size, found by walking the marker segments (B.1.1, B.2.2). */
import { type ByteView, type HeaderOutcome, damagedAt, headerOf } from "./header.ts";

export function readJpeg(view: ByteView): HeaderOutcome {
  let at = 2;
  for (;;) {
    // Fill bytes before a marker are allowed (B.1.1.2); other bytes there are what some cameras leave: skip them.
    while (at < view.length && view.u8(at) !== 0xff) at++;
    while (view.u8(at) === 0xff) at++;
    const marker = view.u8(at++);
    if (marker < 0) return damagedAt(at);
    if (marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    // A scan or the end before any frame header.
    if (marker === 0xda || marker === 0xd9) return damagedAt(at);
    const length = view.u16(at);
    if (length < 2) return damagedAt(at);
    // SOF0 to SOF15, without DHT (C4), JPG (C8) and DAC (CC).
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      const height = view.u16(at + 3);
      const width = view.u16(at + 5);
      if (view.u8(at + 7) < 1) return damagedAt(at);
      return headerOf(
        { format: "jpeg", media: "image/jpeg", width, height, frames: 1, mayHaveAlpha: false, orientation: 0 },
        at,
      );
    }
    at += length;
  }
}
