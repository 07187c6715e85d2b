/**
 * What lets other threads ask an index. Each segment's memory is shared with them; which segments there are is told by
 * messages, since shared memory can hold no memory. A number in memory that all see says which message is the latest,
 * so a reader knows whether it has been told everything before it answers.
 */
import type { Segment, SegmentShape } from "./segment.ts";

/** Where the writer's messages go: a MessagePort, or anything else that brings them to one reader, in order. */
export interface ReaderPort {
  postMessage(message: unknown): void;
}

/** What a reader's thread needs besides the messages; can be sent there. */
export interface ReaderHandle {
  /** The number of the latest message, then for each reader whether it is open. */
  readonly control: Int32Array;
  /** The reader's scratch area in each segment, from 1. */
  readonly place: number;
}

/** The present segments, oldest first. A serial number means the same segment in each message. */
export interface SegmentsMessage {
  readonly revision: number;
  readonly segments: readonly { readonly serial: number; readonly shape: SegmentShape }[];
}

export interface Share {
  /** A reader, or RangeError when all there may be are open. */
  open(port: ReaderPort, segments: readonly Segment[]): ReaderHandle;
  release(handle: ReaderHandle): void;
  /** Tells the readers which segments there are from now on. */
  publish(segments: readonly Segment[]): void;
}

export const createShare = (readers: number): Share => {
  const control = new Int32Array(new SharedArrayBuffer(4 * (1 + readers)));
  const ports = new Map<number, ReaderPort>();
  const serials = new WeakMap<Segment, number>();
  let lastSerial = 0;
  let revision = 0;

  const serialOf = (segment: Segment): number => {
    const known = serials.get(segment);
    if (known !== undefined) return known;
    lastSerial += 1;
    serials.set(segment, lastSerial);
    return lastSerial;
  };
  const messageOf = (segments: readonly Segment[]): SegmentsMessage => ({
    revision,
    segments: segments.map((segment) => ({ serial: serialOf(segment), shape: segment.shape })),
  });

  return {
    open(port, segments) {
      for (let place = 1; place <= readers; place += 1) {
        if (Atomics.compareExchange(control, place, 0, 1) !== 0) continue;
        ports.set(place, port);
        port.postMessage(messageOf(segments));
        return { control, place };
      }
      throw new RangeError("readers: all of them are open");
    },
    release(handle) {
      ports.delete(handle.place);
      Atomics.store(control, handle.place, 0);
    },
    publish(segments) {
      revision += 1;
      for (const [place, port] of ports) {
        if (Atomics.load(control, place) === 0) ports.delete(place);
        else port.postMessage(messageOf(segments));
      }
      // Last: whoever sees the number can be sure that the message is on its way.
      Atomics.store(control, 0, revision);
    },
  };
};
