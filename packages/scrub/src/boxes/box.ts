/**
 * Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2) in memory and on their way out. Nothing here goes
 * down by itself: who reads says which boxes hold others, so that no file can make the reading deeper than it is.
 */
import { ascii, be32, join, latin1, u32be } from "../core/bytes.ts";
import { damaged, doubtful } from "../core/refuse.ts";

/** A box within an array; offsets count from the array's start. */
export interface Box {
  readonly type: string;
  /** Where the header begins. */
  readonly at: number;
  /** Where the content begins. */
  readonly body: number;
  readonly end: number;
}

/** An honest index has some hundreds; a hundred thousand still pass. */
const MAX_BOXES = 250_000;

/** Exact up to 2^53; what is larger is larger than any file. */
export const u64be = (bytes: Uint8Array, at: number): number => u32be(bytes, at) * 0x1_0000_0000 + u32be(bytes, at + 4);

export const be64 = (value: number): Uint8Array =>
  join(be32(Math.floor(value / 0x1_0000_0000)), be32(value % 0x1_0000_0000));

/**
 * The boxes between `from` and `to`. QuickTime ends some lists with four zero bytes; they and what is too short for a
 * header is left over. Refuses lengths that do not fit.
 */
export const boxesIn = (bytes: Uint8Array, from: number, to: number): readonly Box[] => {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to;) {
    let size = u32be(bytes, at);
    let body = at + 8;
    if (size === 1 && at + 16 <= to) {
      size = u64be(bytes, at + 8);
      body += 8;
    } else if (size === 0) {
      if (u32be(bytes, at + 4) === 0) break;
      size = to - at;
    }
    if (size < body - at || at + size > to) throw damaged("a box is longer than what it is in");
    if (boxes.length >= MAX_BOXES) throw doubtful("the file has too many boxes");
    boxes.push({ type: latin1(bytes, at + 4, 4), at, body, end: at + size });
    at += size;
  }
  return boxes;
};

/** The only box of a type, or undefined; refuses two where one is meant. */
export const onlyBox = (boxes: readonly Box[], type: string): Box | undefined => {
  const [first, second] = boxes.filter((box) => box.type === type);
  if (second !== undefined) throw doubtful("the file has two boxes where it may have one");
  return first;
};

/** As `onlyBox`, but it must be there. */
export const neededBox = (boxes: readonly Box[], type: string): Box => {
  const box = onlyBox(boxes, type);
  if (box === undefined) throw damaged("a box that is needed is missing");
  return box;
};

export const makeBox = (type: string, ...parts: readonly Uint8Array[]): Uint8Array => {
  const size = parts.reduce((sum, part) => sum + part.length, 8);
  return join(be32(size), ascii(type), ...parts);
};

/** The same in parts, which are not copied: tables of a long video are megabytes, and lie in boxes in boxes. */
export const boxAround = (type: string, parts: readonly Uint8Array[]): readonly Uint8Array[] => [
  join(be32(parts.reduce((sum, part) => sum + part.length, 8)), ascii(type)),
  ...parts,
];

/** A box with version and flags (4.2.2). */
export const makeFullBox = (
  type: string,
  version: number,
  flags: number,
  ...parts: readonly Uint8Array[]
): Uint8Array => makeBox(type, be32(version * 0x100_0000 + flags), ...parts);
