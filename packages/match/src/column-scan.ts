/**
 * Many rows, once each, against many queries at once: for hashes too many to keep in an index, that pass by in blocks.
 * Exact: every pair of row and query within the radius is told, and no other. Method and costs: docs/matching.md, "The
 * other way round".
 *
 * A row lies in two columns: its first 16 bytes, and the 16 that follow (none where hashes have 16). Few queries are
 * compared with the first column only, so that half of what is stored need not be read; what is near there is confirmed
 * with the rest of the few rows it is about. Many queries need both columns and cost hardly more than few.
 *
 * Cost on one core, by rows: 1 query 2 ns (copying its bytes costs as much), 8 queries 9, 64 queries 25, 512 queries
 * 65, 4,096 queries 300 (one of two cores, with other work beside it). Memory: 3 MB, and with a sieve 1.2 MB more and up to 2.3 kB a query. It belongs to one
 * thread.
 */
import { type ColumnKernel, createColumnKernel } from "./column/kernel.ts";
import { findPlainly } from "./column/plain.ts";
import { MatchError } from "./errors.ts";
import { countBits } from "./hash.ts";
import { assertRadius } from "./scan-index.ts";

/** What one scan asks for. */
export interface ColumnQuestion {
  /** Queries one after the other. */
  readonly queries: Uint8Array;
  /** Of a query and of a row: both columns, or the first alone. */
  readonly hashBytes: 16 | 32;
  /** 0 to 31. */
  readonly radiusBits: number;
  /**
   * A number below the number of queries for each query: of those with one number only the nearest to a row is told.
   * Left out, each query stands for itself. Not heeded for candidates.
   */
  readonly groups?: Uint32Array | undefined;
}

/** `distanceBits` of a row and a query; of their first 16 bytes where it is a candidate. */
export type OnColumnHit = (row: number, query: number, distanceBits: number) => void;

export interface ColumnScan {
  /** True when `find` needs the second column for the present question. */
  readonly needsRest: boolean;
  /** Takes a new question; its arrays are copied. Throws RangeError for what does not fit together. */
  ask(question: ColumnQuestion): void;
  /**
   * Tells each row that is near a query, in order of rows. Without `rest`, of hashes of 32 bytes, these are candidates,
   * whose first halves are near enough: `confirm` tells which are hits. Throws RangeError unless both columns have 16
   * bytes for each row.
   */
  find(first: Uint8Array, rest: Uint8Array | undefined, onHit: OnColumnHit): void;
  /** Bits in which a candidate's row differs from its query in all, or undefined when they are too many. */
  confirm(query: number, firstDistanceBits: number, rest: Uint8Array): number | undefined;
}

/** Half of a hash: what a row has in each column. */
export const COLUMN_BYTES = 16;
/** Queries in one question; a query's number has 15 bits in the kernel. */
export const MAX_COLUMN_QUERIES = 16_384;

/** Rows in the kernel at once. With fewer, the sieve's tables leave the cache before they are used again: 8,192 queries
 * took 2.6 times as long with 8,192 rows, measured. */
const WINDOW_ROWS = 65_536;
/** Rows at once where queries are compared: what the kernel copies is then still in the fastest cache when it is read. */
const COMPARED_ROWS = 2_048;
/** From here on a sieve is faster than comparing, as measured. */
const SIEVE_QUERIES = 20;
/** How far the sieve's lemma reaches: twice the chunks of 16 bits, less one. */
const MAX_SIEVE_RADIUS_BITS = { 16: 15, 32: 31 } as const;
/** Hits before the kernel hands over; never less than the queries, since a row may hit with each. */
const HITS = 16_384;

interface Prepared extends ColumnQuestion {
  readonly count: number;
  /** Chunks that the sieve looks at; 0 when queries are compared. */
  readonly chunks: 0 | 8 | 16;
}

const prepare = (question: ColumnQuestion): Prepared => {
  const { hashBytes, radiusBits, groups } = question;
  if (!(question.queries instanceof Uint8Array)) throw new TypeError("queries: Uint8Array expected");
  const count = question.queries.length / hashBytes;
  if (!Number.isInteger(count) || count > MAX_COLUMN_QUERIES) {
    throw new RangeError(`queries: whole hashes, at most ${MAX_COLUMN_QUERIES}, expected`);
  }
  assertRadius(radiusBits);
  if (radiusBits > 31) throw new RangeError("radiusBits: 31 at most expected");
  if (groups !== undefined && (groups.length !== count || groups.some((group) => group >= count))) {
    throw new RangeError("groups: a number below the number of queries for each query expected");
  }
  const queries = question.queries.slice();
  // The same bytes can only be told by the first half, unless there is nothing else: it is confirmed.
  if (radiusBits === 0) return { ...question, queries, count, chunks: 8 };
  const isSieve = count >= SIEVE_QUERIES && radiusBits <= MAX_SIEVE_RADIUS_BITS[hashBytes];
  return { ...question, queries, count, chunks: isSieve ? (hashBytes === 32 ? 16 : 8) : 0 };
};

/** Puts a question into a kernel, which is laid out anew for it. */
const load = (kernel: ColumnKernel, question: Prepared, isGrouped: boolean): number => {
  const { queries, hashBytes, count, chunks, groups } = question;
  const hitLimit = Math.max(HITS, count);
  const missing = kernel.begin(WINDOW_ROWS, count, chunks > 0, hitLimit);
  try {
    if (missing > 0) kernel.memory.grow(missing);
  } catch {
    throw new MatchError("memory_full");
  }
  const into = new Uint8Array(kernel.memory.buffer, kernel.queriesAt(), count * 32);
  into.fill(0);
  for (let query = 0; query < count; query += 1) {
    into.set(queries.subarray(query * hashBytes, (query + 1) * hashBytes), query * 32);
  }
  const numbers = new Uint32Array(kernel.memory.buffer, kernel.groupsAt(), count);
  if (isGrouped && groups !== undefined) numbers.set(groups);
  else for (let query = 0; query < count; query += 1) numbers[query] = query;
  if (chunks > 0 && kernel.build(count, chunks, question.radiusBits) === 0) throw new RangeError("radiusBits");
  return hitLimit;
};

/** Bits in which 16 bytes of one and of another differ. */
const halfDistance = (a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number => {
  let sum = 0;
  for (let byte = 0; byte < COLUMN_BYTES; byte += 1) sum += countBits((a[aAt + byte] ?? 0) ^ (b[bAt + byte] ?? 0));
  return sum;
};

const assertColumns = (first: Uint8Array, rest: Uint8Array | undefined, needsRest: boolean): number => {
  if (!(first instanceof Uint8Array)) throw new TypeError("first: Uint8Array expected");
  if (first.length % COLUMN_BYTES !== 0) throw new RangeError("first: 16 bytes for each row expected");
  if (needsRest && rest === undefined) throw new RangeError("rest: the second column is needed for this question");
  if (rest !== undefined && rest.length !== first.length) throw new RangeError("rest: as many bytes as first expected");
  return first.length / COLUMN_BYTES;
};

/** What asks a kernel, window by window. */
const findByKernel = (
  kernel: ColumnKernel,
  question: Prepared,
  first: Uint8Array,
  rest: Uint8Array | undefined,
  onHit: OnColumnHit,
): void => {
  const { count, chunks, radiusBits } = question;
  const { buffer } = kernel.memory;
  const firstColumn = new Uint8Array(buffer, kernel.firstAt(), WINDOW_ROWS * COLUMN_BYTES);
  const restColumn = new Uint8Array(buffer, kernel.restAt(), WINDOW_ROWS * COLUMN_BYTES);
  const hits = new Uint32Array(buffer, kernel.hitsAt());
  const total = first.length / COLUMN_BYTES;
  const window = chunks > 0 ? WINDOW_ROWS : COMPARED_ROWS;
  for (let start = 0; start < total; start += window) {
    const rows = Math.min(window, total - start);
    firstColumn.set(first.subarray(start * COLUMN_BYTES, (start + rows) * COLUMN_BYTES));
    if (rest !== undefined) restColumn.set(rest.subarray(start * COLUMN_BYTES, (start + rows) * COLUMN_BYTES));
    if (chunks > 0 && kernel.sieve(rows, chunks) === 1) {
      const found = kernel.hitCount();
      for (let hit = 0; hit < found; hit += 1) {
        const low = hits[2 * hit]!;
        onHit(start + hits[2 * hit + 1]!, low >>> 16, low & 0xffff);
      }
      continue;
    }
    kernel.forget();
    for (let from = 0; from < rows;) {
      from = kernel.compare(rows, from, count, radiusBits, rest !== undefined);
      const found = kernel.hitCount();
      // Little-endian, as WebAssembly's memory is: distance and query, then the row.
      for (let hit = 0; hit < found; hit += 1) {
        const low = hits[2 * hit]!;
        onHit(start + hits[2 * hit + 1]!, low >>> 16, low & 0xffff);
      }
    }
  }
};

/** A scan without a question. `kernel`: left out, WebAssembly where there is any; null is plain TypeScript. */
export const createColumnScan = (kernel: ColumnKernel | null = createColumnKernel()): ColumnScan => {
  let question: Prepared | undefined;
  /** What the kernel holds now: the question, and whether by groups. */
  let loaded: boolean | undefined;

  const present = (): Prepared => {
    if (question === undefined) throw new TypeError("ask: a question is needed first");
    return question;
  };

  return {
    get needsRest() {
      const { chunks, hashBytes, radiusBits } = present();
      return chunks > 0 && hashBytes === 32 && radiusBits > 0;
    },
    ask(next) {
      question = prepare(next);
      loaded = undefined;
    },
    find(first, rest, onHit) {
      const asked = present();
      const { hashBytes, radiusBits, count, queries, groups } = asked;
      const total = assertColumns(first, hashBytes === 16 ? undefined : rest, this.needsRest);
      if (total === 0 || count === 0) return;
      if (kernel === null) {
        findPlainly(asked, first, hashBytes === 16 ? undefined : rest, onHit);
        return;
      }
      const isWhole = hashBytes === 16 || rest !== undefined;
      // The exact question is told by the first half, with the rest behind it, so nothing may be left out before.
      const isGrouped = isWhole && (radiusBits > 0 || hashBytes === 16);
      if (loaded !== isGrouped) load(kernel, asked, isGrouped);
      loaded = isGrouped;
      const wholeRest = hashBytes === 16 ? undefined : rest;
      if (radiusBits > 0 || wholeRest === undefined) {
        findByKernel(kernel, asked, first, wholeRest, onHit);
        return;
      }
      let lastRow = -1;
      const told = new Set<number>();
      findByKernel(kernel, asked, first, undefined, (row, query) => {
        if (halfDistance(queries, query * 32 + COLUMN_BYTES, wholeRest, row * COLUMN_BYTES) > 0) return;
        if (row !== lastRow) told.clear();
        lastRow = row;
        const group = groups?.[query] ?? query;
        if (told.has(group)) return;
        told.add(group);
        onHit(row, query, 0);
      });
    },
    confirm(query, firstDistanceBits, rest) {
      const { hashBytes, queries, radiusBits, count } = present();
      if (hashBytes !== 32) throw new RangeError("confirm: hashes of 32 bytes expected");
      if (!Number.isInteger(query) || query < 0 || query >= count) throw new RangeError("query: not of this question");
      if (rest.length !== COLUMN_BYTES) throw new RangeError("rest: 16 bytes expected");
      const distanceBits = firstDistanceBits + halfDistance(queries, query * hashBytes + COLUMN_BYTES, rest, 0);
      return distanceBits <= radiusBits ? distanceBits : undefined;
    },
  };
};
