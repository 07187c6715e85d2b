/** A file that grows in the browser's own storage of blobs rather than in memory, and may be patched behind its end. */
import type { StreamTargetChunk } from "mediabunny";

export interface GrowingFile {
  readonly writable: WritableStream<StreamTargetChunk>;
  /** All that was written so far. */
  file(type: string): Blob;
}

export function growingFile(): GrowingFile {
  let written = new Blob([]);
  return {
    writable: new WritableStream<StreamTargetChunk>({
      write({ data, position }) {
        // A gap would be filled with nothing, and shift all that follows.
        if (position > written.size) throw new RangeError("written behind the end");
        written = new Blob([written.slice(0, position), data, written.slice(position + data.length)]);
      },
    }),
    file: (type) => new Blob([written], { type }),
  };
}
