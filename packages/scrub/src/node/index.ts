/** Files of Node as sources and sinks. */
import { type FileHandle, open } from "node:fs/promises";
import type { Sink, Source } from "../source.ts";

/** A file that is read in place. Close it when done. */
export interface FileSource extends Source {
  close(): Promise<void>;
}

/** Throws what Node throws: ENOENT, EACCES; EISDIR for what is no file. */
export const openFileSource = async (path: string): Promise<FileSource> => {
  const handle = await open(path, "r");
  const stats = await handle.stat();
  if (!stats.isFile()) {
    await handle.close();
    throw Object.assign(new Error("not a file"), { code: "EISDIR" });
  }
  return {
    sizeBytes: stats.size,
    async read(offset, length, into) {
      const wanted = Math.max(0, Math.min(length, stats.size - offset));
      const bytes = into !== undefined && into.length >= wanted ? into.subarray(0, wanted) : new Uint8Array(wanted);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
      return bytes.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
};

/** Appends to a file that is open for writing. */
export const fileSink = (handle: FileHandle): Sink => ({
  async write(bytes) {
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await handle.write(bytes, at, bytes.length - at);
      at += bytesWritten;
    }
  },
});
