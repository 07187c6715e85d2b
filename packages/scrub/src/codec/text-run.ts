/** Text where none belongs: in what is coded, so long a run of letters and digits does not come about by chance. */
import { doubtful } from "../core/refuse.ts";

/** 12 of 66 in 256 characters come about once in eleven million places; the sets looked at have some hundred. */
const RUN_OF_SET = 12;

const isTextual = (byte: number): boolean =>
  (byte >= 0x61 && byte <= 0x7a) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x30 && byte <= 0x39) ||
  byte === 0x20 ||
  byte === 0x2d ||
  byte === 0x2e ||
  byte === 0x5f;

/** Where the first run of at least `length` begins, or -1. One letter or digit over and over counts as one only. */
export const findTextRun = (bytes: Uint8Array, length: number): number => {
  let run = 0;
  let last = -1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (!isTextual(byte)) run = 0;
    else if (byte !== last) run += 1;
    if (run >= length) return at - length + 1;
    last = byte;
  }
  return -1;
};

/** Refuses what decoders need and what holds text nevertheless. */
export const refuseText = (bytes: Uint8Array, reason: string): void => {
  if (findTextRun(bytes, RUN_OF_SET) >= 0) throw doubtful(reason);
};
