/** What every index of this package does, whatever its inside. */
export interface Hit {
  readonly id: number;
  /** 0 to the radius that was asked for. */
  readonly distanceBits: number;
}

/** One query hash near one hash of an item. */
export interface VotePair {
  /** Which query; of equal queries always the first. */
  readonly query: number;
  /** Which hash of the item, counted in the order they were added. */
  readonly ordinal: number;
  readonly distanceBits: number;
}

/** What a batch of queries has in common with one id. */
export interface Votes {
  readonly id: number;
  /** How many different query hashes are near any hash of the id. Exact, also when pairs were left out. */
  readonly queriesHit: number;
  /** How many different hashes of the id are near any query. Exact too. */
  readonly hashesHit: number;
  /** In order of ordinal, then query: the first `maxPairs` there are. */
  readonly pairs: readonly VotePair[];
  /** True when there are more pairs than that. */
  readonly truncated: boolean;
}

export interface VoteAnswer {
  /** Most queries hit first, then most hashes hit, then lowest id. */
  readonly items: readonly Votes[];
  /** True when more than `maxItems` ids had votes enough; the best are there. */
  readonly truncated: boolean;
}

/** Bounds of a batch, so that a bank or an upload where everything matches everything can't fill the memory. */
export interface VoteOptions {
  /** Ids answered at most; 256 if absent. */
  readonly maxItems?: number;
  /** Pairs kept of an id, 1 to 512; 64 if absent. */
  readonly maxPairs?: number;
  /** Ids with fewer different query hashes are left out; 1 if absent. */
  readonly minQueries?: number;
}

/**
 * Exact search of 256-bit hashes by Hamming distance: an answer holds every entry within the radius and no other.
 *
 * An entry is a pair of id and hash. An id is an unsigned 32-bit integer and may hold several hashes; a hash may be
 * held by several ids. Belongs to the thread that made it.
 */
export interface HammingIndex {
  /** Entries held. */
  readonly size: number;
  /** Adds an entry; one that is there already is left as it is. The hash (32 bytes) is copied. */
  add(id: number, hash: Uint8Array): void;
  /**
   * Adds many at once: entry `n` is `ids[n]` and bytes 32 n to 32 n + 31 of `hashes`. The same as adding them in turn,
   * and faster the more there are. One long piece of work.
   */
  addMany(ids: Uint32Array, hashes: Uint8Array): void;
  /** Removes all entries of an id and answers how many there were; 0 for an unknown id. */
  remove(id: number): number;
  /**
   * Every entry within `radiusBits` (0 to 256), ordered by distance, then id. An id with several hashes near enough
   * is there once for each. Throws TypeError or RangeError for a wrong hash or radius.
   */
  query(hash: Uint8Array, radiusBits: number): readonly Hit[];
  /**
   * The ids that are near a batch of hashes, such as the patches of one upload: at most 512 different ones, each 32
   * bytes, or all in one array. Equal hashes count once. Throws TypeError or RangeError for what is no such batch.
   */
  queryVotes(hashes: readonly Uint8Array[] | Uint8Array, radiusBits: number, options?: VoteOptions): VoteAnswer;
  /** All entries as bytes: versioned, with a checksum, the same on every machine. */
  snapshot(): Uint8Array;
}
