/**
 * The gate's own copy of the bank, in memory: what is in force, ready to be asked. It takes in the feed in order and
 * answers without the database, so a gate goes on checking while the bank is away.
 */
import type { FeedEntry } from "@recourse/bank";
import { createScanIndex, type HammingIndex, hashFromHex } from "@recourse/match";
import { MATCH_RADIUS_BITS, MIN_PDQ_QUALITY, type Signal, type SignalType } from "@recourse/protocol";

export interface Found {
  readonly itemId: string;
  readonly bank: string;
  readonly signalType: SignalType;
  readonly distanceBits: number;
}

export interface Replica {
  /** Last sequence number taken in; everything up to it is in force. */
  readonly sequence: number;
  readonly itemCount: number;
  readonly signalCount: number;
  /** Takes in entries that follow `sequence`; throws RangeError, changing nothing, when one is missing between. */
  apply(entries: readonly FeedEntry[]): void;
  /** The best match of each item, nearest first, at most `limit`. PDQ of a quality below 50 asks nothing. */
  find(signals: readonly Signal[], limit: number): readonly Found[];
}

interface HeldItem {
  readonly itemId: string;
  readonly bank: string;
  readonly exact: readonly string[];
  readonly signalCount: number;
}

const isAskable = (signal: Signal): boolean => {
  if (signal.type === "pdq") return signal.quality === undefined || signal.quality >= MIN_PDQ_QUALITY;
  return signal.type !== "pdq-local" && signal.type !== "vpdq";
};

/** An empty replica over `index`; by default the plain scan. */
export const createReplica = (index: HammingIndex = createScanIndex()): Replica => {
  const items = new Map<number, HeldItem>();
  /** `type:value` to the numbers of the items that hold it. */
  const exact = new Map<string, Set<number>>();
  let sequence = 0;
  let signalCount = 0;

  const add = (entry: FeedEntry): void => {
    const keys: string[] = [];
    let held = 0;
    for (const signal of entry.signals) {
      if (!isAskable(signal)) continue;
      held += 1;
      if (signal.type === "pdq") {
        index.add(entry.itemNumber, hashFromHex(signal.value));
        continue;
      }
      const key = `${signal.type}:${signal.value}`;
      keys.push(key);
      const holders = exact.get(key);
      if (holders === undefined) exact.set(key, new Set([entry.itemNumber]));
      else holders.add(entry.itemNumber);
    }
    items.set(entry.itemNumber, { itemId: entry.itemId, bank: entry.bank, exact: keys, signalCount: held });
    signalCount += held;
  };

  const withdraw = (entry: FeedEntry): void => {
    const item = items.get(entry.itemNumber);
    if (item === undefined) return;
    index.remove(entry.itemNumber);
    for (const key of item.exact) {
      const holders = exact.get(key);
      holders?.delete(entry.itemNumber);
      if (holders?.size === 0) exact.delete(key);
    }
    items.delete(entry.itemNumber);
    signalCount -= item.signalCount;
  };

  return {
    get sequence() {
      return sequence;
    },
    get itemCount() {
      return items.size;
    },
    get signalCount() {
      return signalCount;
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
    },
    find(signals, limit) {
      const best = new Map<number, { readonly signalType: SignalType; readonly distanceBits: number }>();
      const offer = (number: number, signalType: SignalType, distanceBits: number): void => {
        const known = best.get(number);
        if (known === undefined || distanceBits < known.distanceBits) best.set(number, { signalType, distanceBits });
      };
      for (const signal of signals) {
        if (!isAskable(signal)) continue;
        if (signal.type === "pdq") {
          for (const hit of index.query(hashFromHex(signal.value), MATCH_RADIUS_BITS)) {
            offer(hit.id, "pdq", hit.distanceBits);
          }
        } else {
          for (const number of exact.get(`${signal.type}:${signal.value}`) ?? []) offer(number, signal.type, 0);
        }
      }
      const found: Found[] = [];
      for (const [number, hit] of best) {
        const item = items.get(number);
        if (item !== undefined) found.push({ itemId: item.itemId, bank: item.bank, ...hit });
      }
      return found
        .toSorted((a, b) => a.distanceBits - b.distanceBits || (a.itemId < b.itemId ? -1 : 1))
        .slice(0, limit);
    },
  };
};
