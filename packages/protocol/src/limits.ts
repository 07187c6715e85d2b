/** Counting signals by type: the bounds a JSON schema can't state. */
import { CHECK_LIMITS, ITEM_LIMITS, SIGNAL_TYPES } from "./constants.ts";
import type { Media, Signal, SignalType } from "./vocabulary.ts";

export type SignalCounts = Readonly<Record<SignalType, number>>;

/** How many signals there are of each type. */
export const countSignals = (signals: readonly Signal[]): SignalCounts => {
  const counts = { pdq: 0, md5: 0, sha256: 0, "pdq-local": 0, vpdq: 0 };
  for (const { type } of signals) counts[type] += 1;
  return counts;
};

/** Whether an item of this kind may hold these signals (`ITEM_LIMITS`); if not, the code is `too_many_signals`. */
export const fitsItem = (media: Media, signals: readonly Signal[]): boolean => {
  const counts = countSignals(signals);
  return SIGNAL_TYPES.every((type) => counts[type] <= ITEM_LIMITS[media][type]);
};

/** Whether one check may ask with these signals (`CHECK_LIMITS`); if not, the code is `too_many_signals`. */
export const fitsCheck = (signals: readonly Signal[]): boolean => {
  const { vpdq, "pdq-local": local } = countSignals(signals);
  return (
    vpdq <= CHECK_LIMITS.vpdq && local <= CHECK_LIMITS["pdq-local"] && signals.length - vpdq <= CHECK_LIMITS.others
  );
};

/** What an item is by its signals, where nobody said so: only a video has frames. */
export const mediaOf = (signals: readonly Signal[]): Media =>
  signals.some(({ type }) => type === "vpdq") ? "video" : "image";
