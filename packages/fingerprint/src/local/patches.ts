/** Local hashes of a picture: what a bank holds, and what a query asks with. */
import { averagePicture, LOCAL_SIDE, localSize, type RgbRows } from "../core/shrink.ts";
import { type Feature, findFeatures } from "./kernel.ts";
import {
  BANK_KEY_POINTS,
  MAX_BANK_HASHES,
  MAX_QUERY_HASHES,
  MIN_LOCAL_SIDE,
  QUERY_KEY_POINTS,
  STRETCHED_KEY_POINTS,
} from "./numbers.ts";
import type { LocalHashes, Purpose } from "../types.ts";
import { isFurniture } from "./furniture.ts";
import { placeOf } from "./places.ts";

const EMPTY: LocalHashes = { bank: [], query: [], places: [] };

/** The local hashes of an upright picture; empty for a tiny one, and where there is no WebAssembly. */
export function localHashes(picture: RgbRows, purpose: Purpose): LocalHashes {
  if (Math.max(picture.width, picture.height) < MIN_LOCAL_SIDE) return EMPTY;
  const size = localSize(picture.width, picture.height);
  const { rgb, width, height } = averagePicture(picture, size.width, size.height);
  const find = (stretched: number, spread: boolean): readonly Feature[] | undefined =>
    findFeatures(rgb, width, height, QUERY_KEY_POINTS, stretched, spread)?.filter((feature) => !isFurniture(feature));
  const held = purpose === "query" ? [] : find(STRETCHED_KEY_POINTS, false);
  const asked = purpose === "bank" ? [] : find(0, true);
  if (held === undefined || asked === undefined) return EMPTY;
  const questions = askedFeatures(asked);
  // Smaller pictures are enlarged before they are searched, by four at most.
  const longest = Math.min(LOCAL_SIDE, 4 * Math.max(width, height));
  return {
    bank: bankHashes(held),
    query: questions.map(({ hash }) => hash),
    places: questions.map(({ x, y }) => placeOf(x, y, longest)),
  };
}

/** One feature for each different hash. */
function askedFeatures(kept: readonly Feature[]): Feature[] {
  const byHash = new Map<string, Feature>();
  for (const feature of kept) if (isPlain(feature) && !byHash.has(feature.hash)) byHash.set(feature.hash, feature);
  return [...byHash.values()].slice(0, MAX_QUERY_HASHES);
}

const isPlain = ({ stretch }: Feature): boolean => stretch === 1;

/** Of the strongest key points. Plain hashes first, so that the limit, should it be met, leaves out stretched ones. */
function bankHashes(kept: readonly Feature[]): string[] {
  const points = new Set<string>();
  const strongest = kept.filter(({ x, y, sigma }) => points.add(`${x} ${y} ${sigma}`).size <= BANK_KEY_POINTS);
  const ordered = [...strongest.filter(isPlain), ...strongest.filter((feature) => !isPlain(feature))];
  return unique(ordered.flatMap(({ hash, twin }) => [hash, twin])).slice(0, MAX_BANK_HASHES);
}

const unique = (hashes: readonly string[]): string[] => [...new Set(hashes)];
