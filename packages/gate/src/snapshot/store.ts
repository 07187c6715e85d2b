/** The folder of a gate's snapshots: starting from the one that is there, and what is done about one that is no good. */
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { decodeEntry, type FeedEntry, type FeedHead } from "@recourse/bank";
import type { Replica } from "../replica.ts";
import { SnapshotError, type SnapshotReason } from "./blocks.ts";
import { openSnapshot } from "./snapshot-file.ts";
import { createSpool, isTemporary, type Spool, SNAPSHOT_NAME } from "./spool.ts";

export type SnapshotEvent =
  /** The snapshot that was there is not used; the gate reads the whole bank. */
  | { readonly event: "snapshot_refused"; readonly reason: SnapshotReason }
  /** None could be written; the one before stays. */
  | { readonly event: "snapshot_failed"; readonly reason: SnapshotReason }
  | { readonly event: "snapshot_restored" | "snapshot_written"; readonly items: number; readonly ms: number };

export interface Restored {
  readonly replica: Replica;
  readonly bankId: string;
  readonly spool: Spool;
}

export interface SnapshotStore {
  /**
   * A replica as the snapshot holds it, checked against the bank's head if that is known; undefined, and an event that
   * says why, where there is none that can be used.
   */
  restore(makeReplica: () => Replica, head: FeedHead | undefined): Promise<Restored | undefined>;
  /** For a replica that is empty yet; undefined when the folder can't be used. */
  begin(replica: Replica): Promise<Spool | undefined>;
  /** Writes a snapshot, and tells how it went. */
  write(spool: Spool, replica: Replica, bankId: string): Promise<void>;
}

/** What another gate in the same folder may still be writing is younger. */
const LEFT_BEHIND_MS = 6 * 60 * 60 * 1000;

const reasonOf = (error: unknown): SnapshotReason => (error instanceof SnapshotError ? error.reason : "file_system");
const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

const entryOf = (record: Buffer): FeedEntry => {
  const entry = decodeEntry(record);
  if (entry?.operation !== "add") throw new SnapshotError("inconsistent");
  return entry;
};

export const createSnapshotStore = (directory: string, onEvent: (event: SnapshotEvent) => void): SnapshotStore => {
  const prepare = async (): Promise<void> => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const name of await readdir(directory)) {
      if (!isTemporary(name)) continue;
      const path = join(directory, name);
      const { mtimeMs } = await stat(path);
      if (Date.now() - mtimeMs > LEFT_BEHIND_MS) await rm(path, { force: true });
    }
  };

  const read = async (makeReplica: () => Replica, bank: FeedHead | undefined): Promise<Restored> => {
    const handle = await open(join(directory, SNAPSHOT_NAME), "r");
    try {
      const snapshot = await openSnapshot(handle);
      const { head } = snapshot;
      if (bank !== undefined && head.bankId !== bank.bankId) throw new SnapshotError("other_bank");
      if (bank !== undefined && head.sequence > bank.sequence) throw new SnapshotError("from_the_future");
      const replica = makeReplica();
      for await (const records of snapshot.records()) replica.restore(records.map(entryOf));
      replica.resume(head.sequence, head.unsettled);
      if (replica.itemCount !== head.items || replica.checksum !== head.checksum) {
        throw new SnapshotError("inconsistent");
      }
      const spool = createSpool({ directory, replica, base: snapshot.range() });
      return { replica, bankId: head.bankId, spool };
    } catch (error) {
      await handle.close();
      throw error;
    }
  };

  return {
    async restore(makeReplica, head) {
      const startedAt = performance.now();
      try {
        await prepare();
        const restored = await read(makeReplica, head);
        const ms = Math.round(performance.now() - startedAt);
        onEvent({ event: "snapshot_restored", items: restored.replica.itemCount, ms });
        return restored;
      } catch (error) {
        if (!isMissing(error)) onEvent({ event: "snapshot_refused", reason: reasonOf(error) });
        return undefined;
      }
    },
    async begin(replica) {
      try {
        await prepare();
        return createSpool({ directory, replica, base: undefined });
      } catch (error) {
        onEvent({ event: "snapshot_failed", reason: reasonOf(error) });
        return undefined;
      }
    },
    async write(spool, replica, bankId) {
      const startedAt = performance.now();
      const items = replica.itemCount;
      try {
        await spool.write(bankId);
        onEvent({ event: "snapshot_written", items, ms: Math.round(performance.now() - startedAt) });
      } catch (error) {
        onEvent({ event: "snapshot_failed", reason: reasonOf(error) });
      }
    },
  };
};
