/** What a way of asking finds out about an item. */
import type { Match, SignalType } from "@recourse/protocol";
import { MATCH_RADIUS_BITS } from "@recourse/protocol";
import type { Spans } from "./judges.ts";

/** A way by which an item matches. */
export interface Finding {
  readonly signalType: SignalType;
  readonly distanceBits: number;
  /** 0 to 1. */
  readonly score: number;
  readonly kind?: NonNullable<Match["kind"]>;
  readonly votes?: number;
  readonly frames?: number;
  readonly seconds?: { readonly item: Spans; readonly upload: Spans };
}

/** The stronger of two ways, the first of equals; where in a video it is seen is kept of whichever knows it. */
export const strongerOf = <F extends Finding>(one: F, other: F): F => {
  const isFirst = one.score > other.score || (one.score === other.score && one.distanceBits <= other.distanceBits);
  const [stronger, weaker] = isFirst ? [one, other] : [other, one];
  return stronger.seconds === undefined && weaker.seconds !== undefined
    ? { ...stronger, seconds: weaker.seconds }
    : stronger;
};

/** By the item's number; of several ways what `strongerOf` makes of them. */
export interface Findings {
  offer(number: number, finding: Finding): void;
  entries(): Iterable<readonly [number: number, finding: Finding]>;
}

export const createFindings = (): Findings => {
  const best = new Map<number, Finding>();
  return {
    offer(number, finding) {
      const known = best.get(number);
      best.set(number, known === undefined ? finding : strongerOf(known, finding));
    },
    entries: () => best,
  };
};

/** From 1 at no bit to 0.52 at the 31 bits that are the limit: half of what two unrelated hashes differ in is 64. */
export const scoreOfDistance = (distanceBits: number): number => 1 - distanceBits / (2 * (MATCH_RADIUS_BITS + 1));
