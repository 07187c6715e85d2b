/** Plain values of the protocol, without the schemas: for a page that must stay small. */

/**
 * How a PDQ was obtained from the picture. The eight dihedral kinds carry the reference's names;
 * `flattened` is the picture with its transparency laid on white; `frame` is a later frame of an animation.
 */
export const SIGNAL_KINDS = [
  "original",
  "rot90",
  "rot180",
  "rot270",
  "flipX",
  "flipY",
  "flipPlus1",
  "flipMinus1",
  "flattened",
  "frame",
] as const;

/** What a partner's reviewer can think of a match. */
export const OPINIONS = ["blocked", "not_blocked", "false_match", "pending_review"] as const;

/** Hex digits of a signal's value, by type. */
export const HEX_DIGITS = { pdq: 64, md5: 32, sha256: 64 } as const;

/** Largest distance, in bits of 256, at which two PDQ hashes count as the same picture. Source: the PDQ reference. */
export const MATCH_RADIUS_BITS = 31;

/** Smallest PDQ quality that is put in a bank or asked for. Source: the PDQ reference discards 49 and below. */
export const MIN_PDQ_QUALITY = 50;

/** Bounds of one request and of one case. */
export const CASE_LIMITS = {
  itemsPerRequest: 20,
  itemsPerCase: 1000,
  /** 8 dihedral hashes, of the picture and of its flattened form, for up to 32 frames, and the exact hashes. */
  signalsPerItem: 544,
  recoveryCodes: 5,
} as const;
