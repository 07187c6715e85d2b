/** `recourse match --bank FILE --queries FILE`: which hashes of one list are near which of another. */
import { createReadStream } from "node:fs";
import { createScanIndex, hashFromHex } from "@recourse/match";
import { CommandFailure, type ExitStatus } from "../failure.ts";
import { STDIN } from "../find-files.ts";
import { LineTooLong, readLines } from "../read-lines.ts";

/** A hash has 64 digits; the rest is room for blanks around it. */
const MAX_LINE_LENGTH = 1024;

/** Calls `onHash` for each line that holds a hash; blank lines count in the numbering. Throws `signal_invalid`. */
const readHashes = async (
  file: string,
  name: string,
  onHash: (line: number, hash: Uint8Array) => void | Promise<void>,
): Promise<void> => {
  const wrongLine = (line: number) => new CommandFailure("signal_invalid", 2, `${name}, line ${line}, counted from 0`);
  try {
    await readLines(file === STDIN ? process.stdin : createReadStream(file), MAX_LINE_LENGTH, (text, line) => {
      const hex = text.trim();
      if (hex === "") return undefined;
      if (!/^[0-9a-f]{64}$/i.test(hex)) throw wrongLine(line);
      return onHash(line, hashFromHex(hex));
    });
  } catch (error) {
    if (error instanceof LineTooLong) throw wrongLine(error.line);
    // What a stream fails with has a code of the system.
    if (error instanceof Error && "syscall" in error) throw new CommandFailure("file_unreadable", 2, name);
    throw error;
  }
};

/** Prints `queryLine<TAB>bankLine<TAB>distance`, zero-based, sorted by the first two. */
export const runMatch = async (bank: string, queries: string, radiusBits: number): Promise<ExitStatus> => {
  const index = createScanIndex();
  await readHashes(bank, "bank", (line, hash) => index.add(line, hash));
  await readHashes(queries, "queries", (line, hash) => {
    const hits = index.query(hash, radiusBits).toSorted((a, b) => a.id - b.id);
    if (hits.length === 0) return undefined;
    const text = hits.map((hit) => `${line}\t${hit.id}\t${hit.distanceBits}\n`).join("");
    if (process.stdout.write(text)) return undefined;
    return new Promise((resolve) => process.stdout.once("drain", resolve));
  });
  return 0;
};
