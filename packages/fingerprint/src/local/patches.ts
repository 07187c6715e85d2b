/** Local hashes of a picture: what a bank holds, and what a query asks with. */
import { averagePicture, localSize, type RgbRows } from "../core/shrink.ts";
import { type Feature, findFeatures } from "./kernel.ts";
import {
  BANK_KEY_POINTS,
  FEW_QUERY_HASHES,
  MAX_BANK_HASHES,
  MAX_QUERY_HASHES,
  MIN_LOCAL_SIDE,
  QUERY_KEY_POINTS,
  STRETCHED_KEY_POINTS,
} from "./numbers.ts";
import type { LocalHashes, Purpose } from "../types.ts";
import { isFurniture } from "./furniture.ts";
import { baseSide, featuresOfParts } from "./parts.ts";
import { placeOf } from "./places.ts";

const NO_QUESTIONS: ReadonlyMap<string, number> = new Map();
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
  const questions = purpose === "bank" ? NO_QUESTIONS : askedFeatures(asked, { rgb, width, height });
  return { bank: bankHashes(held), query: [...questions.keys()], places: [...questions.values()] };
}

/**
 * Each different hash with its place. A screenshot, where the picture is small, or a crop of little detail has few: then
 * its parts are looked at too, enlarged.
 */
function askedFeatures(kept: readonly Feature[], picture: RgbRows): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const add = (hash: string, place: number): void => {
    if (!places.has(hash) && places.size < MAX_QUERY_HASHES) places.set(hash, place);
  };
  const longest = baseSide(picture);
  for (const { hash, x, y } of kept.filter(isPlain)) add(hash, placeOf(x, y, longest));
  if (places.size < FEW_QUERY_HASHES) for (const { hash, place } of featuresOfParts(picture)) add(hash, place);
  return places;
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
