/** From a path to a fingerprint: the size is checked before a byte is read, and no more is read than the limit. */
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { Fingerprint, FingerprintOutcome } from "../types.ts";
import { FingerprintFailure } from "../failure.ts";
import { type FingerprintOptions, fingerprintOf, limitsOf, outcomeOf } from "./fingerprint-bytes.ts";

const READ_BYTES = 1024 * 1024;

/** Fingerprints a file. A path that can't be opened, or is no regular file, answers `file_unreadable`. */
export async function fingerprintFile(path: string, options: FingerprintOptions = {}): Promise<FingerprintOutcome> {
  return outcomeOf(async () => {
    let file: FileHandle;
    try {
      file = await open(path, "r");
    } catch (error) {
      throw new FingerprintFailure("file_unreadable", error);
    }
    try {
      return await readAndFingerprint(file, options);
    } finally {
      await file.close();
    }
  });
}

async function readAndFingerprint(file: FileHandle, options: FingerprintOptions): Promise<Fingerprint> {
  const stats = await file.stat().catch((error: unknown) => {
    throw new FingerprintFailure("file_unreadable", error);
  });
  if (!stats.isFile()) throw new FingerprintFailure("file_unreadable");
  if (stats.size > limitsOf(options).bytes) throw new FingerprintFailure("file_too_large");
  const bytes = new Uint8Array(stats.size);
  const md5 = createHash("md5");
  const sha256 = createHash("sha256");
  let at = 0;
  while (at < bytes.length) {
    if (options.signal?.aborted) throw new FingerprintFailure("cancelled");
    const { bytesRead } = await file
      .read(bytes, at, Math.min(READ_BYTES, bytes.length - at), at)
      .catch((error: unknown) => {
        throw new FingerprintFailure("file_unreadable", error);
      });
    // The file became shorter while it was read: what is there is what is judged.
    if (bytesRead === 0) break;
    md5.update(bytes.subarray(at, at + bytesRead));
    sha256.update(bytes.subarray(at, at + bytesRead));
    at += bytesRead;
  }
  const digests = { md5: md5.digest("hex"), sha256: sha256.digest("hex") };
  return fingerprintOf(bytes.subarray(0, at), options, async () => digests);
}
