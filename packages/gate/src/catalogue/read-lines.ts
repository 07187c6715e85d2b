/** Lines of a stream of bytes, with never more in memory than a piece of it and one line. */

/** `text`: without its end (LF or CRLF); undefined where it was longer than it may be. */
export type OnLine = (text: string | undefined) => void;

export interface LineReader {
  /** Hands over each line that ends in this piece. */
  take(piece: Buffer): void;
  /** The stream came to its end: what is left is a line. Not to be called when it was cut off. */
  end(): void;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export const createLineReader = (maxBytes: number, onLine: OnLine): LineReader => {
  let rest: Buffer = Buffer.alloc(0);
  /** Whether the line that is being read is too long already: what is left of it is let go. */
  let isTooLong = false;

  const hand = (line: Buffer): void => {
    const isCarriage = line[line.length - 1] === CARRIAGE_RETURN;
    const end = isCarriage ? line.length - 1 : line.length;
    onLine(isTooLong || end > maxBytes ? undefined : line.toString("utf8", 0, end));
    isTooLong = false;
  };

  return {
    take(piece) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      let from = 0;
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
        hand(bytes.subarray(from, end));
        from = end + 1;
      }
      rest = bytes.subarray(from);
      // One more for the carriage return.
      if (!isTooLong && rest.length <= maxBytes + 1) return;
      isTooLong = true;
      rest = Buffer.alloc(0);
    },
    end() {
      if (rest.length > 0 || isTooLong) hand(rest);
      rest = Buffer.alloc(0);
    },
  };
};
