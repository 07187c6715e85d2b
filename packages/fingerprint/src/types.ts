/** What a fingerprint is, and how reading one can fail. Plain data: it survives JSON and structured clone. */

/**
 * The eight ways a picture can be turned or mirrored, by the reference's names. `rot90` is counter-clockwise,
 * `flipX` swaps top and bottom, `flipY` left and right, `flipPlus1` and `flipMinus1` mirror along the diagonals.
 */
export const DIHEDRAL_KINDS = [
  "original",
  "rot90",
  "rot180",
  "rot270",
  "flipX",
  "flipY",
  "flipPlus1",
  "flipMinus1",
] as const;
export type DihedralKind = (typeof DIHEDRAL_KINDS)[number];

/** A PDQ hash for each way to turn or mirror the picture: 64 lower-case hex digits each. */
export type Dihedral = Readonly<Record<DihedralKind, string>>;

export interface PdqResult {
  /** 64 lower-case hex digits; equal to `dihedral.original`. */
  readonly pdq: string;
  /** 0 (flat) to 100. Hashes under 50 carry too little detail to be matched. */
  readonly quality: number;
  readonly dihedral: Dihedral;
}

/** Shapes that platforms cut pictures to: width to height. */
export const CENTRE_SHAPES = {
  centre1x1: 1,
  centre4x5: 4 / 5,
  centre5x4: 5 / 4,
  centre3x4: 3 / 4,
  centre4x3: 4 / 3,
  centre9x16: 9 / 16,
  centre16x9: 16 / 9,
  centre191x100: 1.91,
} as const;

/** Parts of a picture: without its borders, without a phone's bars, its centre in a platform's shape. */
export type WindowKind = "trimmed" | "barsCut" | keyof typeof CENTRE_SHAPES;

export interface WindowResult extends PdqResult {
  readonly kind: WindowKind;
}

/** Hashes of patches of a picture: 64 lower-case hex digits, strongest first, no value twice, without positions. */
export interface LocalHashes {
  /** Of 96 key points, half of them in a narrower and a wider picture too, each followed by its mirrored twin. */
  readonly bank: readonly string[];
  /** Of 320 key points, as they are; only filled for a query. */
  readonly query: readonly string[];
  /** Where in the picture each hash of the query lies: `placeOf`. A bank's hashes have no place. */
  readonly places: readonly number[];
}

/** What a fingerprint is for: a bank holds more of a picture, a query has to be quick; both is for trying things out. */
export type Purpose = "bank" | "query" | "both";

/** What is made of a picture beside its own hashes. */
export interface Wanted {
  /** "bank" unless told. */
  readonly purpose?: Purpose;
  /** Local hashes too ("stronger recognition"). */
  readonly stronger?: boolean;
}

/** A later frame of an animation. `index` counts from 0, as stored in the file. */
export interface FrameResult extends PdqResult {
  readonly index: number;
}

export interface Fingerprint extends PdqResult {
  /** MIME type found from the bytes, for example "image/jpeg". */
  readonly media: string;
  readonly sizeBytes: number;
  /** 64 lower-case hex digits, of the file's bytes. */
  readonly sha256: string;
  /** 32 lower-case hex digits, of the file's bytes. */
  readonly md5: string;
  /** Of the upright picture in pixels, before any shrinking. */
  readonly width: number;
  readonly height: number;
  /** The picture laid on white; only there when it has transparency. */
  readonly flattened?: PdqResult;
  /** Parts of the picture by which it is passed on: for a bank all of them, for a query its borders trimmed. */
  readonly windows: readonly WindowResult[];
  /** Only there when it was asked for ("stronger recognition"). */
  readonly local?: LocalHashes;
  /** Distinct later frames; only there when the file is animated. */
  readonly frames?: readonly FrameResult[];
}

/** Each code has its sentence in docs/errors.md. */
export type FingerprintErrorCode =
  | "empty_file"
  | "file_unreadable"
  | "file_too_large"
  | "too_many_pixels"
  | "not_an_image"
  | "unsupported_format"
  | "image_damaged"
  | "decode_timeout"
  | "pixels_blocked"
  | "cancelled";

export type FingerprintOutcome =
  | { readonly ok: true; readonly fingerprint: Fingerprint }
  | { readonly ok: false; readonly code: FingerprintErrorCode };
