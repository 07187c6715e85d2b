/**
 * The ring index: exact within 31 bits without looking at every hash. Method, proof, costs: docs/matching.md. Beyond
 * 31 bits it scans. It answers what the plain scan answers; where there is no WebAssembly with SIMD it is that.
 *
 * Cost at radius 31: a query 272 bucket look-ups and N / 241 sketches of 2 bytes; add and remove take a share of the
 * merging with them, bounded. Memory: 118 bytes an entry (134 beyond 16.7 million in one segment), and as much again
 * for the entries that are being merged.
 */
import { type ByteSource, openSource } from "./byte-source.ts";
import { MatchError } from "./errors.ts";
import type { HammingIndex } from "./hamming-index.ts";
import { assertHash, HASH_BYTES } from "./hash.ts";
import { createAsk } from "./ring/ask.ts";
import { readBulk } from "./ring/bulk.ts";
import { kernelAvailable, MAX_RING_RADIUS_BITS, sharingAvailable } from "./ring/kernel.ts";
import { createLevels, type Levels } from "./ring/levels.ts";
import { load } from "./ring/load.ts";
import { permutation } from "./ring/permutation.ts";
import { save } from "./ring/save.ts";
import { isDead, type Plan, ROW_WORDS, type Segment, tellCount } from "./ring/segment.ts";
import { isOrdered } from "./ring/merge.ts";
import { createShare, type ReaderHandle, type ReaderPort, type Share } from "./ring/share.ts";
import { FIXED_BYTES, MAGIC, VERSION_AT, VERSION_WITH_TABLES } from "./ring/snapshot-form.ts";
import { assertBulk, assertId, createScanIndex } from "./scan-index.ts";
import { assertSnapshotLength, readSnapshot, SMALLEST_BYTES, snapshotCount, writeSnapshot } from "./snapshot.ts";

/** How an index is built; a snapshot does not depend on it. */
export interface RingOptions {
  /**
   * The largest radius that is asked often, 0 to 31; 31 if absent. Below 15 there are fewer tables, so less memory:
   * 37 + 5 (radius + 1) bytes an entry. Larger radii are answered as exactly, by a scan.
   */
  readonly radiusBits?: number;
  /** Other threads that may ask at once, 0 to 64; none if absent. */
  readonly readers?: number;
}

/** A HammingIndex that other threads may ask in the same memory (`openRingReader`). */
export interface RingIndex extends HammingIndex {
  /**
   * Makes a place for a reader. The handle goes to its thread; what the reader has to be told is posted to `port` then
   * and later. Undefined where threads can't share memory. Throws RangeError when all `readers` are open.
   */
  openReader(port: ReaderPort): ReaderHandle | undefined;
  /** Frees the place of a reader whose thread has ended without closing it. */
  releaseReader(handle: ReaderHandle): void;
  /**
   * The index with its tables, as it is at the call, in pieces that make up a snapshot for `loadRingIndex`: 118 bytes
   * an entry, and nothing of what was removed. It may be changed while the pieces are fetched. A piece may be a view on
   * the index's own memory: not to be written to, and read before the next is asked for.
   */
  save(): Iterable<Uint8Array>;
}

const MAX_READERS = 64;

/**
 * Fewer entries than this, or than this share of what is held, are added one by one. A bulk has to end the merges that
 * run, which may be large: a page of the feed must not wait for that, a first load may.
 */
const MIN_BULK = 512;
const MIN_BULK_SHARE = 1 / 8;
/** Entries taken in at once, so that with all smaller segments they fit one. */
const MAX_BULK = 16_000_000;

const countOption = (value: number | undefined, fallback: number, limit: number, field: string): number => {
  const chosen = value ?? fallback;
  if (!Number.isInteger(chosen) || chosen < 0 || chosen > limit) {
    throw new RangeError(`${field}: whole number from 0 to ${limit} expected`);
  }
  return chosen;
};

/** What of an index depends on how it is used, not on what it holds. */
const planFor = (tableRadius: number, options: RingOptions): { readonly plan: Plan; readonly share?: Share } => {
  const readers = countOption(options.readers, 0, MAX_READERS, "readers");
  if (!sharingAvailable() || readers === 0) return { plan: { tableRadius, places: 1, isShared: false } };
  return { plan: { tableRadius, places: 1 + readers, isShared: true }, share: createShare(readers) };
};

/** An empty index. Throws RangeError for options out of their range. */
export const createRingIndex = (options: RingOptions = {}): RingIndex => {
  const tableRadius = countOption(options.radiusBits, MAX_RING_RADIUS_BITS, MAX_RING_RADIUS_BITS, "radiusBits");
  const { plan, share } = planFor(tableRadius, options);
  if (!kernelAvailable()) {
    const index = createScanIndex();
    return Object.assign(index, {
      openReader: () => undefined,
      releaseReader: () => undefined,
      save: () => [index.snapshot()],
    });
  }
  return ringIndexOf(createLevels(plan), plan, share);
};

const ringIndexOf = (levels: Levels, plan: Plan, share: Share | undefined): RingIndex => {
  const permuted = permutation();
  const row = new Uint8Array(HASH_BYTES);
  const rowWords = new Int32Array(row.buffer);

  const isHeld = (id: number): boolean =>
    levels.segments().some((segment) => {
      segment.queries.set(row);
      return segment.kernel.holds(id) === 1;
    });

  const addRow = (id: number, hash: Uint8Array): void => {
    permuted.apply(hash, row);
    if (isHeld(id)) return;
    const delta = levels.delta();
    delta.ids[delta.count] = id;
    delta.rows.set(rowWords, delta.count * ROW_WORDS);
    delta.count += 1;
    delta.living += 1;
    tellCount(delta);
    levels.added();
  };

  const addAll = (ids: Uint32Array, hashes: Uint8Array): void => {
    for (let from = 0; from < ids.length; from += MAX_BULK) {
      const some = ids.subarray(from, from + MAX_BULK);
      const bytes = hashes.subarray(from * HASH_BYTES, (from + some.length) * HASH_BYTES);
      if (some.length < Math.max(MIN_BULK, levels.size * MIN_BULK_SHARE)) {
        some.forEach((id, entry) => addRow(id, bytes.subarray(entry * HASH_BYTES, (entry + 1) * HASH_BYTES)));
        continue;
      }
      const isEmpty = levels.segments().length === 0;
      if (isEmpty && bytes.byteOffset % 4 === 0 && isOrdered(some)) {
        // The way a bank is loaded: permuted as they are copied, without a copy in between.
        const rows = new Int32Array(bytes.buffer, bytes.byteOffset, some.length * ROW_WORDS);
        levels.absorb({ ...readBulk(some, rows, () => false), permute: (raw, into) => permuted.apply(raw, into) });
        continue;
      }
      const rows = new Int32Array(some.length * ROW_WORDS);
      permuted.apply(bytes, new Uint8Array(rows.buffer));
      levels.absorb(
        readBulk(some, rows, (id, slot) => {
          if (isEmpty) return false;
          rowWords.set(rows.subarray(slot * ROW_WORDS, (slot + 1) * ROW_WORDS));
          return isHeld(id);
        }),
      );
    }
  };

  let published = 0;
  /** What changed which segments there are has to end with this, also where it throws. */
  const publishing = <Result>(change: () => Result): Result => {
    try {
      return change();
    } finally {
      if (share !== undefined && levels.revision !== published) {
        published = levels.revision;
        share.publish(levels.segments());
      }
    }
  };

  return {
    get size() {
      return levels.size;
    },
    add(id, hash) {
      assertId(id);
      assertHash(hash, "hash");
      publishing(() => addRow(id, hash));
    },
    addMany(ids, hashes) {
      assertBulk(ids, hashes);
      publishing(() => addAll(ids, hashes));
    },
    remove(id) {
      assertId(id);
      return publishing(() => levels.remove(id));
    },
    ...createAsk(levels.segments),
    openReader: (port) => share?.open(port, levels.segments()),
    releaseReader: (handle) => share?.release(handle),
    save: () => save(levels.parts(), plan.tableRadius),
    snapshot() {
      const living = livingRows(levels.segments());
      let segment: Segment | undefined;
      let slot = 0;
      return writeSnapshot(
        levels.size,
        () => {
          // Entries are written in turn, so this walks along.
          const { value } = living.next();
          if (value !== undefined) [segment, slot] = value;
          return segment?.ids[slot] ?? 0;
        },
        (_entry, into) => {
          if (segment === undefined) return;
          rowWords.set(segment.rows.subarray(slot * ROW_WORDS, (slot + 1) * ROW_WORDS));
          permuted.undo(row, into);
        },
      );
    },
  };
};

/** Oldest first, so that an id's hashes keep their order. */
function* livingRows(segments: readonly Segment[]): Generator<readonly [Segment, number], undefined> {
  for (const segment of segments) {
    for (let slot = 0; slot < segment.count; slot += 1) if (!isDead(segment, slot)) yield [segment, slot];
  }
  return undefined;
}

/** The index a snapshot was taken of. Throws MatchError when the bytes are not a whole, undamaged snapshot. */
export const restoreRingIndex = (bytes: Uint8Array, options: RingOptions = {}): RingIndex => {
  const index = createRingIndex(options);
  let ids = new Uint32Array(0);
  let hashes = new Uint8Array(0);
  let entry = 0;
  readSnapshot(bytes, (id, hash) => {
    if (entry === 0) {
      ids = new Uint32Array(snapshotCount(bytes));
      hashes = new Uint8Array(ids.length * HASH_BYTES);
    }
    ids[entry] = id;
    hashes.set(hash, entry * HASH_BYTES);
    entry += 1;
  });
  index.addMany(ids, hashes);
  if (index.size !== entry) throw new MatchError("snapshot_content");
  return index;
};

/**
 * The index that was saved, from a source of `sizeBytes`, as fast as the source and memory allow: what it holds is read
 * into its place, checked, and ready. Snapshots without tables are read too, whole, and their tables built; only for
 * those does `options.radiusBits` count. Throws MatchError when it is not a whole, undamaged snapshot (and
 * `snapshot_version` for one with tables where there is no WebAssembly with SIMD), or there is no room for it.
 *
 * The checksum finds damage, not forgery: whoever can write the file decides what the index answers.
 */
export const loadRingIndex = async (
  source: ByteSource,
  sizeBytes: number,
  options: RingOptions = {},
): Promise<RingIndex> => {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new RangeError("sizeBytes: whole number expected");
  const reader = openSource(source);
  try {
    const fixed = new Uint8Array(Math.min(sizeBytes, FIXED_BYTES));
    await reader.readInto(fixed);
    if (fixed.some((byte, at) => at < MAGIC.length && byte !== MAGIC.charCodeAt(at))) {
      throw new MatchError("snapshot_magic");
    }
    if (fixed.length < SMALLEST_BYTES) throw new MatchError("snapshot_length");
    const version = new DataView(fixed.buffer).getUint32(VERSION_AT, true);
    if (version !== VERSION_WITH_TABLES) {
      assertSnapshotLength(fixed, sizeBytes);
      const bytes = new Uint8Array(sizeBytes);
      bytes.set(fixed);
      await reader.readInto(bytes.subarray(fixed.length));
      await reader.end();
      return restoreRingIndex(bytes, options);
    }
    if (fixed.length < FIXED_BYTES) throw new MatchError("snapshot_length");
    if (!kernelAvailable()) throw new MatchError("snapshot_version");
    let share: Share | undefined;
    const { plan, parts } = await load(reader, fixed, sizeBytes, (tableRadius) => {
      const planned = planFor(tableRadius, options);
      ({ share } = planned);
      return planned.plan;
    });
    return ringIndexOf(createLevels(plan, parts), plan, share);
  } finally {
    await reader.close();
  }
};
