/** Local hashes of a picture: what a bank holds, and what a query asks with. */
import { averagePicture, localSize, type RgbRows } from "../core/shrink.ts";
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

const EMPTY: LocalHashes = { bank: [], query: [] };

/** The local hashes of an upright picture; empty for a tiny one, and where there is no WebAssembly. */
export function localHashes(picture: RgbRows, purpose: Purpose): LocalHashes {
  if (Math.max(picture.width, picture.height) < MIN_LOCAL_SIDE) return EMPTY;
  const size = localSize(picture.width, picture.height);
  const { rgb, width, height } = averagePicture(picture, size.width, size.height);
  const features = findFeatures(rgb, width, height, QUERY_KEY_POINTS, purpose === "query" ? 0 : STRETCHED_KEY_POINTS);
  if (features === null) return EMPTY;
  const kept = features.filter((feature) => !isFurniture(feature));
  return {
    bank: purpose === "query" ? [] : bankHashes(kept),
    query: purpose === "bank" ? [] : unique(kept.filter(isPlain).map(({ hash }) => hash)).slice(0, MAX_QUERY_HASHES),
  };
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
