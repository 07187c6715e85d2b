/**
 * Makes the next snapshot of a replica without asking the replica for what it holds: the snapshot before, and the
 * additions that came since, which wait in a file without a name. An index can stay what is best for searching, a
 * snapshot holds up neither checks nor the feed, and a withdrawn item's signals are not carried into the next one.
 */
import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { encodeEntry, type FeedEntry, itemNumberOf } from "@recourse/bank";
import type { Replica } from "../replica.ts";
import { SnapshotError } from "./blocks.ts";
import { createRecordWriter, readRecords, type RecordRange, type RecordWriter } from "./records.ts";
import { writeSnapshot } from "./snapshot-file.ts";

export const SNAPSHOT_NAME = "replica.snapshot";
/** Files that are being written; one that was left behind is old. */
export const isTemporary = (name: string): boolean => /^replica-[0-9a-f]{16}\.tmp$/.test(name);

/** A new empty file beside the snapshots, for reading and writing by this user alone. */
const openTemporary = async (directory: string): Promise<{ readonly handle: FileHandle; readonly path: string }> => {
  const path = join(directory, `replica-${randomBytes(8).toString("hex")}.tmp`);
  return { handle: await open(path, "wx+", 0o600), path };
};

export interface Spool {
  /** Takes note of what was applied to the replica, in that order. Rejects for nothing. */
  note(entries: readonly FeedEntry[]): Promise<void>;
  /** Writes a snapshot of what the replica holds now, in the place of the one before. Throws SnapshotError. */
  write(bankId: string): Promise<void>;
  close(): Promise<void>;
}

export interface SpoolOptions {
  readonly directory: string;
  readonly replica: Replica;
  /** The snapshot the replica was made from; the spool closes it. */
  readonly base: RecordRange | undefined;
}

interface Tail {
  readonly handle: FileHandle;
  readonly writer: RecordWriter;
}

export const createSpool = ({ directory, replica, base }: SpoolOptions): Spool => {
  /** Everything that was ever added and may be in force lies in these, or in the tail. */
  let sources: readonly RecordRange[] = base === undefined ? [] : [base];
  let tail: Tail | undefined;
  /** Since something that was applied is missing here, there can be no snapshot any more. */
  let broken: unknown;
  /** Withdrawn while a snapshot is written that still has them. */
  let goneMeanwhile: Set<number> | undefined;
  let working: Promise<void> = Promise.resolve();

  /** One after the other: notes of entries and the moment at which a snapshot is cut. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = working.then(work);
    working = turn.catch(() => {});
    return turn;
  };

  const openTail = async (): Promise<Tail> => {
    const { handle, path } = await openTemporary(directory);
    // Without a name it is gone with the process. Where a system does not allow that, it is removed at the next start.
    await rm(path).catch(() => {});
    return { handle, writer: createRecordWriter(handle, 0) };
  };

  const closeAll = async (ranges: readonly RecordRange[]): Promise<void> => {
    for (const { handle } of ranges) await handle.close().catch(() => {});
  };

  async function* inForce(ranges: readonly RecordRange[], gone: ReadonlySet<number>): AsyncGenerator<Buffer> {
    for (const range of ranges) {
      for await (const records of readRecords(range)) {
        for (const record of records) {
          const number = itemNumberOf(record);
          if (replica.holds(number) || gone.has(number)) yield record;
        }
      }
    }
  }

  const writeFile = async (bankId: string): Promise<void> => {
    const { sequence, checksum, unsettled, itemCount: items } = replica;
    const gone = new Set<number>();
    goneMeanwhile = gone;
    try {
      // Before it, everything that was applied up to now has its turn; behind it, nothing is of this snapshot.
      await inTurn(async () => {
        await tail?.writer.flush();
        if (tail !== undefined) {
          sources = [...sources, { handle: tail.handle, fromBytes: 0, toBytes: tail.writer.atBytes }];
          tail = undefined;
        }
      });
      if (broken !== undefined) throw broken;
      const from = sources;
      const { handle, path } = await openTemporary(directory);
      try {
        const head = { bankId, sequence, checksum, unsettled, items };
        const range = await writeSnapshot(handle, head, inForce(from, gone));
        await rename(path, join(directory, SNAPSHOT_NAME));
        sources = [range];
        await closeAll(from);
      } catch (error) {
        await handle.close().catch(() => {});
        await rm(path, { force: true });
        throw error;
      }
      // The new name, too, is to be there after a loss of power.
      const folder = await open(directory, "r");
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } finally {
      goneMeanwhile = undefined;
    }
  };

  return {
    note(entries) {
      for (const { operation, itemNumber } of entries) {
        if (operation === "withdraw") goneMeanwhile?.add(itemNumber);
      }
      const additions = entries.filter(({ operation, signals }) => operation === "add" && signals.length > 0);
      if (additions.length === 0) return Promise.resolve();
      return inTurn(async () => {
        if (broken !== undefined) return;
        try {
          tail ??= await openTail();
          for (const entry of additions) await tail.writer.add(encodeEntry(entry));
        } catch (error) {
          broken = error;
        }
      });
    },
    async write(bankId) {
      try {
        await writeFile(bankId);
      } catch (error) {
        throw error instanceof SnapshotError ? error : new SnapshotError("file_system", error);
      }
    },
    async close() {
      await working;
      await closeAll(sources);
      await tail?.handle.close().catch(() => {});
    },
  };
};
