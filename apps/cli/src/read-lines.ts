/** Lines of a stream, without ever holding more than one piece of it and one line. */
import type { Readable } from "node:stream";

/** A line was longer than it may be. */
export class LineTooLong extends Error {
  override readonly name = "LineTooLong";
  /** Counted from 0. */
  readonly line: number;

  constructor(line: number) {
    super("a line is too long");
    this.line = line;
  }
}

/**
 * Calls `onLine` with each line, without its end (LF or CRLF), and its number from 0; a promise it answers is waited
 * for. Bytes are read as Latin-1, so every byte is one character. Throws LineTooLong, and what the stream fails with.
 */
export const readLines = async (
  input: Readable,
  maxLength: number,
  onLine: (text: string, line: number) => void | Promise<void>,
): Promise<void> => {
  let line = 0;
  let rest = "";
  const take = async (text: string): Promise<void> => {
    const bare = text.endsWith("\r") ? text.slice(0, -1) : text;
    if (bare.length > maxLength) throw new LineTooLong(line);
    const pending = onLine(bare, line);
    if (pending !== undefined) await pending;
    line += 1;
  };
  for await (const chunk of input) {
    const text = rest + (chunk as Buffer).toString("latin1"); // a stream without an encoding gives Buffers
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      await take(text.slice(from, end));
      from = end + 1;
    }
    rest = text.slice(from);
    // One more for the carriage return.
    if (rest.length > maxLength + 1) throw new LineTooLong(line);
  }
  if (rest !== "") await take(rest);
};
