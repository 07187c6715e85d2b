/** Blocks (RFC 9559, section 10): track, time, flags, and the sizes of the frames that share one. */
import { join, u16be } from "../core/bytes.ts";
import { damaged } from "../core/refuse.ts";
import { readVint, vint } from "./ebml.ts";

const LACING = 6;
const XIPH = 2;
const FIXED = 4;
const EBML_LACING = 6;

export interface BlockHead {
  readonly track: number;
  /** Against the cluster's, with a sign. */
  readonly time: number;
  readonly flags: number;
  readonly headBytes: number;
}

/** A block's content begins at `at`. */
export const readBlockHead = (bytes: Uint8Array, at = 0): BlockHead => {
  const track = readVint(bytes, at);
  if (track === null || at + track.length + 3 > bytes.length) throw damaged("a block is cut off");
  const time = (u16be(bytes, at + track.length) << 16) >> 16;
  return { track: track.value, time, flags: bytes[at + track.length + 2] ?? 0, headBytes: track.length + 3 };
};

export const isLaced = ({ flags }: BlockHead): boolean => (flags & LACING) !== 0;

export interface Lace {
  readonly sizes: readonly number[];
  /** Of the sizes, which stand before the frames. */
  readonly headBytes: number;
}

/** `bytes` begins behind a block's head; `length` is what is left of the block, of which it may be the first part. */
export const readLace = (bytes: Uint8Array, flags: number, length: number): Lace => {
  const count = (bytes[0] ?? 0) + 1;
  if (length < 1 || bytes.length < 1) throw damaged("a block is cut off");
  const sizes: number[] = [];
  let at = 1;
  if ((flags & LACING) === FIXED) {
    const size = (length - 1) / count;
    if (!Number.isInteger(size)) throw damaged("the frames of a block do not fit into it");
    return { sizes: Array.from({ length: count }, () => size), headBytes: 1 };
  }
  let sum = 0;
  for (let i = 0; i + 1 < count; i += 1) {
    let size = 0;
    if ((flags & LACING) === XIPH) {
      for (let byte: number | undefined = 255; byte === 255; at += 1) {
        byte = bytes[at];
        if (byte === undefined) throw damaged("a block is cut off");
        size += byte;
      }
    } else {
      const number = readVint(bytes, at);
      if (number === null) throw damaged("a block is cut off");
      at += number.length;
      // All but the first are told as a difference with a sign (section 10.3.3).
      size = i === 0 ? number.value : (sizes[i - 1] ?? 0) + number.value - (2 ** (7 * number.length - 1) - 1);
    }
    if (size < 0) throw damaged("the frames of a block do not fit into it");
    sizes.push(size);
    sum += size;
  }
  const last = length - at - sum;
  if (!(last >= 0)) throw damaged("the frames of a block do not fit into it");
  return { sizes: [...sizes, last], headBytes: at };
};

const difference = (value: number): Uint8Array => {
  let length = 1;
  while (Math.abs(value) > 2 ** (7 * length - 1) - 1) length += 1;
  return vint(value + 2 ** (7 * length - 1) - 1, length);
};

/** Flags and sizes as they are written: none for a single frame, one size for all where that is so. */
const makeLace = (sizes: readonly number[]): { readonly flag: number; readonly bytes: Uint8Array } => {
  const [first = 0] = sizes;
  if (sizes.length === 1) return { flag: 0, bytes: new Uint8Array(0) };
  const count = Uint8Array.of(sizes.length - 1);
  if (sizes.every((size) => size === first)) return { flag: FIXED, bytes: count };
  const rest = sizes.slice(1, -1).map((size, index) => difference(size - (sizes[index] ?? 0)));
  return { flag: EBML_LACING, bytes: join(count, vint(first), ...rest) };
};

/** A block's content up to its first frame. `flags` are those that are kept, without the lacing. */
export const makeBlockHead = (track: number, time: number, flags: number, sizes: readonly number[]): Uint8Array => {
  const lace = makeLace(sizes);
  return join(vint(track), Uint8Array.of(time >> 8, time, flags | lace.flag), lace.bytes);
};
