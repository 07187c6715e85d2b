/**
 * The header of a JPEG XL codestream (ISO/IEC 18181-1, annex D), as far as it tells of pictures that do not show: a
 * preview, and channels for something other than colour and transparency.
 */
import { damaged, doubtful, unsupported } from "../core/refuse.ts";

class Bits {
  readonly #bytes: Uint8Array;
  #at = 16; // Behind the signature 0xFF 0x0A

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw damaged("the codestream's header is cut off");
      value += ((byte >> (this.#at & 7)) & 1) * 2 ** i;
      this.#at += 1;
    }
    return value;
  }

  flag(): boolean {
    return this.take(1) === 1;
  }

  /** U32 (B.2.2): two bits choose; each choice is a base and a number of bits. */
  u32(...choices: readonly (readonly [base: number, bits: number])[]): number {
    const [base = 0, bits = 0] = choices[this.take(2)] ?? [];
    return base + this.take(bits);
  }

  /** Enum (B.2.5). */
  enumeration(): number {
    return this.u32([0, 0], [1, 0], [2, 4], [18, 6]);
  }
}

const SIZE = [
  [1, 9],
  [1, 13],
  [1, 18],
  [1, 30],
] as const;

const skipSize = (bits: Bits): void => {
  const small = bits.flag();
  if (small) bits.take(5);
  else bits.u32(...SIZE);
  if (bits.take(3) !== 0) return;
  if (small) bits.take(5);
  else bits.u32(...SIZE);
};

const skipDepth = (bits: Bits): void => {
  if (bits.flag()) {
    bits.u32([32, 0], [16, 0], [24, 0], [1, 6]);
    bits.take(4);
  } else bits.u32([8, 0], [10, 0], [12, 0], [1, 6]);
};

/** Channel types (D.3.7): 0 is transparency, 4 black of CMYK, 6 a part of a colour filter; the others do not show. */
const checkChannel = (bits: Bits): void => {
  if (bits.flag()) return;
  const type = bits.enumeration();
  skipDepth(bits);
  bits.u32([0, 0], [3, 0], [4, 0], [1, 3]);
  const nameLength = bits.u32([0, 0], [0, 4], [16, 5], [48, 10]);
  if (nameLength > 0) throw doubtful("a channel of the codestream has a name");
  if (type === 0) bits.flag();
  else if (type !== 4) throw unsupported("the codestream has a channel that does not show");
};

/** Reads SizeHeader and ImageMetadata up to the channels. Refuses what is hidden. */
export const readHeader = (bytes: Uint8Array): void => {
  if (bytes[0] !== 0xff || bytes[1] !== 0x0a) throw damaged("the codestream's signature is wrong");
  const bits = new Bits(bytes);
  skipSize(bits);
  if (bits.flag()) return; // All as usual
  if (bits.flag()) {
    bits.take(3); // Orientation
    if (bits.flag()) skipSize(bits); // Intrinsic size
    if (bits.flag()) throw unsupported("the codestream has a preview");
    if (bits.flag()) {
      bits.u32([100, 0], [1000, 0], [1, 10], [1, 30]);
      bits.u32([1, 0], [1001, 0], [1, 8], [1, 10]);
      bits.u32([0, 0], [0, 3], [0, 16], [0, 32]);
      if (bits.flag()) throw unsupported("the codestream has time codes");
    }
  }
  skipDepth(bits);
  bits.flag();
  const channels = bits.u32([0, 0], [1, 0], [2, 4], [1, 12]);
  for (let i = 0; i < channels; i += 1) checkChannel(bits);
};
