/** Codes of this package's own that reach no wire and no screen: how reading another program's text can fail. */
export const VPDQ_ERROR_CODES = ["too_long", "too_many_frames", "not_json", "entry_invalid"] as const;
export type VpdqErrorCode = (typeof VPDQ_ERROR_CODES)[number];
