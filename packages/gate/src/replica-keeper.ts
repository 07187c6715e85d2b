/**
 * Keeps the gate's replica the same as the bank: follows the feed, compares checksums whenever it has everything, and
 * builds the replica anew from the bank when they differ or when what it follows is no longer the same bank. Until the
 * new one has everything, the old one goes on answering: nobody is without protection meanwhile.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { FeedHead, FeedPage, FeedReader, FollowFeed } from "@recourse/bank";
import type { Replica, SavedReplica } from "./replica.ts";
import type { SnapshotStore } from "./snapshot/store.ts";

/** Why a replica is built anew. */
export type RebuildReason =
  /** Another bank, or one that was set back to an earlier state. */
  | "bank_replaced"
  /** The gate was away for so long that withdrawals it missed can't be read one by one any more. */
  | "too_far_behind"
  /** The bank has another checksum at the same sequence number. */
  | "checksum_differs"
  /** The feed came to its end and something in it was missing. */
  | "feed_incomplete";

export type KeeperEvent =
  | { readonly event: "replica_rebuilding" | "replica_rebuilt"; readonly reason: RebuildReason }
  /** Built anew from the bank, and the bank's own checksum is still another: its rows were changed past Recourse. */
  | { readonly event: "bank_checksum_wrong" };

export interface ReplicaKeeper {
  /** The one to ask; never keep it. */
  readonly replica: Replica;
  /** The last sequence number at which the replica's checksum was the bank's. */
  readonly verifiedSequence: number | undefined;
  /** Resolves when everything the bank held at the call is in force. Throws BankError while it can't be read. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface KeeperOptions {
  readonly follow: FollowFeed;
  /** Reads the bank itself, for building anew; left out where it can only be followed, from the beginning then. */
  readonly readFeed?: ((after: number, limit: number) => Promise<FeedPage>) | undefined;
  /** Empty, or as it was saved. */
  readonly makeReplica: (saved?: SavedReplica) => Replica;
  /** Where snapshots are kept, if they are; and how long at least from one to the next. */
  readonly snapshots?: SnapshotStore | undefined;
  readonly snapshotEveryMs?: number | undefined;
  readonly onConnection: (connected: boolean) => void;
  readonly onEvent: (event: KeeperEvent) => void;
  /** How long the end of a feed may be unsettled: what is missing may be on its way. */
  readonly settleMs?: number;
  /** The pause before a second rebuild, doubled with each that did not help. */
  readonly pauseMs?: number;
}

const SETTLE_MS = 10_000;
const PAUSE_MS = 5_000;
const PAUSE_MAX_MS = 600_000;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 10_000;
const PAGE = 500;
const SNAPSHOT_EVERY_MS = 300_000;
/** A snapshot takes a twentieth of the time at most, however large it is. */
const SNAPSHOT_SHARE = 20;

export const createReplicaKeeper = (options: KeeperOptions): ReplicaKeeper => {
  const { follow, makeReplica, settleMs = SETTLE_MS, onEvent } = options;
  const { snapshots, snapshotEveryMs = SNAPSHOT_EVERY_MS } = options;
  const firstPauseMs = options.pauseMs ?? PAUSE_MS;
  const stopping = new AbortController();
  let replica = makeReplica();
  let bankId: string | undefined;
  let reader: FeedReader | undefined;
  let snapshotTimer: NodeJS.Timeout | undefined;
  let writtenSequence: number | undefined;
  let verifiedSequence: number | undefined;
  let rebuilding: Promise<void> | undefined;
  let settling: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let pauseMs = 0;
  /** Of the last end that was reached. */
  let isEndSettled = true;

  const wait = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => {});

  /** True when it is the same, and is remembered as that. */
  const isAsTheBank = (held: Replica, head: FeedHead): boolean => {
    const isSame = held.sequence === head.sequence && held.unsettled === 0 && held.checksum === head.checksum;
    if (isSame) {
      verifiedSequence = head.sequence;
      pauseMs = 0;
    }
    return isSame;
  };

  interface ReadBank {
    readonly fresh: Replica;
    readonly head: FeedHead;
  }

  /** The same from what is followed. */
  const followBank = async (): Promise<ReadBank | undefined> => {
    while (!stopping.signal.aborted) {
      const fresh = makeReplica();
      const end = Promise.withResolvers<FeedHead | undefined>();
      const stop = (): void => end.resolve(undefined);
      stopping.signal.addEventListener("abort", stop);
      const following = follow({
        after: 0,
        onEntries: (entries) => fresh.apply(entries),
        onPassed: (sequence, settled) => fresh.pass(sequence, settled),
        onHead: (head) => end.resolve(head),
        onReplaced: stop,
      });
      const head = await end.promise;
      stopping.signal.removeEventListener("abort", stop);
      await following.close();
      if (head !== undefined) {
        fresh.settle();
        return { fresh, head };
      }
      // Replaced once more while it was read.
    }
    return undefined;
  };

  /** Everything the bank holds, in a new replica; undefined when closed meanwhile. */
  const readBank = async (): Promise<ReadBank | undefined> => {
    const { readFeed } = options;
    if (readFeed === undefined) return followBank();
    let fresh = makeReplica();
    let source: string | undefined;
    let retryMs = RETRY_MIN_MS;
    while (!stopping.signal.aborted) {
      try {
        const { entries, head } = await readFeed(fresh.sequence, PAGE);
        if (source !== undefined && (head.bankId !== source || head.sequence < fresh.sequence)) {
          // Replaced once more while it was read.
          fresh = makeReplica();
          source = undefined;
          continue;
        }
        source = head.bankId;
        fresh.apply(entries);
        if (fresh.sequence >= head.sequence) {
          fresh.settle();
          return { fresh, head };
        }
        retryMs = RETRY_MIN_MS;
      } catch {
        await wait(retryMs);
        retryMs = Math.min(2 * retryMs, RETRY_MAX_MS);
      }
    }
    return undefined;
  };

  /** Writes a snapshot if there is anything new, and only of what was found to be as the bank. */
  const writeSnapshot = async (): Promise<void> => {
    const isDue = verifiedSequence !== undefined && rebuilding === undefined && writtenSequence !== replica.sequence;
    if (snapshots === undefined || bankId === undefined || !isDue) return;
    writtenSequence = replica.sequence;
    await snapshots.write(replica, bankId);
  };

  const scheduleSnapshot = (inMs: number): void => {
    if (snapshots === undefined || stopping.signal.aborted) return;
    snapshotTimer = setTimeout(() => {
      const startedAt = performance.now();
      writing = writeSnapshot().finally(() => {
        scheduleSnapshot(Math.max(snapshotEveryMs, SNAPSHOT_SHARE * (performance.now() - startedAt)));
      });
    }, inMs);
    snapshotTimer.unref();
  };

  const rebuild = (reason: RebuildReason): Promise<void> => {
    clearTimeout(settling);
    settling = undefined;
    if (stopping.signal.aborted) return Promise.resolve();
    rebuilding ??= (async () => {
      await wait(pauseMs);
      pauseMs = Math.min(Math.max(firstPauseMs, 2 * pauseMs), PAUSE_MAX_MS);
      if (stopping.signal.aborted) return;
      onEvent({ event: "replica_rebuilding", reason });
      const read = await readBank();
      const old = reader;
      await old?.close();
      if (read === undefined) return;
      await writing;
      replica = read.fresh;
      writtenSequence = undefined;
      bankId = read.head.bankId;
      isEndSettled = true;
      const isRight = isAsTheBank(replica, read.head);
      // A stream that lacks something is the stream's fault: its hub finds it by counting, and begins it anew.
      if (!isRight && options.readFeed !== undefined) onEvent({ event: "bank_checksum_wrong" });
      onEvent({ event: "replica_rebuilt", reason });
      start();
    })().finally(() => {
      rebuilding = undefined;
    });
    return rebuilding;
  };

  const start = (): void => {
    const held = replica;
    reader = follow({
      after: held.sequence,
      bankId,
      onEntries: (entries) => held.apply(entries),
      onPassed: (sequence, settled) => held.pass(sequence, settled),
      onEnd() {
        held.settle();
        isEndSettled = held.unsettled === 0;
        if (held.unsettled === 0) {
          clearTimeout(settling);
          settling = undefined;
        } else if (settling === undefined) {
          settling = setTimeout(() => void rebuild("feed_incomplete"), settleMs);
          settling.unref();
        }
      },
      onHead(head) {
        bankId = head.bankId;
        if (held.sequence === head.sequence && !isAsTheBank(held, head)) void rebuild("checksum_differs");
      },
      onReplaced: (why) => void rebuild(why === "behind" ? "too_far_behind" : "bank_replaced"),
      onConnection: options.onConnection,
    });
  };

  const open = async (): Promise<void> => {
    if (snapshots !== undefined) {
      const head = await options.readFeed?.(0, 0).then(
        (page) => page.head,
        () => undefined,
      );
      const restored = await snapshots.restore(makeReplica, head);
      if (restored !== undefined) {
        ({ replica, bankId } = restored);
        writtenSequence = replica.sequence;
      }
    }
    if (stopping.signal.aborted) return;
    start();
    scheduleSnapshot(snapshotEveryMs);
  };

  const opened = open();
  return {
    get replica() {
      return replica;
    },
    get verifiedSequence() {
      return verifiedSequence;
    },
    async ready() {
      await opened;
      await rebuilding;
      await reader?.catchUp();
      // Found out only now that the way it came was not whole.
      if (!isEndSettled) await rebuild("feed_incomplete");
      await rebuilding;
    },
    async close() {
      stopping.abort();
      clearTimeout(settling);
      clearTimeout(snapshotTimer);
      await opened;
      await rebuilding;
      await reader?.close();
      await writing;
      await writeSnapshot();
    },
  };
};
