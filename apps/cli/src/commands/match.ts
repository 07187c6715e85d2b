/** `recourse match --bank FILE --queries FILE`: which hashes of one list are near which of another. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createScanIndex, hashFromHex } from "@recourse/match";
import { CommandFailure, type ExitStatus } from "../failure.ts";
import { STDIN } from "../find-files.ts";

/** Calls `onHash` for each line that holds a hash; blank lines count in the numbering. Throws `signal_invalid`. */
const readHashes = async (file: string, name: string, onHash: (line: number, hash: Uint8Array) => void | Promise<void>) => {
  const input = file === STDIN ? process.stdin : createReadStream(file);
  const failed = new Promise<never>((_resolve, reject) => {
    input.once("error", () => reject(new CommandFailure("file_unreadable", 2, name)));
  });
  failed.catch(() => {});
  const read = async (): Promise<void> => {
    let line = 0;
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const hex = text.trim();
      if (hex !== "") {
        if (!/^[0-9a-f]{64}$/i.test(hex)) throw new CommandFailure("signal_invalid", 2, `${name}, line ${line}`);
        await onHash(line, hashFromHex(hex));
      }
      line += 1;
    }
  };
  await Promise.race([read(), failed]);
};

/** Prints `queryLine<TAB>bankLine<TAB>distance`, zero-based, sorted by the first two. */
export const runMatch = async (bank: string, queries: string, radiusBits: number): Promise<ExitStatus> => {
  const index = createScanIndex();
  await readHashes(bank, "bank", (line, hash) => index.add(line, hash));
  await readHashes(queries, "queries", async (line, hash) => {
    const hits = index.query(hash, radiusBits).toSorted((a, b) => a.id - b.id);
    if (hits.length === 0) return;
    const text = hits.map((hit) => `${line}\t${hit.id}\t${hit.distanceBits}\n`).join("");
    if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once("drain", resolve));
  });
  return 0;
};
