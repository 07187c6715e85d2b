/**
 * MPEG-4 and MPEG-2 video (ISO/IEC 14496-2, 6.2; 13818-2, 6.2.2.2.2): user data between start codes goes. Decoders look at
 * some encoders' names there to make up for their mistakes; without them, pictures would be others: those are refused.
 */
import { join, latin1 } from "../core/bytes.ts";
import { doubtful } from "../core/refuse.ts";
import { textOrSize } from "../text/decode.ts";

const USER_DATA = 0xb2;

/** Index of the next 00 00 01 from `from` on, or the length. */
const nextCode = (bytes: Uint8Array, from: number): number => {
  for (let at = bytes.indexOf(1, from + 2); at >= 0; at = bytes.indexOf(1, at + 1))
    if (bytes[at - 1] === 0 && bytes[at - 2] === 0) return at - 2;
  return bytes.length;
};

/** The first version of libavcodec whose name no decoder makes anything of. */
const HARMLESS_LAVC = 52;

const refuseNeeded = (text: string): void => {
  const lavc = /^(?:FFmpeg\w*|Lavc)(\d+)/u.exec(text);
  if (/^(?:XviD|DivX|ffmpeg)/u.test(text) || (lavc !== null && Number(lavc[1]) < HARMLESS_LAVC))
    throw doubtful("the video was made by an early encoder, and decoding it needs the encoder's name");
};

/** The bytes without user data, and its text; null if there is none. */
export const cleanMpeg4 = (bytes: Uint8Array): { readonly bytes: Uint8Array; readonly text: string } | null => {
  const kept: Uint8Array[] = [];
  let text = "";
  let start = 0;
  for (let at = nextCode(bytes, 0); at < bytes.length;) {
    const next = nextCode(bytes, at + 3);
    if (bytes[at + 3] === USER_DATA) {
      const data = bytes.subarray(at + 4, next);
      refuseNeeded(latin1(data, 0, 16));
      text ||= textOrSize(data);
      kept.push(bytes.subarray(start, at));
      start = next;
    }
    at = next;
  }
  if (text === "") return null;
  kept.push(bytes.subarray(start));
  return { bytes: join(...kept), text };
};
