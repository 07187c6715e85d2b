/** Numbers of the local hashes, version 1: docs/local-hashes.md. A change of any of them is another version. */

/** What `version` says in a signal of type `pdq-local`. */
export const LOCAL_VERSION = 1;

/** Pictures with a longest side under this have no local hashes. */
export const MIN_LOCAL_SIDE = 48;

/** Key points that a query asks with, and a bank chooses among. */
export const QUERY_KEY_POINTS = 320;
/** Key points that a bank holds of a picture, furniture not counted. */
export const BANK_KEY_POINTS = 96;
/** The first of them have hashes for a narrower and a wider picture too. */
export const STRETCHED_KEY_POINTS = 48;

/** A query of fewer hashes looks closer, at parts of the picture. */
export const FEW_QUERY_HASHES = 200;
/** How large a part is, in eighths of each side of the picture. */
export const PART_EIGHTHS = 5;

/** Hashes at most: what a bank holds, twins included, and what a query asks with. */
export const MAX_BANK_HASHES = 512;
export const MAX_QUERY_HASHES = 448;

/** Two local hashes agree within this many bits. */
export const LOCAL_RADIUS_BITS = 31;

/** Gaussian taps from the middle outwards: the first blur, then from each level of an octave to the next. */
export const TAPS: readonly (readonly number[])[] = [
  [0.263162345, 0.211943746, 0.110716209, 0.0375141874, 0.00824467652], // sigma 1.5199: from 0.5 to 1.6
  [0.325382262, 0.233340308, 0.086055249, 0.0163213722, 0.00159194379], // sigma 1.2263
  [0.259001017, 0.210054785, 0.11205361, 0.0393170863, 0.00907400437], // sigma 1.5450
  [0.205825552, 0.1803817, 0.121414907, 0.0627679452, 0.0249224175, 0.00760026602], // sigma 1.9466
  [0.163002744, 0.1500009, 0.116893612, 0.0771410614, 0.0431100354, 0.0204018261, 0.00817631651, 0.00277488027],
  [
    0.129850969, 0.123226173, 0.105311617, 0.0810522661, 0.0561784245, 0.0350662656, 0.019711744, 0.00997874886,
    0.00454928027,
  ],
];

/** Samples across a patch. */
export const PATCH_SAMPLES = 32;
