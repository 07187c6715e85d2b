/** Chunks of a track as columns of numbers: a long video has hundreds of thousands. */
import { float64, uint32, withRoom } from "../core/columns.ts";

/** A chunk: samples that lie one behind the other in the file. */
export interface Chunk {
  readonly offset: number;
  readonly firstSample: number;
  readonly sampleCount: number;
  /** Number of the sample description, from 1. */
  readonly description: number;
}

/** Goes through its chunks in order; each is made when it is asked for. */
export class ChunkList implements Iterable<Chunk> {
  count = 0;
  #offsets: Float64Array = float64(0);
  /** Of each chunk the first sample, how many, and the description. */
  #rest: Uint32Array = uint32(0);

  push(offset: number, firstSample: number, sampleCount: number, description: number): void {
    this.#offsets = withRoom(this.#offsets, this.count + 1, float64);
    this.#rest = withRoom(this.#rest, 3 * this.count + 3, uint32);
    this.#offsets[this.count] = offset;
    this.#rest[3 * this.count] = firstSample;
    this.#rest[3 * this.count + 1] = sampleCount;
    this.#rest[3 * this.count + 2] = description;
    this.count += 1;
  }

  offsetOf(index: number): number {
    return this.#offsets[index] ?? 0;
  }

  at(index: number): Chunk {
    return {
      offset: this.offsetOf(index),
      firstSample: this.#rest[3 * index] ?? 0,
      sampleCount: this.#rest[3 * index + 1] ?? 0,
      description: this.#rest[3 * index + 2] ?? 0,
    };
  }

  *[Symbol.iterator](): Generator<Chunk> {
    for (let index = 0; index < this.count; index += 1) yield this.at(index);
  }
}
