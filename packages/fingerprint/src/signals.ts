/** From a fingerprint to the signals a bank holds and a query asks for. */
import { distanceWithin, wordsOf } from "./core/hash-words.ts";
import { LOCAL_VERSION } from "./local/numbers.ts";
import { DIHEDRAL_KINDS, type DihedralKind, type Fingerprint, type PdqResult, type WindowKind } from "./types.ts";

/** PDQ under this quality is left out. Source: the PDQ reference discards 49 and below. */
export const MIN_QUALITY = 50;

/**
 * A window's hash this near to one that is held already is left out: what it would find, that one finds, but for the
 * last of 31 bits.
 */
const SAME_WINDOW_BITS = 6;

/** How a PDQ was obtained; a turned window has its dihedral kind behind a hyphen. */
export type PdqKind = DihedralKind | "flattened" | "frame" | WindowKind | `${WindowKind}-${TurnedKind}`;
type TurnedKind = Exclude<DihedralKind, "original">;

export interface PdqSignal {
  readonly type: "pdq";
  readonly value: string;
  readonly quality: number;
  readonly kind: PdqKind;
}

/** The same shape as the wire's signal. Values are lower-case hex. */
export type FingerprintSignal =
  | PdqSignal
  | {
      readonly type: "pdq-local";
      readonly value: string;
      readonly version: typeof LOCAL_VERSION;
      /** Of a query only: `placeOf`. */
      readonly place?: number;
    }
  | { readonly type: "md5" | "sha256"; readonly value: string };

/**
 * What a bank holds of a picture: all eight hashes of the picture, of it laid on white and of each distinct frame,
 * so that a turned or mirrored copy is found by asking for one hash; its windows, each with its mirrored twin and
 * those without borders in all eight ways; local hashes, if they were made; then MD5 and SHA-256. No value twice.
 */
export function bankSignals(fingerprint: Fingerprint): FingerprintSignal[] {
  return collect(fingerprint, DIHEDRAL_KINDS, localSignals(fingerprint.local?.bank ?? []));
}

/**
 * What is asked of a bank for a picture: its hash as it is, laid on white, without borders, of each distinct frame; its
 * local hashes, if they were made for a query; MD5, SHA-256.
 */
export function querySignals(fingerprint: Fingerprint): FingerprintSignal[] {
  const { query = [], places = [] } = fingerprint.local ?? {};
  return collect(fingerprint, ["original"], localSignals(query, places));
}

type LocalSignal = Extract<FingerprintSignal, { type: "pdq-local" }>;

/** By value: their order would tell which is strongest, and which are twins. */
export function localSignals(values: readonly string[], places?: readonly number[]): LocalSignal[] {
  return values
    .map((value, at): LocalSignal => {
      const place = places?.[at];
      return { type: "pdq-local", value, version: LOCAL_VERSION, ...(place === undefined ? {} : { place }) };
    })
    .toSorted((a, b) => (a.value < b.value ? -1 : 1));
}

/** The PDQ hashes among a bank's signals: the global set. */
export const bankSet = (fingerprint: Fingerprint): PdqSignal[] => bankSignals(fingerprint).filter(isPdq);

/** The PDQ hashes a query asks with. */
export const querySet = (fingerprint: Fingerprint): PdqSignal[] => querySignals(fingerprint).filter(isPdq);

const isPdq = (signal: FingerprintSignal): signal is PdqSignal => signal.type === "pdq";

/** Windows by which a picture is passed on without its borders: of these, all eight hashes are held. */
const TURNED_WINDOWS: readonly WindowKind[] = ["trimmed", "barsCut"];

function collect(
  fingerprint: Fingerprint,
  kinds: readonly DihedralKind[],
  local: readonly LocalSignal[],
): FingerprintSignal[] {
  const signals: FingerprintSignal[] = [];
  const seen = new Set<string>();
  const add = (value: string, quality: number, kind: PdqKind): void => {
    if (quality < MIN_QUALITY || seen.has(value)) return;
    seen.add(value);
    signals.push({ type: "pdq", value, quality, kind });
  };
  const addAll = (result: PdqResult, kind?: "flattened" | "frame"): void => {
    for (const each of kinds) add(result.dihedral[each], result.quality, kind ?? each);
  };
  addAll(fingerprint);
  if (fingerprint.flattened) addAll(fingerprint.flattened, "flattened");
  for (const frame of fingerprint.frames ?? []) addAll(frame, "frame");
  for (const { kind, quality, dihedral } of fingerprint.windows) {
    const turned = kinds.filter((each) => each === "original" || each === "flipY" || TURNED_WINDOWS.includes(kind));
    for (const each of turned) {
      if (isNear(dihedral[each], signals)) continue;
      add(dihedral[each], quality, each === "original" ? kind : `${kind}-${each}`);
    }
  }
  signals.push(...local);
  signals.push({ type: "md5", value: fingerprint.md5 }, { type: "sha256", value: fingerprint.sha256 });
  return signals;
}

function isNear(value: string, signals: readonly FingerprintSignal[]): boolean {
  const held = wordsOf(signals.filter(isPdq).map((signal) => signal.value));
  const one = wordsOf([value]);
  for (let i = 0; i < held.count; i++) {
    if (distanceWithin(one, 0, held, i, SAME_WINDOW_BITS) <= SAME_WINDOW_BITS) return true;
  }
  return false;
}
