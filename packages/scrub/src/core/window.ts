/** Looks at a source through a block of memory, so that many small reads are few large ones. */
import type { Source } from "../source.ts";
import { damaged } from "./refuse.ts";

/** The first block is small: what begins a file is often read across the parts it is put together from. */
const FIRST_BLOCK_BYTES = 1 << 16;
const BLOCK_BYTES = 1 << 20;

const NOTHING = new Uint8Array(0);

export class Window {
  readonly sizeBytes: number;
  readonly #source: Source;
  #block: Uint8Array = new Uint8Array(0);
  #from = 0;
  #blockBytes = FIRST_BLOCK_BYTES;
  /** What blocks are read into, over and over; none of it is anybody else's. */
  #room: Uint8Array = new Uint8Array(0);

  constructor(source: Source) {
    this.#source = source;
    this.sizeBytes = source.sizeBytes;
  }

  /**
   * `length` bytes from `at` if they are in memory already, else null: what stands a few bytes on is read without waiting.
   * A view: good until the next call.
   */
  peekNow(at: number, length: number): Uint8Array | null {
    const start = at - this.#from;
    return start >= 0 && start + length <= this.#block.length ? this.#block.subarray(start, start + length) : null;
  }

  /** Where `at` is within `blockNow`, if `length` bytes from there on are in memory already; else -1. Makes no view. */
  placeNow(at: number, length: number): number {
    const start = at - this.#from;
    return start >= 0 && start + length <= this.#block.length ? start : -1;
  }

  /** What is in memory; good until the next call that waits. */
  get blockNow(): Uint8Array {
    return this.#block;
  }

  /** `length` bytes from `at`, fewer at the end of the file. A view: good until the next call. */
  async peek(at: number, length: number): Promise<Uint8Array> {
    const start = at - this.#from;
    if (start >= 0 && start + length <= this.#block.length) return this.#block.subarray(start, start + length);
    if (at >= this.sizeBytes) return new Uint8Array(0);
    await this.#load(at, Math.max(length, this.#blockBytes));
    return this.#block.subarray(0, length);
  }

  /** As peek, but `scrub_damaged` if they are not all there; a copy, so it can be kept. */
  async take(at: number, length: number): Promise<Uint8Array> {
    if (at + length > this.sizeBytes) throw damaged("the file ends too early");
    if (length <= BLOCK_BYTES) return (await this.peek(at, length)).slice();
    const bytes = new Uint8Array(length);
    await this.#fill(bytes, at);
    return bytes;
  }

  /** As take, but a view that is good until the next call only. */
  async view(at: number, length: number): Promise<Uint8Array> {
    if (at + length > this.sizeBytes) throw damaged("the file ends too early");
    return this.peek(at, length);
  }

  /** All that is in memory from `at` on: at least `least` bytes, unless the file ends before. A view. */
  async block(at: number, least = 1): Promise<Uint8Array> {
    const start = at - this.#from;
    if (start >= 0 && start + Math.min(least, this.sizeBytes - at) <= this.#block.length)
      return this.#block.subarray(start);
    if (at >= this.sizeBytes) return new Uint8Array(0);
    await this.#load(at, Math.max(least, this.#blockBytes));
    return this.#block;
  }

  async #load(at: number, length: number): Promise<void> {
    const wanted = Math.min(length, this.sizeBytes - at);
    this.#blockBytes = BLOCK_BYTES;
    // Whatever happens, what was in the room is gone.
    this.#block = new Uint8Array(0);
    // A block much larger than the others is not kept for the rest of the file.
    const room =
      this.#source.isInMemory === true
        ? NOTHING
        : wanted > BLOCK_BYTES
          ? new Uint8Array(wanted)
          : this.#makeRoom(wanted);
    let block = await this.#source.read(at, wanted, room);
    if (block.length < wanted) {
      // A source may answer less than was asked for; then it is asked again.
      block = new Uint8Array(wanted);
      await this.#fill(block, at);
    }
    // Node's Buffer is a Uint8Array whose slice() does not copy; here it has to.
    this.#block = new Uint8Array(block.buffer, block.byteOffset, block.length);
    this.#from = at;
  }

  /** Reads as many bytes as `whole` has into it, block by block. */
  async #fill(whole: Uint8Array, at: number): Promise<void> {
    for (let have = 0; have < whole.length;) {
      const room = whole.subarray(have, have + BLOCK_BYTES);
      const part = await this.#source.read(at + have, room.length, room);
      if (part.length === 0) throw damaged("the file became shorter while it was read");
      // What was read into its place is there already.
      if (part.buffer !== room.buffer || part.byteOffset !== room.byteOffset) room.set(part);
      have += part.length;
    }
  }

  #makeRoom(length: number): Uint8Array {
    if (this.#room.length < length) this.#room = new Uint8Array(length > FIRST_BLOCK_BYTES ? BLOCK_BYTES : length);
    return this.#room;
  }
}
