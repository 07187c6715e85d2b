/** Size and colours of a JPEG by its frame header (ITU-T T.81, B.2.2). */
import { u16be } from "../core/bytes.ts";

export interface JpegFacts {
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

/** What stands before the frame of a cleaned JPEG: tables and a profile of many pieces at most. */
const MAX_SEGMENTS = 400;

/** Null if there is no such header. `read` answers bytes of the JPEG, fewer at its end. */
export const jpegFacts = async (
  read: (from: number, length: number) => Promise<Uint8Array>,
): Promise<JpegFacts | null> => {
  for (let at = 2, count = 0; count < MAX_SEGMENTS; count += 1) {
    const head = await read(at, 10);
    const marker = head[1] ?? 0;
    if (head[0] !== 0xff || marker < 0xc0 || marker === 0xda || u16be(head, 2) < 2) return null;
    // C4, C8 and CC are no frames.
    if (marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { height: u16be(head, 5), width: u16be(head, 7), components: head[9] ?? 0 };
    at += 2 + u16be(head, 2);
  }
  return null;
};
