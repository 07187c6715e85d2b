/** From a fingerprint to the signals a bank holds and a query asks for. */
import { DIHEDRAL_KINDS, type DihedralKind, type Fingerprint } from "./types.ts";

/** PDQ under this quality is left out. Source: the PDQ reference discards 49 and below. */
export const MIN_QUALITY = 50;

/** The same shape as the wire's signal. Values are lower-case hex. */
export type FingerprintSignal =
  | {
      readonly type: "pdq";
      readonly value: string;
      readonly quality: number;
      readonly kind: DihedralKind | "flattened" | "frame";
    }
  | { readonly type: "md5" | "sha256"; readonly value: string };

/**
 * What a bank holds of a picture: all eight hashes of the picture, of it laid on white and of each distinct frame,
 * so that a turned or mirrored copy is found by asking for one hash; then MD5 and SHA-256. No value twice.
 */
export function bankSignals(fingerprint: Fingerprint): FingerprintSignal[] {
  return collect(fingerprint, DIHEDRAL_KINDS);
}

/** What is asked of a bank for a picture: its hash as it is, laid on white, of each distinct frame, MD5, SHA-256. */
export function querySignals(fingerprint: Fingerprint): FingerprintSignal[] {
  return collect(fingerprint, ["original"]);
}

function collect(fingerprint: Fingerprint, kinds: readonly DihedralKind[]): FingerprintSignal[] {
  const signals: FingerprintSignal[] = [];
  const seen = new Set<string>();
  const add = (value: string, quality: number, kind: DihedralKind | "flattened" | "frame"): void => {
    if (quality < MIN_QUALITY || seen.has(value)) return;
    seen.add(value);
    signals.push({ type: "pdq", value, quality, kind });
  };
  for (const kind of kinds) add(fingerprint.dihedral[kind], fingerprint.quality, kind);
  const { flattened, frames = [] } = fingerprint;
  for (const kind of kinds) if (flattened) add(flattened.dihedral[kind], flattened.quality, "flattened");
  for (const frame of frames) for (const kind of kinds) add(frame.dihedral[kind], frame.quality, "frame");
  signals.push({ type: "md5", value: fingerprint.md5 }, { type: "sha256", value: fingerprint.sha256 });
  return signals;
}
