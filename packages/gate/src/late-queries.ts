/**
 * Work that is done after an answer, one piece at a time and in the order it came, with pauses in which the thread
 * answers others. What does not fit any more is turned away at once, so whoever asked can be told.
 */
import { setImmediate as pause } from "node:timers/promises";

export interface LateQueries {
  readonly waiting: number;
  /** How many were turned away since the start. */
  readonly skipped: number;
  /** False when the queue is full or closed: then the work is never done. */
  accept(work: () => void): boolean;
  /** Does what was accepted, and accepts nothing more. */
  close(): Promise<void>;
}

/** Each holds up to 512 hashes as text, 80 kB: 20 MB at most. */
const WAITING_LIMIT = 256;

export const createLateQueries = (onFailed: () => void, limit = WAITING_LIMIT): LateQueries => {
  const queue: (() => void)[] = [];
  let working: Promise<void> | undefined;
  let skipped = 0;
  let closed = false;

  const workOff = async (): Promise<void> => {
    for (;;) {
      await pause();
      const work = queue.shift();
      if (work === undefined) return;
      try {
        work();
      } catch {
        // Nobody waits for it any more who could be told; the next one must not suffer for it.
        onFailed();
      }
    }
  };

  return {
    get waiting() {
      return queue.length;
    },
    get skipped() {
      return skipped;
    },
    accept(work) {
      if (closed || queue.length >= limit) {
        skipped += 1;
        return false;
      }
      queue.push(work);
      working ??= workOff().finally(() => {
        working = undefined;
      });
      return true;
    },
    async close() {
      closed = true;
      await working;
    },
  };
};
