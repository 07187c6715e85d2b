/**
 * Which pairs of matching pictures agree on one playing speed and one beginning: known = speed * suspect + offset.
 * Every pair votes for an offset under each speed, as in a Hough transform; the vote that most pictures share wins.
 */
import type { Stretch } from "./stretches.ts";

export interface Pair {
  readonly known: Stretch;
  readonly suspect: Stretch;
  /** The stretches' middles. */
  readonly knownSec: number;
  readonly suspectSec: number;
  /** By how far the true times may lie from the middles, together. */
  readonly looseSec: number;
  readonly bits: number;
  readonly mirrored: boolean;
}

/** An upload at 0.9 to 1.25 times the speed, and a known video that was itself the changed one: 1/1.25 to 1.25. */
const SPEEDS = Array.from({ length: 24 }, (_, i) => 0.78 + i * 0.0225);
/** Offsets this near agree: frames are looked at every quarter of a second on both sides. */
const OFFSET_STEP_SEC = 0.5;
/** Parts of the upload that each agree in themselves, but come from different places of the known video (cuts). */
const MAX_PARTS = 16;
/** A part of fewer pictures on each side is chance, unless it is the first. */
const MIN_PART_PICTURES = 3;

/** The pairs of the strongest agreement, and of further ones from other parts of the videos. */
export function agreeingPairs(pairs: readonly Pair[]): Pair[] {
  const agreed: Pair[] = [];
  let rest = pairs;
  for (let part = 0; part < MAX_PARTS && rest.length > 0; part++) {
    const { speed, offsetSec, pictures } = bestAgreement(rest);
    if (part > 0 && pictures < MIN_PART_PICTURES) break;
    const found = rest.filter(
      (pair) => Math.abs(pair.knownSec - speed * pair.suspectSec - offsetSec) <= OFFSET_STEP_SEC + pair.looseSec,
    );
    if (found.length === 0) break;
    agreed.push(...found);
    const taken = new Set(found.map((pair) => pair.suspect));
    rest = rest.filter((pair) => !taken.has(pair.suspect));
  }
  return agreed;
}

interface Agreement {
  readonly speed: number;
  readonly offsetSec: number;
  /** Stretches of the side that has fewer in it. */
  readonly pictures: number;
}

function bestAgreement(pairs: readonly Pair[]): Agreement {
  let best: Agreement = { speed: 1, offsetSec: 0, pictures: 0 };
  for (const speed of SPEEDS) {
    const votes = new Map<number, { readonly known: Set<Stretch>; readonly suspect: Set<Stretch> }>();
    for (const pair of pairs) {
      const cell = Math.round((pair.knownSec - speed * pair.suspectSec) / OFFSET_STEP_SEC);
      // Into the neighbours too, so that no agreement is split by a cell's border.
      for (const near of [cell - 1, cell, cell + 1]) {
        let vote = votes.get(near);
        if (vote === undefined) votes.set(near, (vote = { known: new Set(), suspect: new Set() }));
        vote.known.add(pair.known);
        vote.suspect.add(pair.suspect);
      }
    }
    for (const [cell, { known, suspect }] of votes) {
      const pictures = Math.min(known.size, suspect.size);
      const nearer = pictures === best.pictures && Math.abs(speed - 1) < Math.abs(best.speed - 1);
      if (pictures > best.pictures || nearer) best = { speed, offsetSec: cell * OFFSET_STEP_SEC, pictures };
    }
  }
  return best;
}
