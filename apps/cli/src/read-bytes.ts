/** A file's bytes, or those of standard input, bounded before they are in memory. */
import { open } from "node:fs/promises";
import { addAbortSignal } from "node:stream";
import { DEFAULT_LIMITS } from "@recourse/fingerprint";
import { CommandFailure } from "./failure.ts";
import { STDIN } from "./find-files.ts";

/** Throws `file_too_large` as soon as there are more bytes than a picture may have; an AbortError when it is stopped. */
export const readStandardInput = async (signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of addAbortSignal(signal, process.stdin)) {
    const bytes = chunk as Buffer; // standard input has no encoding, so it gives Buffers
    sizeBytes += bytes.length;
    if (sizeBytes > DEFAULT_LIMITS.bytes) throw new CommandFailure("file_too_large", 3);
    chunks.push(bytes);
  }
  return new Uint8Array(Buffer.concat(chunks));
};

/** Throws `file_unreadable`, `file_too_large`. */
export const readBytes = async (file: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> => {
  if (file === STDIN) {
    return readStandardInput(signal).catch((error: unknown) => {
      throw error instanceof CommandFailure ? error : new CommandFailure("file_unreadable", 3);
    });
  }
  const handle = await open(file).catch(() => {
    throw new CommandFailure("file_unreadable", 3);
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new CommandFailure("file_unreadable", 3);
    if (stats.size > DEFAULT_LIMITS.bytes) throw new CommandFailure("file_too_large", 3);
    return new Uint8Array(await handle.readFile());
  } finally {
    await handle.close();
  }
};
