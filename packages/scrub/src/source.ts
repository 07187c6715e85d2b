/** Where bytes come from and go to. Files larger than memory work, because nothing is ever read whole. */

/** Random access to bytes that do not change while they are read. */
export interface Source {
  readonly sizeBytes: number;
  /** True where `read` answers views of memory that is there anyhow: nothing has to be lent to it. */
  readonly isInMemory?: boolean;
  /**
   * The bytes from `offset` on, `length` of them or up to the end, whichever comes first. The array may be a view of
   * the source's own memory: it is only read, never written or kept past the next call.
   *
   * `into` is memory of the caller that the source may put the bytes into and answer a view of, so that a large file does
   * not take new memory for each block. It may be left unused, and of no use if it is shorter than what is asked for.
   * Whatever is in it may be overwritten.
   */
  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array>;
}

/** Takes the output in order. The array is only lent: what is to be kept has to be copied or written out. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void> | void;
}

/** What this package needs of a Blob or File. */
export interface BlobLike {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A source over bytes in memory; they are aliased, not copied. */
export const bytesSource = (bytes: Uint8Array): Source => ({
  sizeBytes: bytes.length,
  isInMemory: true,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
});

/** A source over a Blob or File of a page. Throws what the browser throws when the file is gone or changed. */
export const blobSource = (blob: BlobLike): Source => ({
  sizeBytes: blob.size,
  read: async (offset, length) =>
    new Uint8Array(await blob.slice(offset, Math.min(blob.size, offset + length)).arrayBuffer()),
});
