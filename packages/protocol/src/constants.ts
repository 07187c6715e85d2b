/** Plain values of the protocol, without the schemas: for a page that must stay small. */

/**
 * The eight ways a picture can be turned or mirrored, by the PDQ reference's names. A consumer of plain PDQ (any program
 * that knows one picture, one hash) takes these kinds only: see `isPlainPdq`.
 */
export const PLAIN_PDQ_KINDS = [
  "original",
  "rot90",
  "rot180",
  "rot270",
  "flipX",
  "flipY",
  "flipPlus1",
  "flipMinus1",
] as const;

/** How else a whole picture is hashed: its transparency laid on white; a later frame of an animation. */
const OTHER_PDQ_KINDS = ["flattened", "frame"] as const;

/**
 * Windows: parts of a picture that people and platforms cut out by rule. `trimmed` is without plain borders, `barsCut`
 * without a screenshot's bars, the others are the centred part of that aspect ratio (191x100 is 1.91 to 1).
 */
export const WINDOWS = [
  "trimmed",
  "barsCut",
  "centre1x1",
  "centre4x5",
  "centre5x4",
  "centre3x4",
  "centre4x3",
  "centre9x16",
  "centre16x9",
  "centre191x100",
] as const;

const TURNS = ["rot90", "rot180", "rot270", "flipX", "flipY", "flipPlus1", "flipMinus1"] as const;

/** A window as it is, and turned: `centre1x1`, `centre1x1-rot90`. */
export const WINDOW_KINDS = WINDOWS.flatMap((window) => [window, ...TURNS.map((turn) => `${window}-${turn}` as const)]);

/** How a PDQ was obtained from the picture. */
export const SIGNAL_KINDS = [...PLAIN_PDQ_KINDS, ...OTHER_PDQ_KINDS, ...WINDOW_KINDS] as const;

/** How a frame of a video was hashed: as it is, with left and right swapped, without plain borders. */
export const VPDQ_KINDS = ["original", "flipY", "trimmed"] as const;

/** The only version of local patch hashes there is: how a patch is found and hashed is fixed by this number. */
export const LOCAL_VERSION = 1;
/** Columns and rows in which the place of an upload's patch is told: 64 by 64 over a square of its longest side. */
export const PLACE_GRID = 64;

/** What a partner's reviewer can think of a match. */
export const OPINIONS = ["blocked", "not_blocked", "false_match", "pending_review"] as const;

/** Hex digits of a signal's value, by type. */
export const HEX_DIGITS = { pdq: 64, md5: 32, sha256: 64, "pdq-local": 64, vpdq: 64 } as const;

/** Every type of signal. */
export const SIGNAL_TYPES = ["pdq", "md5", "sha256", "pdq-local", "vpdq"] as const;

/** Largest distance, in bits of 256, at which two PDQ hashes count as the same picture. Source: the PDQ reference. */
export const MATCH_RADIUS_BITS = 31;

/** Smallest PDQ quality that is put in a bank or asked for. Source: the PDQ reference discards 49 and below. */
export const MIN_PDQ_QUALITY = 50;

/** Bounds of one request and of one case. */
export const CASE_LIMITS = {
  itemsPerRequest: 20,
  itemsPerCase: 1000,
  /** The sum of what `ITEM_LIMITS` allows a video. */
  signalsPerItem: 12_848,
  recoveryCodes: 5,
} as const;

const PICTURE_LIMITS = {
  /** 8 dihedral hashes of the picture and its flattened form, for up to 32 frames (544), and 8 of each window (80). */
  pdq: 624,
  md5: 64,
  sha256: 64,
} as const;

/** Signals of each type that one item may hold. */
export const ITEM_LIMITS = {
  /** 96 key points, 48 of them in three widths, each with its twin: 384, and more where a point has two directions. */
  image: { ...PICTURE_LIMITS, "pdq-local": 512, vpdq: 0 },
  /** 4,000 frames, each with its mirrored twin. */
  video: { ...PICTURE_LIMITS, "pdq-local": 4_096, vpdq: 8_000 },
} as const;

/** Signals that one check may ask with: frames of a video are counted by themselves, and beside all others. */
export const CHECK_LIMITS = { vpdq: 2_000, others: 1_024, "pdq-local": 512 } as const;

/** The largest time of a frame: what a signed 32-bit number of milliseconds holds, 24 days. */
export const MAX_TIMESTAMP_MS = 2_147_483_647;

/** When a gate asks for local hashes: before it answers a check, right after, or never. */
export const LOCAL_QUERY_POLICIES = ["in_path", "after", "off"] as const;

/** Signals by which a catalogue is searched. Local hashes and frames of videos are not among them yet. */
export const CATALOGUE_TYPES = ["pdq", "md5", "sha256"] as const;

/** Bounds of a catalogue's contents and of the requests about them. */
export const CATALOGUE_LIMITS = {
  contentIdBytes: 256,
  signalsPerContent: 64,
  removalsPerRequest: 1_000,
  /** 64 signals of 130 bytes, and the id, whose characters may each be written as six. */
  lineBytes: 12_288,
  linesPerStream: 1_000_000,
  /** A stream with more lines that are refused ends there: something is wrong with all of it. */
  refusedPerStream: 10_000,
} as const;
