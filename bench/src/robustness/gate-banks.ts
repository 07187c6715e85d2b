/**
 * Pictures of a furniture set as a gate meets them: some of them are in its bank, all the others are asked about, and it
 * was shown a few as harmless. What several of the bank's share has no vote there, which pairs alone can't show.
 */
import { bankSignals, type Fingerprint, querySet, querySignals } from "@recourse/fingerprint";
import { createReplica, createStopList } from "@recourse/gate";
import { emptyCount, type NamedEntry, type PairCount, countPair } from "./pairs.ts";

/** Items of a bank. Small, so that not every piece of furniture is held by the three items that it takes to stop it. */
const BANK_ITEMS = 20;

/** The entries are of the first recogniser, ours. */
const asked = (entry: NamedEntry): Fingerprint => entry.query[0] as Fingerprint;
const held = (entry: NamedEntry): Fingerprint => entry.bank[0] as Fingerprint;

/** Every entry is once in a bank of twenty, and asks all the other banks. */
export function countAtGate(harmless: readonly NamedEntry[], entries: readonly NamedEntry[]): PairCount {
  const stopList = createStopList();
  for (const entry of harmless) {
    const { local } = asked(entry);
    stopList.learn([...querySet(asked(entry)).map(({ value }) => value), ...(local?.query ?? [])]);
  }
  const count = emptyCount();
  for (let from = 0; from < entries.length; from += BANK_ITEMS) {
    const items = entries.slice(from, from + BANK_ITEMS);
    const replica = createReplica({ isFurniture: (hash) => stopList.has(hash) });
    replica.apply(
      items.map((entry, at) => ({
        sequence: at + 1,
        operation: "add",
        itemId: entry.name,
        itemNumber: at + 1,
        bank: "bench",
        signals: bankSignals(held(entry)),
      })),
    );
    for (const entry of entries) {
      if (items.includes(entry)) continue;
      const signals = querySignals(asked(entry));
      const found = [...replica.find(signals, BANK_ITEMS), ...replica.findByPatches(signals, BANK_ITEMS)];
      for (const { name } of items) {
        const best = found.filter(({ itemId }) => itemId === name).toSorted((a, b) => b.score - a.score)[0];
        countPair(count, name, entry.name, {
          match: best !== undefined,
          score: Math.round(1000 * (best?.score ?? 0)),
          ...(best && { by: best.signalType, distance: best.distanceBits }),
          ...(best?.votes !== undefined && { votes: best.votes }),
        });
      }
    }
  }
  return count;
}
