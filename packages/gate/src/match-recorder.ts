/**
 * Writes matches down without ever holding up a verdict for long: protection goes first. What can't be written now
 * waits, bounded, and is written when the database is back.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { BankError, type NewMatch } from "@recourse/bank";

export interface MatchRecorder {
  /** Matches that wait. */
  readonly waiting: number;
  /** Resolves once these are written, or after `WAIT_MS` with them still waiting. */
  record(matches: readonly NewMatch[]): Promise<void>;
  /** Tries to write a match that may wait, and answers whether none of this id waits any more. */
  settle(id: string): Promise<boolean>;
  /** Tries once more to write what waits. */
  close(): Promise<void>;
}

const WAIT_MS = 400;
const RETRY_MS = 500;
const BATCH = 500;
/** At about 200 bytes each, 10 MB: hours of matches at any real rate. The oldest go first beyond it. */
const WAITING_LIMIT = 50_000;

const isAway = (error: unknown): boolean => error instanceof BankError && error.code === "database_unavailable";

export const createMatchRecorder = (
  write: (matches: readonly NewMatch[]) => Promise<void>,
  onLost: (count: number) => void,
): MatchRecorder => {
  let waiting: NewMatch[] = [];
  let writing: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const forget = (matches: readonly NewMatch[]): void => {
    const gone = new Set(matches);
    waiting = waiting.filter((match) => !gone.has(match));
  };

  /** What the database refuses for good, and not for being away, must not stand in the way of the rest. */
  const writeOneByOne = async (batch: readonly NewMatch[]): Promise<void> => {
    for (const match of batch) {
      try {
        await write([match]);
      } catch (error) {
        if (isAway(error)) throw error;
        onLost(1);
      }
      forget([match]);
    }
  };

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      try {
        await write(batch);
      } catch (error) {
        if (isAway(error)) throw error;
        await writeOneByOne(batch);
      }
      forget(batch);
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

  const flushSoon = (): Promise<void> => Promise.race([flush(), sleep(WAIT_MS, undefined, { ref: false })]);

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
      await flushSoon();
    },
    async settle(id) {
      if (waiting.some((match) => match.id === id)) await flushSoon();
      return !waiting.some((match) => match.id === id);
    },
    async close() {
      clearTimeout(retry);
      closed = true;
      await flush();
    },
  };
};
