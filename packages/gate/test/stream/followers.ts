/** Gates that follow a bank through a stream, as the tests of this folder need them. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bank } from "@recourse/bank";
import {
  type FeedConnectionOptions,
  followStream,
  openFeedConnection,
  publishFeed,
  type PublisherEvent,
} from "@recourse/bank/stream";
import { createReplica } from "../../src/replica.ts";
import {
  createReplicaKeeper,
  type KeeperEvent,
  type KeeperOptions,
  type ReplicaKeeper,
} from "../../src/replica-keeper.ts";
import { hex, pdq } from "../signals.ts";

export const eventually = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
  const until = Date.now() + 180_000;
  while (!(await holds())) {
    assert.ok(Date.now() < until, `in vain: ${what}`);
    await sleep(20);
  }
};

export interface StreamGate {
  readonly keeper: ReplicaKeeper;
  readonly events: KeeperEvent[];
  close(): Promise<void>;
}

/** A gate that has nothing but the address of the stream. */
export const startGate = (to: string | FeedConnectionOptions, options: Partial<KeeperOptions> = {}): StreamGate => {
  const connection = openFeedConnection(typeof to === "string" ? { url: to } : to);
  const events: KeeperEvent[] = [];
  const keeper = createReplicaKeeper({
    follow: (following) => followStream({ ...following, connection, pollMs: 300 }),
    makeReplica: (saved) => createReplica({}, saved),
    onConnection: () => {},
    onEvent: (event) => events.push(event),
    pauseMs: 50,
    settleMs: 3_000,
    ...options,
  });
  return {
    keeper,
    events,
    async close() {
      await keeper.close();
      await connection.close();
    },
  };
};

export interface Hub {
  readonly events: PublisherEvent[];
  close(): Promise<void>;
}

export const startHub = (
  bank: Bank,
  to: string | FeedConnectionOptions,
  options: { readonly replicas?: number; readonly keptWithdrawals?: number; readonly countEveryMs?: number } = {},
): Hub => {
  const connection = openFeedConnection(typeof to === "string" ? { url: to } : to);
  const events: PublisherEvent[] = [];
  const publisher = publishFeed({ bank, connection, onEvent: (event) => events.push(event), pollMs: 300, ...options });
  return {
    events,
    async close() {
      await publisher.close();
      await connection.close();
    },
  };
};

/** Each gate comes to stand where the bank stands, and has its checksum, which is right by the bank's rows. */
export const assertSame = async (bank: Bank, ...gates: readonly StreamGate[]): Promise<void> => {
  for (const { keeper, events } of gates) {
    await eventually(`the gate has the head; its events: ${JSON.stringify(events)}`, async () => {
      const { sequence } = await bank.feedHead();
      return keeper.verifiedSequence === sequence && keeper.replica.sequence === sequence;
    });
  }
  const { sequence, recomputed: checksum } = await bank.auditFeed();
  for (const { keeper } of gates) {
    const { replica } = keeper;
    assert.deepEqual({ sequence: replica.sequence, checksum: replica.checksum }, { sequence, checksum });
  }
};

export interface Writing {
  /** Resolves when so many more changes were made. */
  more(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Adds and withdraws without a pause, so that about 40 items are in force. */
export const startWriting = (bank: Bank): Writing => {
  const added: string[] = [];
  let isWriting = true;
  let changes = 0;
  const write = async (): Promise<void> => {
    while (isWriting) {
      try {
        added.push((await bank.addOwnItem([pdq(hex(32)), { type: "md5", value: hex(16) }])).item);
        const [oldest] = added;
        if (added.length > 40 && oldest !== undefined) {
          await bank.removeOwnItem(oldest);
          added.shift();
        }
        changes += 1;
      } catch {
        // The database is away; what it did not acknowledge may be in force or not.
        await sleep(50);
      }
    }
  };
  const writing = write();
  return {
    async more(count) {
      const enough = changes + count;
      await eventually("the bank changes", () => changes >= enough);
    },
    async stop() {
      isWriting = false;
      await writing;
    },
  };
};

/** Whether any file below the folder holds these bytes. */
export const holdsBytes = async (folder: string, bytes: Buffer): Promise<boolean> => {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    if (content.includes(bytes)) return true;
  }
  return false;
};
