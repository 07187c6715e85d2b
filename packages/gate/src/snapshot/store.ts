/** The folder of a gate's snapshots: starting from the one that is there, and what is done about one that is no good. */
import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FeedHead } from "@recourse/bank";
import { loadRingIndex, MatchError, type MatchErrorCode } from "@recourse/match";
import { createHeldItems } from "../held/held-items.ts";
import type { Replica, SavedReplica } from "../replica.ts";
import { SnapshotError, type SnapshotReason } from "./blocks.ts";
import { openSnapshot, writeSnapshot } from "./snapshot-file.ts";

export const SNAPSHOT_NAME = "replica.snapshot";
/** Files that are being written; one that was left behind is old. */
const isTemporary = (name: string): boolean => /^replica-[0-9a-f]{16}\.tmp$/.test(name);
/** What another gate in the same folder may still be writing is younger. */
const LEFT_BEHIND_MS = 6 * 60 * 60 * 1000;

export type SnapshotEvent =
  /** The snapshot that was there is not used; the gate reads the whole bank. */
  | { readonly event: "snapshot_refused"; readonly reason: SnapshotReason }
  /** None could be written; the one before stays. */
  | { readonly event: "snapshot_failed"; readonly reason: SnapshotReason }
  | { readonly event: "snapshot_restored" | "snapshot_written"; readonly items: number; readonly ms: number };

export interface Restored {
  readonly replica: Replica;
  readonly bankId: string;
}

export interface SnapshotStore {
  /**
   * A replica as the snapshot holds it, checked against the bank's head if that is known; undefined, and an event that
   * says why, where there is none that can be used.
   */
  restore(makeReplica: (saved: SavedReplica) => Replica, head: FeedHead | undefined): Promise<Restored | undefined>;
  /** Writes a snapshot of what the replica holds now in the place of the one before, and tells how it went. */
  write(replica: Replica, bankId: string): Promise<void>;
}

/** A record, and what an index has for a hash of it. */
const LEAST_RECORD_BYTES = 72;

const INDEX_REASONS: Readonly<Record<MatchErrorCode, SnapshotReason>> = {
  snapshot_magic: "damaged",
  snapshot_version: "other_version",
  snapshot_length: "truncated",
  snapshot_checksum: "damaged",
  snapshot_content: "inconsistent",
  memory_full: "memory_full",
  reader_behind: "inconsistent",
};

const reasonOf = (error: unknown): SnapshotReason => {
  if (error instanceof SnapshotError) return error.reason;
  return error instanceof MatchError ? INDEX_REASONS[error.code] : "file_system";
};
const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

/** Everything in it. Throws SnapshotError and MatchError. */
const readSaved = async (
  handle: FileHandle,
  bank: FeedHead | undefined,
): Promise<{ readonly saved: SavedReplica; readonly bankId: string }> => {
  const snapshot = await openSnapshot(handle);
  const { head } = snapshot;
  if (bank !== undefined && head.bankId !== bank.bankId) throw new SnapshotError("other_bank");
  if (bank !== undefined && head.sequence > bank.sequence) throw new SnapshotError("from_the_future");
  // Most items of pictures have two exact hashes. What a head claims is no reason to take more memory than its file has.
  const { size } = await handle.stat();
  const items = createHeldItems(Math.min(2 * head.itemCount, size / LEAST_RECORD_BYTES));
  for await (const records of snapshot.records()) {
    if (items.restore(records) === undefined) throw new SnapshotError("inconsistent");
  }
  if (items.size !== head.itemCount || items.checksum !== head.checksum) throw new SnapshotError("inconsistent");
  const [global, local, sample] = await snapshot.indexes((read, sizeBytes) => loadRingIndex(read, sizeBytes));
  // Items have each hash once, so an index has as many entries as they have hashes.
  const isOfItems =
    global?.size === items.hashes && local?.size === items.patches && sample !== undefined && sample.size <= local.size;
  if (!isOfItems) throw new SnapshotError("inconsistent");
  const { sequence, unsettled, sampleSeed, bankId } = head;
  return { saved: { sequence, unsettled, sampleSeed, items, indexes: [global, local, sample] }, bankId };
};

export const createSnapshotStore = (directory: string, onEvent: (event: SnapshotEvent) => void): SnapshotStore => {
  const path = join(directory, SNAPSHOT_NAME);

  const prepare = async (): Promise<void> => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const name of await readdir(directory)) {
      if (!isTemporary(name)) continue;
      const left = join(directory, name);
      const { mtimeMs } = await stat(left);
      if (Date.now() - mtimeMs > LEFT_BEHIND_MS) await rm(left, { force: true });
    }
  };

  /** Beside the one before, then in its place: whatever happens, one of both is there whole. */
  const writeFile = async (replica: Replica, bankId: string): Promise<void> => {
    const cut = replica.cut();
    try {
      const temporary = join(directory, `replica-${randomBytes(8).toString("hex")}.tmp`);
      const handle = await open(temporary, "wx", 0o600);
      try {
        await writeSnapshot(handle, bankId, cut);
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      } finally {
        await handle.close();
      }
      // The new name, too, is to be there after a loss of power.
      const folder = await open(directory, "r");
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } finally {
      cut.close();
    }
  };

  return {
    async restore(makeReplica, head) {
      const startedAt = performance.now();
      try {
        await prepare();
        const handle = await open(path, "r");
        try {
          const { saved, bankId } = await readSaved(handle, head);
          const replica = makeReplica(saved);
          const ms = Math.round(performance.now() - startedAt);
          onEvent({ event: "snapshot_restored", items: replica.itemCount, ms });
          return { replica, bankId };
        } finally {
          await handle.close();
        }
      } catch (error) {
        if (!isMissing(error)) onEvent({ event: "snapshot_refused", reason: reasonOf(error) });
        return undefined;
      }
    },
    async write(replica, bankId) {
      const startedAt = performance.now();
      const items = replica.itemCount;
      try {
        await prepare();
        await writeFile(replica, bankId);
        onEvent({ event: "snapshot_written", items, ms: Math.round(performance.now() - startedAt) });
      } catch (error) {
        onEvent({ event: "snapshot_failed", reason: reasonOf(error) });
      }
    },
  };
};
