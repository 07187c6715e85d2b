/** Bytes that come one after the other, from wherever they are. */
import { MatchError } from "./errors.ts";

/**
 * Pieces of any size, such as a file's stream; or a function that reads what comes next into the beginning of the array
 * it is given, and answers how many bytes that were, 0 at the end. The array may lie in shared memory.
 */
export type ByteSource =
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>
  | ((into: Uint8Array) => number | Promise<number>);

export interface ByteReader {
  /** Fills the array. Throws MatchError `snapshot_length` when the source ends before. */
  readInto(into: Uint8Array): Promise<void>;
  /** Throws MatchError `snapshot_length` when there is more. */
  end(): Promise<void>;
  /** Lets go of a source that is not read to its end. */
  close(): Promise<void>;
}

const readerOf = (pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => {
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  let piece: Uint8Array = new Uint8Array(0);
  return {
    async read(into: Uint8Array): Promise<number> {
      while (piece.length === 0) {
        const step = await iterator.next();
        if (step.done === true) return 0;
        piece = step.value;
      }
      const size = Math.min(piece.length, into.length);
      into.set(piece.subarray(0, size));
      piece = piece.subarray(size);
      return size;
    },
    async close(): Promise<void> {
      await iterator.return?.();
    },
  };
};

export const openSource = (source: ByteSource): ByteReader => {
  const { read, close } =
    typeof source === "function" ? { read: source, close: () => Promise.resolve() } : readerOf(source);
  return {
    close,
    async readInto(into) {
      for (let done = 0; done < into.length;) {
        const size = await read(into.subarray(done));
        if (!Number.isInteger(size) || size < 0 || size > into.length - done) {
          throw new RangeError("source: a number of bytes that were read expected");
        }
        if (size === 0) throw new MatchError("snapshot_length");
        done += size;
      }
    },
    async end() {
      if ((await read(new Uint8Array(1))) !== 0) throw new MatchError("snapshot_length");
    },
  };
};
