/** Sample tables as they are written: runs of equal values joined. */
import { be32 } from "../core/bytes.ts";
import { makeFullBox } from "../boxes/box.ts";
import type { Chunk, ChunkList } from "./chunk-list.ts";

/** Numbers of 32 bits, as many as come. */
class Words {
  #words = new Uint32Array(256);
  count = 0;

  push(...values: readonly number[]): void {
    if (this.count + values.length > this.#words.length) {
      const more = new Uint32Array(2 * this.#words.length);
      more.set(this.#words);
      this.#words = more;
    }
    for (const value of values) {
      this.#words[this.count] = value;
      this.count += 1;
    }
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(4 * this.count);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < this.count; i += 1) view.setUint32(4 * i, this.#words[i] ?? 0);
    return bytes;
  }
}

const runs = (type: string, version: number, values: ArrayLike<number>): Uint8Array => {
  const words = new Words();
  for (let i = 0; i < values.length;) {
    const value = values[i] ?? 0;
    let end = i + 1;
    while (end < values.length && values[end] === value) end += 1;
    words.push(end - i, value);
    i = end;
  }
  return makeFullBox(type, version, 0, be32(words.count / 2), words.bytes());
};

export const makeDurations = (durations: Uint32Array): Uint8Array => runs("stts", 0, durations);

/** One run: for tracks whose samples all last as long. */
export const makeConstantDurations = (count: number, duration: number): Uint8Array =>
  makeFullBox("stts", 0, 0, be32(1), be32(count), be32(duration));

export const makeOffsets = (offsets: Int32Array): Uint8Array =>
  runs("ctts", offsets.some((offset) => offset < 0) ? 1 : 0, offsets);

export const makeSync = (sync: Uint8Array): Uint8Array => {
  const words = new Words();
  for (let i = 0; i < sync.length; i += 1) if (sync[i] === 1) words.push(i + 1);
  return makeFullBox("stss", 0, 0, be32(words.count), words.bytes());
};

export const makeConstantSizes = (count: number, size: number): Uint8Array =>
  makeFullBox("stsz", 0, 0, be32(size), be32(count));

export const makeSizes = (sizes: Uint32Array): Uint8Array => {
  const [first = 0] = sizes;
  if (first > 0 && sizes.every((size) => size === first)) return makeConstantSizes(sizes.length, first);
  const words = new Words();
  for (const size of sizes) words.push(size);
  return makeFullBox("stsz", 0, 0, be32(0), be32(sizes.length), words.bytes());
};

export const makeChunkRuns = (chunks: ChunkList): Uint8Array => {
  const words = new Words();
  let before: Chunk | undefined;
  let number = 0;
  for (const chunk of chunks) {
    number += 1;
    if (before?.sampleCount === chunk.sampleCount && before.description === chunk.description) continue;
    words.push(number, chunk.sampleCount, chunk.description);
    before = chunk;
  }
  return makeFullBox("stsc", 0, 0, be32(words.count / 3), words.bytes());
};

/** `stco`, or `co64` if `wide`; offsets are from the start of the media data, which begins at `base` of the file. */
export const makeChunkOffsets = (chunks: ChunkList, base: number, wide: boolean): Uint8Array => {
  const words = new Words();
  for (const { offset } of chunks) {
    const at = base + offset;
    if (wide) words.push(Math.floor(at / 0x1_0000_0000), at % 0x1_0000_0000);
    else words.push(at);
  }
  return makeFullBox(wide ? "co64" : "stco", 0, 0, be32(chunks.count), words.bytes());
};
