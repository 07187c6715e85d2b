/** MD5 and SHA-256 of a file, read as a stream, so that the file is never in memory for their sake. */
import { createMD5, createSHA256 } from "hash-wasm";
import { FingerprintFailure } from "../failure.ts";

/** Lower-case hex. Throws FingerprintFailure `file_unreadable` if the file went away. */
export async function digestsOf(
  file: Blob,
  onBytes: (bytesDone: number) => void,
): Promise<{ readonly md5: string; readonly sha256: string }> {
  const [md5, sha256] = await Promise.all([createMD5(), createSHA256()]);
  let done = 0;
  const reader = file.stream().getReader();
  for (;;) {
    const { value, done: ended } = await reader.read().catch((error: unknown) => {
      throw new FingerprintFailure("file_unreadable", error);
    });
    if (ended) break;
    md5.update(value);
    sha256.update(value);
    done += value.length;
    onBytes(done);
  }
  return { md5: md5.digest("hex"), sha256: sha256.digest("hex") };
}
