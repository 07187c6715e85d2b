/**
 * An output before it exists: bytes of our own and ranges of the original, in order. It can be read like a file, so it
 * is inspected before a single byte of it is handed out.
 */
import type { Sink, Source } from "../source.ts";
import { damaged, doubtful } from "./refuse.ts";

export type Piece =
  | { readonly bytes: Uint8Array }
  /** A range of the original. */
  | { readonly from: number; readonly length: number };

/** More pieces than any honest file needs; each costs memory. */
const MAX_PIECES = 2_000_000;
const BLOCK_BYTES = 1 << 20;

const lengthOf = (piece: Piece): number => ("bytes" in piece ? piece.bytes.length : piece.length);

/** Collects pieces; ranges that touch become one. */
export class Output {
  readonly pieces: Piece[] = [];
  sizeBytes = 0;

  /** Appends bytes of our own; they are aliased. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#push({ bytes });
  }

  /** Appends a range of the original. */
  copy(from: number, length: number): void {
    if (length <= 0) return;
    const last = this.pieces.at(-1);
    if (last !== undefined && "from" in last && last.from + last.length === from) {
      this.pieces[this.pieces.length - 1] = { from: last.from, length: last.length + length };
      this.sizeBytes += length;
    } else this.#push({ from, length });
  }

  /** Appends another output's pieces. */
  append({ pieces }: Output): void {
    for (const piece of pieces) {
      if ("bytes" in piece) this.add(piece.bytes);
      else this.copy(piece.from, piece.length);
    }
  }

  #push(piece: Piece): void {
    if (this.pieces.length >= MAX_PIECES) throw doubtful("the file is cut into too many pieces");
    this.pieces.push(piece);
    this.sizeBytes += lengthOf(piece);
  }
}

/** The pieces as a file that can be read anywhere; nothing is copied but where a read crosses pieces. */
export const piecesSource = (pieces: readonly Piece[], original: Source): Source => {
  const starts = new Float64Array(pieces.length);
  let sizeBytes = 0;
  for (const [index, piece] of pieces.entries()) {
    starts[index] = sizeBytes;
    sizeBytes += lengthOf(piece);
  }
  const indexAt = (offset: number): number => {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const readWithin = async (piece: Piece, from: number, length: number): Promise<Uint8Array> => {
    if ("bytes" in piece) return piece.bytes.subarray(from, from + length);
    const bytes = await original.read(piece.from + from, Math.min(length, piece.length - from));
    if (bytes.length === 0) throw damaged("the file became shorter while it was read");
    return bytes;
  };
  return {
    sizeBytes,
    async read(offset, length) {
      const end = Math.min(sizeBytes, offset + length);
      if (offset >= end) return new Uint8Array(0);
      let index = indexAt(offset);
      const first = pieces[index];
      const start = starts[index] ?? 0;
      if (first !== undefined && end <= start + lengthOf(first)) return readWithin(first, offset - start, end - offset);
      const joined = new Uint8Array(end - offset);
      for (let at = offset; at < end;) {
        const piece = pieces[index];
        if (piece === undefined) break;
        const within = at - (starts[index] ?? 0);
        const part = await readWithin(piece, within, Math.min(end - at, lengthOf(piece) - within));
        joined.set(part, at - offset);
        at += part.length;
        if (at >= (starts[index] ?? 0) + lengthOf(piece)) index += 1;
      }
      return joined;
    },
  };
};

/** Writes all of a source to a sink, a block at a time. */
export const pour = async (
  source: Source,
  sink: Sink,
  between: (fraction: number) => void = () => {},
): Promise<void> => {
  for (let at = 0; at < source.sizeBytes;) {
    const bytes = await source.read(at, BLOCK_BYTES);
    if (bytes.length === 0) throw damaged("the file became shorter while it was read");
    await sink.write(bytes);
    at += bytes.length;
    between(at / source.sizeBytes);
  }
};
