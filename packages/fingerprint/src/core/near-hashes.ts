/**
 * Which of many hashes lie within 31 bits of one, without comparing it with all of them. Of sixteen pieces of sixteen
 * bits, two hashes that differ in at most 31 bits have one that differs in at most one bit (sixteen times two would be
 * 32). So each hash is listed under its sixteen pieces, and a question looks under each of its own pieces and under the
 * sixteen that differ from it by one bit. Every candidate is compared in full: nothing is missed, nothing added.
 */
import { distanceWithin, type HashWords } from "./hash-words.ts";

/** The largest distance this finds. */
export const NEAR_BITS = 31;

const PIECES = 16;
const VALUES = 65_536;

export interface NearHashes {
  /** Calls `take` once for each hash within `NEAR_BITS` of hash `at` of `asked`, in no order. */
  find(asked: HashWords, at: number, take: (index: number, distanceBits: number) => void): void;
}

/** Piece `piece` of hash `at`: the upper or lower half of a word. */
const pieceOf = ({ words }: HashWords, at: number, piece: number): number =>
  (words[at * 8 + (piece >>> 1)]! >>> ((piece & 1) * 16)) & 0xffff;

/** Takes 4 MB, and 64 bytes a hash; `hashes` must not change afterwards. */
export function nearHashes(hashes: HashWords): NearHashes {
  const { count } = hashes;
  // Of each piece: where the hashes with a value begin in `listed`, by counting.
  const starts = Array.from({ length: PIECES }, () => new Uint32Array(VALUES + 1));
  const listed = Array.from({ length: PIECES }, () => new Uint32Array(count));
  for (let piece = 0; piece < PIECES; piece++) {
    const from = starts[piece]!;
    const list = listed[piece]!;
    for (let at = 0; at < count; at++) from[pieceOf(hashes, at, piece) + 1]!++;
    for (let value = 0; value < VALUES; value++) from[value + 1] = from[value + 1]! + from[value]!;
    const next = from.slice();
    for (let at = 0; at < count; at++) list[next[pieceOf(hashes, at, piece)]!++] = at;
  }
  /** The question at which a hash was last compared: one lies under several pieces. */
  const seen = new Uint32Array(count);
  let question = 0;
  return {
    find(asked, at, take) {
      question++;
      for (let piece = 0; piece < PIECES; piece++) {
        const from = starts[piece]!;
        const list = listed[piece]!;
        const value = pieceOf(asked, at, piece);
        for (let bit = 0; bit <= 16; bit++) {
          // The sixteenth shift is none: the value itself.
          const under = bit === 16 ? value : value ^ (1 << bit);
          for (let i = from[under]!, end = from[under + 1]!; i < end; i++) {
            const index = list[i]!;
            if (seen[index] === question) continue;
            seen[index] = question;
            const bits = distanceWithin(hashes, index, asked, at, NEAR_BITS);
            if (bits <= NEAR_BITS) take(index, bits);
          }
        }
      }
    },
  };
}
