/** What every index of this package does, whatever its inside. */
export interface Hit {
  readonly id: number;
  /** 0 to the radius that was asked for. */
  readonly distanceBits: number;
}

/**
 * Exact search of 256-bit hashes by Hamming distance: an answer holds every entry within the radius and no other.
 *
 * An entry is a pair of id and hash. An id is an unsigned 32-bit integer and may hold several hashes; a hash may be
 * held by several ids. Not to be used from two threads at once.
 */
export interface HammingIndex {
  /** Entries held. */
  readonly size: number;
  /** Adds an entry; one that is there already is left as it is. The hash (32 bytes) is copied. */
  add(id: number, hash: Uint8Array): void;
  /** Removes all entries of an id and answers how many there were; 0 for an unknown id. */
  remove(id: number): number;
  /**
   * Every entry within `radiusBits` (0 to 256), ordered by distance, then id. An id with several hashes near enough
   * is there once for each. Throws TypeError or RangeError for a wrong hash or radius.
   */
  query(hash: Uint8Array, radiusBits: number): readonly Hit[];
  /** All entries as bytes: versioned, with a checksum, the same on every machine. */
  snapshot(): Uint8Array;
}
