/**
 * The gate's own copy of the bank, in memory: what is in force, ready to be asked. It takes in the feed in order and
 * answers without the database, so a gate goes on checking while the bank is away.
 */
import { randomInt } from "node:crypto";
import type { FeedEntry } from "@recourse/bank";
import { createRingIndex, type HammingIndex, type RingIndex } from "@recourse/match";
import { type AskedSignal, SIGNAL_TYPES, type SignalCounts } from "@recourse/protocol";
import { createFindings, type Finding, type Findings, strongerOf } from "./found.ts";
import { findGlobal } from "./global-way.ts";
import { readItem } from "./held/held-item.ts";
import { createHeldItems, type HeldItems } from "./held/held-items.ts";
import { judgeByComparison, judgeByVotes, type JudgeFrames, type JudgeLocal } from "./judges.ts";
import { findLocal } from "./local-way.ts";
import { createPendingHashes } from "./packed-hashes.ts";

export interface Found extends Finding {
  readonly itemId: string;
  readonly bank: string;
}

export interface Replica {
  /** Last sequence number taken in; everything up to it is in force. */
  readonly sequence: number;
  /** Of what is in force at `sequence`: 32 hex digits, as the bank computes it (its feed-checksum.ts). */
  readonly checksum: string;
  /**
   * Additions that came without signals or not at all, less the withdrawals of what is not held. An item that was
   * withdrawn before its addition was read counts up with the one and down with the other: where this is not 0 although
   * the feed is at its end, something was lost.
   */
  readonly unsettled: number;
  readonly itemCount: number;
  readonly signalCount: number;
  readonly counts: SignalCounts;
  /** Patches of uploads that had no vote, because several unrelated items hold them, since the start. */
  readonly stoppedPatches: number;
  /** Takes in entries that follow `sequence`; throws RangeError, changing nothing, when one is missing between. */
  apply(entries: readonly FeedEntry[]): void;
  /**
   * What was taken in since the replica was made goes into its indexes. Until then it waits for more, unless somebody
   * asks: much at once is a tenth of the work of little by little, and the index that comes of it answers faster.
   */
  settle(): void;
  /**
   * Goes on to this number without the entries up to it, which nobody has any more; they count as unsettled, but for so
   * many of them of which nothing can come any more.
   */
  pass(sequence: number, settled?: number): void;
  /** What it holds now, whatever is applied until it is closed: for a snapshot, which `SavedReplica` comes back from. */
  cut(): ReplicaCut;
  /**
   * The best way of each item that these signals find, strongest first, at most `limit`. PDQ of a quality below 50 asks
   * nothing, and local hashes neither: they are for `findByPatches`.
   */
  find(signals: readonly AskedSignal[], limit: number): readonly Found[];
  /** The same with the local hashes among the signals, and nothing else. */
  findByPatches(signals: readonly AskedSignal[], limit: number): readonly Found[];
}

/** An index, and if it has tables, the way to save them. */
type ReplicaIndex = HammingIndex & Partial<Pick<RingIndex, "save">>;

/** What is asked for whole pictures and frames, for patches, and for patches of the sample: always in this order. */
export type ReplicaIndexes = readonly [global: ReplicaIndex, local: ReplicaIndex, sample: ReplicaIndex];

export interface ReplicaCut {
  readonly sequence: number;
  readonly checksum: string;
  readonly unsettled: number;
  readonly itemCount: number;
  readonly sampleSeed: number;
  /** Each is read before the next is asked for; so are the pieces of the indexes. */
  readonly records: Iterable<Buffer>;
  readonly indexes: readonly Iterable<Uint8Array>[];
  close(): void;
}

/** What a replica begins with. It takes all of it over. */
export interface SavedReplica {
  readonly sequence: number;
  readonly unsettled: number;
  readonly sampleSeed: number;
  readonly items: HeldItems;
  readonly indexes: ReplicaIndexes;
}

export interface ReplicaOptions {
  /** Makes an empty index; the replica has three. */
  readonly makeIndex?: () => ReplicaIndex;
  readonly judgeLocal?: JudgeLocal;
  readonly judgeFrames?: JudgeFrames;
  /** Whether a patch (64 lower-case hex digits) is known to be no part of anybody's picture; such ask nothing. */
  readonly isFurniture?: (hash: string) => boolean;
  /**
   * Which sixteenth of the items is the sample (local-way.ts); drawn if left out, so that nobody who adds items can know
   * it. Answers do not depend on it, but for which of thousands of copies of one picture they name.
   */
  readonly sampleSeed?: number;
}

/** Items taken of those that hold the same bytes; whoever floods the bank with one file makes no answer slow. */
const EXACT_HOLDERS = 1_000;

/** What two answers to one question are merged by: an item's strongest way, the strongest item first. */
export const strongestFirst = (found: readonly Found[], limit: number): readonly Found[] => {
  const best = new Map<string, Found>();
  for (const each of found) {
    const known = best.get(each.itemId);
    best.set(each.itemId, known === undefined ? each : strongerOf(known, each));
  }
  return [...best.values()]
    .toSorted((a, b) => b.score - a.score || a.distanceBits - b.distanceBits || (a.itemId < b.itemId ? -1 : 1))
    .slice(0, limit);
};

/** A replica that is empty, or as it was saved. */
export const createReplica = (options: ReplicaOptions = {}, saved?: SavedReplica): Replica => {
  const { makeIndex = createRingIndex, judgeLocal = judgeByVotes, judgeFrames = judgeByComparison } = options;
  const { isFurniture = () => false } = options;
  const sampleSeed = saved?.sampleSeed ?? options.sampleSeed ?? randomInt(2 ** 32);
  /** Multiplied by an odd number, the upper bits of the number are as good as random (Knuth, TAOCP 3, 6.4). */
  const isSampled = (number: number): boolean => Math.imul(number ^ sampleSeed, 0x9e3779b1) >>> 28 === 0;
  const items = saved?.items ?? createHeldItems();
  const indexes: ReplicaIndexes = saved?.indexes ?? [makeIndex(), makeIndex(), makeIndex()];
  const [globalIndex, localIndex, sampleIndex] = indexes;
  const pending = {
    global: createPendingHashes(globalIndex),
    local: createPendingHashes(localIndex),
    sample: createPendingHashes(sampleIndex),
  };
  let sequence = saved?.sequence ?? 0;
  let unsettled = saved?.unsettled ?? 0;
  let stoppedPatches = 0;
  /** Until `settle` is called. */
  let isFilling = true;

  const flush = (): void => {
    pending.global.flush();
    pending.local.flush();
    pending.sample.flush();
  };

  const add = (entry: FeedEntry): void => {
    if (entry.signals.length === 0) {
      unsettled += 1;
      return;
    }
    const { item, globalHashes, localHashes } = readItem(entry);
    pending.global.add(entry.itemNumber, globalHashes);
    pending.local.add(entry.itemNumber, localHashes);
    if (isSampled(entry.itemNumber)) pending.sample.add(entry.itemNumber, localHashes);
    // Last: where an index was full already, the entry is offered again as if it had never come.
    items.add(entry.itemNumber, item);
  };

  const withdraw = (entry: FeedEntry): void => {
    const item = items.get(entry.itemNumber);
    if (item === undefined) {
      unsettled -= 1;
      return;
    }
    flush();
    if (item.hashes.length > 0) globalIndex.remove(entry.itemNumber);
    if (item.patches > 0) localIndex.remove(entry.itemNumber);
    if (item.patches > 0 && isSampled(entry.itemNumber)) sampleIndex.remove(entry.itemNumber);
    items.remove(entry.itemNumber);
  };

  const answer = (findings: Findings, limit: number): readonly Found[] => {
    const found: Found[] = [];
    for (const [number, finding] of findings.entries()) {
      const item = items.get(number);
      if (item !== undefined) found.push({ itemId: item.itemId, bank: item.bank, ...finding });
    }
    return strongestFirst(found, limit);
  };

  return {
    get sequence() {
      return sequence;
    },
    get checksum() {
      return items.checksum;
    },
    get unsettled() {
      return unsettled;
    },
    get itemCount() {
      return items.size;
    },
    get signalCount() {
      const { counts } = items;
      return SIGNAL_TYPES.reduce((sum, type) => sum + counts[type], 0);
    },
    get counts() {
      return items.counts;
    },
    get stoppedPatches() {
      return stoppedPatches;
    },
    apply(entries) {
      // Entries that are here already (a page offered again) are passed over.
      const fresh = entries.filter((entry) => entry.sequence > sequence);
      fresh.forEach((entry, position) => {
        if (entry.sequence !== sequence + position + 1) throw new RangeError("entries: the feed has a gap");
      });
      for (const entry of fresh) {
        if (entry.operation === "add") add(entry);
        else withdraw(entry);
        sequence = entry.sequence;
      }
      if (!isFilling) flush();
    },
    settle() {
      flush();
      isFilling = false;
    },
    pass(through, settled = 0) {
      unsettled -= settled;
      if (through <= sequence) return;
      unsettled += through - sequence;
      sequence = through;
    },
    cut() {
      flush();
      const held = items.cut();
      return {
        sequence,
        checksum: items.checksum,
        unsettled,
        itemCount: items.size,
        sampleSeed,
        records: held.records(),
        indexes: indexes.map((index) => index.save?.() ?? [index.snapshot()]),
        close: () => held.close(),
      };
    },
    find(signals, limit) {
      flush();
      const findings = createFindings();
      for (const { type, value } of signals) {
        if (type !== "md5" && type !== "sha256") continue;
        let holders = 0;
        for (const number of items.holders(`${type}:${value}`)) {
          findings.offer(number, { signalType: type, distanceBits: 0, score: 1 });
          holders += 1;
          if (holders === EXACT_HOLDERS) break;
        }
      }
      // The picture of a harmless one, or a part of it, says no more than its patches do.
      const asked = signals.filter(({ type, value }) => (type === "pdq" || type === "vpdq") && !isFurniture(value));
      findGlobal(globalIndex, items, asked, judgeFrames, findings);
      return answer(findings, limit);
    },
    findByPatches(signals, limit) {
      flush();
      const findings = createFindings();
      const all = signals.filter((signal) => signal.type === "pdq-local");
      const harmless = new Set(all.flatMap(({ value }) => (isFurniture(value) ? [value] : [])));
      const patches = all.filter(({ value }) => !harmless.has(value));
      const onStopped = (stopped: number): void => {
        stoppedPatches += stopped;
      };
      findLocal(
        { index: localIndex, sample: sampleIndex, items, onStopped },
        patches,
        [...harmless],
        judgeLocal,
        findings,
      );
      return answer(findings, limit);
    },
  };
};
