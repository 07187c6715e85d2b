/**
 * Runs the look-back as long as it is open: one process of all that share a database, woken by the feed and by what is
 * registered, with a slow poll behind both.
 */
import { BankError, type Database } from "@recourse/bank";
import { createLookBack, type LookBackEvent, type LookBackOptions } from "./look-back.ts";

export interface LookBackLoop {
  /** Resolves when the step that is under way has ended. */
  close(): Promise<void>;
}

/** Names the one look-back of a database among its locks. */
const LOOK_BACK_LOCK = 7_308_005;
/** What the bank notifies at each change, and what a registration does (catalogue.ts). */
const CHANNELS = ["recourse_feed", "recourse_catalogue"];
const POLL_MS = 2_000;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 10_000;

type Connection = Awaited<ReturnType<Database["connect"]>>;

export const runLookBack = (
  options: LookBackOptions & { readonly onEvent: (event: LookBackEvent) => void },
): LookBackLoop => {
  const { database, onEvent } = options;
  const lookBack = createLookBack(options);
  let closed = false;
  let connection: Connection | undefined;
  let retryMs = RETRY_MIN_MS;
  /** Ends the pause that is under way; a wish that comes during a step is kept for the next. */
  let awake = false;
  let endPause: () => void = () => {};

  const wake = (): void => {
    awake = true;
    endPause();
  };

  const pause = async (ms: number): Promise<void> => {
    if (closed || awake) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  };

  const drop = (): void => {
    const old = connection;
    connection = undefined;
    old?.removeAllListeners();
    // An error of a connection that is let go has no other ear.
    old?.on("error", () => {});
    old?.end().catch(() => {});
  };

  /** True where this process is the one that looks back; the lock is held as long as the connection. */
  const lead = async (): Promise<boolean> => {
    if (connection !== undefined) return true;
    const client = await database.connect();
    const answer = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [LOOK_BACK_LOCK]);
    if (answer.rows[0]?.held !== true || closed) {
      await client.end().catch(() => {});
      return false;
    }
    client.on("notification", wake);
    client.on("end", () => {
      if (connection === client) drop();
      wake();
    });
    for (const channel of CHANNELS) await client.query(`listen ${channel}`);
    connection = client;
    return true;
  };

  const run = async (): Promise<void> => {
    while (!closed) {
      try {
        awake = false;
        const worked = (await lead()) && (await lookBack.step());
        retryMs = RETRY_MIN_MS;
        if (!worked) await pause(POLL_MS);
      } catch (error) {
        drop();
        onEvent({ event: "look_back_failed", code: error instanceof BankError ? error.code : "internal" });
        awake = false;
        await pause(retryMs);
        retryMs = Math.min(2 * retryMs, RETRY_MAX_MS);
      }
    }
    drop();
  };

  const running = run();
  return {
    async close() {
      closed = true;
      wake();
      await running;
    },
  };
};
