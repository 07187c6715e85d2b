/**
 * An output before it exists: bytes of our own and ranges of the original, in order. It can be read like a file, so it
 * is inspected before a single byte of it is handed out.
 */
import type { Sink, Source } from "../source.ts";
import { float64, uint32, withRoom } from "./columns.ts";
import { damaged, doubtful } from "./refuse.ts";

export type Piece =
  | { readonly bytes: Uint8Array }
  /** A range of the original. */
  | { readonly from: number; readonly length: number };

/** More pieces than any honest file needs; each costs memory. */
const MAX_PIECES = 2_000_000;
const BLOCK_BYTES = 1 << 20;
const FIRST_BLOCK_BYTES = 1 << 16;
/** Pieces from this size on are not copied to be written together with others. */
const VIEW_BYTES = 1 << 15;

/** Small bytes of our own are put together in blocks of this size: an array of its own costs some hundred bytes. */
const OWN_BLOCK_BYTES = 1 << 16;
const SMALL_BYTES = 1 << 10;

const NO_NUMBERS = float64(0);
const NO_PLACES = uint32(0);

/** Collects pieces; ranges that touch become one. They are kept as columns of numbers: there may be a million. */
export class Output {
  sizeBytes = 0;
  #count = 0;
  /** Where each piece begins in the output. */
  #starts: Float64Array = NO_NUMBERS;
  /** Where each is in the original, or -1 minus its place in `#own`. */
  #froms: Float64Array = NO_NUMBERS;
  /** Bytes of our own by number: which block, and where in it. */
  #own: Uint32Array = NO_PLACES;
  #ownCount = 0;
  readonly #blocks: Uint8Array[] = [];
  #open: Uint8Array | null = null;
  #openBlock = 0;
  #openBytes = 0;

  get pieceCount(): number {
    return this.#count;
  }

  /** In order. Each is made when it is asked for; its bytes are a view. */
  get pieces(): Iterable<Piece> {
    return this.#each();
  }

  /** Appends bytes of our own; they may be aliased, and must not change. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#push(-1 - this.#ownCount, bytes.length);
    this.#own = withRoom(this.#own, 2 * this.#ownCount + 2, uint32);
    const [block, at] = bytes.length > SMALL_BYTES ? [this.#blocks.push(bytes) - 1, 0] : this.#store(bytes);
    this.#own[2 * this.#ownCount] = block;
    this.#own[2 * this.#ownCount + 1] = at;
    this.#ownCount += 1;
  }

  /** Appends a range of the original. */
  copy(from: number, length: number): void {
    if (length <= 0) return;
    const last = this.#count - 1;
    const lastFrom = last < 0 ? -1 : (this.#froms[last] ?? -1);
    if (lastFrom >= 0 && lastFrom + this.sizeBytes - (this.#starts[last] ?? 0) === from) this.sizeBytes += length;
    else this.#push(from, length);
  }

  /** Appends another output's pieces; it may be cleared afterwards. */
  append(other: Output): void {
    for (let index = 0; index < other.#count; index += 1) {
      const from = other.#froms[index] ?? 0;
      if (from >= 0) this.copy(from, other.startOf(index + 1) - other.startOf(index));
      else this.add(other.#bytes(index, from));
    }
  }

  /** Empties it, to be used again without taking new memory. */
  clear(): void {
    this.sizeBytes = 0;
    this.#count = 0;
    this.#ownCount = 0;
    this.#blocks.length = 0;
    this.#open = null;
  }

  /** The piece that holds the byte at `offset`, which is within the output. */
  indexAt(offset: number): number {
    let low = 0;
    let high = this.#count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Where a piece begins in the output; of the number behind the last, the size. */
  startOf(index: number): number {
    return index < this.#count ? (this.#starts[index] ?? 0) : this.sizeBytes;
  }

  piece(index: number): Piece {
    const length = this.startOf(index + 1) - this.startOf(index);
    const from = this.#froms[index] ?? 0;
    return from >= 0 ? { from, length } : { bytes: this.#bytes(index, from) };
  }

  /** Bytes of our own; `from` says which. A view. */
  #bytes(index: number, from: number): Uint8Array {
    const own = 2 * (-1 - from);
    const at = this.#own[own + 1] ?? 0;
    const length = this.startOf(index + 1) - this.startOf(index);
    return this.#blocks[this.#own[own] ?? 0]?.subarray(at, at + length) ?? new Uint8Array(0);
  }

  /** Whether a piece is a range of the original. */
  isCopied(index: number): boolean {
    return (this.#froms[index] ?? 0) >= 0;
  }

  *#each(): Generator<Piece> {
    for (let index = 0; index < this.#count; index += 1) yield this.piece(index);
  }

  #store(bytes: Uint8Array): readonly [number, number] {
    if (this.#open === null || this.#openBytes + bytes.length > this.#open.length) {
      // The first block is small: most pictures need no more.
      this.#open = new Uint8Array(this.#open === null ? SMALL_BYTES : OWN_BLOCK_BYTES);
      this.#openBytes = 0;
      this.#blocks.push(this.#open);
      this.#openBlock = this.#blocks.length - 1;
    }
    const at = this.#openBytes;
    this.#open.set(bytes, at);
    this.#openBytes += bytes.length;
    return [this.#openBlock, at];
  }

  #push(from: number, length: number): void {
    if (this.#count >= MAX_PIECES) throw doubtful("the file is cut into too many pieces");
    this.#starts = withRoom(this.#starts, this.#count + 1, float64);
    this.#froms = withRoom(this.#froms, this.#count + 1, float64);
    this.#starts[this.#count] = this.sizeBytes;
    this.#froms[this.#count] = from;
    this.#count += 1;
    this.sizeBytes += length;
  }
}

/** The output as a file that can be read anywhere; nothing is copied but where a read crosses pieces. */
export const outputSource = (output: Output, original: Source): Source => {
  const { sizeBytes } = output;
  const readWithin = async (piece: Piece, from: number, length: number, into?: Uint8Array): Promise<Uint8Array> => {
    if ("bytes" in piece) return piece.bytes.subarray(from, from + length);
    const bytes = await original.read(piece.from + from, Math.min(length, piece.length - from), into);
    if (bytes.length === 0) throw damaged("the file became shorter while it was read");
    return bytes;
  };
  return {
    sizeBytes,
    async read(offset, length, into) {
      const end = Math.min(sizeBytes, offset + length);
      if (offset >= end) return new Uint8Array(0);
      let index = output.indexAt(offset);
      if (end <= output.startOf(index + 1))
        return readWithin(output.piece(index), offset - output.startOf(index), end - offset, into);
      const wanted = end - offset;
      const joined = into !== undefined && into.length >= wanted ? into.subarray(0, wanted) : new Uint8Array(wanted);
      for (let at = offset; at < end;) {
        const next = output.startOf(index + 1);
        const room = joined.subarray(at - offset, Math.min(end, next) - offset);
        const part = await readWithin(output.piece(index), at - output.startOf(index), room.length, room);
        // A part that was read into its place is there already.
        if (part.buffer !== room.buffer || part.byteOffset !== room.byteOffset) room.set(part);
        at += part.length;
        if (at >= next) index += 1;
      }
      return joined;
    },
  };
};

/**
 * Writes an output to a sink. Small pieces are put together in blocks; of large ones that are in memory views are handed
 * out, and nothing is copied.
 */
export const pour = async (
  output: Output,
  original: Source,
  sink: Sink,
  between: (fraction: number) => void = () => {},
): Promise<void> => {
  const source = outputSource(output, original);
  const { sizeBytes } = output;
  let room: Uint8Array = new Uint8Array(0);
  let index = 0;
  for (let at = 0; at < sizeBytes;) {
    while (output.startOf(index + 1) <= at) index += 1;
    // What a file begins with is put together from many pieces, the rest seldom.
    const most = at === 0 ? FIRST_BLOCK_BYTES : BLOCK_BYTES;
    let end = Math.min(sizeBytes, at + most);
    const isView = (place: number): boolean =>
      (original.isInMemory === true || !output.isCopied(place)) &&
      output.startOf(place + 1) - Math.max(at, output.startOf(place)) >= VIEW_BYTES;
    if (isView(index)) end = Math.min(end, output.startOf(index + 1));
    else {
      for (let next = index + 1; output.startOf(next) < end; next += 1) if (isView(next)) end = output.startOf(next);
      if (room.length < end - at) room = new Uint8Array(Math.min(most, sizeBytes - at));
    }
    const bytes = await source.read(at, end - at, room);
    if (bytes.length === 0) throw damaged("the file became shorter while it was read");
    await sink.write(bytes);
    at += bytes.length;
    between(at / sizeBytes);
  }
};
