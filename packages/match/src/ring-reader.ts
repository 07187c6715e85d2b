/**
 * Asks an index from another thread than the one that writes to it, in the same memory (docs/matching.md, "Threads").
 */
import { MatchError } from "./errors.ts";
import type { HammingIndex } from "./hamming-index.ts";
import { createAsk } from "./ring/ask.ts";
import { openSegment, readCount, type Segment } from "./ring/segment.ts";
import type { ReaderHandle, SegmentsMessage } from "./ring/share.ts";

/**
 * The same questions and answers as the index has. A query sees whatever was added or removed before it began, and
 * may see some of what is added or removed meanwhile. Belongs to the thread that opened it.
 */
export interface RingReader extends Pick<HammingIndex, "query" | "queryVotes"> {
  /** Takes in the messages that came, and tells whether they are all there are. Queries do so by themselves. */
  isCurrent(): boolean;
  /** Frees the place for another reader. Queries throw TypeError from then on. */
  close(): void;
}

/**
 * Opens a reader where `handle` was sent to. `receive` answers the next message the writer put into the reader's port,
 * or undefined when there is none: in Node `() => receiveMessageOnPort(port)?.message`, elsewhere from a list that the
 * port's listener fills. Where messages come only between tasks, a query may throw MatchError `reader_behind` rather
 * than miss what it has not been told of; it may be asked again when `isCurrent()`.
 */
export const openRingReader = (handle: ReaderHandle, receive: () => unknown): RingReader => {
  const { control, place } = handle;
  let revision = -1;
  let known: ReadonlyMap<number, Segment> = new Map();
  let segments: readonly Segment[] = [];
  let isOpen = true;

  const takeIn = (message: SegmentsMessage): void => {
    const next = new Map<number, Segment>();
    for (const { serial, shape } of message.segments) next.set(serial, known.get(serial) ?? openSegment(shape, place));
    known = next;
    segments = [...next.values()];
    ({ revision } = message);
  };

  const isCurrent = (): boolean => {
    const latest = Atomics.load(control, 0);
    while (revision < latest) {
      const message = receive();
      if (message === undefined) return false;
      // The cast: only the writer posts here.
      takeIn(message as SegmentsMessage);
    }
    return true;
  };

  const ask = createAsk(() => {
    if (!isOpen) throw new TypeError("reader: closed");
    if (!isCurrent()) throw new MatchError("reader_behind");
    // All at once before anything is asked: a query must not see a later row and miss an earlier removal.
    for (const segment of segments) readCount(segment);
    return segments;
  });

  return {
    ...ask,
    isCurrent,
    close() {
      if (!isOpen) return;
      isOpen = false;
      segments = [];
      known = new Map();
      Atomics.store(control, place, 0);
    },
  };
};
