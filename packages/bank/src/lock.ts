/** A lock that outlives the connection it was taken on. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "./database.ts";
import { BankError } from "./errors.ts";

type Connection = Awaited<ReturnType<Database["connect"]>>;

const RETRY_MS = 100;
const RECONNECT_MS = 500;

const tryLock = async (client: Connection, number: number): Promise<boolean> => {
  const answer = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [number]);
  return answer.rows[0]?.held === true;
};

/** See `Bank.holdLock`. */
export const holdLock = async (
  database: Database,
  number: number,
  waitMs: number,
  onTaken: () => void,
): Promise<{ release(): Promise<void> }> => {
  let released = false;
  let client = await database.connect();

  const watch = (): void => {
    client.once("end", () => void takeAgain());
  };

  /** The database went away, and the lock with it. */
  const takeAgain = async (): Promise<void> => {
    while (!released) {
      await sleep(RECONNECT_MS, undefined, { ref: false });
      const fresh = await database.connect().catch(() => undefined);
      if (fresh === undefined) continue;
      const isHeld = await tryLock(fresh, number).catch(() => undefined);
      if (isHeld === true && !released) {
        client = fresh;
        watch();
        return;
      }
      await fresh.end().catch(() => {});
      if (isHeld === false) {
        onTaken();
        return;
      }
    }
  };

  const until = Date.now() + waitMs;
  while (!(await tryLock(client, number))) {
    if (Date.now() >= until) {
      await client.end();
      throw new BankError("data_in_use");
    }
    await sleep(RETRY_MS);
  }
  watch();
  return {
    async release() {
      released = true;
      await client.end().catch(() => {});
    },
  };
};
