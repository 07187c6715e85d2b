/**
 * Writes matches down without ever holding up a verdict for long: protection goes first. What can't be written now
 * waits, bounded, and is written when the database is back.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { NewMatch } from "@recourse/bank";

export interface MatchRecorder {
  /** Matches that wait. */
  readonly waiting: number;
  /** Resolves once these are written, or after `WAIT_MS` with them still waiting. */
  record(matches: readonly NewMatch[]): Promise<void>;
  /** Tries once more to write what waits. */
  close(): Promise<void>;
}

const WAIT_MS = 400;
const RETRY_MS = 500;
const BATCH = 500;
/** At about 200 bytes each, 10 MB: hours of matches at any real rate. The oldest go first beyond it. */
const WAITING_LIMIT = 50_000;

export const createMatchRecorder = (
  write: (matches: readonly NewMatch[]) => Promise<void>,
  onLost: (count: number) => void,
): MatchRecorder => {
  let waiting: NewMatch[] = [];
  let writing: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      await write(batch);
      const written = new Set(batch);
      waiting = waiting.filter((match) => !written.has(match));
    }
  };

  const flush = (): Promise<void> => {
    writing ??= writeAll()
      .catch(() => {
        clearTimeout(retry);
        if (closed) return;
        retry = setTimeout(() => void flush(), RETRY_MS);
        retry.unref();
      })
      .finally(() => {
        writing = undefined;
      });
    return writing;
  };

  return {
    get waiting() {
      return waiting.length;
    },
    async record(matches) {
      if (matches.length === 0) return;
      waiting.push(...matches);
      if (waiting.length > WAITING_LIMIT) {
        const surplus = waiting.length - WAITING_LIMIT;
        waiting = waiting.slice(surplus);
        onLost(surplus);
      }
      await Promise.race([flush(), sleep(WAIT_MS, undefined, { ref: false })]);
    },
    async close() {
      clearTimeout(retry);
      closed = true;
      await flush();
    },
  };
};
