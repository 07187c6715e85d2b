/** A segment: a kernel instance with its rows, and views on its memory. */
import { MatchError } from "../errors.ts";
import {
  addressesOf,
  createKernel,
  createMemory,
  type Kernel,
  type KernelMemory,
  MAX_QUERIES,
  pagesFor,
  PUBLISHED_COUNT_AT,
  SUMMARY_QUERY,
} from "./kernel.ts";

/** 32-bit words of a row. */
export const ROW_WORDS = 8;
/** Rows that fit one memory of 4 GiB, at 133 bytes each. */
export const MAX_SEGMENT_ROWS = 30_000_000;

/** What all segments of an index have in common. */
export interface Plan {
  /** Queries up to this radius, 0 to 31, go by tables. */
  readonly tableRadius: number;
  /** Scratch areas in each segment: one for the thread that writes, one for each that reads. */
  readonly places: number;
  /** Whether other threads can see the memory. */
  readonly isShared: boolean;
}

/** All that another thread needs to open the segment; can be sent to it where the memory is shared. */
export interface SegmentShape {
  readonly memory: KernelMemory;
  readonly capacity: number;
  readonly tableBits: number;
  readonly tableRadius: number;
  readonly places: number;
}

export interface Segment {
  readonly shape: SegmentShape;
  readonly kernel: Kernel;
  /** True when rows lie in order of id and buckets are (or will be) built. */
  readonly hasTables: boolean;
  readonly ids: Uint32Array;
  readonly rows: Int32Array;
  /** Where queries are put, permuted. */
  readonly queries: Uint8Array;
  /** Rows held, dead ones included; `tellCount` tells it to the kernel and to other threads. */
  count: number;
  /** Rows that are not dead; kept by the thread that writes. */
  living: number;
  /** One bit a row, in the kernel's memory. */
  readonly dead: Uint8Array;
  readonly hits: BigUint64Array;
  /** The same memory: distance and query, then the slot. */
  readonly hitWords: Uint32Array;
  readonly published: Int32Array;
}

/**
 * Bits of a chunk that choose its bucket: about 8 rows a bucket, one vector, until all 16 are used. Fewer buckets
 * mean fewer probes: the neighbours in the bits left out share the bucket.
 */
export const tableBitsFor = (rows: number): number =>
  Math.max(8, Math.min(16, Math.floor(Math.log2(Math.max(1, rows))) - 3));

/** A segment as this thread sees it, which uses the scratch area number `place`. */
export const openSegment = (shape: SegmentShape, place: number): Segment => {
  const { memory, capacity, tableBits, tableRadius, places } = shape;
  const kernel = createKernel(memory);
  kernel.begin(capacity, tableBits, tableRadius, places, place);
  const { buffer } = memory;
  const at = addressesOf(kernel);
  const hitLimit = Math.min(Math.max(capacity, 65_536), 2 ** 20);
  return {
    shape,
    kernel,
    hasTables: tableBits > 0,
    ids: new Uint32Array(buffer, at.ids, capacity),
    rows: new Int32Array(buffer, at.rows, capacity * ROW_WORDS),
    queries: new Uint8Array(buffer, at.queries, MAX_QUERIES * 4 * ROW_WORDS),
    count: 0,
    living: 0,
    dead: new Uint8Array(buffer, at.dead, (capacity + 7) >> 3),
    hits: new BigUint64Array(buffer, at.hits, hitLimit),
    hitWords: new Uint32Array(buffer, at.hits, 2 * hitLimit),
    published: new Int32Array(buffer, PUBLISHED_COUNT_AT, 1),
  };
};

/** An empty segment, without tables for 0 bits. Throws MatchError `memory_full` when there is no room for it. */
export const createSegment = (capacity: number, tableBits: number, plan: Plan): Segment => {
  const { tableRadius, places, isShared } = plan;
  const pages = pagesFor(capacity, tableBits, tableRadius, places, 0);
  if (pages === 0) throw new MatchError("memory_full");
  return openSegment({ memory: createMemory(pages, isShared), capacity, tableBits, tableRadius, places }, 0);
};

/** Rows up to `count` may be seen from now on, here and in other threads. */
export const tellCount = (segment: Segment): void => {
  segment.kernel.setCount(segment.count);
  Atomics.store(segment.published, 0, segment.count);
};

/** For a thread that reads: the rows that were there when this was called, until it is called again. */
export const readCount = (segment: Segment): void => {
  segment.count = Atomics.load(segment.published, 0);
  segment.kernel.setCount(segment.count);
};

export const isDead = (segment: Segment, slot: number): boolean => ((segment.dead[slot >> 3]! >> (slot & 7)) & 1) === 1;

/** Removes the rows of an id; answers how many. */
export const removeFrom = (segment: Segment, id: number): number => {
  const removed = segment.kernel.removeId(id);
  segment.living -= removed;
  return removed;
};

/**
 * What a search finds, one after the other: rows that are near a query, in order of slot, then query, each pair once.
 * A cursor rather than a generator, which takes longer than all else where nearly everything is near.
 */
export interface Search {
  slot: number;
  query: number;
  distanceBits: number;
  /** Instead of query and distance, which then mean nothing: a bit for each query that hits the row. */
  summary: Uint32Array | undefined;
  /** Goes on to the next, the first at first; false at the end. */
  next(): boolean;
}

/** Where one row has more than `hitsOfRow` hits, a summary may follow them in place of the rest. */
export const search = (
  segment: Segment,
  queryCount: number,
  radiusBits: number,
  hitsOfRow: number = MAX_QUERIES,
): Search => {
  const { kernel, hits, hitWords } = segment;
  const atMost = Math.min(hitsOfRow, MAX_QUERIES);
  let isFromTables = false;
  let hit = -1;
  let hitCount = 0;
  /** The slot a scan goes on from. */
  let from = 0;
  if (segment.hasTables && radiusBits <= segment.shape.tableRadius) {
    isFromTables = (queryCount === 1 ? kernel.ask(radiusBits) : kernel.askMany(queryCount, radiusBits)) === 1;
    if (isFromTables) {
      from = segment.count;
      hitCount = kernel.hitCount();
      if (hitCount > 1) hits.subarray(0, hitCount).sort();
    }
  }
  const read = (): void => {
    const low = hitWords[2 * hit]!;
    found.query = low >>> 16;
    found.distanceBits = low & 0xffff;
    found.slot = hitWords[2 * hit + 1]!;
  };
  const isRepeated = (): boolean =>
    hitWords[2 * hit] === hitWords[2 * hit - 2] && hitWords[2 * hit + 1] === hitWords[2 * hit - 1];
  const found: Search = {
    slot: 0,
    query: 0,
    distanceBits: 0,
    summary: undefined,
    next() {
      if (found.summary !== undefined) {
        found.summary = undefined;
        hit += 8;
      }
      hit += 1;
      // A row can be found through several chunks.
      if (isFromTables) while (hit > 0 && hit < hitCount && isRepeated()) hit += 1;
      while (hit >= hitCount) {
        if (from >= segment.count) return false;
        from = kernel.scan(queryCount, radiusBits, from, atMost);
        hitCount = kernel.hitCount();
        hit = 0;
      }
      read();
      if (!isFromTables && found.query === SUMMARY_QUERY) found.summary = hitWords.subarray(2 * hit + 2, 2 * hit + 18);
      return true;
    },
  };
  return found;
};
