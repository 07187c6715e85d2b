/** Takes what scrub writes and makes a Blob of it, which a browser keeps on disk when it is large. */
import type { Format, Sink } from "@recourse/scrub";
import { crc32 } from "./crc32.ts";
import { mediaTypeOf } from "./formats.ts";

/** So much is gathered before it is handed to the browser. */
const PART_BYTES = 8 << 20;

export class BlobSink implements Sink {
  readonly #parts: Blob[] = [];
  #pending: Uint8Array<ArrayBuffer>[] = [];
  #pendingBytes = 0;
  #crc32 = 0;

  /** Of all that was written. */
  get crc32(): number {
    return this.#crc32;
  }

  /** Copies the bytes. */
  write(bytes: Uint8Array): void {
    this.#crc32 = crc32(bytes, this.#crc32);
    this.#pending.push(new Uint8Array(bytes));
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= PART_BYTES) this.#flush();
  }

  finish(format: Format): Blob {
    this.#flush();
    return new Blob(this.#parts, { type: mediaTypeOf(format) });
  }

  #flush(): void {
    this.#parts.push(new Blob(this.#pending));
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}
